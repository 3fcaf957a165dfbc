"""A server on PostgreSQL as IT runs it: real processes behind one socket, backups, moving there and back."""

from __future__ import annotations

import os
import signal
import stat
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from sync.client.http_connection import HttpConnection
from sync.client.http_transport import HttpServer
from sync.domain import spaces
from sync.domain.forum import POST, Post
from sync.domain.kind import encode
from sync.protocol.errors import Busy, WrongPassword
from sync.protocol.messages import START, Batch, Create, SyncRequest
from sync.protocol.version import PROTOCOL, RULES
from sync.server.settings import ADDRESS
from sync.server.storage import backups
from tests import postgres
from tests.integration.server.wire import PASSWORD, Device, device
from tests.integration.server.world import entry, raw, verdicts
from tests.server_fixture import CommandFailed, RunningServer, command, new_server, running_server, sample_cohort

PUSHES, THREADS = 8, 4


@pytest.fixture
def address() -> Iterator[str]:
    cluster = postgres.cluster()
    name = cluster.make()
    yield cluster.address(name)
    cluster.drop(name)


def children(server: RunningServer) -> list[int]:
    """The processes that serve."""
    assert server.process is not None
    pid = server.process.pid
    found = map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split())
    return [each for each in found if b"spawn_main" in Path(f"/proc/{each}/cmdline").read_bytes()]


def push(joined: Device, space: bytes, n: int) -> int:
    """One post; its seq."""
    made = Create(n, POST.number, os.urandom(16), raw(encode(Post(text=f"{joined.writer} {n}"))))
    batch = Batch(space, START, (entry(made),))
    request = SyncRequest(PROTOCOL, RULES, joined.writer, None, batches=(batch,))
    ((_, verdict, seq, _),) = verdicts(joined.transport.exchange(request).answers[0])
    assert verdict == "ACCEPTED"
    return seq


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server of two processes."""
    cluster = postgres.cluster()
    name = cluster.make()
    with running_server(tmp_path_factory.mktemp("two"), "--processes", "2", database=cluster.address(name)) as made:
        yield made
    cluster.drop(name)


def test_two_processes_serve_one_session_lose_nothing_and_one_that_dies_is_begun_again(server: RunningServer) -> None:
    with ExitStack() as stack:
        sample = sample_cohort(server)
        cohort = spaces.cohort(sample.id)
        laptops = [stack.enter_context(device(server, login)) for login in (sample.ines, sample.karim, sample.sophie)]
        with ThreadPoolExecutor(THREADS) as threads:
            asked = [(laptop, n) for n in range(1, PUSHES + 1) for laptop in laptops]
            seqs = list(threads.map(lambda each: push(each[0], cohort, each[1]), asked))
        assert len(set(seqs)) == len(asked)
        first, second = children(server)
        os.kill(first, signal.SIGKILL)
        while len(found := children(server)) < 2 or first in found:
            time.sleep(0.05)
        assert push(laptops[0], cohort, PUSHES + 1) == max(seqs) + 1
        assert "is begun again" in server.errors()
        assert command(server.data, "check")["rows"] == server.health()["rows"]
        assert "postgresql://" not in server.errors()
        assert second in children(server)


def test_when_the_one_that_watches_is_killed_all_end(tmp_path: Path, address: str) -> None:
    with running_server(tmp_path, "--processes", "2", database=address) as server:
        serving = children(server)
        server.kill()
        while any(Path(f"/proc/{each}").exists() for each in serving):
            time.sleep(0.02)


def test_guessing_is_slowed_whichever_process_answers(server: RunningServer) -> None:
    server.add_person("Inès", "ines")
    with device(server, "ines"):
        pass
    refused = [_guess(server, f"faux {n}") for n in range(8)]
    assert refused == [WrongPassword] * 5 + [Busy] * 3
    assert _guess(server, PASSWORD) is Busy


def _guess(server: RunningServer, password: str) -> type[Exception]:
    """What a connection of its own, which any of the processes may take, is told."""
    connection = HttpConnection(server.address)
    try:
        HttpServer(connection).login("ines", password, "un portable")
    except (WrongPassword, Busy) as error:
        return type(error)
    finally:
        connection.close()
    raise AssertionError("let in")


def test_several_processes_on_sqlite_are_refused_with_a_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    server = new_server(tmp_path)
    with pytest.raises(CommandFailed, match=r"one process serves: start without --processes, or move to PostgreSQL"):
        server.start(options=("--processes", "2"))


def test_the_address_is_kept_for_this_account_alone(tmp_path: Path, address: str) -> None:
    server = new_server(tmp_path, database=address)
    kept = server.data / ADDRESS
    assert kept.read_text("utf-8") == address
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_database_that_does_not_answer_is_said_so_and_nothing_is_made(tmp_path: Path) -> None:
    nowhere = f"postgresql://spoc:geheim@/none?host={tmp_path}"
    with pytest.raises(CommandFailed, match="The database cannot be used, nothing was done") as said:
        command(tmp_path / "server", "init", "--organisation", "Organisme", "--database", nowhere)
    assert "geheim" not in said.value.said
    assert not (tmp_path / "server").exists()


def test_a_database_that_holds_a_server_is_not_made_again(tmp_path: Path, address: str) -> None:
    new_server(tmp_path, database=address)
    with pytest.raises(CommandFailed, match="There is a server here already"):
        command(tmp_path / "other", "init", "--organisation", "Organisme", "--database", address)


def test_a_server_moves_to_postgresql_and_back_with_everything_and_its_laptops_go_on(
    tmp_path: Path, address: str
) -> None:
    with running_server(tmp_path) as server:
        sample = sample_cohort(server)
        cohort = spaces.cohort(sample.id)
        with device(server, sample.ines) as ines:
            before = push(ines, cohort, 1)
            server.cli("backup", str(tmp_path / "sqlite.db"))
            server.stop()
            server.cli("restore", str(tmp_path / "sqlite.db"), "--database", address)
            server.start(options=("--processes", "2"))
            assert push(ines, cohort, 2) == before + 1
            server.add_person("Zoé", "zoe")
            rows = server.health()["rows"]
            assert server.cli("backup", str(tmp_path / "postgresql.db"))["number"] == 1
            assert server.cli("check", str(tmp_path / "postgresql.db"))["rows"] == rows
            with pytest.raises(CommandFailed, match="runs on this folder already"):
                server.cli("restore", str(tmp_path / "postgresql.db"))
            server.stop()
            server.cli("restore", str(tmp_path / "postgresql.db"), "--database", "sqlite")
            server.start()
            assert push(ines, cohort, 3) == before + 2
            assert server.health()["rows"] == rows + 1
            assert not (server.data / ADDRESS).exists()


def test_a_restore_puts_back_what_was_and_sets_the_rest_aside(tmp_path: Path, address: str) -> None:
    """Fault F32: the set aside is a backup like any other."""
    server = new_server(tmp_path, database=address)
    server.add_person("Inès", "ines")
    server.cli("backup", str(tmp_path / "one.db"))
    server.add_person("Karim", "karim")
    server.cli("restore", str(tmp_path / "one.db"))
    (aside,) = server.data.glob("postgresql.before-restore-*")
    assert backups.verify(aside).rows == backups.verify(tmp_path / "one.db").rows + 1
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600
    with pytest.raises(CommandFailed, match="karim"):
        server.invite("karim")
    server.add_person("Karim", "karim")
    assert len(server.invite("karim")) > 10
