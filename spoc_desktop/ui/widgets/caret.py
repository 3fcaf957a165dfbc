"""Choosing words with the keyboard in text that is only read: the page scrolls along and turns as elsewhere."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QScrollArea, QTextEdit

_TURNS = (Qt.Key.Key_Space, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_LINES = {Qt.Key.Key_Up: QTextCursor.MoveOperation.Up, Qt.Key.Key_Down: QTextCursor.MoveOperation.Down}


def is_for_the_page(edit: QTextEdit, event: QKeyEvent) -> bool:
    """Whether a key turns or scrolls the page: Space, Page up and down, and an arrow that leads out of the text."""
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return False
    key = Qt.Key(event.key())
    return key in _TURNS or (key in _LINES and not edit.textCursor().movePosition(_LINES[key]))


def keep_in_view(edit: QTextEdit) -> None:
    """Scroll the page to the caret: the text itself is as high as its content and never scrolls."""
    around = edit.parentWidget()
    while around is not None and not isinstance(around, QScrollArea):
        around = around.parentWidget()
    inside = around.widget() if around is not None else None
    if around is not None and inside is not None:
        rect = edit.cursorRect()
        centre = edit.viewport().mapTo(inside, rect.center())
        around.ensureVisible(centre.x(), centre.y(), 0, rect.height() * 2)
