"""The loop: one request where one is enough, halves where the server chokes, an end in every case."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import msgspec
import pytest

from sync.client.engine import CHECKPOINTS, Engine
from sync.client.memory_store import MemoryStore
from sync.client.running import Bounds, Progress
from sync.client.view import State
from sync.domain.forum import POST
from sync.domain.permissions import Role
from sync.protocol.errors import AnswerCut, BadBatch, Busy, NotOurServer, Refusal, Unreachable
from sync.protocol.messages import Run, SyncReply, SyncRequest
from sync.protocol.wire import pack
from tests.at_once import AtOnce
from tests.simulation.model_server import ModelServer
from tests.unit.client.bench import DEVICE, PERSON, SPACE, Bench, Clock, Line

DAY_MS = 86_400_000


@pytest.fixture(params=[None, AtOnce], ids=["one after the other", "overlapping"])
def bench(request: pytest.FixtureRequest) -> Bench:
    return Bench(line=request.param)


def test_nothing_changed_is_one_small_request(bench: Bench) -> None:
    _, line, engine = bench.laptop()
    engine.sync()
    line.requests.clear()
    synced = engine.sync()
    assert synced.requests == 1
    assert synced.complete
    assert len(pack(line.requests[0])) + len(pack(line.replies[-1])) < 120


def test_a_few_changes_go_up_and_come_down_in_one_request(bench: Bench) -> None:
    store, line, engine = bench.laptop()
    engine.sync()
    bench.write(store, 10)
    line.requests.clear()
    synced = engine.sync()
    assert (synced.requests, synced.sent, synced.received) == (1, 10, 10)
    assert all(entry.pulled for entry in store.entries())


def test_a_long_outbox_is_pushed_first_and_its_rows_come_down_once() -> None:
    bench = Bench(page_rows=100)
    store, line, engine = bench.laptop(bounds=Bounds(rows=200, together=50))
    engine.sync()
    bench.write(store, 450)
    line.requests.clear()
    synced = engine.sync()
    assert [sum(len(batch.entries) for batch in sent.batches) for sent in line.requests[:3]] == [200, 200, 50]
    assert (synced.sent, synced.received) == (450, 450)
    assert all(sent.digest is None and not sent.standings for sent in line.requests[:2])


def test_another_laptop_fetches_what_is_new_in_two_requests(bench: Bench) -> None:
    (store, _, engine), (other, line, other_engine) = bench.laptop(1), bench.laptop(2)
    engine.sync()
    other_engine.sync()
    bench.write(store, 10)
    engine.sync()
    line.requests.clear()
    assert other_engine.sync().requests == 2
    assert other.rows(SPACE) == store.rows(SPACE)


def test_pages_hear_of_each_transaction_and_of_what_changed(bench: Bench) -> None:
    store, _, engine = bench.laptop()
    engine.sync()
    bench.write(store, 1)
    heard: list[Progress] = []
    engine.sync(heard.append)
    assert any(POST.number in each.changes.kinds and SPACE in each.changes.spaces for each in heard)
    assert heard[-1].sent == 1


def test_the_clock_of_the_server_is_measured(bench: Bench) -> None:
    store = MemoryStore(bench.server.id, 1, bench.clock.now)
    behind = Clock()
    behind.time -= 90_000
    assert Engine(store, Line(bench.server, DEVICE), behind, bench.chance).sync().ahead == 90_000


@pytest.mark.parametrize("times", [2, 5])
def test_a_request_that_arrives_several_times_is_done_once(bench: Bench, times: int) -> None:
    store, line, engine = bench.laptop()
    line.times = times
    bench.write(store, 3)
    engine.sync()
    assert len(bench.server.rows(SPACE)) == 3
    assert store.rows(SPACE) == bench.server.rows(SPACE)


def test_an_answer_lost_after_the_commit_is_recognised_when_asked_again(bench: Bench) -> None:
    store, line, engine = bench.laptop()
    bench.write(store, 3)
    line.lose_answers = 1
    with pytest.raises(AnswerCut):
        engine.sync()
    assert len(store.waiting(10, 10_000)) == 3
    engine.sync()
    assert len(bench.server.rows(SPACE)) == 3
    assert store.waiting(10, 10_000) == []


def test_one_poison_entry_among_a_thousand_is_set_aside_and_999_arrive(bench: Bench) -> None:
    store, line, engine = bench.laptop()
    bench.write(store, 500)
    bench.write(store, 1, "poison")
    bench.write(store, 499)
    synced = engine.sync()
    assert synced.set_aside == 1
    assert len(bench.server.rows(SPACE)) == 999
    refused = [entry for entry in store.entries() if entry.state is State.REFUSED]
    assert [(entry.mutation.n, entry.refusal) for entry in refused] == [(501, Refusal.BROKEN)]
    assert len(line.requests) < 50


def test_a_server_that_takes_no_push_at_all_costs_three_entries_and_not_the_outbox(bench: Bench) -> None:
    store, line, engine = bench.laptop()
    bench.write(store, 20)
    line.refuse = lambda request: BadBatch("500") if request.batches else None
    with pytest.raises(BadBatch):
        engine.sync()
    assert len(store.waiting(100, 100_000)) == 17


def test_a_server_that_takes_nothing_at_all_is_said_so_at_once(bench: Bench) -> None:
    _, line, engine = bench.laptop()
    line.refuse = lambda request: BadBatch("500")  # noqa: ARG005  # whatever it is
    with pytest.raises(BadBatch):
        engine.sync()
    assert len(line.requests) == 1


def test_too_much_for_something_on_the_way_goes_in_smaller_parts(bench: Bench) -> None:
    store, line, engine = bench.laptop()
    engine.sync()
    bench.write(store, 100)
    line.refuse = lambda request: BadBatch("413") if sum(map(len, (b.entries for b in request.batches))) > 30 else None
    synced = engine.sync()
    assert (synced.sent, synced.set_aside) == (100, 0)
    assert store.rows(SPACE) == bench.server.rows(SPACE)


def test_another_server_at_the_address_changes_nothing(bench: Bench) -> None:
    store, _, engine = bench.laptop()
    engine.sync()
    bench.write(store, 1)
    engine.sync()
    before = store.state(), store.rows(SPACE)
    other = ModelServer(b"o" * 16, bench.chance, bench.clock.now, 10, substitutes=True)
    with pytest.raises(NotOurServer):
        Engine(store, Line(other, DEVICE), bench.clock, bench.chance).sync()
    assert (store.state(), store.rows(SPACE)) == before


class _Lying(Line):
    """Answers otherwise than the server did."""

    lie: Callable[[tuple[Run, ...]], tuple[Run, ...]]

    def exchange(self, request: SyncRequest) -> SyncReply:
        reply = super().exchange(request)
        lies = tuple(msgspec.structs.replace(answer, runs=self.lie(answer.runs)) for answer in reply.answers)
        return msgspec.structs.replace(reply, answers=lies)


@pytest.mark.parametrize(
    "lie",
    [
        pytest.param(lambda runs: tuple(msgspec.structs.replace(run, count=9) for run in runs), id="more answers"),
        pytest.param(lambda runs: runs[:-1], id="fewer answers"),
        pytest.param(lambda _: (), id="no answer"),
    ],
)
def test_other_answers_than_changes_were_sent_are_not_believed(
    bench: Bench, lie: Callable[[tuple[Run, ...]], tuple[Run, ...]]
) -> None:
    store = MemoryStore(bench.server.id, 1, bench.clock.now)
    bench.write(store, 2)
    line = _Lying(bench.server, DEVICE)
    line.lie = lie
    with pytest.raises(AnswerCut):
        Engine(store, line, bench.clock, bench.chance).sync()
    assert len(store.waiting(10, 10_000)) == 2
    assert len(line.requests) == 1


def test_a_server_that_asks_for_the_same_for_ever_is_left_alone(bench: Bench) -> None:
    class Circling(Line):
        def exchange(self, request: SyncRequest) -> SyncReply:
            return msgspec.structs.replace(super().exchange(request), send_whole=True)

    line = Circling(bench.server, DEVICE)
    store = MemoryStore(bench.server.id, 1, bench.clock.now)
    with pytest.raises(AnswerCut):
        Engine(store, line, bench.clock, bench.chance).sync()
    assert len(line.requests) < 10


def test_without_a_network_what_waits_goes_on_waiting(bench: Bench) -> None:
    store, line, engine = bench.laptop()
    bench.write(store, 1)
    line.refuse = lambda request: Unreachable("offline")  # noqa: ARG005  # whatever it is
    with pytest.raises(Unreachable):
        engine.sync()
    assert len(store.waiting(10, 10_000)) == 1


def test_a_run_that_is_stopped_ends_after_its_step_and_the_next_engine_goes_on(bench: Bench) -> None:
    bench = Bench(page_rows=2)
    store, _, engine = bench.laptop()
    bench.write(store, 9)
    engine.sync()
    other, line, second = bench.laptop(2)
    synced = second.sync(lambda progress: second.stop() if progress.received > 3 else None)
    assert not synced.complete
    assert len(other.rows(SPACE)) < 9
    assert second.sync().requests == 0
    Engine(other, line, bench.clock, bench.chance).sync()
    assert other.rows(SPACE) == store.rows(SPACE)


def test_the_safe_places_are_asked_for_once_a_backup_and_old_work_is_forgotten(bench: Bench) -> None:
    store, line, engine = bench.laptop()
    bench.write(store, 2)
    engine.sync()
    bench.server.verified_backup()
    line.requests.clear()
    engine.sync()
    assert [sent.safe_of for sent in line.requests] == [(), (SPACE,)]
    assert store.state().backup == 1
    assert len(store.entries()) == 2
    bench.clock.time += 8 * DAY_MS
    line.requests.clear()
    engine.sync()
    assert [sent.safe_of for sent in line.requests] == [()]
    assert store.entries() == []


def test_a_laptop_restored_from_its_backup_loses_nothing_written_after(bench: Bench) -> None:
    store, line, engine = bench.laptop()
    bench.write(store, 2)
    backup = store.copied()
    bench.write(store, 2)
    engine.sync()
    backup.reborn(77)
    bench.write(backup, 3, "after the restore")
    Engine(backup, line, bench.clock, bench.chance).sync()
    assert len(bench.server.rows(SPACE)) == 7
    assert backup.rows(SPACE) == bench.server.rows(SPACE)


def test_a_folder_that_was_copied_takes_a_new_writer_and_nothing_is_lost(bench: Bench) -> None:
    store, _, engine = bench.laptop()
    bench.write(store, 1, "before the copy")
    twin = store.copied()
    bench.write(store, 1, "here")
    bench.write(twin, 2, "there")
    engine.sync()
    Engine(twin, Line(bench.server, bytes([1]) * 16), bench.clock, bench.chance).sync()
    assert len(bench.server.rows(SPACE)) == 4
    assert twin.state().writer != store.state().writer


def test_a_server_put_back_below_the_program_gets_back_what_the_laptop_holds(bench: Bench) -> None:
    store, _, engine = bench.laptop()
    bench.write(store, 2)
    engine.sync()
    copy = bench.server.snapshot()
    bench.write(store, 2)
    engine.sync()
    bench.server.restore(copy, known=False)
    bench.write(store, 1)
    engine.sync()
    assert len(bench.server.rows(SPACE)) == 5
    assert store.rows(SPACE) == bench.server.rows(SPACE)
    assert bench.server.data.spaces[SPACE].epoch == 2


def test_access_lost_and_given_again_sends_the_quarantine_by_itself(bench: Bench) -> None:
    store, _, engine = bench.laptop()
    engine.sync()
    bench.server.seat(SPACE, PERSON, None)
    bench.write(store, 2)
    engine.sync()
    assert {entry.state for entry in store.entries()} == {State.QUARANTINED}
    bench.server.seat(SPACE, PERSON, Role.TRAINER)
    engine.sync()
    assert len(bench.server.rows(SPACE)) == 2
    assert {entry.state for entry in store.entries()} == {State.CONFIRMED}


@pytest.mark.parametrize("name", CHECKPOINTS)
@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_program_that_ends_at_any_step_loses_and_doubles_nothing(name: str, count: int) -> None:
    class Killed(Exception):
        pass

    left = [count]

    def end(reached: str) -> None:
        left[0] -= reached == name
        if left[0] == 0 and reached == name:
            raise Killed

    bench = Bench(page_rows=2)
    store, line, _ = bench.laptop()
    bench.write(store, 3)
    bench.write(store, 1, "poison")
    bench.write(store, 3)
    with suppress(Killed):
        Engine(store, line, bench.clock, bench.chance, end).sync()
    Engine(store, line, bench.clock, bench.chance).sync()
    assert len(bench.server.rows(SPACE)) == 6
    assert store.rows(SPACE) == bench.server.rows(SPACE)
    assert store.waiting(100, 100_000) == []


def test_what_may_not_go_before_tomorrow_keeps_no_news_away(bench: Bench) -> None:
    other, _, engine = bench.laptop(2)
    store, line, held_up = bench.laptop()
    held_up.sync()
    bench.write(other, 3)
    engine.sync()
    bench.write(store, 1)
    line.refuse = lambda request: Busy(3_600.0) if request.batches else None
    with pytest.raises(Busy):
        held_up.sync()
    assert len(store.rows(SPACE)) == 3
    assert len(store.waiting(10, 10_000)) == 1


def test_a_server_that_is_busy_for_a_moment_is_asked_nothing_more(bench: Bench) -> None:
    store, line, engine = bench.laptop()
    engine.sync()
    bench.write(store, 1)
    line.refuse = lambda request: Busy(2.0) if request.batches else None
    asked = len(line.requests)
    with pytest.raises(Busy):
        engine.sync()
    assert len(line.requests) == asked + 1
