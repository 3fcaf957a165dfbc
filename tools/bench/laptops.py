"""Laptops of the measurements: the real encrypted store on the disk, the real engine, the real HTTP."""

import secrets
from pathlib import Path
from typing import Self

from spoc_desktop.services.wire import KeptTokens
from spoc_desktop.services.workplace import SystemChance, SystemClock
from spoc_desktop.storage.store import LocalStore
from sync.client.engine import Engine
from sync.client.http_connection import HttpConnection
from sync.client.http_transport import HttpServer, HttpTransport
from sync.client.pipelining import new_line
from sync.protocol.messages import Session

_PASSWORD = secrets.token_urlsafe(16)


class BenchLaptop:
    """One person's store on a laptop of theirs, signed in."""

    def __init__(self, path: Path, address: str, session: Session) -> None:
        self.session = session
        self.store = LocalStore.create(path, secrets.token_bytes(32), server=session.server, person=session.person)
        self.store.keep_login(session)
        self.connection = HttpConnection(address)
        self.transport = HttpTransport(self.connection, session.server, KeptTokens(self.store))
        self.engine = Engine(self.store, self.transport, SystemClock(), SystemChance(), line=new_line)

    @classmethod
    def joined(cls, path: Path, address: str, code: str) -> Self:
        """The first laptop of an invited person."""
        with_server = HttpServer(HttpConnection(address))
        try:
            return cls(path, address, with_server.join(code, _PASSWORD, path.stem))
        finally:
            with_server.close()

    def another(self, path: Path, address: str, login: str) -> "BenchLaptop":
        """A further laptop of the same person, with nothing on it yet."""
        with_server = HttpServer(HttpConnection(address))
        try:
            return BenchLaptop(path, address, with_server.login(login, _PASSWORD, path.stem))
        finally:
            with_server.close()

    def close(self) -> None:
        """Let go of everything."""
        self.connection.close()
        self.store.close()
