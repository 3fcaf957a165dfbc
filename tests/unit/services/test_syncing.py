"""The state of the sync in words that never lie: what waits, what needs the person, when the next try is."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from spoc_desktop.services import retry
from spoc_desktop.services.attention import Cause
from spoc_desktop.services.courses import Courses
from spoc_desktop.services.sentences import of_a_sync
from spoc_desktop.services.sync_loop import SyncLoop
from spoc_desktop.services.syncing import Syncing
from spoc_desktop.storage.changes import New
from spoc_desktop.storage.errors import DiskFull
from sync.client.ports import Changes
from sync.client.running import Progress, Synced
from sync.client.steps import Refuse, Revoke
from sync.domain import spaces
from sync.domain.forum import POST, Post
from sync.protocol.errors import (
    Busy,
    CaptivePortal,
    LoginExpired,
    NotOurServer,
    Refusal,
    SyncError,
    TooSlow,
    Unreachable,
    UpdateNeeded,
)
from sync.protocol.messages import ReleaseReply
from tests.unit.services.classroom import COHORT_ID, LESSON_1, NADIA, SERVER, FixedChance, Laptop, learner_laptop


class Played:
    """An engine whose runs end as told."""

    def __init__(self) -> None:
        self.ends: list[Exception | Synced] = []
        self.runs = 0
        self.is_stopped = False
        self.during: Callable[[], None] = lambda: None

    def sync(self, on_progress: Callable[[Progress], None] | None = None) -> Synced:
        self.runs += 1
        self.during()
        end = self.ends.pop(0) if self.ends else Synced(Changes(), 0, 0, 1, 0, 0, complete=True)
        if isinstance(end, Exception):
            raise end
        if on_progress is not None:
            on_progress(Progress(end.changes, end.sent, end.received, end.requests))
        return end

    def listen(self, milliseconds: int, on_progress: Callable[[Progress], None] | None = None) -> Synced:
        return self.sync(on_progress)

    def stop(self) -> None:
        self.is_stopped = True

    def release(self, cohort: bytes, activity: bytes) -> ReleaseReply:
        return ReleaseReply(SERVER, 3)


@pytest.fixture
def laptop() -> Iterator[Laptop]:
    laptop = learner_laptop()
    yield laptop
    laptop.store.close()


@pytest.fixture
def played() -> Played:
    return Played()


def sync_of(laptop: Laptop, played: Played, tmp_path: Path) -> Syncing:
    return Syncing(
        laptop.store,
        played,
        releases=played,
        last_sync=tmp_path / "last_sync.json",
        clock=laptop.clock,
        chance=FixedChance(),
    )


@pytest.fixture
def syncing(laptop: Laptop, played: Played, tmp_path: Path) -> Syncing:
    return sync_of(laptop, played, tmp_path)


def read_a_part(laptop: Laptop) -> None:
    courses = Courses(laptop.desk)
    courses.read(courses.lesson(COHORT_ID, LESSON_1), 0, 1)


def test_up_to_date_says_since_when_also_after_a_new_start(
    laptop: Laptop, played: Played, syncing: Syncing, tmp_path: Path
) -> None:
    assert syncing.status().last is None
    assert syncing.sync_now() is None
    assert syncing.status().last == laptop.clock.now()
    assert sync_of(laptop, played, tmp_path).status().last == laptop.clock.now()


def test_a_run_that_was_stopped_is_no_whole_sync(played: Played, syncing: Syncing) -> None:
    played.ends = [Synced(Changes(), 1, 0, 1, 0, 0, complete=False)]
    assert syncing.sync_now() is None
    assert syncing.status().last is None


def test_what_waits_is_counted_and_named(laptop: Laptop, syncing: Syncing) -> None:
    read_a_part(laptop)
    read_a_part(laptop)
    assert syncing.status().waiting == 2
    (item,) = syncing.waiting_list()
    assert (item.count, item.at) == (2, laptop.clock.now())
    assert "2" in item.what


@pytest.mark.parametrize("error", [Unreachable("x"), TooSlow("x"), CaptivePortal("x")])
def test_a_place_without_a_network_is_offline_and_no_fault(
    laptop: Laptop, played: Played, syncing: Syncing, error: SyncError
) -> None:
    read_a_part(laptop)
    played.ends = [error]
    assert syncing.sync_now() is error
    status = syncing.status()
    assert (status.offline, status.attention, status.waiting) == (True, 0, 1)
    assert status.next_try is not None
    assert (status.trouble is None) == (type(error) is Unreachable)


@pytest.mark.parametrize("error", [LoginExpired("x"), UpdateNeeded("x"), NotOurServer("x")])
def test_what_only_a_person_can_end_asks_for_attention(played: Played, syncing: Syncing, error: SyncError) -> None:
    played.ends = [error]
    syncing.sync_now()
    status = syncing.status()
    assert (status.offline, status.attention) == (False, 1)
    assert status.trouble is not None
    assert (status.next_try is None) == isinstance(error, LoginExpired)


def test_a_failure_is_logged_with_its_sentence_and_its_technical_line(played: Played, syncing: Syncing) -> None:
    played.ends = [CaptivePortal("status 200, text/html"), Synced(Changes(), 3, 2, 1, 0, 0, complete=True)]
    syncing.sync_now()
    syncing.sync_now()
    done, failed = syncing.log()
    assert (done.sent, done.received, done.trouble) == (3, 2, None)
    assert failed.trouble is not None
    assert failed.technical == "CaptivePortal: status 200, text/html"


def test_a_sync_with_nothing_to_do_leaves_no_line(syncing: Syncing) -> None:
    syncing.sync_now()
    assert syncing.log() == ()


def test_a_day_without_a_network_is_one_line(played: Played, syncing: Syncing) -> None:
    played.ends = [Unreachable(), Unreachable(), Unreachable()]
    for _ in range(3):
        syncing.sync_now()
    assert len(syncing.log()) == 1
    played.ends = [CaptivePortal()]
    syncing.sync_now()
    assert len(syncing.log()) == 2


def test_a_full_disk_during_a_sync_is_told_and_tried_again(played: Played, syncing: Syncing) -> None:
    played.ends = [DiskFull()]
    assert isinstance(syncing.sync_now(), DiskFull)
    status = syncing.status()
    assert (status.attention, status.offline) == (1, False)
    assert status.trouble == of_a_sync(DiskFull())
    assert "toujours à l’écran" not in str(status.trouble)
    assert status.next_try is not None


@pytest.mark.allows_warnings
def test_a_fault_of_the_program_does_not_end_the_syncs_that_come_after(
    played: Played, syncing: Syncing, caplog: pytest.LogCaptureFixture
) -> None:
    played.ends = [KeyError("fault")]
    loop = SyncLoop(syncing)
    loop.start()
    try:
        _until(lambda: syncing.status().attention == 1)
        loop.nudge()
        _until(lambda: syncing.status().last is not None)
    finally:
        assert loop.close()
    assert "fault" in caplog.text


def test_a_clock_that_falls_back_by_years_does_not_stop_the_sync(
    laptop: Laptop, played: Played, syncing: Syncing
) -> None:
    played.ends = [Unreachable()]
    syncing.sync_now()
    laptop.clock.time -= 10 * 365 * 86_400_000
    assert (syncing.due_in() or 0) < 10_000
    laptop.clock.steady += 10_000
    assert syncing.due_in() == 0


def test_a_window_that_closes_does_not_wait_for_a_network_that_stalls(played: Played, syncing: Syncing) -> None:
    stalled, go_on = threading.Event(), threading.Event()

    def stall() -> None:
        stalled.set()
        go_on.wait(10)

    played.during = stall
    loop = SyncLoop(syncing)
    loop.start()
    stalled.wait(10)
    assert not loop.close(0.01)
    assert played.is_stopped
    go_on.set()
    assert loop.close()


def test_success_after_a_failure_clears_the_trouble(played: Played, syncing: Syncing) -> None:
    played.ends = [LoginExpired()]
    syncing.sync_now()
    syncing.sync_now()
    assert (syncing.status().trouble, syncing.status().attention) == (None, 0)


def test_listeners_hear_that_a_sync_is_under_way_and_what_it_changed(played: Played, syncing: Syncing) -> None:
    heard: list[tuple[Changes, bool]] = []
    syncing.listen(lambda changes: heard.append((changes, syncing.status().busy)))
    grades = Changes(kinds=frozenset({36}))
    played.ends = [Synced(grades, 0, 1, 1, 0, 0, complete=True)]
    syncing.sync_now()
    assert heard == [(Changes(outbox=True), True), (grades, True), (Changes(outbox=True), False)]


def test_a_refused_change_keeps_its_words_and_can_be_withdrawn(laptop: Laptop, syncing: Syncing) -> None:
    read_a_part(laptop)
    (entry,) = laptop.store.outbox_list()
    laptop.store.perform([Refuse(entry.space, entry.writer, entry.n, 1, Refusal.CLOSED)])
    assert (syncing.status().attention, syncing.status().waiting) == (1, 0)
    (item,) = syncing.attention_list()
    assert item.cause is Cause.REFUSED
    assert item.name is not None
    assert item.said.safe
    syncing.withdraw(item.name)
    assert syncing.attention_list() == ()
    assert syncing.status().attention == 0


def test_work_of_a_space_that_was_lost_is_listed_as_kept(laptop: Laptop, syncing: Syncing) -> None:
    read_a_part(laptop)
    laptop.store.perform([Revoke(spaces.personal(COHORT_ID, NADIA))])
    (item,) = syncing.attention_list()
    assert item.cause is Cause.QUARANTINED
    assert syncing.status().attention == 1


def test_a_trainer_releases_grades_through_the_server(syncing: Syncing) -> None:
    assert syncing.release(COHORT_ID, b"") == 3


def test_delays_grow_are_spread_and_have_an_end() -> None:
    chance = FixedChance()
    delays = [retry.delay(n, Unreachable(), chance) or 0 for n in range(1, 20)]
    assert 2_500 <= delays[0] <= 7_500
    assert max(delays) <= retry.MOST_MS * 3 // 2
    assert min(delays[10:]) >= retry.MOST_MS // 2
    assert len(set(delays[10:])) > 5


def test_the_server_is_never_asked_earlier_than_it_said() -> None:
    chance = FixedChance()
    assert all((retry.delay(n, Busy(90.0), chance) or 0) >= 90_000 for n in range(1, 50))


def test_a_change_leaves_at_once_and_closing_ends_the_thread(laptop: Laptop, played: Played, syncing: Syncing) -> None:
    loop = SyncLoop(syncing)
    loop.start()
    try:
        _until(lambda: played.runs >= 1)
        loop.nudge()
        _until(lambda: played.runs >= 2)
    finally:
        loop.close()


def test_after_the_login_has_ended_only_the_person_starts_the_next_sync(
    laptop: Laptop, played: Played, syncing: Syncing
) -> None:
    played.ends = [LoginExpired()]
    syncing.sync_now()
    assert syncing.due_in() is None
    loop = SyncLoop(syncing)
    loop.start()
    try:
        loop.nudge()
        _until(lambda: syncing.status().last is not None)
    finally:
        loop.close()


def _until(true: Callable[[], bool]) -> None:
    """Wait for a thread; a test that never gets there fails."""
    pause = threading.Event()
    for _ in range(2_000):
        if true():
            return
        pause.wait(0.01)
    pytest.fail("it never happened")


def test_the_loop_comes_when_a_change_that_could_be_undone_may_leave(laptop: Laptop, syncing: Syncing) -> None:
    assert syncing.sync_now() is None
    calm = syncing.due_in()
    assert calm is not None
    laptop.store.write_held([New(POST, spaces.cohort(COHORT_ID), bytes(16), Post(text="a"))], 50)
    due = syncing.due_in()
    assert due is not None
    assert due <= 50 < calm


def test_an_ended_hold_does_not_hurry_a_sync_that_fails(laptop: Laptop, played: Played, syncing: Syncing) -> None:
    played.ends = [Unreachable()]
    syncing.sync_now()
    laptop.store.write_held([New(POST, spaces.cohort(COHORT_ID), bytes(16), Post(text="a"))], 0)
    due = syncing.due_in()
    assert due is not None
    assert due > 0
