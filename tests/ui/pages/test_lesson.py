"""A lesson: its parts, what is kept of the reading, and going through it by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages import lesson
from spoc_desktop.ui.pages.lesson import LessonPage
from spoc_desktop.ui.theme import theme
from sync.domain.courses import READING, Reading
from tests.ui.pages.conftest import Furnish
from tests.ui.pages.looking import click, has, press, says, settle
from tools.sample_laptop import COHORT_ID, SampleLaptop


def open_lesson(window: MainWindow, laptop: SampleLaptop, week: int = 1, place: int = 0) -> LessonPage:
    lesson_id = laptop.text.course.modules[week].activities[place]
    window.open("lesson", cohort_id=COHORT_ID, activity_id=lesson_id)
    settle(window)
    assert isinstance(window.page, LessonPage)
    return window.page


def readings(laptop: SampleLaptop) -> list[Reading]:
    return [seen.body for seen in laptop.store.view(READING)]


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The monotonic clock of the page, to be moved by hand (seconds)."""
    now = [1000.0]
    monkeypatch.setattr(lesson, "monotonic", lambda: now[0])
    return now


def test_the_next_part_keeps_that_this_one_was_read_and_how_long(
    learner: MainWindow, laptop: SampleLaptop, time: list[float]
) -> None:
    page = open_lesson(learner, laptop)
    time[0] += 95
    click(learner, "after")
    assert page.part == 1
    assert says(learner, "Partie 2 sur 6")
    assert [(one.part, one.parts, one.seconds) for one in readings(laptop)] == [(0, 6, 95)]


def test_opening_a_lesson_and_leaving_at_once_is_not_reading(learner: MainWindow, laptop: SampleLaptop) -> None:
    open_lesson(learner, laptop)
    learner.open("today")
    settle(learner)
    assert readings(laptop) == []


def test_a_part_whose_end_stays_in_view_counts_as_read(
    learner: MainWindow, laptop: SampleLaptop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lesson, "SETTLED_MS", 30)
    page = open_lesson(learner, laptop)
    bar = page.body.scroller.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: len(readings(laptop)) == 1)
    settle(learner)


def test_a_screen_left_open_all_night_counts_half_an_hour(
    learner: MainWindow, laptop: SampleLaptop, time: list[float]
) -> None:
    open_lesson(learner, laptop)
    time[0] += 10 * 3600
    click(learner, "after")
    assert [one.seconds for one in readings(laptop)] == [lesson.LONGEST_SECONDS]


def test_it_opens_again_at_the_part_after_the_last_one_read_also_after_a_restart(
    learner: MainWindow, laptop: SampleLaptop, furnish: Furnish
) -> None:
    open_lesson(learner, laptop)
    click(learner, "after")
    laptop.clock.time += 60_000
    click(learner, "after")
    furnish(laptop.restart())
    page = open_lesson(learner, laptop)
    assert page.part == 2
    assert says(learner, "Partie 3 sur 6")


def test_space_pages_through_a_part_and_then_on_to_the_next(
    learner: MainWindow, laptop: SampleLaptop, heard: list[str]
) -> None:
    page = open_lesson(learner, laptop)
    bar = page.body.scroller.verticalScrollBar()
    while page.part == 0:
        before = bar.value()
        press(learner, Qt.Key.Key_Space)
        assert page.part == 1 or bar.value() > before
    assert "Partie 2 sur 6" in heard
    assert bar.value() == 0
    press(learner, Qt.Key.Key_PageUp)
    assert page.part == 0


def test_the_last_part_leads_on_within_the_week_and_home_at_its_end(learner: MainWindow, laptop: SampleLaptop) -> None:
    page = open_lesson(learner, laptop, week=0, place=2)
    assert page.found is not None
    page.go_to(len(page.found.parts) - 1)
    settle(learner)
    assert says(learner, "Passer au quiz")
    click(learner, "after")
    assert learner.route == "quiz"


def test_the_first_part_has_nothing_to_go_back_to(learner: MainWindow, laptop: SampleLaptop) -> None:
    open_lesson(learner, laptop)
    assert not has(learner, "before")
    click(learner, "after")
    click(learner, "before")
    assert says(learner, "Partie 1 sur 6")


def test_a_lesson_whose_text_has_not_come_says_so_and_nothing_breaks(learner: MainWindow, laptop: SampleLaptop) -> None:
    learner.open("lesson", cohort_id=COHORT_ID, activity_id=bytes(16))
    settle(learner)
    assert says(learner, "n’est pas encore arrivé sur cet ordinateur") or says(learner, "synchronisation")
    assert has(learner, "again")


@pytest.mark.parametrize(("size", "scale"), [((640, 480), 1.0), ((1024, 640), 2.0)])
def test_nothing_scrolls_sideways_in_a_small_window(
    learner: MainWindow, laptop: SampleLaptop, size: tuple[int, int], scale: float
) -> None:
    theme().set(scale=scale)
    learner.resize(*size)
    page = open_lesson(learner, laptop)
    settle(learner)
    assert page.found is not None
    for part in range(len(page.found.parts)):
        page.go_to(part)
        settle(learner)
        content = page.body.scroller.widget()
        assert content is not None
        assert content.width() <= page.body.scroller.viewport().width()
        assert has(learner, "after")


def test_the_text_column_is_no_wider_than_the_eye_likes(learner: MainWindow, laptop: SampleLaptop) -> None:
    page = open_lesson(learner, laptop)
    assert page.main.width() <= 616
