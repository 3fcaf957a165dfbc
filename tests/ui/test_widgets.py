"""The parts that pages are made of: what they show, what they tell a screen reader, what keys do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QToolTip
from pytestqt.qtbot import QtBot

from spoc_desktop.ui.accessible import on_announce
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.answer_option import AnswerList, CheckOption
from spoc_desktop.ui.widgets.avatar import initials
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.field import Field, LineEdit
from spoc_desktop.ui.widgets.flow import FlowLayout, flow
from spoc_desktop.ui.widgets.matrix import Cell, MatrixRow, MatrixView
from spoc_desktop.ui.widgets.reglette import Reglette, Segment
from spoc_desktop.ui.widgets.row import Row
from spoc_desktop.ui.widgets.segmented import Segmented
from spoc_desktop.ui.widgets.tag import Tag
from spoc_desktop.ui.widgets.text import Text
from tests.ui.sample_pages import bring_up

WEEK = [Segment(18, "done"), Segment(53, "done"), Segment(40, "part", 0.0), Segment(21, "returned", title="Fiche")]


class TestReglette:
    def test_it_says_how_far_in_words_and_in_minutes(self) -> None:
        strip = Reglette(WEEK, "Semaine 4")
        assert (strip.value(), strip.maximum()) == (71, 132)
        assert strip.accessibleName() == "Semaine 4"
        assert strip.accessibleDescription() == "1\u00a0h\u00a011 sur 2\u00a0h\u00a012"

    def test_a_half_read_lesson_counts_its_share(self) -> None:
        assert Reglette([Segment(20, "part", 0.25)], "x").value() == 5

    def test_segments_are_as_wide_as_their_minutes_and_none_is_lost(self) -> None:
        strip = Reglette([Segment(1), Segment(100), Segment(100)], "x")
        strip.resize(400, 10)
        first, second, third = strip.places()
        assert first.width() >= 4
        assert second.width() == third.width()
        assert third.right() == pytest.approx(400)

    def test_it_stands_without_any_activity(self, app: QApplication) -> None:
        strip = Reglette([], "x")
        strip.grab()
        assert strip.places() == []

    def test_each_segment_tells_its_title_and_state_when_pointed_at(self, app: QApplication) -> None:
        strip = Reglette(WEEK, "Semaine 4")
        strip.resize(400, 10)
        strip.show()
        app.sendEvent(strip, QHelpEvent(QHelpEvent.Type.ToolTip, QPoint(390, 5), strip.mapToGlobal(QPoint(390, 5))))
        assert QToolTip.text() == "Fiche\u00a0: 21\u00a0min, à reprendre"
        QToolTip.hideText()

    def test_each_state_looks_different(self, app: QApplication) -> None:
        states = [Segment(1, "done"), Segment(1, "part", 0.5), Segment(1), Segment(1, "returned"), Segment(1, "closed")]
        pictures = []
        for state in states:
            strip = Reglette([state], "x")
            strip.resize(60, 12)
            pictures.append(strip.grab().toImage())
        assert all(pictures.count(picture) == 1 for picture in pictures)


class TestAnswers:
    @pytest.fixture
    def question(self, app: QApplication) -> AnswerList:
        """Four answers of which one can be chosen."""
        made = AnswerList(["Un", "Deux", "Trois", "Quatre"], name="Réponses")
        made.show()
        return made

    def test_a_digit_answers_and_only_one_is_chosen(self, question: AnswerList, qtbot: QtBot) -> None:
        with qtbot.waitSignal(question.changed):
            QTest.keyClick(question.options[0], Qt.Key.Key_3)
        assert question.chosen == [2]
        QTest.keyClick(question.options[2], Qt.Key.Key_1)
        assert question.chosen == [0]

    def test_a_digit_without_an_answer_does_nothing(self, question: AnswerList) -> None:
        QTest.keyClick(question.options[0], Qt.Key.Key_9)
        assert question.chosen == []
        assert not question.press_digit(0)

    def test_several_can_be_chosen_and_taken_back(self, app: QApplication) -> None:
        question = AnswerList(["Un", "Deux"], several=True, name="x")
        question.show()
        QTest.keyClick(question.options[0], Qt.Key.Key_1)
        QTest.keyClick(question.options[0], Qt.Key.Key_2)
        assert question.chosen == [0, 1]
        QTest.keyClick(question.options[0], Qt.Key.Key_1)
        assert question.chosen == [1]
        assert isinstance(question.options[0], CheckOption)

    def test_the_whole_box_answers_a_click(self, question: AnswerList) -> None:
        option = question.options[1]
        QTest.mouseClick(option, Qt.MouseButton.LeftButton, pos=QPoint(option.width() - 4, option.height() - 4))
        assert question.chosen == [1]

    def test_a_verdict_is_said_in_words_and_locks_the_answer(self, question: AnswerList) -> None:
        question.choose([1])
        question.judge([("dimmed", ""), ("wrong", "Votre réponse"), ("right", "Réponse attendue"), ("dimmed", "")])
        assert question.options[1].accessibleName() == "Deux, Votre réponse, pas juste"
        assert question.options[2].accessibleName() == "Trois, Réponse attendue, juste"
        assert not question.press_digit(1)
        question.unlock()
        assert question.options[1].accessibleName() == "Deux"
        assert question.press_digit(1)

    def test_a_choice_made_earlier_is_shown_without_a_signal(self, question: AnswerList, qtbot: QtBot) -> None:
        with qtbot.assertNotEmitted(question.changed):
            question.choose([3])
        assert question.chosen == [3]

    def test_right_and_wrong_differ_by_more_than_colour(self, question: AnswerList) -> None:
        question.judge([("right", "Juste"), ("wrong", "Pas encore"), ("dimmed", ""), ("dimmed", "")])
        words = [option.look.word.text() for option in question.options]
        assert words == ["Juste", "Pas encore", "", ""]
        assert question.options[0].look.frame() != question.options[1].look.frame()


class TestButtons:
    def test_each_kind_and_state_looks_different(self, app: QApplication) -> None:
        buttons = [Button("Aller", kind) for kind in ("primary", "plain", "quiet", "danger")]
        disabled = Button("Aller")
        disabled.setEnabled(False)
        pictures = [button.grab().toImage() for button in (*buttons, disabled)]
        assert all(pictures.count(picture) == 1 for picture in pictures)

    def test_icon_key_and_words_have_room_at_every_text_size(self, app: QApplication) -> None:
        button = Button("Réessayer maintenant", icon="refresh-cw", key="F5")
        narrow = button.sizeHint().width()
        theme().set(scale=2.0)
        assert button.sizeHint().width() > 1.5 * narrow
        assert button.sizeHint().height() >= 40

    def test_enter_and_space_press_it(self, app: QApplication, qtbot: QtBot) -> None:
        button = Button("Continuer", "primary")
        button.show()
        with qtbot.waitSignal(button.clicked):
            QTest.keyClick(button, Qt.Key.Key_Space)

    def test_segmented_tells_what_was_picked_and_keeps_one(self, app: QApplication, qtbot: QtBot) -> None:
        view = Segmented([("grid", "Grille"), ("table", "Tableau")], "Vue")
        view.show()
        with qtbot.waitSignal(view.picked) as picked:
            QTest.mouseClick(view._parts["table"], Qt.MouseButton.LeftButton)
        assert picked.args == ["table"]
        assert view.current == "table"
        with qtbot.assertNotEmitted(view.picked):
            view.choose("grid")


class TestFields:
    def test_an_error_names_the_field_takes_the_focus_and_is_announced(self, app: QApplication) -> None:
        field = Field("Code d’invitation", LineEdit(), "Douze lettres et chiffres.")
        bring_up(field)
        heard: list[str] = []
        stop = on_announce(lambda _widget, text: heard.append(text))
        field.show_error("Ce code a déjà servi. Demandez-en un autre.")
        stop()
        assert heard == ["Ce code a déjà servi. Demandez-en un autre."]
        assert field.edit.hasFocus()
        assert field.edit.accessibleName() == "Code d’invitation"
        assert field.edit.accessibleDescription() == field.error
        field.show_error("")
        assert field.error == ""
        assert field.edit.accessibleDescription() == "Douze lettres et chiffres."

    def test_the_label_belongs_to_its_input(self) -> None:
        edit = QLineEdit()
        assert Field("Adresse", edit).label.buddy() is edit


class TestRows:
    def test_a_row_reads_as_one_sentence_and_answers_the_keyboard(self, app: QApplication, qtbot: QtBot) -> None:
        row = Row("Exercice", "25 min", icon="file-pen-line", end=[Tag("À reprendre", "human")])
        row.show()
        assert row.accessibleName() == "Exercice, 25 min, À reprendre"
        with qtbot.waitSignal(row.clicked):
            QTest.keyClick(row, Qt.Key.Key_Space)

    def test_a_click_on_its_words_is_a_click_on_the_row(self, app: QApplication, qtbot: QtBot) -> None:
        row = Row("Exercice", "25 min")
        row.resize(400, 56)
        row.show()
        with qtbot.waitSignal(row.clicked):
            QTest.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))

    def test_a_row_that_only_tells_takes_no_focus(self) -> None:
        assert Row("Exercice", passive=True).focusPolicy() == Qt.FocusPolicy.NoFocus


class TestFlow:
    def test_what_does_not_fit_goes_to_the_next_line(self, app: QApplication) -> None:
        holder = flow(*(QPushButton("Un bouton assez long") for _number in range(3)))
        assert holder.heightForWidth(2000) < holder.heightForWidth(200)

    def test_the_first_gives_way_before_the_line_breaks(self, app: QApplication) -> None:
        words = Text("Une longue phrase qui peut passer à la ligne sans perdre un mot", wrap=True)
        holder = flow(words, Button("Aller"), spread=True, least=120)
        holder.resize(300, 200)
        holder.show()
        app.processEvents()
        button = holder.findChild(Button)
        assert button is not None
        assert button.x() > words.geometry().right()
        assert words.height() > theme().line("body")

    def test_an_empty_flow_takes_no_room(self) -> None:
        assert FlowLayout().heightForWidth(100) == 0


class TestMatrix:
    @pytest.fixture
    def matrix(self, app: QApplication) -> MatrixView:
        """Two people over three weeks."""
        view = MatrixView("Progression")
        rows = [
            MatrixRow(b"nadia", "Nadia Benali", (Cell("done"), Cell("part", 0.54), Cell("closed"))),
            MatrixRow(b"julien", "Julien Prost", (Cell("late"), Cell("todo"), Cell("text", words="lun. 16"))),
        ]
        view.show_rows(rows, ["S 1", "S 2", "Synchro"], current=1)
        view.resize(600, 200)
        view.show()
        app.processEvents()
        return view

    def test_each_cell_says_who_which_week_and_how_far(self, matrix: MatrixView) -> None:
        model = matrix.model()
        said = [model.index(0, column).data(Qt.ItemDataRole.AccessibleTextRole) for column in range(3)]
        assert said == ["Nadia Benali, S 1, Fait", "Nadia Benali, S 2, 54\u00a0%", "Nadia Benali, Synchro, Pas ouvert"]

    def test_arrows_move_and_enter_opens(self, matrix: MatrixView, qtbot: QtBot) -> None:
        matrix.setCurrentIndex(matrix.model().index(0, 0))
        QTest.keyClick(matrix, Qt.Key.Key_Down)
        QTest.keyClick(matrix, Qt.Key.Key_Right)
        with qtbot.waitSignal(matrix.opened) as opened:
            QTest.keyClick(matrix, Qt.Key.Key_Return)
        assert opened.args == [b"julien", 1]

    def test_the_table_shows_words_where_the_grid_shows_pictures(self, matrix: MatrixView, app: QApplication) -> None:
        grid = matrix.grab().toImage()
        matrix.show_plain(plain=True)
        app.processEvents()
        assert matrix.grab().toImage() != grid

    def test_every_row_has_room(self, matrix: MatrixView) -> None:
        assert matrix.height() >= theme().height(32) + 2 * theme().height(36)


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Nadia Benali", "NB"), ("Jean-Luc Martin", "JM"), ("Cher", "C"), ("", ""), ("élodie", "É")],
)
def test_initials_are_first_and_last_letter(name: str, letters: str) -> None:
    assert initials(name) == letters
