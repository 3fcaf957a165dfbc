"""Files ahead of time: their order for this person, the room they may take, what is asked for and what is let go of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from spoc_desktop.services.desk import New
from spoc_desktop.services.workplace import Workplace
from spoc_desktop.storage.file_ahead import KEEP_WISHES_MS
from spoc_desktop.storage.store import LocalStore
from sync.client.ahead import Step
from sync.client.steps import Forget, Revoke
from sync.domain import spaces
from sync.domain.cohorts import WEEK_MS
from sync.domain.exercises import HAND_IN, HandIn
from sync.domain.files import Attachment
from tests.unit.services.classroom import COHORT_ID, COURSE_ID, HELENE, NADIA, SERVER, Laptop, name, workplace
from tests.unit.services.stocked import content, fetch, film, here, names_wanted, queue, stocked


@pytest.fixture
def laptop() -> Iterator[Laptop]:
    laptop = stocked()
    yield laptop
    laptop.store.close()


@pytest.fixture
def nadia(laptop: Laptop, tmp_path: Path) -> Workplace:
    return workplace(laptop, tmp_path)


def finish_week_one(laptop: Laptop, work: Workplace) -> None:
    """The film of the week that is over was seen: it is not needed any more."""
    page = work.courses.lesson(COHORT_ID, name("lesson 1"))
    work.changed(work.courses.read(page, 0, 60))
    laptop.clock.steady += 3_000


def test_this_week_comes_first_with_what_is_late_then_the_next_then_the_rest(laptop: Laptop, nadia: Workplace) -> None:
    assert names_wanted(laptop) == ["film 2", "film 1", "film 3", "film 4"]
    finish_week_one(laptop, nadia)
    assert names_wanted(laptop) == ["film 2", "film 3", "film 4", "film 1"]


def test_a_trainer_gets_the_queue_first_what_was_due_first_then_the_week(tmp_path: Path) -> None:
    laptop = stocked(HELENE)
    queue(laptop, 90, 5)
    workplace(laptop, tmp_path)
    assert names_wanted(laptop) == ["hand-in 0", "hand-in 1", "film 2", "film 3", "film 4", "film 1"]
    laptop.store.close()


def test_beyond_the_limit_nothing_comes_by_itself(laptop: Laptop, nadia: Workplace) -> None:
    nadia.ahead.choose(110)
    assert names_wanted(laptop) == ["film 2", "film 1"]
    nadia.ahead.choose(0)
    assert names_wanted(laptop) == []


def test_what_is_asked_for_comes_first_and_whatever_the_limit(laptop: Laptop, nadia: Workplace) -> None:
    nadia.ahead.choose(0)
    nadia.ahead.ask([film(4).sha256])
    assert names_wanted(laptop) == ["film 4"]


def test_a_wish_is_remembered_over_a_restart_until_a_network_comes(tmp_path: Path) -> None:
    key, place = bytes(32), tmp_path / "store.db"
    with LocalStore.create(place, key, server=SERVER, person=NADIA) as store:
        store.ahead.keep_limit(500)
        store.ahead.wish([film(1).sha256], 2)  # type: ignore[arg-type]  # as it lies in the table
    with LocalStore.open(place, key) as store:
        assert list(store.ahead.wishes()) == [film(1).sha256]
        assert store.ahead.limit() == 500


def test_a_lower_limit_lets_go_of_the_week_that_is_over_and_its_film_comes_again_when_asked_for(
    laptop: Laptop, nadia: Workplace
) -> None:
    finish_week_one(laptop, nadia)
    for week in (1, 2, 3):
        fetch(laptop, nadia, week)
    nadia.ahead.choose(100)
    assert here(laptop) == {2, 3}
    assert names_wanted(laptop) == []
    nadia.ahead.ask([film(1).sha256])
    assert names_wanted(laptop) == ["film 1"]
    fetch(laptop, nadia, 1)
    assert here(laptop) == {1, 2, 3}


def test_a_new_week_takes_the_room_of_the_one_that_is_over(laptop: Laptop, nadia: Workplace) -> None:
    finish_week_one(laptop, nadia)
    nadia.ahead.choose(110)
    fetch(laptop, nadia, 1)
    assert here(laptop) == {1}
    fetch(laptop, nadia, 2)
    assert here(laptop) == {1, 2}
    fetch(laptop, nadia, 3)
    assert here(laptop) == {2, 3}


def test_a_file_that_a_waiting_change_names_is_never_let_go_of(laptop: Laptop, nadia: Workplace) -> None:
    finish_week_one(laptop, nadia)
    fetch(laptop, nadia, 1)
    body = HandIn(activity=name("sheet"), edition=bytes(16), version=1, text="", at=1, files=(film(1),))
    laptop.store.write([New(HAND_IN, spaces.personal(COHORT_ID, NADIA), name("mine"), body)])
    laptop.store.ahead.let_go([film(1).sha256])
    nadia.ahead.choose(0)
    assert here(laptop) == {1}


def test_a_file_that_was_attached_just_now_is_never_let_go_of(laptop: Laptop, nadia: Workplace) -> None:
    finish_week_one(laptop, nadia)
    laptop.store.files.keep(content(1), "film 1")
    fetch(laptop, nadia, 1)
    nadia.ahead.choose(0)
    assert here(laptop) == {1}
    assert "film 1" not in names_wanted(laptop)


def test_a_page_with_small_files_brings_them_and_a_large_one_waits_to_be_asked_for(
    laptop: Laptop, nadia: Workplace
) -> None:
    nadia.ahead.choose(0)
    large = Attachment(sha256=bytes(32), name="grand.mp4", size=10**9)
    absent = nadia.ahead.opened([film(3), large])
    assert absent is not None
    assert [file.name for file in absent.files] == ["film 3", "grand.mp4"]
    assert not absent.coming
    assert not absent.asked
    assert names_wanted(laptop) == ["film 3"]
    nadia.ahead.ask([large.sha256])
    again = nadia.ahead.opened([large])
    assert again is not None
    assert again.asked


def test_a_page_whose_files_are_here_says_nothing(laptop: Laptop, nadia: Workplace) -> None:
    fetch(laptop, nadia, 2)
    assert nadia.ahead.opened([film(2)]) is None


def test_it_says_how_many_activities_of_the_week_are_ready_and_what_is_lacking(
    laptop: Laptop, nadia: Workplace
) -> None:
    fetch(laptop, nadia, 2)
    found = {one.step: one for one in nadia.ahead.look().ready}
    assert (found[Step.THIS_WEEK].ready, found[Step.THIS_WEEK].whole) == (1, 2)
    assert [file.name for file in found[Step.THIS_WEEK].lacking] == ["film 1"]
    assert (found[Step.NEXT_WEEK].ready, found[Step.NEXT_WEEK].whole) == (0, 1)
    assert Step.QUEUE not in found
    assert nadia.ahead.look().courses == film(2).size


def test_a_trainer_sees_how_many_hand_ins_are_ready_for_the_train(tmp_path: Path) -> None:
    laptop = stocked(HELENE)
    first, _second = queue(laptop, 9, 5)
    helene = workplace(laptop, tmp_path)
    laptop.store.files_came({first.sha256: b"h" * 8 + b"\0"})
    (ready,) = [one for one in helene.ahead.look().ready if one.step is Step.QUEUE]
    assert (ready.ready, ready.whole, ready.size) == (1, 2, 5)
    laptop.store.close()


def test_a_space_that_is_lost_takes_its_files_and_what_was_wished_of_them(laptop: Laptop, nadia: Workplace) -> None:
    fetch(laptop, nadia, 2)
    nadia.ahead.ask([film(2).sha256])
    laptop.store.perform([Revoke(spaces.course(COURSE_ID))])
    assert here(laptop) == set()
    assert laptop.store.ahead.wishes() == {}


def test_a_wish_is_forgotten_after_sixty_days(tmp_path: Path) -> None:
    key, place, now = bytes(32), tmp_path / "store.db", WEEK_MS
    with LocalStore.create(place, key, server=SERVER, person=NADIA, now=lambda: now) as store:
        store.ahead.wish([film(1).sha256], 2)  # type: ignore[arg-type]  # as it lies in the table
    with LocalStore.open(place, key, now=lambda: now + 2 * KEEP_WISHES_MS) as store:
        assert store.ahead.wishes() != {}, "a clock alone, which may have jumped, forgets nothing"
        store.perform([Forget(now + KEEP_WISHES_MS)])
        assert store.ahead.wishes() != {}
        store.perform([Forget(now + KEEP_WISHES_MS + 1)])
        assert store.ahead.wishes() == {}
