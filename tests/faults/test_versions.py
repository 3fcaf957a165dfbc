"""Fault F27: a laptop and a server of which one is newer part before anything is written; the work waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import msgspec
import pytest
import zstandard

from spoc_desktop import i18n
from spoc_desktop.services.sentences import of_a_sync
from spoc_desktop.services.workplace import SystemChance, SystemClock
from spoc_desktop.storage.changes import New
from spoc_desktop.storage.store import LocalStore
from sync.client.engine import Engine
from sync.client.http_connection import HttpConnection
from sync.client.http_transport import HttpTransport
from sync.domain import spaces
from sync.domain.forum import POST, Post
from sync.domain.ids import CohortId, PersonId
from sync.domain.kind import encode
from sync.protocol import version, wire
from sync.protocol.errors import Failure, ServerOlder, UpdateNeeded
from sync.protocol.messages import START, Batch, Create, FailureReply, Session, SyncRequest
from tests.integration.server.wire import Keyring, device
from tests.server_fixture import running_server, sample_cohort

SERVER, PERSON = bytes(15) + b"s", PersonId(bytes(15) + b"p")
COHORT = spaces.cohort(CohortId(bytes(16)))


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Another test may have left its language behind."""
    before = i18n.language()
    i18n.use("en")
    yield
    i18n.use(before)


def test_a_push_of_a_newer_laptop_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        sample = sample_cohort(server)
        with device(server, sample.ines) as ines:
            entry = msgspec.Raw(wire.encode(Create(1, POST.number, b"i" * 16, msgspec.Raw(encode(Post(text="x"))))))
            batch = Batch(spaces.cohort(CohortId(sample.id)), START, (entry,))
            before = server.health()["rows"]
            for protocol in (version.PROTOCOL + 1, version.PROTOCOL_MIN - 1):
                request = SyncRequest(protocol, version.RULES, ines.writer, None, batches=(batch,))
                with pytest.raises(UpdateNeeded):
                    ines.transport.exchange(request)
                fields = msgspec.msgpack.decode(wire.encode(request))
                newer = zstandard.compress(msgspec.msgpack.encode([*fields, "a field of later", {"and": "another"}]))
                assert ines.post(version.SYNC, newer).status_code == 426
            assert server.health()["rows"] == before


@contextmanager
def other_server(lowest: int, highest: int) -> Iterator[tuple[str, list[bytes]]]:
    """A server that speaks other protocols only: its address, and what was sent to it."""
    heard: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["content-length"])))
            code = int(Failure.UPDATE_NEEDED)
            reply = wire.pack(FailureReply(SERVER, code, lowest=lowest, highest=highest))
            self.send_response(426)
            self.send_header("content-type", version.CONTENT_TYPE)
            self.send_header("content-length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_newer_server_says_that_an_update_is_needed_and_the_work_waits() -> None:
    session = Session(SERVER, PERSON, bytes(16), "Inès", "token", "refresh", 1 << 60)
    with other_server(version.PROTOCOL + 1, version.PROTOCOL + 3) as (address, heard):
        store = LocalStore.in_memory(server=SERVER, person=PERSON)
        store.write([New(POST, COHORT, b"i" * 16, Post(text="Un mot."))])
        connection = HttpConnection(address)
        engine = Engine(store, HttpTransport(connection, SERVER, Keyring(session)), SystemClock(), SystemChance())
        with pytest.raises(UpdateNeeded):
            engine.sync()
        with pytest.raises(UpdateNeeded) as needed:
            engine.sync()
        connection.close()
        assert len(heard) == 2
        assert [entry.texts()[0] for entry in store.outbox_list()] == ["Un mot."]
        assert type(needed.value) is UpdateNeeded
        assert of_a_sync(needed.value).next.startswith("Install the update")
        store.close()


def test_a_server_that_is_the_older_one_is_said_to_be_and_nothing_is_to_be_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = Session(SERVER, PERSON, bytes(16), "Inès", "token", "refresh", 1 << 60)
    with other_server(version.PROTOCOL, version.PROTOCOL) as (address, _heard):
        monkeypatch.setattr(version, "PROTOCOL", version.PROTOCOL + 1)
        connection = HttpConnection(address)
        with pytest.raises(ServerOlder) as found:
            HttpTransport(connection, SERVER, Keyring(session)).exchange(SyncRequest(2, 1, 7))
        connection.close()
        said = of_a_sync(found.value)
        assert "older than this program" in said.failed
        assert "nothing to install" in said.next


def test_a_laptop_that_no_longer_decides_by_the_rules_of_the_server_hears_that_the_server_is_older(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_server(tmp_path) as server, device(server, sample_cohort(server).ines) as ines:
        monkeypatch.setattr(version, "RULES_MIN", version.RULES + 1)
        with pytest.raises(ServerOlder):
            ines.transport.exchange(SyncRequest(version.PROTOCOL, version.RULES + 2, 7, rules_min=version.RULES + 1))
        reply = ines.transport.exchange(SyncRequest(version.PROTOCOL, version.RULES + 2, 7, rules_min=version.RULES))
        assert reply.server == ines.session.server
