"""Two laptops that are open at the same time: what one does shows on the other, without anybody asking for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from spoc_desktop.services.workplace import Workplace
from sync.domain.exercises import Verdict
from sync.domain.ids import CohortId
from tests.integration.laptop.harness import Laptop, School, school
from tests.integration.laptop.test_reviewing import SHEET, course_with_an_exercise, hand_in, sent_after_a_restart


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with school(tmp_path_factory.mktemp("live"), published=False) as made:
        course_with_an_exercise(made)
        yield made


@pytest.fixture(autouse=True)
def _closed_in_the_end(here: School) -> Iterator[None]:
    yield
    for laptop in here.laptops:
        laptop.shut()


def joined(here: School, login: str) -> tuple[Laptop, Workplace]:
    """One more laptop of somebody."""
    laptop = here.laptop(login, f"-{len(here.laptops)}")
    return laptop, laptop.join(here.server.invite(login))


def until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def live(here: School, *laptops: Workplace) -> None:
    """Their windows are open: they synchronise by themselves, and wait for news by now."""
    before = waiting(here)
    for each in laptops:
        each.start()
    until(lambda: waiting(here) == before + len(laptops))


def waiting(here: School) -> int:
    return int(here.server.health()["waiting"])


def test_a_review_that_is_returned_shows_on_the_laptop_that_its_learner_has_open(here: School) -> None:
    cohort = here.sample.id
    learners, ines = joined(here, here.sample.ines)
    trainers, sophie = joined(here, here.sample.sophie)
    ines = hand_in(learners, ines, cohort, "Ouvrir Q7.")
    assert sophie.syncing.sync_now() is None
    (copy,) = sophie.reviewing.queue()
    live(here, ines)
    chip: list[bool] = []
    ines.syncing.listen(lambda _: chip.append(ines.syncing.status().busy))

    sophie.reviewing.decide(copy, sophie.reviewing.copy(copy.hand_in).review, Verdict.RETURNED)
    sent_after_a_restart(trainers)  # what can still be undone leaves then

    until(lambda: said_of(ines, cohort) is Verdict.RETURNED)
    until(lambda: waiting(here) == 1)
    assert True in chip
    assert not ines.syncing.status().busy


def said_of(ines: Workplace, cohort: CohortId) -> Verdict:
    latest = ines.exercises.view(cohort, SHEET).latest
    assert latest is not None
    return Verdict.NONE if latest.review is None else latest.review.verdict


def test_what_is_written_while_a_laptop_waits_leaves_at_once_and_reaches_the_others(here: School) -> None:
    cohort = here.sample.id
    _, karim = joined(here, here.sample.karim)
    _, sophie = joined(here, here.sample.sophie)
    live(here, karim, sophie)
    written = sophie.forum.open_thread(cohort, "Bonjour", "Bienvenue à tous.")
    sophie.changed(written.changes)
    until(lambda: [row.title for row in karim.forum.threads(cohort)] == ["Bonjour"])
    assert sophie.syncing.status().waiting == 0


def test_a_program_that_waits_for_news_ends_at_once(here: School) -> None:
    laptop, ines = joined(here, here.sample.ines)
    live(here, ines)
    started = time.monotonic()
    laptop.shut()
    assert time.monotonic() - started < 5  # the wait has another twenty seconds to go
    until(lambda: waiting(here) == 0)


def test_asking_for_a_sync_does_not_wait_for_the_one_that_waits_for_news(here: School) -> None:
    _, ines = joined(here, here.sample.ines)
    live(here, ines)
    started = time.monotonic()
    assert ines.syncing.sync_now() is None
    assert time.monotonic() - started < 5
    until(lambda: waiting(here) == 1)
