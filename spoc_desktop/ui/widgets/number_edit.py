"""A short field for a whole number between two bounds; what is no such number is not told and put right on leaving."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.field import LineEdit

_PADDING = 26


class NumberEdit(LineEdit):
    """`changed` carries each number within the bounds; the arrow keys count up and down."""

    changed = Signal(int)

    def __init__(self, value: int, least: int, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._least, self._most = least, most
        self.value = value
        self.setText(str(value))
        self.setMaxLength(len(str(most)))
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.textEdited.connect(self._typed)

    def sizeHint(self) -> QSize:
        return QSize(theme().text_px(12 * len(str(self._most)) + _PADDING), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if not step:
            super().keyPressEvent(event)
            return
        number = min(self._most, max(self._least, self.value + step))
        self.setText(str(number))
        self._typed(str(number))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.setText(str(self.value))
        super().focusOutEvent(event)

    def _typed(self, text: str) -> None:
        if text.isdecimal() and self._least <= int(text) <= self._most and int(text) != self.value:
            self.value = int(text)
            self.changed.emit(self.value)
