"""A remark in the margin: its number, its words, what was answered, and the way to answer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.remark_number import RemarkNumber
from spoc_desktop.ui.widgets.text import Text


class Remark(QWidget):
    """Current: on rose, its number filled. `picked` when the person goes to it, `answer_wanted` for the reply."""

    picked = Signal(int)
    answer_wanted = Signal(int)

    def __init__(self, number: int, text: str, *, answer: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number = number
        self._is_current = False
        self.circle = RemarkNumber(number, parent=self)
        words = Text(text, "note", wrap=True, parent=self)
        words.setAccessibleName(_("Remark {number}: {text}").format(number=number, text=text))
        self.words = QVBoxLayout()
        self.words.setSpacing(4)
        self.words.addWidget(words)
        self.link: LinkButton | None = None
        if answer:
            self.link = LinkButton(answer, role="small")
            self.link.setObjectName(f"answer_{number}")
            self.link.setAccessibleName(_("Answer remark {number}").format(number=number))
            self.link.clicked.connect(lambda: self.answer_wanted.emit(self.number))
            self.words.addWidget(self.link, 0, Qt.AlignmentFlag.AlignLeft)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(12, 8, 12, 8)
        outer.setSpacing(12)
        outer.addWidget(self.circle, 0, Qt.AlignmentFlag.AlignTop)
        outer.addLayout(self.words, 1)

    def add_reply(self, text: str, who: str) -> None:
        """Show what was answered, above the way to answer."""
        place = self.words.count() - (1 if self.link is not None else 0)
        self.words.insertWidget(place, Text(who, "caption", "muted", wrap=True, parent=self))
        self.words.insertWidget(place + 1, Text(text, "small", wrap=True, parent=self))

    def show_current(self, *, is_current: bool) -> None:
        """Stand out as the one that the text shows, or not."""
        self._is_current = is_current
        self.circle.show_current(is_current=is_current)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.picked.emit(self.number)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.picked.emit(self.number)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._is_current:
            with painting(self) as painter:
                outline = theme().colour("human") if theme().high_contrast else None
                box(painter, self.rect(), 8, fill=theme().colour("human-soft"), line=outline)
