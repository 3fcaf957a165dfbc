"""A quiz and its questions are written: from the first answer to one that learners can give."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages.contents_question import QuestionEditorPage
from spoc_desktop.ui.widgets.segmented import Segmented
from sync.domain.quizzes import Mode, QuestionType
from tests.ui.pages.authored import quiz_of, type_into
from tests.ui.pages.looking import click, has, named, says, settle, write
from tools.sample_laptop import SampleLaptop


def open_question(window: MainWindow, laptop: SampleLaptop, kind: QuestionType = QuestionType.SINGLE) -> bytes:
    activity, quiz = quiz_of(laptop)
    place = next(n for n, one in enumerate(quiz.questions) if one.type is kind)
    window.open("contents_question", course_id=laptop.course_id, activity_id=activity, question=place)
    settle(window)
    return quiz.questions[place].id


def test_a_question_is_written_with_its_answers_their_remarks_and_what_is_right(
    author: MainWindow, laptop: SampleLaptop, qtbot: QtBot
) -> None:
    activity, quiz = quiz_of(laptop)
    author.open("contents_quiz", course_id=laptop.course_id, activity_id=activity)
    settle(author)
    click(author, "add_question")
    assert author.route == "contents_question"
    type_into(author, "text", "Que faut-il encore ?")
    write(author, "choice_1", "Rien")
    write(author, "choice_2", "Isoler *tout*")
    assert says(author, "Corrigé manquant : que diriez-vous à cette personne ?")
    type_into(author, "remark_2", "Oui.")
    click(author, "right_2")
    click(author, "away_3")
    made = quiz_of(laptop)[1]
    question, key = made.questions[-1], made.keys[-1]
    assert len(made.questions) == len(quiz.questions) + 1
    assert key.question == question.id
    assert [option.number for option in question.options] == [1, 2]
    assert (key.right, key.feedback[0].option) == ((2,), 2)
    assert "Que faut-il encore" in str(question.stem)
    qtbot.waitUntil(lambda: has(author, "preview_option_2"), timeout=10_000)
    click(author, "preview_option_2")
    click(author, "preview_check")
    assert says(author, "Oui.")


def test_every_question_opened_in_the_editor_stays_as_it_is(author: MainWindow, laptop: SampleLaptop) -> None:
    activity, quiz = quiz_of(laptop)
    for place, question in enumerate(quiz.questions):
        author.open("contents_question", course_id=laptop.course_id, activity_id=activity, question=place)
        settle(author)
        page = author.page
        assert isinstance(page, QuestionEditorPage)
        assert page.sheet is not None
        assert page.sheet.question == question
        page.keep()
        settle(author)
    assert quiz_of(laptop)[1] == quiz


def test_the_type_of_a_question_changes_what_can_be_answered_and_undo_brings_it_back(
    author: MainWindow, laptop: SampleLaptop
) -> None:
    question_id = open_question(author, laptop)
    page = author.page
    assert isinstance(page, QuestionEditorPage)
    before = quiz_of(laptop)[1]
    page.set_type(QuestionType.TRUE_FALSE)
    settle(author)
    changed = next(one for one in quiz_of(laptop)[1].questions if one.id == question_id)
    assert (changed.type, changed.options) == (QuestionType.TRUE_FALSE, ())
    assert has(author, "truth")
    click(author, "undo_question")
    assert quiz_of(laptop)[1] == before


def test_a_number_takes_its_tolerance_and_unit_and_says_what_is_none(author: MainWindow, laptop: SampleLaptop) -> None:
    question_id = open_question(author, laptop, QuestionType.NUMERIC)
    write(author, "value", "12,5")
    write(author, "tolerance", "un peu")
    key = next(one for one in quiz_of(laptop)[1].keys if one.question == question_id)
    assert key.value == 12.5
    assert says(author, "Écrivez un nombre")


def test_a_graded_quiz_asks_when_its_result_is_released(author: MainWindow, laptop: SampleLaptop) -> None:
    activity, _quiz = quiz_of(laptop)
    author.open("contents_quiz", course_id=laptop.course_id, activity_id=activity)
    settle(author)
    assert not has(author, "release")
    mode = named(author, "mode")
    assert isinstance(mode, Segmented)
    mode.picked.emit("GRADED")
    settle(author)
    assert has(author, "release")
    write(author, "attempts", "2")
    assert (quiz_of(laptop)[1].mode, quiz_of(laptop)[1].attempts) == (Mode.GRADED, 2)


def test_a_question_taken_out_of_a_quiz_comes_back_with_undo(author: MainWindow, laptop: SampleLaptop) -> None:
    activity, quiz = quiz_of(laptop)
    author.open("contents_quiz", course_id=laptop.course_id, activity_id=activity)
    settle(author)
    click(author, f"take_{quiz.questions[1].id.hex()}")
    assert len(quiz_of(laptop)[1].questions) == len(quiz.questions) - 1
    QTest.keyClick(author, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(author)
    assert quiz_of(laptop)[1] == quiz
