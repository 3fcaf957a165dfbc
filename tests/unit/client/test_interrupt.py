"""A wait that another thread ends: at once, whenever it was called, and never another request."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import trustme

from sync.client import http_connection
from sync.client.http_interrupt import Interrupted
from sync.client.http_transport import HttpTransport
from sync.protocol.errors import AnswerCut
from sync.protocol.messages import SyncRequest
from sync.protocol.wire import pack
from tests.unit.client.test_http import ASKED, REPLY, SERVER, Tokens, answered, serving

WAITS = msgspec.structs.replace(ASKED, wait=25_000)


class Slow:
    """A server that holds a request back until it may answer."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.may_answer = threading.Event()
        self.holds = True

    def __call__(self, _request: bytes) -> bytes:
        self.asked.set()
        if self.holds:
            self.may_answer.wait(20)
        return answered(pack(REPLY))


@pytest.fixture
def slow() -> Iterator[Slow]:
    made = Slow()
    yield made
    made.may_answer.set()


def raised_by(transport: HttpTransport, request: SyncRequest) -> tuple[threading.Thread, list[type[Exception]]]:
    """What becomes of a request in a thread of its own."""
    found: list[type[Exception]] = []

    def ask() -> None:
        try:
            transport.exchange(request)
        except Exception as error:  # noqa: BLE001  # looked at by the test
            found.append(type(error))

    thread = threading.Thread(target=ask)
    thread.start()
    return thread, found


def ended(thread: threading.Thread) -> bool:
    thread.join(10)
    return not thread.is_alive()


@pytest.mark.parametrize("is_secure", [False, True])
def test_a_wait_ends_at_once_and_the_next_request_goes_on_a_fresh_line(
    slow: Slow, tmp_path: Path, is_secure: bool
) -> None:
    authority, context, trusted = trustme.CA(), None, None
    if is_secure:
        context, trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), tmp_path / "authority.pem"
        authority.issue_cert("127.0.0.1").configure_cert(context)
        authority.cert_pem.write_to_path(str(trusted))
    with serving(slow, context) as server:
        connection = http_connection.HttpConnection(server.address, trusted)
        transport = HttpTransport(connection, SERVER, Tokens())
        thread, found = raised_by(transport, WAITS)
        assert slow.asked.wait(10)
        connection.interrupt.call()
        assert ended(thread)
        assert found == [Interrupted]
        slow.may_answer.set()
        assert transport.exchange(ASKED) == REPLY
        connection.close()


def test_who_was_called_just_before_does_not_begin_to_wait(slow: Slow) -> None:
    with serving(slow) as server:
        connection = http_connection.HttpConnection(server.address)
        transport = HttpTransport(connection, SERVER, Tokens())
        slow.holds = False
        transport.exchange(ASKED)
        connection.interrupt.call()
        with pytest.raises(Interrupted):
            transport.exchange(WAITS)
        assert len(server.heard) == 1
        connection.interrupt.rearm()
        assert transport.exchange(WAITS) == REPLY
        connection.close()


def test_a_request_that_does_not_wait_is_never_cut(slow: Slow) -> None:
    with serving(slow) as server:
        connection = http_connection.HttpConnection(server.address)
        thread, found = raised_by(HttpTransport(connection, SERVER, Tokens()), ASKED)
        assert slow.asked.wait(10)
        connection.interrupt.call()
        slow.may_answer.set()
        assert ended(thread)
        assert found == []
        connection.close()


def test_a_wait_that_the_way_cuts_is_not_begun_again_by_itself(slow: Slow) -> None:
    """A proxy that cuts after ten seconds would be met twice before anybody hears of it."""
    slow.holds = False
    cut = False

    def script(request: bytes) -> bytes | None:
        return None if cut else slow(request)

    with serving(script) as server:
        connection = http_connection.HttpConnection(server.address)
        transport = HttpTransport(connection, SERVER, Tokens())
        transport.exchange(ASKED)
        cut, before = True, len(server.heard)
        with pytest.raises(AnswerCut):
            transport.exchange(WAITS)
        assert len(server.heard) == before + 1
        connection.close()
