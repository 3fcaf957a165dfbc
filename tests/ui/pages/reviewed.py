"""A review as it is written: words of a hand-in are chosen, texts typed, and what the store has of it."""

from __future__ import annotations

from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest

from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.widgets.compared_text import ComparedText
from spoc_desktop.ui.widgets.field import TextArea
from sync.domain.exercises import REVIEW, Review, review_id
from tests.ui.pages.looking import named, settle
from tools.sample_laptop import CLAIRE, SampleLaptop


def stored(desk: SampleLaptop, hand_in: bytes) -> Review:
    seen = desk.store.one(REVIEW, review_id(hand_in, CLAIRE))
    assert seen is not None
    body: Review = seen.body
    return body


def choose_words(window: MainWindow, words: str) -> None:
    """Select words of the hand-in as a mouse would."""
    view = named(window, "hand_in_text")
    assert isinstance(view, ComparedText)
    found = view.document().find(words)
    assert not found.isNull(), words
    view.setTextCursor(QTextCursor(found))
    settle(window)


def type_into(window: MainWindow, name: str, text: str) -> TextArea:
    area = named(window, name)
    assert isinstance(area, TextArea)
    area.setFocus()
    QTest.keyClicks(area, text)
    settle(window)
    return area
