"""Requests that leave before the reply to the one before them is written down."""

from __future__ import annotations

import time
from collections.abc import Sequence

from sync.client.engine import Engine
from sync.client.memory_store import MemoryStore
from sync.client.pipelining import new_line
from sync.client.ports import Changes
from sync.client.running import Bounds
from sync.client.steps import Apply, Confirm, Stage, Step
from sync.client.view import State
from sync.domain.cohorts import MEMBER
from sync.domain.forum import POST, Post
from sync.domain.kind import encode
from sync.protocol.messages import SyncReply, SyncRequest
from sync.protocol.parts import Held, Part
from tests.at_once import AtOnce
from tests.unit.client.bench import SPACE, Bench, Line
from tests.unit.client.test_blobs import FileLine, post


class Story:
    """What happened, in its order: requests that left, and what was written down."""

    def __init__(self, bench: Bench, bounds: Bounds | None = None) -> None:
        self.told: list[str] = []
        self.store, line, self.engine = bench.laptop(3, bounds)
        self._watch(self.store, line)

    def _watch(self, store: MemoryStore, line: Line) -> None:
        exchange, perform = line.exchange, store.perform

        def sent(request: SyncRequest) -> SyncReply:
            self.told.append(f"sent {sum(len(batch.entries) for batch in request.batches)}")
            return exchange(request)

        def written(steps: list[Step]) -> Changes:
            confirmed = sum(step.count for step in steps if isinstance(step, Confirm))
            rows = sum(len(step.rows) for step in steps if isinstance(step, Apply | Stage))
            self.told.append(f"written {confirmed} answers, {rows} rows")
            return perform(steps)

        line.exchange = sent  # type: ignore[method-assign]
        store.perform = written  # type: ignore[method-assign, assignment]


def test_the_next_page_is_asked_for_before_the_one_before_is_written_down() -> None:
    bench, _, _ = told_by_another()
    story = Story(bench)
    story.engine.sync()
    assert story.told.index("sent 0", 2) < story.told.index("written 0 answers, 2 rows")
    assert len(story.store.rows(SPACE)) == 6


def test_what_was_foreseen_wrongly_is_asked_again_and_nothing_is_done_twice() -> None:
    bench, store, engine = told_by_another()
    perform = store.perform

    def writing_meanwhile(steps: list[Step]) -> Changes:
        changes = perform(steps)
        store.perform = perform  # type: ignore[method-assign]
        store.create(SPACE, POST.number, b"z" * 16, encode(Post(text="meanwhile")))
        return changes

    store.perform = writing_meanwhile  # type: ignore[method-assign, assignment]
    engine.sync()
    assert [entry.state for entry in store.entries()] == [State.CONFIRMED]
    assert len(bench.server.rows(SPACE)) == len(store.rows(SPACE)) == 7


PARTS = Bounds(rows=8, together=1, part=3)


def test_a_long_outbox_goes_in_parts_and_the_next_leaves_before_the_answers_are_written_down() -> None:
    bench = Bench(line=AtOnce)
    bench.laptop()[2].sync()
    story = Story(bench, PARTS)
    story.engine.sync()
    bench.write(story.store, 8)
    story.told.clear()
    synced = story.engine.sync()
    assert story.told[:5] == [
        "sent 3",
        "sent 3",
        "written 3 answers, 0 rows",
        "sent 2",
        "written 3 answers, 0 rows",
    ]
    assert (synced.sent, synced.received) == (8, 8)
    assert [entry.state for entry in story.store.entries()] == [State.CONFIRMED] * 8


def test_a_part_that_goes_ahead_claims_the_place_that_the_answer_before_it_told() -> None:
    bench = Bench(line=AtOnce)
    store, line, engine = bench.laptop(bounds=PARTS)
    engine.sync()
    bench.write(store, 8)
    line.requests.clear()
    line.replies.clear()
    engine.sync()
    claims = [request.batches[0].claim for request in line.requests if request.batches]
    assert claims[1:] == [reply.answers[0].cursor for reply in line.replies if reply.answers][:2]


def test_after_an_answer_that_is_not_the_usual_one_nothing_goes_ahead_and_the_rest_is_read_anew() -> None:
    bench = Bench(line=AtOnce)
    story = Story(bench, PARTS)
    story.engine.sync()
    story.store.create(SPACE, MEMBER.number, b"z" * 16, b"\x90")
    bench.write(story.store, 8)
    story.told.clear()
    synced = story.engine.sync()
    assert story.told[:3] == ["sent 3", "written 2 answers, 0 rows", "sent 3"]
    assert synced.sent == 9
    assert [entry.state for entry in story.store.entries()] == [State.REFUSED] + [State.CONFIRMED] * 8


def told_by_another() -> tuple[Bench, MemoryStore, Engine]:
    """A fresh laptop, and six posts of another that come to it two at a time."""
    bench = Bench(page_rows=2, line=AtOnce)
    other, _, engine = bench.laptop(2)
    engine.sync()
    bench.write(other, 6)
    engine.sync()
    store, _, fresh = bench.laptop()
    return bench, store, fresh


class OneThing(FileLine):
    """A connection: what is on it at the same time as something else is counted."""

    on_it = together = 0

    def exchange(self, request: SyncRequest) -> SyncReply:
        self._begin()
        time.sleep(0.05)
        reply = super().exchange(request)
        self.on_it -= 1
        return reply

    def send_parts(self, parts: Sequence[Part]) -> Sequence[Held]:
        self._begin()
        held = super().send_parts(parts)
        self.on_it -= 1
        return held

    def _begin(self) -> None:
        self.on_it += 1
        self.together += self.on_it > 1


def test_a_file_attached_meanwhile_waits_until_the_request_that_was_sent_ahead_is_over() -> None:
    bench, _, _ = told_by_another()
    line = OneThing(bench)
    store = MemoryStore(bench.server.id, 1, bench.clock.now)
    engine = Engine(store, line, bench.clock, bench.chance, files=line, line=new_line)
    perform = store.perform

    def attaching_meanwhile(steps: list[Step]) -> Changes:
        changes = perform(steps)
        store.perform = perform  # type: ignore[method-assign]
        post(store, b"z", b"a file")
        deadline = time.monotonic() + 10
        while not line.on_it and time.monotonic() < deadline:  # the next request is about to leave
            time.sleep(0.001)
        return changes

    store.perform = attaching_meanwhile  # type: ignore[method-assign, assignment]
    engine.sync()
    assert "put 6" in line.doings
    assert line.together == 0
    assert [entry.state for entry in store.entries()] == [State.CONFIRMED]
