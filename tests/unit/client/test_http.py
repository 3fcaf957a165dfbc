"""The way over HTTP: what is sent, what counts as an answer, and the name of everything that may go wrong."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from sync.client import http_connection
from sync.client.http_connection import BadAddress, HttpConnection, checked_address
from sync.client.http_transport import HttpServer, HttpTransport, named
from sync.protocol import errors
from sync.protocol.errors import Failure, SyncError
from sync.protocol.messages import FailureReply, Session, SyncReply, SyncRequest
from sync.protocol.parts import PART_BYTES
from sync.protocol.version import CONTENT_TYPE, PROTOCOL, RULES
from sync.protocol.wire import pack

SERVER = b"s" * 16
ASKED = SyncRequest(PROTOCOL, RULES, 1)
REPLY = SyncReply(SERVER, 0, 0)
Script = Callable[[bytes], bytes | None]
"""What a server says to the head and body of a request; None: it closes without a word."""


def answered(body: bytes, status: str = "200 OK", content_type: str = CONTENT_TYPE) -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


def failed(code: Failure, status: str = "400 Bad Request") -> bytes:
    return answered(pack(FailureReply(SERVER, int(code))), status)


class Server:
    """A server on loopback that says what its script says, one connection after the other."""

    def __init__(self, script: Script, context: ssl.SSLContext | None) -> None:
        self.heard: list[bytes] = []
        self.connections = 0
        self.closes_after_each = False
        self._script, self._context = script, context
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        scheme = "https" if context else "http"
        self.address = f"{scheme}://127.0.0.1:{self._listening.getsockname()[1]}"

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                accepted, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            accepted.settimeout(5)
            try:
                with self._context.wrap_socket(accepted, server_side=True) if self._context else accepted as line:
                    self._converse(line)
            except OSError:
                continue  # the laptop does not trust us, or went away

    def _converse(self, line: socket.socket) -> None:
        while request := _read(line):
            self.heard.append(request)
            said = self._script(request)
            if said is None:
                return
            line.sendall(said)
            if self.closes_after_each:
                return


def _read(line: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        part = line.recv(65_536)
        if not part:
            return b""
        got += part
    head, _, body = got.partition(b"\r\n\r\n")
    lengths = [row.split(b":")[1] for row in head.split(b"\r\n") if row.lower().startswith(b"content-length")]
    while len(body) < int(lengths[0] if lengths else 0):
        body += line.recv(65_536)
    return head + b"\r\n\r\n" + body


@contextmanager
def serving(script: Script, context: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(script, context)
    try:
        yield server
    finally:
        server.close()


class Tokens:
    """A `TokenSource` in memory."""

    def __init__(self) -> None:
        self.current, self.given = "old", 0

    def token(self) -> str:
        return self.current

    def refresh_token(self) -> str:
        return "refresh"

    def renewed(self, session: Session) -> None:
        self.current, self.given = session.token, self.given + 1


@contextmanager
def transport_to(server: Server, tokens: Tokens | None = None) -> Iterator[HttpTransport]:
    transport = HttpTransport(HttpConnection(server.address), SERVER, tokens or Tokens())
    try:
        yield transport
    finally:
        transport.close()


def trouble_with(script: Script, *, closes_after_each: bool = False) -> SyncError:
    with serving(script) as server, transport_to(server) as transport:
        server.closes_after_each = closes_after_each
        with pytest.raises(SyncError) as caught:
            transport.exchange(ASKED)
    return caught.value


def test_a_request_carries_nothing_but_what_it_must() -> None:
    with serving(lambda _: answered(pack(REPLY))) as server, transport_to(server) as transport:
        assert transport.exchange(ASKED) == REPLY
    head, _, body = server.heard[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /sync HTTP/1.1"
    assert {line.split(":")[0].lower() for line in lines[1:]} == {"host", "content-length", "authorization"}
    assert body == pack(ASKED)
    assert len(head) < 140


def test_one_connection_serves_one_request_after_the_other() -> None:
    with serving(lambda _: answered(pack(REPLY))) as server, transport_to(server) as transport:
        for _ in range(3):
            transport.exchange(ASKED)
        assert (len(server.heard), server.connections) == (3, 1)


def test_a_connection_that_the_server_let_go_is_made_anew_without_a_word() -> None:
    with serving(lambda _: answered(pack(REPLY))) as server, transport_to(server) as transport:
        server.closes_after_each = True
        for _ in range(3):
            assert transport.exchange(ASKED) == REPLY
        assert server.connections == 3


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://spoc.example", "https://spoc.example"),
        (" https://spoc.example:8443/learn/ ", "https://spoc.example:8443/learn"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://localhost:8000", "http://localhost:8000"),
    ],
)
def test_an_address_has_one_form(typed: str, address: str) -> None:
    assert checked_address(typed) == address


@pytest.mark.parametrize(
    "typed", ["http://spoc.example", "ftp://127.0.0.1", "spoc.example", "", "https://", "https://me:pw@spoc.example"]
)
def test_a_token_is_never_sent_where_others_could_read_it(typed: str) -> None:
    with pytest.raises(BadAddress):
        HttpConnection(typed)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (answered(b"<html>sign in", content_type="text/html"), errors.CaptivePortal),
        (b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n", errors.CaptivePortal),
        (answered(b"<html>", "404 Not Found", "text/html"), errors.CaptivePortal),
        (answered(b"<html>", "502 Bad Gateway", "text/html"), errors.AnswerCut),
        (answered(b"<html>", "413 Too Large", "text/html"), errors.BadBatch),
        (answered(b"no message at all"), errors.AnswerCut),
        (answered(pack(REPLY))[:-3], errors.AnswerCut),
        (answered(pack(REPLY), "200 OK", CONTENT_TYPE + "\r\ncontent-encoding: gzip"), errors.CaptivePortal),
        (answered(pack(SyncReply(b"o" * 16, 0, 0))), errors.NotOurServer),
        (answered(pack(FailureReply(b"o" * 16, 7)), "426 Upgrade"), errors.NotOurServer),
        (answered(b"odd", "500 Fault"), errors.AnswerCut),
        (b"SSH-2.0-OpenSSH\r\n", errors.AnswerCut),
    ],
)
def test_what_is_no_answer_of_our_server_is_named_and_not_applied(said: bytes, name: type[SyncError]) -> None:
    assert type(trouble_with(lambda _: said, closes_after_each=True)) is name


def test_an_answer_without_end_is_cut_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_connection, "MAX_REPLY", 1000)
    assert isinstance(trouble_with(lambda _: answered(bytes(200_000))), errors.AnswerCut)


def test_a_file_without_end_is_cut_and_counts_as_damaged_so_that_the_others_still_come() -> None:
    """Attack A42: the server says that it sends a gigabyte, or never says where the file ends."""
    for length in (b"content-length: 1000000000\r\n", b"connection: close\r\n"):
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\n" + length + b"\r\n"
        endless = head + bytes(10_000_000)
        with serving(lambda _, said=endless: said) as server, transport_to(server) as transport:  # type: ignore[misc]  # bound now
            came: list[bytes] = []
            with pytest.raises(errors.FileDamaged):
                transport.get_file(bytes(32), 0, PART_BYTES + 100_000, came.append)
            assert [len(part) for part in came] == [PART_BYTES], "what lies beyond the file is not even kept"


def test_a_server_or_a_proxy_that_gives_more_of_a_file_than_was_asked_for_is_understood() -> None:
    """One of 0.2 knows no ranges; a range that was not asked for is no answer."""
    whole = bytes(range(250)) * 10
    typed = b"content-type: application/octet-stream\r\n"
    all_of_it = b"HTTP/1.1 200 OK\r\n" + typed + b"content-length: 2500\r\n\r\n" + whole
    ranged = b"content-range: bytes 1-2499/2500\r\ncontent-length: 2499\r\n\r\n" + whole[1:]
    for said, expected in ((all_of_it, whole[1_000:]), (b"HTTP/1.1 206 Partial\r\n" + typed + ranged, None)):
        with serving(lambda _, said=said: said) as server, transport_to(server) as transport:  # type: ignore[misc]  # bound now
            came: list[bytes] = []
            if expected is None:
                with pytest.raises(errors.FileDamaged):
                    transport.get_file(bytes(32), 1_000, 2_500, came.append)
            else:
                transport.get_file(bytes(32), 1_000, 2_500, came.append)
            assert b"".join(came) == (expected or b"")


def test_a_route_that_an_older_server_does_not_have_is_named() -> None:
    assert isinstance(trouble_with(lambda _: failed(Failure.UNKNOWN, "404 Not Found")), errors.NotOffered)


def test_a_line_on_which_nothing_moves_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert http_connection._STALL_S == 30
    monkeypatch.setattr(http_connection, "_STALL_S", 0.2)
    silent = answered(pack(REPLY))[:-1]
    assert isinstance(trouble_with(lambda _: silent), errors.TooSlow)
    assert isinstance(trouble_with(lambda _: b""), errors.TooSlow)


def test_a_server_that_closes_without_a_word_is_a_cut_answer() -> None:
    assert isinstance(trouble_with(lambda _: None), errors.AnswerCut)


def test_where_nobody_listens_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = HttpServer(HttpConnection(f"http://127.0.0.1:{port}"))
    with pytest.raises(errors.Unreachable):
        server.join("code", "password", "laptop")
    server.close()


@pytest.mark.parametrize("code", [code for code in Failure if code is not Failure.UNKNOWN])
def test_every_failure_of_the_server_has_a_name(code: Failure) -> None:
    error = trouble_with(lambda _: failed(code))
    assert type(error) is not SyncError
    assert type(error) is not errors.AnswerCut


def test_a_failure_of_a_newer_server_is_not_read_as_an_answer() -> None:
    assert isinstance(named(FailureReply(SERVER, 999)), errors.AnswerCut)


def test_when_to_come_back_and_what_a_course_lacks_are_handed_on() -> None:
    busy = named(FailureReply(SERVER, int(Failure.BUSY), retry_after=2.5))
    assert isinstance(busy, errors.Busy)
    assert busy.retry_after == 2.5
    not_ready = named(FailureReply(SERVER, int(Failure.NOT_READY), lacks=((3, "Quiz 1"),)))
    assert isinstance(not_ready, errors.NotReady)
    assert not_ready.lacks == ((3, "Quiz 1"),)


def _with_a_new_login(request: bytes) -> bytes:
    if request.startswith(b"POST /refresh"):
        return answered(pack(Session(SERVER, b"p" * 16, b"d" * 16, "Ada", "new", "refresh 2", 0)))
    return answered(pack(REPLY)) if b"Bearer new" in request else failed(Failure.LOGIN_EXPIRED, "401 Unauthorized")


def test_an_expired_token_is_renewed_once_and_the_request_goes_again() -> None:
    tokens = Tokens()
    with serving(_with_a_new_login) as server, transport_to(server, tokens) as transport:
        assert transport.exchange(ASKED) == REPLY
    assert (tokens.current, tokens.given) == ("new", 1)
    assert [request.split(b" ")[1] for request in server.heard] == [b"/sync", b"/refresh", b"/sync"]
    assert b"Authorization" not in server.heard[1]


def test_a_login_that_is_over_is_said_so_after_one_try() -> None:
    with serving(lambda _: failed(Failure.LOGIN_EXPIRED, "401 Unauthorized")) as server:
        with transport_to(server) as transport, pytest.raises(errors.LoginExpired):
            transport.exchange(ASKED)
        assert len(server.heard) == 2


@pytest.fixture
def authority(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    own = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.issue_cert("127.0.0.1").configure_cert(context)
    path = tmp_path / "authority.pem"
    own.cert_pem.write_to_path(path)
    return path, context


def test_a_certificate_that_nobody_vouches_for_gets_nothing(authority: tuple[Path, ssl.SSLContext]) -> None:
    with serving(lambda _: answered(pack(REPLY)), authority[1]) as server:
        with transport_to(server) as transport, pytest.raises(errors.UntrustedCertificate):
            transport.exchange(ASKED)
        assert server.heard == []


def test_a_certificate_of_another_host_gets_nothing_whoever_vouches_for_it(tmp_path: Path) -> None:
    own, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.issue_cert("spoc.example").configure_cert(context)
    own.cert_pem.write_to_path(tmp_path / "authority.pem")
    with serving(lambda _: answered(pack(REPLY)), context) as server:
        transport = HttpTransport(HttpConnection(server.address, tmp_path / "authority.pem"), SERVER, Tokens())
        with pytest.raises(errors.UntrustedCertificate):
            transport.exchange(ASKED)
        transport.close()
        assert server.heard == []


def test_an_organisations_own_authority_can_be_trusted(authority: tuple[Path, ssl.SSLContext]) -> None:
    with serving(lambda _: answered(pack(REPLY)), authority[1]) as server:
        connection = HttpConnection(server.address, authority[0])
        transport = HttpTransport(connection, SERVER, Tokens())
        assert transport.exchange(ASKED) == REPLY
        transport.close()
