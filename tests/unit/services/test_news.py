"""Waiting for news: nobody sees it, everything else goes first, and whatever goes wrong is left to the next sync."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from spoc_desktop.services.sync_loop import SyncLoop
from spoc_desktop.services.syncing import Syncing
from spoc_desktop.storage.changes import New
from sync.client.http_interrupt import Interrupted
from sync.client.ports import Changes
from sync.client.running import Progress, Synced
from sync.domain import spaces
from sync.domain.forum import POST, Post
from sync.protocol.errors import AnswerCut, LoginExpired, SyncError, TooSlow, Unreachable
from sync.protocol.limits import LIVE_PULL_MS
from sync.protocol.messages import ReleaseReply
from tests.unit.services.classroom import COHORT_ID, SERVER, FixedChance, Laptop, learner_laptop

NOTHING = Synced(Changes(), 0, 0, 1, 0, 0, complete=True)
GRADES = Changes(kinds=frozenset({36}))
SOMETHING = Synced(GRADES, 0, 1, 3, 0, 0, complete=True)


class Line:
    """An engine and its line: a wait goes on until it is interrupted, or ends as told, after as long as told."""

    def __init__(self, laptop: Laptop) -> None:
        self._laptop = laptop
        self._called = threading.Event()
        self.news: list[tuple[Exception | Synced, int]] = []
        self.syncs = 0
        self.waits: list[int] = []

    def sync(self, on_progress: Callable[[Progress], None] | None = None) -> Synced:
        self.syncs += 1
        return NOTHING

    def listen(self, milliseconds: int, on_progress: Callable[[Progress], None] | None = None) -> Synced:
        self.waits.append(milliseconds)
        if not self.news:
            self._called.wait(20)
            raise Interrupted
        end, took = self.news.pop(0)
        self._laptop.clock.steady += took
        if isinstance(end, Exception):
            raise end
        for request in range(1, end.requests + 1):
            if on_progress is not None:
                on_progress(Progress(end.changes if request == end.requests else Changes(), 0, 0, request))
        return end

    def stop(self) -> None:
        """Nothing goes on."""

    def interrupt(self) -> None:
        self._called.set()

    def rearm(self) -> None:
        self._called.clear()

    def release(self, cohort: bytes, activity: bytes) -> ReleaseReply:
        return ReleaseReply(SERVER, 0)


@pytest.fixture
def laptop() -> Iterator[Laptop]:
    laptop = learner_laptop()
    yield laptop
    laptop.store.close()


@pytest.fixture
def line(laptop: Laptop) -> Line:
    return Line(laptop)


@pytest.fixture
def syncing(laptop: Laptop, line: Line, tmp_path: Path) -> Syncing:
    made = Syncing(
        laptop.store,
        line,
        releases=line,
        last_sync=tmp_path / "last_sync.json",
        clock=laptop.clock,
        chance=FixedChance(),
        line=line,
    )
    assert made.sync_now() is None
    return made


def wait(syncing: Syncing) -> None:
    milliseconds = syncing.news_wait()
    assert milliseconds is not None
    syncing.wait_for_news(milliseconds, lambda: False)


def test_nobody_waits_before_the_first_exchange_went_well(laptop: Laptop, line: Line, tmp_path: Path) -> None:
    made = Syncing(
        laptop.store, line, releases=line, last_sync=tmp_path / "l", clock=laptop.clock, chance=FixedChance(), line=line
    )
    assert made.news_wait() is None


def test_a_wait_without_news_is_seen_by_nobody(line: Line, syncing: Syncing) -> None:
    busy: list[bool] = []
    syncing.listen(lambda _: busy.append(syncing.status().busy))
    line.news = [(NOTHING, LIVE_PULL_MS)]
    wait(syncing)
    assert True not in busy
    assert syncing.log() == ()
    assert syncing.news_wait() == LIVE_PULL_MS


def test_news_are_fetched_while_the_chip_says_so_and_told_to_the_pages(line: Line, syncing: Syncing) -> None:
    heard: list[tuple[Changes, bool]] = []
    syncing.listen(lambda changes: heard.append((changes, syncing.status().busy)))
    line.news = [(SOMETHING, 3_000)]
    wait(syncing)
    assert (GRADES, True) in heard
    assert heard[-1] == (Changes(outbox=True), False)
    assert [each.received for each in syncing.log()] == [1]


@pytest.mark.parametrize("error", [AnswerCut("504"), TooSlow("x"), Unreachable("x")])
def test_a_wait_that_is_cut_is_no_failure_and_the_next_exchange_is_at_once(
    line: Line, syncing: Syncing, error: SyncError
) -> None:
    line.news = [(error, 10_000)]
    wait(syncing)
    status = syncing.status()
    assert (status.offline, status.attention, status.trouble) == (False, 0, None)
    assert (syncing.news_wait(), syncing.due_in()) == (None, 0)
    assert syncing.sync_now() is None
    again = syncing.news_wait()
    assert again is not None
    assert again < 10_000


def test_what_only_the_person_can_end_is_said_by_a_wait_too(line: Line, syncing: Syncing) -> None:
    line.news = [(LoginExpired("x"), 3_000)]
    wait(syncing)
    assert syncing.status().signed_out
    assert syncing.news_wait() is None


def test_a_server_that_answers_at_once_is_asked_by_turns(line: Line, syncing: Syncing) -> None:
    line.news = [(NOTHING, 5)]
    wait(syncing)
    assert syncing.news_wait() is None
    due = syncing.due_in()
    assert due is not None
    assert due >= 5_000


def test_what_can_be_undone_ends_the_wait_when_it_may_leave(laptop: Laptop, syncing: Syncing) -> None:
    laptop.store.write_held([New(POST, spaces.cohort(COHORT_ID), bytes(16), Post(text="a"))], 8_000)
    held = syncing.news_wait()
    assert held is not None
    assert held <= 8_000


def test_a_hold_that_is_nearly_over_is_waited_for_without_the_server(laptop: Laptop, syncing: Syncing) -> None:
    laptop.store.write_held([New(POST, spaces.cohort(COHORT_ID), bytes(16), Post(text="a"))], 300)
    assert syncing.news_wait() is None
    due = syncing.due_in()
    assert due is not None
    assert due <= 300


def test_whoever_asks_for_a_sync_gets_it_while_the_loop_waits(line: Line, syncing: Syncing) -> None:
    loop = SyncLoop(syncing)
    loop.start()
    try:
        _until(lambda: bool(line.waits))
        before = line.syncs
        assert syncing.sync_now() is None
        assert line.syncs == before + 1
        _until(lambda: len(line.waits) > 1)
    finally:
        assert loop.close(10)


def test_a_change_ends_the_wait_and_leaves(line: Line, syncing: Syncing) -> None:
    loop = SyncLoop(syncing)
    loop.start()
    try:
        _until(lambda: bool(line.waits))
        before = line.syncs
        loop.nudge()
        _until(lambda: line.syncs > before)
        _until(lambda: len(line.waits) > 1)
    finally:
        assert loop.close(10)


def _until(true: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(1_000):
        if true():
            return
        pause.wait(0.01)
    pytest.fail("it never happened")
