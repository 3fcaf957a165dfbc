"""A graded quiz: each answer is kept as it is given, nothing is said about it, and handing in can be looked over."""

from __future__ import annotations

from contextlib import suppress

import pytest
from PySide6.QtCore import Qt

from spoc_desktop.storage.errors import DiskFull
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages.quiz import QuizPage, Screen
from sync.domain.quizzes import ANSWERS, ATTEMPT, Mode, QuestionType
from tests.ui.pages.conftest import Furnish
from tests.ui.pages.looking import click, has, press, says, settle, texts, write
from tools.sample_laptop import COHORT_ID, SampleLaptop


def exam(laptop: SampleLaptop) -> bytes:
    return next(id_ for id_, quiz in laptop.text.quizzes.items() if quiz.mode is Mode.GRADED)


def open_exam(window: MainWindow, laptop: SampleLaptop) -> QuizPage:
    window.open("quiz", cohort_id=COHORT_ID, activity_id=exam(laptop))
    settle(window)
    assert isinstance(window.page, QuizPage)
    return window.page


@pytest.fixture
def page(learner: MainWindow, laptop: SampleLaptop) -> QuizPage:
    """The evaluation, begun, at its first question."""
    made = open_exam(learner, laptop)
    click(learner, "primary")
    return made


def choose(window: MainWindow, page: QuizPage) -> None:
    """Go to a question with options and choose the first."""
    kinds = [view.question.type for view in page.question.sitting.questions]
    page.question.go_to(kinds.index(QuestionType.SINGLE))
    settle(window)
    press(window, "1")


def test_before_it_begins_one_reads_what_it_means_without_a_network(learner: MainWindow, laptop: SampleLaptop) -> None:
    open_exam(learner, laptop)
    for words in ("Quiz noté", "à partir de 70", "fonctionne sans réseau", "Il reste 2 essais sur 2."):
        assert says(learner, words)


def test_a_graded_quiz_shows_no_feedback(learner: MainWindow, page: QuizPage) -> None:
    choose(learner, page)
    assert page.question.shown_feedback is None
    assert not any(says(learner, words) for words in ("Juste", "Pas encore", "Réponse attendue", "Réessayer"))


def test_each_answer_is_saved_as_it_is_chosen_and_the_page_says_so(
    learner: MainWindow, page: QuizPage, laptop: SampleLaptop, heard: list[str]
) -> None:
    choose(learner, page)
    [kept] = laptop.store.view(ANSWERS)
    assert len(kept.body.answers) == 1
    assert says(learner, "Réponse enregistrée sur cet ordinateur")
    assert heard.count("Réponse enregistrée sur cet ordinateur") == 1


def test_what_is_being_typed_is_saved_when_the_person_goes_on_or_leaves(
    learner: MainWindow, page: QuizPage, laptop: SampleLaptop
) -> None:
    kinds = [view.question.type for view in page.question.sitting.questions]
    page.question.go_to(kinds.index(QuestionType.SHORT_TEXT))
    settle(learner)
    write(learner, "answer", "phish")
    learner.open("today")
    settle(learner)
    [kept] = laptop.store.view(ANSWERS)
    assert [answer.text for answer in kept.body.answers] == ["phish"]


def test_the_look_over_counts_what_has_no_answer_and_leads_back_to_it(learner: MainWindow, page: QuizPage) -> None:
    choose(learner, page)
    page.submit()
    settle(learner)
    assert page.shown is Screen.REVIEW
    left = len(page.question.sitting.questions) - 1
    assert says(learner, f"{left} questions n’ont pas encore de réponse")
    assert sum(text == "Sans réponse" for text in texts(learner)) == left
    click(learner, "question_2")
    assert says(learner, "Question 2 sur")
    assert page.question.place == 1


