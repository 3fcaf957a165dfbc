"""A discussion in the list: its title, who wrote and when, its tags, and a dot while something in it is unread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.flow import flow
from spoc_desktop.ui.widgets.row import Composed
from spoc_desktop.ui.widgets.tag import Tag
from spoc_desktop.ui.widgets.text import Text

_DOT = 8


class UnreadDot(QWidget):
    """Rose, for somebody who waits to be read; the row says the same in its name."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(_DOT, theme().line("body"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            place = QRectF(0, (self.height() - _DOT) / 2, _DOT, _DOT)
            box(painter, place, _DOT / 2, fill=theme().colour("human"))


class ThreadRow(Composed):
    """Opens a discussion. `current` tints the one that is open."""

    def __init__(
        self, title: str, detail: str, tags: Sequence[Tag] = (), *, unread: bool = False, current: bool = False
    ) -> None:
        super().__init__()
        self._current = current
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(8)
        heading = Text(title, wrap=True)
        heading.set_weight(600 if unread or current else 500)
        head.addWidget(heading, 1)
        if unread:
            head.addWidget(UnreadDot(), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(Text(detail, "small", "muted", wrap=True))
        if tags:
            column.addSpacing(6)
            column.addWidget(flow(*tags))
        self._name(title, detail, tags, unread=unread)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.let_clicks_through()
        follow(self.update)

    def _name(self, title: str, detail: str, tags: Sequence[Tag], *, unread: bool) -> None:
        self.setText(title)
        words = [title, _("unread") if unread else "", detail, *(tag.text() for tag in tags)]
        self.setAccessibleName(", ".join(word for word in words if word))

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            if self._current:
                box(painter, self.rect(), 8, fill=theme().colour("accent-soft"))
            elif self.underMouse():
                box(painter, self.rect(), 8, fill=theme().colour("hover"))
