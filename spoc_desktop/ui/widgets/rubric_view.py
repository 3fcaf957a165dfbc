"""A rubric: each criterion with its levels before the work, with what was reached afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.flow import Hairline
from spoc_desktop.ui.widgets.text import Text

_MOST_BARS = 6
_BAR, _GAP, _HIGH = 20, 4, 8
_ROOM = 560


@dataclass(frozen=True, slots=True)
class RubricRow:
    """A criterion: `filled` of `bars` reached, and the words beside ("2 of 3 · correct, the order is missing")."""

    title: str
    filled: int
    bars: int
    words: str


class Bars(QWidget):
    """So many of so many, drawn; the words beside say the same."""

    def __init__(self, filled: int, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        shown = min(count, _MOST_BARS)
        self._count = shown
        self._filled = round(filled * shown / count) if count else 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow(self.update)

    def sizeHint(self) -> QSize:
        return QSize(max(0, self._count * (_BAR + _GAP) - _GAP), _HIGH)

    def paintEvent(self, event: QPaintEvent) -> None:
        accent, empty = theme().colour("accent"), theme().colour("border-strong")
        with painting(self) as painter:
            for place in range(self._count):
                rect = QRectF(place * (_BAR + _GAP), 0, _BAR, _HIGH)
                done = place < self._filled
                box(painter, rect, 3, fill=accent if done else None, line=accent if done else empty)


class RubricView(QWidget):
    """What was reached, a line a criterion; where room is short the words stand below."""

    def __init__(self, rows: list[RubricRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(0)
        self._lines = [self._line(row) for row in rows]
        self._wide: bool | None = None
        self._arrange()
        follow(self._arrange)

    def _line(self, row: RubricRow) -> tuple[Text, Bars, Text, Hairline]:
        title = Text(row.title, "body", wrap=True, parent=self)
        title.set_weight(500)
        words = Text(row.words, "small", "muted", wrap=True, parent=self)
        words.setAccessibleName(_("{criterion}: {reached}").format(criterion=row.title, reached=row.words))
        return title, Bars(row.filled, row.bars, self), words, Hairline()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        wide = self.width() >= theme().text_px(_ROOM)
        if wide == self._wide:
            return
        self._wide = wide
        for place, (title, bars, words, line) in enumerate(self._lines):
            for widget in (title, bars, words, line):
                self._grid.removeWidget(widget)
            row = place * 3
            self._grid.addWidget(title, row, 0)
            self._grid.addWidget(bars, row, 1)
            self._grid.addWidget(words, *((row, 2) if wide else (row + 1, 0, 1, 2)))
            if place + 1 < len(self._lines):
                self._grid.addWidget(line, row + 2, 0, 1, 3)
            self._grid.setRowMinimumHeight(row, theme().text_px(31))
        self._grid.setColumnStretch(0, 2 if wide else 1)
        self._grid.setColumnStretch(2, 3 if wide else 0)