def test_nothing_is_handed_in_before_the_look_over_says_so(
    learner: MainWindow, page: QuizPage, laptop: SampleLaptop
) -> None:
    choose(learner, page)
    for _ in range(page.question.place, len(page.question.sitting.questions)):
        press(learner, Qt.Key.Key_Return)
    assert page.shown is Screen.REVIEW
    assert laptop.store.view(ATTEMPT) == []
    assert says(learner, "Vos réponses ne peuvent plus changer.")


def hand_in(window: MainWindow, page: QuizPage) -> None:
    choose(window, page)
    page.submit()
    settle(window)
    click(window, "primary")


def test_a_graded_attempt_waits_for_the_server_and_shows_no_points(
    learner: MainWindow, page: QuizPage, laptop: SampleLaptop
) -> None:
    hand_in(learner, page)
    assert page.shown is Screen.RESULT
    assert says(learner, "partiront à la prochaine synchronisation")
    assert not any(says(learner, words) for words in (" sur 13", "Juste", "Pas encore", "Provisoire"))


def test_a_grade_that_comes_while_the_result_is_open_appears(
    learner: MainWindow, page: QuizPage, laptop: SampleLaptop, heard: list[str]
) -> None:
    hand_in(learner, page)
    [seen] = laptop.store.view(ATTEMPT)
    laptop.told_grade(seen.id, seen.body)
    settle(learner)
    assert says(learner, "sur 13")
    assert any(said.startswith("Résultat") for said in heard)
    assert says(learner, "Noté par le serveur.")


def test_when_all_attempts_are_used_the_page_says_so_and_offers_no_other(
    learner: MainWindow, page: QuizPage, laptop: SampleLaptop
) -> None:
    hand_in(learner, page)
    again = open_exam(learner, laptop)
    assert says(learner, "Il reste 1 essai sur 2.")
    click(learner, "primary")
    hand_in(learner, again)
    open_exam(learner, laptop)
    assert says(learner, "Ce quiz permet 2 essais et vous les avez tous utilisés.")
    assert not has(learner, "primary")
    assert says(learner, "Essai 2")


def test_a_full_disk_says_so_keeps_the_answer_on_the_screen_and_saves_it_at_the_next_try(
    learner: MainWindow, page: QuizPage, laptop: SampleLaptop
) -> None:
    kinds = [view.question.type for view in page.question.sitting.questions]
    page.question.go_to(kinds.index(QuestionType.SHORT_TEXT))
    settle(learner)
    fill_disk(laptop, is_full=True)
    write(learner, "answer", "a" * 190)
    page.save()
    settle(learner)
    for words in ("Le disque est plein", "est toujours à l’écran"):
        assert says(learner, words)
    assert page.question.form is not None
    assert page.question.form.given is not None
    fill_disk(laptop, is_full=False)
    click(learner, "again")
    assert not says(learner, "Le disque est plein")
    [kept] = laptop.store.view(ANSWERS)
    assert [answer.text for answer in kept.body.answers] == ["a" * 190]


def fill_disk(laptop: SampleLaptop, *, is_full: bool) -> None:
    """Let the store's file grow no further, and take what is free in it; or give the disk room again."""
    writer = laptop.store._database._writer
    writer.exec_driver_sql(f"PRAGMA max_page_count = {1 if is_full else 1_000_000}")
    writer.rollback()
    for size in (1000, 100, 10, 1) if is_full else ():
        with suppress(DiskFull):
            for number in range(500):
                laptop.workplace.preferences.choose(theme=f"{number:04}" * size)
                laptop.store.count_as_left()  # or the next would take its place


def test_a_killed_graded_attempt_has_its_answers_back(
    learner: MainWindow, page: QuizPage, laptop: SampleLaptop, furnish: Furnish
) -> None:
    choose(learner, page)
    place, answer = page.question.place, page.question.view.answer
    furnish(laptop.restart())
    again = open_exam(learner, laptop)
    assert again.question.place == place
    assert again.question.form is not None
    assert again.question.form.given == answer
