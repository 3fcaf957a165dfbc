"""A hand-in's text with what changed since the version before underlined in green, and the passages of its remarks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEvent

from spoc_desktop.ui.painting import painting
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.anchored_text import AnchoredText, Mark

_THICK = 2


class ComparedText(AnchoredText):
    """`passages`: (start, end) in letters; `colour`: the role of their line, "success" for what is new."""

    _changed: tuple[Mark, ...] = ()
    _ink = "success"

    def show_changes(self, passages: Sequence[tuple[int, int]], colour: str = "success") -> None:
        """Underline these passages."""
        self._changed = tuple(Mark(0, start, end) for start, end in passages)
        self._ink = colour
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        with painting(self.viewport()) as painter:
            for passage in self._changed:
                for rect in self._rects(passage):
                    line = QRectF(rect.x(), rect.bottom() - _THICK + 1, rect.width(), _THICK)
                    painter.fillRect(line, theme().colour(self._ink))
