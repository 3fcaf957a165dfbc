"""A signed-in connection to a real server, with the project's own HTTP client and wire."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import requests

from sync.client.http_connection import HttpConnection
from sync.client.http_transport import HttpServer, HttpTransport
from sync.protocol.messages import Session
from tests.server_fixture import RunningServer

PASSWORD = "une phrase que je retiens"


class Keyring:
    """Tokens in memory."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.renewals = 0

    def token(self) -> str:
        return self.session.token

    def refresh_token(self) -> str:
        return self.session.refresh

    def renewed(self, session: Session) -> None:
        self.session = session
        self.renewals += 1


class Device:
    """A laptop that has joined."""

    def __init__(self, server: RunningServer, login: str) -> None:
        self.connection = HttpConnection(server.address)
        session = HttpServer(self.connection).join(server.invite(login), PASSWORD, "le portable")
        self.keyring = Keyring(session)
        self.transport = HttpTransport(self.connection, session.server, self.keyring)
        self.address = server.address
        self.writer = int.from_bytes(session.device[-8:], "big")

    @property
    def session(self) -> Session:
        return self.keyring.session

    def post(self, path: str, body: bytes, **headers: str) -> requests.Response:
        """A request by hand."""
        with requests.Session() as session:
            return session.post(
                self.address + path,
                data=body,
                headers={"Authorization": f"Bearer {self.session.token}"} | headers,
                timeout=30,
            )


@contextmanager
def device(server: RunningServer, login: str) -> Iterator[Device]:
    made = Device(server, login)
    try:
        yield made
    finally:
        made.connection.close()
