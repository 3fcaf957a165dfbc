"""A training quiz: feedback at once, the expected answer only at the end, and nothing lost when the program dies."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages.quiz import QuizPage, Screen
from sync.domain.quizzes import ATTEMPT, QuestionType
from tests.ui.pages.conftest import Furnish
from tests.ui.pages.looking import click, has, press, says, settle, write
from tools.sample_laptop import COHORT_ID, SampleLaptop
from tools.sample_work import right_answer, wrong_answer


def training(laptop: SampleLaptop) -> bytes:
    return next(iter(laptop.text.quizzes))


@pytest.fixture
def page(learner: MainWindow, laptop: SampleLaptop) -> QuizPage:
    """The first training quiz, begun, at its first question."""
    learner.open("quiz", cohort_id=COHORT_ID, activity_id=training(laptop))
    settle(learner)
    click(learner, "primary")
    assert isinstance(learner.page, QuizPage)
    return learner.page


def go_to(window: MainWindow, page: QuizPage, kind: QuestionType) -> int:
    """Go to the first question of a type; gives its place."""
    kinds = [view.question.type for view in page.question.sitting.questions]
    page.question.go_to(kinds.index(kind))
    settle(window)
    return kinds.index(kind)


def give(window: MainWindow, page: QuizPage, laptop: SampleLaptop, *, right: bool) -> None:
    """Answer the question in view with the keyboard alone, and check."""
    form, view = page.question.form, page.question.view
    assert form is not None
    key = next(key for key in laptop.text.quizzes[training(laptop)].keys if key.question == view.question.id)
    answer = (right_answer if right else wrong_answer)(view.question, key)
    if form.options is None:
        write(window, "answer", answer.text)
    else:
        for number in answer.chosen:
            press(window, str(form.numbers.index(number) + 1))
    press(window, Qt.Key.Key_Return)


def test_before_it_begins_one_reads_how_much_how_long_and_what_it_is_for(
    learner: MainWindow, laptop: SampleLaptop
) -> None:
    learner.open("quiz", cohort_id=COHORT_ID, activity_id=training(laptop))
    settle(learner)
    for words in ("8 questions · environ 12 min", "corrigée tout de suite, ici, même sans réseau", "Autant d’essais"):
        assert says(learner, words)


def test_digits_choose_enter_checks_and_enter_goes_on(
    learner: MainWindow, page: QuizPage, laptop: SampleLaptop
) -> None:
    place = go_to(learner, page, QuestionType.SINGLE)
    give(learner, page, laptop, right=True)
    assert says(learner, "Juste")
    assert page.question.place == place
    press(learner, Qt.Key.Key_Return)
    assert page.question.place == place + 1 or page.shown is Screen.REVIEW


@pytest.mark.parametrize(
    "kind",
    [
        QuestionType.SINGLE,
        QuestionType.MULTIPLE,
        QuestionType.TRUE_FALSE,
        QuestionType.SHORT_TEXT,
        QuestionType.NUMERIC,
    ],
    ids=lambda kind: kind.name.lower(),
)
def test_every_type_of_question_is_answered_right_by_keyboard_alone(
    learner: MainWindow, page: QuizPage, laptop: SampleLaptop, kind: QuestionType
) -> None:
    go_to(learner, page, kind)
    give(learner, page, laptop, right=True)
    assert page.question.shown_feedback is not None
    assert page.question.shown_feedback.right
    assert says(learner, "Juste")


def test_the_expected_answer_is_hidden_until_the_last_try(
    learner: MainWindow, page: QuizPage, laptop: SampleLaptop
) -> None:
    go_to(learner, page, QuestionType.SINGLE)
    give(learner, page, laptop, right=False)
    assert says(learner, "Pas encore")
    assert not says(learner, "Réponse attendue")
    while has(learner, "retry"):
        click(learner, "retry")
        assert not says(learner, "Pas encore")
        give(learner, page, laptop, right=False)
    assert says(learner, "Réponse attendue")


def test_a_wrong_number_shows_the_expected_one_with_its_unit_at_the_end_only(
    learner: MainWindow, page: QuizPage, laptop: SampleLaptop
) -> None:
    go_to(learner, page, QuestionType.NUMERIC)
    unit = page.question.view.question.unit
    assert says(learner, f"Votre réponse en {unit}")
    give(learner, page, laptop, right=False)
    while has(learner, "retry"):
        assert not says(learner, "Réponse attendue")
        click(learner, "retry")
        give(learner, page, laptop, right=False)
    assert says(learner, "Réponse attendue")


def test_a_number_may_be_typed_with_a_comma_or_a_point_and_a_word_is_asked_for_again(
    learner: MainWindow, page: QuizPage, laptop: SampleLaptop
) -> None:
    go_to(learner, page, QuestionType.NUMERIC)
    write(learner, "answer", "douze")
    press(learner, Qt.Key.Key_Return)
    assert says(learner, "Écrivez un nombre, comme 12,5")
    assert page.question.view.answer is None
    for text in ("12,5", "12.5"):
        write(learner, "answer", text)
        assert page.question.form is not None
        assert page.question.form.problem == ""


def test_checking_without_an_answer_says_what_to_do_and_takes_no_try(
    learner: MainWindow, page: QuizPage, heard: list[str]
) -> None:
    go_to(learner, page, QuestionType.SINGLE)
    press(learner, Qt.Key.Key_Return)
    assert says(learner, "Choisissez d’abord une réponse.")
    assert "Choisissez d’abord une réponse." in heard
    assert page.question.view.answer is None


def test_moving_over_options_with_the_arrows_is_no_try(
    learner: MainWindow, page: QuizPage, laptop: SampleLaptop
) -> None:
    go_to(learner, page, QuestionType.SINGLE)
    press(learner, "1")
    for _ in range(3):
        press(learner, Qt.Key.Key_Down)
    assert page.question.view.answer is None


def test_a_killed_attempt_resumes_where_it_stopped(
    learner: MainWindow, page: QuizPage, laptop: SampleLaptop, furnish: Furnish
) -> None:
    give(learner, page, laptop, right=True)
    press(learner, Qt.Key.Key_Return)
    assert page.question.place == 1
    furnish(laptop.restart())
    learner.open("quiz", cohort_id=COHORT_ID, activity_id=training(laptop))
    settle(learner)
    again = learner.page
    assert isinstance(again, QuizPage)
    assert again.question.place == 1
    assert says(learner, "Question 2 sur 8")
    assert again.question.sitting.answered == 1


def test_the_verdict_and_the_save_are_announced(
    learner: MainWindow, page: QuizPage, laptop: SampleLaptop, heard: list[str]
) -> None:
    give(learner, page, laptop, right=False)
    assert "Pas encore. Réponse enregistrée sur cet ordinateur" in heard


def test_a_wrong_answer_leads_back_to_the_lesson(learner: MainWindow, page: QuizPage, laptop: SampleLaptop) -> None:
    give(learner, page, laptop, right=False)
    click(learner, "lesson")
    assert learner.route == "lesson"
    learner.go_back()
    settle(learner)
    assert says(learner, "Pas encore")


def test_a_complete_training_quiz_ends_in_a_provisional_result_with_explanations(
    learner: MainWindow, page: QuizPage, laptop: SampleLaptop, heard: list[str]
) -> None:
    for place in range(len(page.question.sitting.questions)):
        page.question.go_to(place)
        settle(learner)
        give(learner, page, laptop, right=True)
    assert says(learner, "Voir le résultat")
    press(learner, Qt.Key.Key_Return)
    assert page.shown is Screen.RESULT
    for words in ("9 sur 9", "Provisoire", "Réussi", "partiront à la prochaine synchronisation"):
        assert says(learner, words)
    assert "Résultat\u00a0: 9 sur 9" in heard
    assert laptop.store.view(ATTEMPT)


def test_once_the_server_has_graded_it_the_result_is_no_longer_provisional(
    learner: MainWindow, page: QuizPage, laptop: SampleLaptop
) -> None:
    give(learner, page, laptop, right=True)
    page.submit()
    settle(learner)
    click(learner, "primary")
    assert says(learner, "Provisoire")
    [seen] = laptop.store.view(ATTEMPT)
    laptop.told_grade(seen.id, seen.body)
    settle(learner)
    assert not says(learner, "Provisoire")
    assert says(learner, "Noté par le serveur.")


def test_switching_the_language_changes_every_word_of_the_program_and_keeps_what_is_typed(
    learner: MainWindow, page: QuizPage
) -> None:
    go_to(learner, page, QuestionType.SHORT_TEXT)
    write(learner, "answer", "3370")
    learner.settings_menu.speak("en")
    settle(learner)
    assert says(learner, "Check")
    assert not says(learner, "Vérifier")
    assert page.question.form is not None
    assert page.question.form.given is not None
    assert page.question.form.given.text == "3370"
