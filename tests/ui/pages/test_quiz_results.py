"""One quiz of a group for its trainer: scores in words, the questions that went wrong first, grades to release."""

from __future__ import annotations

from pathlib import Path

import pytest

from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.widgets.reglette import Reglette
from sync.protocol.errors import Unreachable
from tests.ui.pages.conftest import Taught
from tests.ui.pages.looking import click, has, named, says, settle, texts
from tests.ui.pages.played import Played
from tools.sample_laptop import COHORT_ID, LEARNERS

IDS = {name: who for who, name in LEARNERS.items()}


def open_quiz(window: MainWindow, quiz: bytes) -> None:
    window.open("quiz_results", cohort_id=COHORT_ID, activity_id=quiz)
    settle(window)


def practice(taught: Taught) -> bytes:
    first_week = taught.laptop.text.course.modules[0]
    return next(activity for activity in first_week.activities if activity in taught.laptop.text.quizzes)


def test_it_says_how_many_handed_in_and_how_many_passed(trainer: MainWindow, taught: Taught) -> None:
    open_quiz(trainer, taught.group.quiz)
    assert says(trainer, "Quiz noté. 2 personnes sur 8 ont rendu, 2 ont réussi.")


def test_a_score_says_in_words_whether_it_was_enough(trainer: MainWindow, taught: Taught) -> None:
    open_quiz(trainer, practice(taught))
    names = {name: named(trainer, f"person_{who.hex()}").accessibleName() for name, who in IDS.items()}
    assert "9 sur 9 · réussi" in names["Karim Ouali"]
    assert "3 sur 9 · pas encore réussi" in names["Sophie Lemoine"]
    assert "Rien rendu pour l’instant" in names["Amélie Caron"]


def test_a_person_opens_the_attempt_and_whoever_sent_none_opens_nothing(trainer: MainWindow, taught: Taught) -> None:
    open_quiz(trainer, taught.group.quiz)
    click(trainer, f"person_{IDS['Amélie Caron'].hex()}")
    assert trainer.route == "quiz_results"
    click(trainer, f"person_{taught.group.learner.hex()}")
    assert trainer.route == "attempt"


def test_the_questions_that_the_group_got_wrong_come_first(trainer: MainWindow, taught: Taught) -> None:
    open_quiz(trainer, practice(taught))
    assert trainer.page is not None
    shares = [text for text in texts(trainer.page.margin) if "sur 6" in text]
    rights = [int(text.split("·")[1].split()[0]) for text in shares]
    assert rights == [2, 3, 4, 4, 4, 5, 5, 6]


def test_each_bar_has_its_share_beside_it_in_words(trainer: MainWindow, taught: Taught) -> None:
    open_quiz(trainer, practice(taught))
    bars = [bar for bar in trainer.findChildren(Reglette) if bar.isVisible()]
    assert len(bars) == 8
    assert bars[0].accessibleName() == "2 justes sur 6"
    assert says(trainer, "33 % · 2 justes sur 6")


def test_where_no_grade_waits_there_is_nothing_to_release(trainer: MainWindow, taught: Taught) -> None:
    open_quiz(trainer, practice(taught))
    assert not has(trainer, "release")


@pytest.fixture
def server(taught: Taught, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Played:
    """A server that releases as many grades as it is told."""
    played = Played()
    monkeypatch.setattr(taught.laptop.workplace, "syncing", played.syncing_of(taught.laptop, tmp_path))
    return played


def test_release_says_how_many_wait_and_how_many_went_out(
    trainer: MainWindow, taught: Taught, server: Played, heard: list[str]
) -> None:
    open_quiz(trainer, taught.group.quiz)
    assert says(trainer, "Publier 1 note")
    click(trainer, "release")
    assert server.asked == [(bytes(COHORT_ID), taught.group.quiz)]
    assert "1 note a été publiée." in heard
    assert says(trainer, "1 note a été publiée.")


def test_without_a_network_release_says_so_and_what_to_do_next(
    trainer: MainWindow, taught: Taught, server: Played
) -> None:
    server.released = Unreachable("no route")
    open_quiz(trainer, taught.group.quiz)
    click(trainer, "release")
    assert has(trainer, "again")
    assert has(trainer, "release")


def test_an_unknown_quiz_says_what_is_missing_instead_of_an_empty_page(trainer: MainWindow) -> None:
    open_quiz(trainer, bytes(16))
    assert has(trainer, "again")


def test_switching_the_language_changes_the_words_and_leaves_the_questions(trainer: MainWindow, taught: Taught) -> None:
    open_quiz(trainer, taught.group.quiz)
    trainer.settings_menu.speak("en")
    settle(trainer)
    assert says(trainer, "Graded quiz. 2 people of 8 have handed in, 2 have passed.")
    assert "13 of 13 · passed" in named(trainer, f"person_{taught.group.learner.hex()}").accessibleName()
    assert says(trainer, "Évaluation : les deux premières semaines")
