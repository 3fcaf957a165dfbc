"""The foot of a quiz: back, what is saved, and the actions; words give way where room is short."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.text import Text


class QuizBar(QWidget):
    """`saved` says what is kept. The primary action has a short word for narrow windows."""

    def __init__(self, saved: str = "") -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self.saved = Text(saved, "small", "muted")
        self._row.addWidget(self.saved)
        self._row.addStretch(1)
        self._words: tuple[Button, str, str] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def add_back(self, text: str, act: Callable[[], None]) -> None:
        """The way to the question before, at the left end."""
        made = Button(text, icon="chevron-left")
        made.setObjectName("before")
        made.clicked.connect(act)
        self._row.insertWidget(0, made)

    def add(self, text: str, act: Callable[[], None], *, name: str, icon: str = "") -> Button:
        """A plain action."""
        made = Button(text, icon=icon)
        made.setObjectName(name)
        made.clicked.connect(act)
        self._row.addWidget(made)
        return made

    def add_primary(self, text: str, short: str, act: Callable[[], None], *, icon: str = "arrow-right") -> Button:
        """The action that Enter does."""
        made = Button(text, "primary", icon, icon_side="right")
        made.setObjectName("primary")
        made.clicked.connect(act)
        self._row.addWidget(made)
        self._words = (made, text, short)
        return made

    def say(self, text: str) -> None:
        """Say what is saved."""
        self.saved.say(text)
        self._make_room()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        if self._words is not None:
            button, text, _short = self._words
            button.setText(text)
        self.saved.setVisible(bool(self.saved.text()) and self._needed(self.saved.sizeHint().width()) <= self.width())
        if self._words is not None and self._needed(0) > self.width():
            button, _text, short = self._words
            button.setText(short)

    def _needed(self, extra: int) -> int:
        widths = [button.sizeHint().width() for button in self.findChildren(Button)]
        return sum(widths) + 8 * len(widths) + extra
