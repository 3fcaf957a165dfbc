"""A text with passages that remarks speak of."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from spoc_desktop.ui.widgets.anchored_text import AnchoredText, Mark

TEXT = "Départ 😀 cellule 7.\nChaque équipe pose son cadenas.\r\nFin du texte"


def mark(number: int, passage: str) -> Mark:
    start = TEXT.index(passage)
    return Mark(number, start, start + len(passage), "dit")


@pytest.fixture
def shown(qtbot: QtBot) -> AnchoredText:
    made = AnchoredText(TEXT, [mark(2, "son cadenas"), mark(1, "cellule 7"), mark(3, "texte")], name="Votre texte")
    qtbot.addWidget(made)
    made.resize(500, made.heightForWidth(500))
    made.show()
    return made


def select(widget: AnchoredText, start: str, end: str) -> None:
    document = widget.document()
    first = document.find(start).selectionStart()
    cursor = QTextCursor(document)
    cursor.setPosition(first)
    cursor.setPosition(document.find(end, first).selectionEnd(), QTextCursor.MoveMode.KeepAnchor)
    widget.setTextCursor(cursor)


def test_what_is_selected_is_told_in_letters_of_the_text_whatever_stands_between(shown: AnchoredText) -> None:
    select(shown, "cellule", "cadenas")
    assert shown.chosen() == (TEXT.index("cellule"), TEXT.index("cadenas") + len("cadenas"))
    select(shown, "Fin", "texte")
    assert shown.chosen() == (TEXT.index("Fin"), len(TEXT))


def test_what_is_copied_holds_the_words_without_the_numbers(shown: AnchoredText, app: QApplication) -> None:
    select(shown, "Chaque", "cadenas")
    shown.copy()
    assert app.clipboard().text() == "Chaque équipe pose son cadenas"
    select(shown, "pose", "Fin")
    shown.copy()
    assert "\ufffc" not in app.clipboard().text()


def test_arrows_and_digits_go_from_passage_to_passage_in_reading_order(shown: AnchoredText) -> None:
    went: list[int] = []
    shown.picked.connect(went.append)
    shown.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_3, Qt.Key.Key_9):
        QTest.keyClick(shown, key)
    assert went == [1, 2, 1, 3]
    assert shown.current == 3


def test_a_click_on_a_passage_goes_to_it(shown: AnchoredText) -> None:
    went: list[int] = []
    shown.picked.connect(went.append)
    inside = shown.place_of(2).center().toPoint()
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=inside)
    assert went == [2]


def test_a_passage_outside_the_text_is_not_shown(shown: AnchoredText) -> None:
    shown.show_text("court", [Mark(1, 0, 99), Mark(2, 3, 3), Mark(3, 0, 5)])
    assert [each.number for each in shown.marks] == [3]
    shown.show_text("", [])
    assert shown.marks == ()


def test_letters_that_qt_reads_as_structure_move_nothing(shown: AnchoredText) -> None:
    text = "a\r\nb\ufdd0c\u2029d\ufffcfin"
    shown.show_text(text, [Mark(1, text.index("fin"), len(text))])
    select(shown, "fin", "fin")
    assert shown.chosen() == (text.index("fin"), len(text))
