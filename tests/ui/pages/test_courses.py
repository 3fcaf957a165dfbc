"""The outline of a course: weeks and activities with their state, and what is closed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

from spoc_desktop.ui.main_window import MainWindow
from sync.domain.cohorts import WEEK_MS
from tests.ui.pages.conftest import Furnish
from tests.ui.pages.looking import click, has, named, press, says, settle, texts
from tools.sample_laptop import SampleLaptop
from tools.sample_work import sample_work


def open_courses(window: MainWindow) -> None:
    window.open("courses")
    settle(window)


def module(laptop: SampleLaptop, place: int) -> str:
    return f"module_{laptop.text.course.modules[place].id.hex()}"


def activity(laptop: SampleLaptop, week: int, place: int) -> str:
    return f"activity_{laptop.text.course.modules[week].activities[place].hex()}"


def test_a_single_course_opens_at_once(learner: MainWindow) -> None:
    open_courses(learner)
    assert says(learner, "Hameçonnage et mots de passe au travail")
    assert says(learner, "Du 16 novembre au 13 décembre 2026 · 4 semaines · 4 h 54 de travail prévues")


def test_before_the_first_sync_it_says_that_courses_are_on_their_way(
    window: MainWindow, fresh_laptop: SampleLaptop, furnish: Furnish
) -> None:
    furnish(fresh_laptop.workplace)
    open_courses(window)
    assert says(window, "Vos cours arrivent à la prochaine synchronisation.")


def test_this_week_stands_open_with_the_state_of_each_activity_in_words(
    learner: MainWindow, laptop: SampleLaptop
) -> None:
    sample_work(laptop)
    open_courses(learner)
    states = [text for text in texts(learner) if text in ("Fait", "En cours", "À faire")]
    assert states == ["En cours", "À faire", "À faire", "En cours", "Fait", "À faire"]
    assert not has(learner, activity(laptop, 0, 0))


def test_another_week_unfolds_and_folds_by_keyboard_and_says_so(
    learner: MainWindow, laptop: SampleLaptop, heard: list[str]
) -> None:
    open_courses(learner)
    named(learner, module(laptop, 0)).setFocus()
    press(learner, Qt.Key.Key_Return)
    assert has(learner, activity(laptop, 0, 0))
    assert "dépliée" in heard
    press(learner, Qt.Key.Key_Space)
    assert not has(learner, activity(laptop, 0, 0))


def test_a_week_that_is_not_open_says_when_and_its_activities_open_nothing(
    learner: MainWindow, laptop: SampleLaptop
) -> None:
    laptop.clock.time -= WEEK_MS
    open_courses(learner)
    assert says(learner, "Ouvre lundi 23 novembre")
    click(learner, module(laptop, 1))
    row = named(learner, activity(laptop, 1, 0))
    assert isinstance(row, QAbstractButton)
    row.click()
    settle(learner)
    assert learner.route == "courses"
    assert row.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_a_week_that_has_passed_with_work_left_says_until_when_it_was_planned(learner: MainWindow) -> None:
    open_courses(learner)
    assert says(learner, "Prévue jusqu’au dimanche 22 novembre")


def test_the_margin_says_where_one_is_who_teaches_and_what_counts(learner: MainWindow, laptop: SampleLaptop) -> None:
    sample_work(laptop)
    open_courses(learner)
    for words in ("1 h 03", "faites sur 4 h 54", "Claire Delmas", "Ces quiz sont notés", "assistance@exemple.fr"):
        assert says(learner, words)


def test_an_activity_opens_from_the_outline_and_back_returns_there(learner: MainWindow, laptop: SampleLaptop) -> None:
    open_courses(learner)
    click(learner, activity(laptop, 1, 0))
    assert learner.route == "lesson"
    learner.go_back()
    settle(learner)
    assert says(learner, "Hameçonnage et mots de passe au travail")


def test_switching_the_language_changes_the_words_and_leaves_the_course_alone(learner: MainWindow) -> None:
    open_courses(learner)
    learner.settings_menu.speak("en")
    settle(learner)
    assert says(learner, "Where you are")
    assert says(learner, "This week, until Sunday 29 November")
    assert says(learner, "Hameçonnage et mots de passe au travail")
