"""Notes in the margin, each beside the line that it is about; where two would meet, the lower one is pushed down."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from spoc_desktop.ui.theme import follow

GAP = 16


class MarginNotes(QWidget):
    """`place` gives each note the height of its line (px from the top of this widget); None: after the others."""

    def __init__(self) -> None:
        super().__init__()
        self._notes: list[tuple[QWidget, int | None]] = []
        self._least = 0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        follow(self.arrange_soon)

    def place(self, notes: Sequence[tuple[QWidget, int | None]], least: int = 0) -> None:
        """Show notes in reading order. `least`: its height at least, so that it scrolls beside the text."""
        self._notes = list(notes)
        self._least = least
        for widget, _y in notes:
            if widget.parentWidget() is not self:
                widget.setParent(self)
            widget.show()
        self.arrange()

    def arrange_soon(self) -> None:
        """A note has grown or gone."""
        QTimer.singleShot(0, self, self.arrange)

    def arrange(self) -> None:
        """Put each note in its place."""
        below = 0
        for widget, wanted in sorted(self._notes, key=lambda note: (note[1] is None, note[1] or 0)):
            height = widget.sizeHint().height()
            if widget.hasHeightForWidth():
                height = max(height, widget.heightForWidth(self.width()))
            top = max(below, wanted or 0)
            widget.setGeometry(0, top, self.width(), height)
            below = top + height + GAP
        self.setFixedHeight(max(self._least, below, 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.arrange_soon()

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())
