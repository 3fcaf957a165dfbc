"""Typing as people do in French: accents of their own keys, dead keys, an input method, and the AZERTY row of digits.

`QTest.keyClicks` knows the keys of ASCII only and ends the program at "é"; a keyboard sends the letter in an event.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from spoc_desktop.ui.digits import digit_of
from spoc_desktop.ui.widgets.answer_option import AnswerList
from spoc_desktop.ui.widgets.composer import Composer
from spoc_desktop.ui.widgets.field import LineEdit, TextArea, text_of
from spoc_desktop.ui.widgets.rubric_form import RubricForm
from spoc_desktop.ui.widgets.search_field import SearchField
from sync.domain.exercises import Criterion, Level

WORDS = "Né à Orléans, çà et là : « œuvre », 12 €, ÉTÉ, ²"
WRITTEN: list[Callable[[], QWidget]] = [LineEdit, TextArea, lambda: TextArea(2, most=5), SearchField, Composer]


def keyboard(widget: QWidget, letter: str) -> None:
    """A key of a keyboard that has this letter."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, letter)
        QApplication.sendEvent(widget, event)


def composed(widget: QWidget, letter: str) -> None:
    """A dead key and then the letter, or any other input method."""
    QApplication.sendEvent(widget, QInputMethodEvent("´", []))
    done = QInputMethodEvent()
    done.setCommitString(letter)
    QApplication.sendEvent(widget, done)


@pytest.mark.parametrize("make", WRITTEN)
@pytest.mark.parametrize("type_letter", [keyboard, composed])
def test_accents_and_signs_arrive_as_they_were_typed(
    qtbot: QtBot, make: Callable[[], QWidget], type_letter: Callable[[QWidget, str], None]
) -> None:
    made = make()
    qtbot.addWidget(made)
    made.show()
    inner = made.edit if isinstance(made, Composer) else made
    inner.setFocus()
    for letter in WORDS:
        type_letter(inner, letter)
    assert isinstance(inner, QLineEdit | QPlainTextEdit)
    assert (inner.text() if isinstance(inner, QLineEdit) else text_of(inner)) == WORDS


@pytest.mark.parametrize("letter", ["²", "é", "½", "٣", "①", ""])
def test_no_key_ends_a_page_on_which_digits_are_shortcuts(qtbot: QtBot, letter: str) -> None:
    answers = AnswerList(["Oui", "Non"], name="Question")
    levels = (Level(title="Non", points=0), Level(title="Oui", points=1))
    criterion = Criterion(number=1, title="Clarté", levels=levels)
    form = RubricForm([criterion, criterion], {})
    for made in (answers, form):
        qtbot.addWidget(made)
        made.show()
        keyboard(made, letter)
    assert answers.chosen == ([1] if letter == "é" else [])


@pytest.mark.parametrize(
    ("letter", "digit"), [("1", 1), ("9", 9), ("&", 1), ("é", 2), ("ç", 9), ("0", None), ("²", None)]
)
def test_the_upper_row_of_a_french_keyboard_means_its_digits_without_shift(letter: str, digit: int | None) -> None:
    assert digit_of(QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)) == digit
