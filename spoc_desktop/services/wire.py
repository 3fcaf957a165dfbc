"""The signed-in person's way to the server: one connection, tokens kept in the encrypted store, one call at a time."""

import platform
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sync.client.http_connection import HttpConnection
from sync.client.http_interrupt import Interrupted
from sync.client.http_transport import HttpServer, HttpTransport
from sync.protocol.errors import LoginExpired
from sync.protocol.limits import MAX_NAME
from sync.protocol.messages import (
    BallotRequest,
    BallotSignReply,
    BallotSignRequest,
    PublishReply,
    ReleaseReply,
    Session,
    SyncReply,
    SyncRequest,
)
from sync.protocol.parts import Held, Part

if TYPE_CHECKING:
    from spoc_desktop.storage.store import LocalStore


class KeptTokens:
    """The tokens of a person, inside their encrypted store (attack A35). LoginExpired when they are signed out."""

    def __init__(self, store: "LocalStore") -> None:
        self._store = store
        self._session = store.login()

    def token(self) -> str:
        """The access token."""
        return self._need().token

    def refresh_token(self) -> str:
        """The token that gives new ones, once."""
        return self._need().refresh

    def renewed(self, session: Session) -> None:
        """Keep new tokens in place of the old ones, on the disk before they are used."""
        self._store.keep_login(session)
        self._session = session

    def forget(self) -> None:
        """Sign out on this laptop."""
        self._store.keep_login(None)
        self._session = None

    def _need(self) -> Session:
        if self._session is None:
            raise LoginExpired
        return self._session


def sign_in_again(address: str, server: bytes, login: str, password: str) -> Session:
    """New tokens for a person whose login has ended, from the very server that they belong to. WrongPassword."""
    connection = HttpConnection(address)
    try:
        return HttpServer(connection, server).login(login, password, device_name())
    finally:
        connection.close()


def device_name(wanted: str = "") -> str:
    """The name of this computer in the person's list of devices."""
    return (wanted or platform.node() or platform.system())[:MAX_NAME]


class Wire:
    """The server's calls for one person. A refresh token works once, so calls of several threads take turns.

    A request that waits for news (live pull) gives way to every other call.
    """

    def __init__(self, address: str, server: bytes, tokens: KeptTokens) -> None:
        self.tokens = tokens
        self._address, self._server = address, server
        self._connection = HttpConnection(address)
        self._transport = HttpTransport(self._connection, server, tokens)
        self._turn = threading.Lock()
        self._guard = threading.Lock()
        self._others = 0

    def exchange(self, request: SyncRequest) -> SyncReply:
        """One exchange of the sync engine. Interrupted: only when the request may wait."""
        if not request.wait:
            with self._taken():
                return self._transport.exchange(request)
        with self._turn:
            if self._others:
                raise Interrupted
            return self._transport.exchange(request)

    def interrupt(self) -> None:
        """End a request that waits, or that is about to; from any thread."""
        self._connection.interrupt.call()

    def rearm(self) -> None:
        """Whoever called `interrupt` until now was heard."""
        self._connection.interrupt.rearm()

    def send_parts(self, parts: Sequence[Part]) -> Sequence[Held]:
        """Send parts of files, or ask how far they are."""
        with self._taken():
            return self._transport.send_parts(parts)

    def fetch_files(self, names: Sequence[bytes]) -> Sequence[bytes | None]:
        """Fetch small files together, unchecked."""
        with self._taken():
            return self._transport.fetch_files(names)

    def get_file(self, sha256: bytes, offset: int, size: int, came: Callable[[bytes], None]) -> None:
        """Fetch the rest of a file, unchecked."""
        with self._taken():
            self._transport.get_file(sha256, offset, size, came)

    def put_file(self, sha256: bytes, content: bytes) -> None:
        """Send a whole file to a server of 0.2."""
        with self._taken():
            self._transport.put_file(sha256, content)

    def publish(self, course: bytes) -> PublishReply:
        """Ask for a course to be published."""
        with self._taken():
            return self._transport.publish(course)

    def release(self, cohort: bytes, activity: bytes) -> ReleaseReply:
        """Let the grades of a quiz reach the learners of a cohort."""
        with self._taken():
            return self._transport.release(cohort, activity)

    def sign_ballot(self, asked: BallotSignRequest) -> BallotSignReply:
        """Ask for the person's one ballot of a call."""
        with self._taken():
            return self._transport.sign_ballot(asked)

    def cast_ballot(self, ballot: BallotRequest) -> None:
        """Send a ballot over a connection of its own, which knows no login."""
        nobody = HttpServer(HttpConnection(self._address), self._server)
        try:
            nobody.cast_ballot(ballot)
        finally:
            nobody.close()

    def logout(self) -> None:
        """Make the tokens worthless on the server; those kept here go in any case."""
        with self._taken():
            try:
                self._transport.logout()
            finally:
                self.tokens.forget()

    def close(self) -> None:
        """Let go of the connection."""
        with self._taken():
            self._connection.close()

    @contextmanager
    def _taken(self) -> Iterator[None]:
        """A turn, now."""
        with self._guard:
            self._others += 1
        try:
            self.interrupt()
            with self._turn:
                yield
        finally:
            with self._guard:
                self._others -= 1
