"""One learner's attempt for the trainer: each answer beside what was expected, whose it is and as of when."""

from __future__ import annotations

import pytest

from spoc_desktop.ui.main_window import MainWindow
from tests.ui.pages.conftest import Taught
from tests.ui.pages.looking import has, says, settle, texts
from tools.sample_laptop import COHORT_ID, LEARNERS

IDS = {name: who for who, name in LEARNERS.items()}


def open_attempt(window: MainWindow, learner: bytes, attempt: bytes) -> None:
    window.open("attempt", cohort_id=COHORT_ID, learner=learner, attempt_id=attempt)
    settle(window)


def with_mistakes(taught: Taught) -> tuple[bytes, bytes]:
    """Sophie and her practice, of which she got three questions right."""
    quiz = next(
        activity
        for activity in taught.laptop.text.course.modules[0].activities
        if activity in taught.laptop.text.quizzes
    )
    results = taught.laptop.workplace.quiz_book.results(COHORT_ID, quiz)
    sophie = next(one for one in results.learners if one.name == "Sophie Lemoine")
    return sophie.person, sophie.attempts[0].attempt_id


def test_it_shows_each_answer_and_beside_a_wrong_one_what_was_expected(trainer: MainWindow, taught: Taught) -> None:
    open_attempt(trainer, *with_mistakes(taught))
    said = [" ".join(text.split()) for text in texts(trainer)]
    verdicts = [text.split(" · ")[0] for text in said if text.endswith((" point", " points")) and " / " in text]
    answers = [text for text in said if text.startswith("Réponse :")]
    expected = [text for text in said if text.startswith("Réponse attendue :")]
    assert len(answers) == len(verdicts) == 8
    assert len(expected) == verdicts.count("Pas encore") > 0
    assert "Juste" in verdicts


@pytest.mark.parametrize(("language", "own"), [("fr", ("Votre réponse", "Vos réponses")), ("en", ("Your answer",))])
def test_it_never_says_your_answer_of_somebody_elses(
    trainer: MainWindow, taught: Taught, language: str, own: tuple[str, ...]
) -> None:
    open_attempt(trainer, *with_mistakes(taught))
    trainer.settings_menu.speak(language)
    settle(trainer)
    assert not any(says(trainer, words) for words in own)


def test_it_says_whose_it_is_when_it_was_handed_in_and_as_of_when(trainer: MainWindow, taught: Taught) -> None:
    open_attempt(trainer, taught.group.learner, taught.group.attempt)
    assert says(trainer, LEARNERS[taught.group.learner])
    assert says(trainer, "Essai 1 · remis aujourd’hui à 8 h 52")
    assert says(trainer, "D’après son envoi du 24 novembre 2026")


def test_the_score_has_its_verdict_in_words(trainer: MainWindow, taught: Taught) -> None:
    open_attempt(trainer, taught.group.learner, taught.group.attempt)
    assert says(trainer, "13 sur 13")
    assert says(trainer, "Réussi")


def test_the_way_back_leads_to_the_quiz_and_to_the_group(trainer: MainWindow, taught: Taught) -> None:
    open_attempt(trainer, taught.group.learner, taught.group.attempt)
    for words in ("Groupe", "Évaluation : les deux premières semaines"):
        assert says(trainer, words)


def test_an_attempt_of_somebody_else_is_not_shown_under_a_wrong_name(trainer: MainWindow, taught: Taught) -> None:
    open_attempt(trainer, IDS["Amélie Caron"], taught.group.attempt)
    assert has(trainer, "again")
    assert not says(trainer, "13 sur 13")
