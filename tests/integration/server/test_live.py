"""Live pull: a laptop that has everything waits, and is told of a change when it is made (rule 3)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
import requests

from sync.domain import spaces
from sync.domain.forum import POST, Post
from sync.protocol import wire
from sync.protocol.digest import view_digest
from sync.protocol.errors import LoginExpired
from sync.protocol.messages import START, Batch, Create, SyncReply, SyncRequest
from sync.protocol.version import PROTOCOL, RULES, SYNC
from tests.integration.server.wire import Device, device
from tests.integration.server.world import entry, raw
from tests.server_fixture import RunningServer, SampleCohort, running_server, sample_cohort

LONG = 25_000
SHORT = 300


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("live"), "--in-flight", "2") as made:
        yield made


@pytest.fixture(scope="module")
def sample(server: RunningServer) -> SampleCohort:
    return sample_cohort(server)


@pytest.fixture
def ines(server: RunningServer, sample: SampleCohort) -> Iterator[Device]:
    with device(server, sample.ines) as made:
        yield made


@pytest.fixture
def karim(server: RunningServer, sample: SampleCohort) -> Iterator[Device]:
    with device(server, sample.karim) as made:
        yield made


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as made:
        yield made


def up_to_date(device_: Device, wait: int) -> SyncRequest:
    """What a laptop asks that has everything."""
    reply = device_.transport.exchange(SyncRequest(PROTOCOL, RULES, device_.writer, None, whole=True))
    assert not reply.more
    digest = view_digest((page.space, page.cursor) for page in reply.pages)
    return SyncRequest(PROTOCOL, RULES, device_.writer, digest, backup=reply.backup, wait=wait)


def waits(server: RunningServer, device_: Device, threads: ThreadPoolExecutor) -> Future[SyncReply]:
    """A laptop that waits by now, for long."""
    before = server.health()["waiting"]
    found = threads.submit(device_.transport.exchange, up_to_date(device_, LONG))
    until(lambda: server.health()["waiting"] > before or found.done())
    assert not found.done()
    return found


def until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def says(device_: Device, space: bytes, text: str) -> SyncReply:
    """A post by a laptop that asks for nothing."""
    create = Create(time.monotonic_ns(), POST.number, uuid4().bytes, raw(Post(text=text)))
    batch = Batch(space, START, (entry(create),))
    return device_.transport.exchange(SyncRequest(PROTOCOL, RULES, device_.writer, None, batches=(batch,)))


def test_who_waits_is_told_when_another_writes(
    server: RunningServer, sample: SampleCohort, ines: Device, karim: Device, threads: ThreadPoolExecutor
) -> None:
    waiting = waits(server, ines, threads)
    says(karim, spaces.cohort(sample.id), "Bonjour")
    assert waiting.result(20).send_whole


def test_a_backup_that_the_laptop_does_not_know_of_is_no_news(
    server: RunningServer, sample: SampleCohort, ines: Device, karim: Device, threads: ThreadPoolExecutor
) -> None:
    """A laptop whose work is all covered never asks what a backup covers, and keeps the number that it had."""
    server.cli("backup", str(server.data / "first.backup"))
    asked = msgspec.structs.replace(up_to_date(ines, LONG), backup=0)
    waiting = threads.submit(ines.transport.exchange, asked)
    until(lambda: server.health()["waiting"] == 1)
    says(karim, spaces.cohort(sample.id), "Bonjour")
    reply = waiting.result(20)
    assert reply.send_whole
    assert reply.backup > 0


def test_a_wait_that_ends_without_news_is_an_empty_answer_of_its_own_moment(ines: Device) -> None:
    asked = up_to_date(ines, SHORT)
    before = time.time_ns() // 1_000_000
    reply = ines.transport.exchange(asked)
    assert (reply.send_whole, reply.pages, reply.answers) == (False, (), ())
    assert reply.now - before >= SHORT


def test_what_changes_in_spaces_of_others_wakes_nobody(
    server: RunningServer, sample: SampleCohort, ines: Device, karim: Device, threads: ThreadPoolExecutor
) -> None:
    waiting = waits(server, ines, threads)
    says(karim, spaces.own(server.people[sample.karim]), "pour moi")
    assert server.health()["waiting"] == 1
    assert not waiting.done()
    says(karim, spaces.cohort(sample.id), "pour tous")
    assert waiting.result(20).send_whole


def test_a_command_in_a_process_of_its_own_wakes_who_it_concerns(
    server: RunningServer, sample: SampleCohort, ines: Device, threads: ThreadPoolExecutor
) -> None:
    waiting = waits(server, ines, threads)
    second = server.add_cohort("Une autre")
    server.enrol(second, sample.ines, "learner")
    assert waiting.result(20).send_whole


def test_membership_is_judged_when_the_wait_ends(
    server: RunningServer, sample: SampleCohort, ines: Device, karim: Device, threads: ThreadPoolExecutor
) -> None:
    """Out of the cohort while she waits: what is written there afterwards is not what she is told of."""
    waiting = waits(server, ines, threads)
    server.unenrol(sample.id, sample.ines)
    reply = waiting.result(20)
    assert reply.send_whole
    told = ines.transport.exchange(SyncRequest(PROTOCOL, RULES, ines.writer, None, whole=True))
    assert spaces.cohort(sample.id) not in {page.space for page in told.pages}
    server.enrol(sample.id, sample.ines, "learner")


def test_a_login_that_ended_meanwhile_is_told_nothing(
    server: RunningServer, sample: SampleCohort, ines: Device, karim: Device, threads: ThreadPoolExecutor
) -> None:
    asked = wire.pack(up_to_date(ines, LONG))
    waiting = threads.submit(ines.post, SYNC, asked)
    until(lambda: server.health()["waiting"] == 1)
    server.cli("sign-out", sample.ines)
    says(karim, spaces.cohort(sample.id), "Sans elle")
    assert waiting.result(20).status_code == 401
    with pytest.raises(LoginExpired):
        ines.transport.exchange(up_to_date(ines, 0))


def test_who_waits_takes_no_place_among_the_requests_at_work(
    server: RunningServer, sample: SampleCohort, ines: Device, karim: Device, threads: ThreadPoolExecutor
) -> None:
    """The server of this test works on two requests at a time; three wait."""
    with device(server, sample.sophie) as sophie:
        waiting = [waits(server, each, threads) for each in (ines, karim, sophie)]
        with device(server, sample.paul) as paul:
            paul.transport.exchange(up_to_date(paul, 0))
        says(karim, spaces.cohort(sample.id), "À tous")
        assert all(each.result(20).send_whole for each in waiting)


def test_a_laptop_that_hangs_up_frees_its_place(
    server: RunningServer, ines: Device, threads: ThreadPoolExecutor
) -> None:
    asked, headers = wire.pack(up_to_date(ines, LONG)), {"Authorization": f"Bearer {ines.session.token}"}
    with requests.Session() as session, pytest.raises(requests.ReadTimeout):
        session.post(ines.address + SYNC, data=asked, headers=headers, timeout=1)
    until(lambda: server.health()["waiting"] == 0)


def test_a_younger_wait_of_the_same_laptop_takes_the_place_of_the_older(
    server: RunningServer, ines: Device, threads: ThreadPoolExecutor
) -> None:
    asked = wire.pack(up_to_date(ines, LONG))
    older = threads.submit(ines.post, SYNC, asked)
    until(lambda: server.health()["waiting"] == 1)
    younger = threads.submit(ines.post, SYNC, wire.pack(up_to_date(ines, SHORT)))
    assert wire.unpack(SyncReply, older.result(20).content, 1000).send_whole is False
    assert younger.result(20).status_code == 200
    assert server.health()["waiting"] == 0


def test_a_server_that_stops_lets_everybody_go_at_once(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    with running_server(tmp_path) as server:
        sample = sample_cohort(server)
        with device(server, sample.ines) as ines:
            waiting = waits(server, ines, threads)
            started = time.monotonic()
            server.stop()
            assert waiting.result(20).send_whole is False
            assert time.monotonic() - started < 8  # not what the server grants to those at work
