"""The steps of a piece of work one after the other: what is done, where it stands, what comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.ui.painting import painting, text_width
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.text import Text

StepState = Literal["done", "current", "waits", "coming"]
"""waits: a person waits for me (rose). current: it is under way."""

_DOT, _GAP = 14, 6
_LEAST = 132


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is, and when."""

    title: str
    detail: str
    state: StepState


class Stepper(QWidget):
    """Side by side, or one under the other where they have no room."""

    def __init__(self, steps: Sequence[Step], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps = tuple(steps)
        self.setAccessibleName(name)
        self.setAccessibleDescription(". ".join(self._said(step) for step in steps))
        self._words = [self._texts(step) for step in steps]
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        follow(self._restyle)

    def _said(self, step: Step) -> str:
        word = {"done": _("done"), "current": _("now"), "waits": _("waits for you"), "coming": _("to come")}[step.state]
        return ", ".join(part for part in (step.title, step.detail, word) if part)

    def _texts(self, step: Step) -> tuple[Text, Text]:
        colour = {"waits": "human", "coming": "muted"}.get(step.state, "text")
        title = Text(step.title, "body", colour, wrap=True, parent=self)
        title.set_weight(600 if step.state in ("waits", "current") else 500)
        detail = Text(step.detail, "small", "muted", wrap=True, parent=self)
        detail.setVisible(bool(step.detail))
        return title, detail

    def _restyle(self) -> None:
        self._place()
        self.updateGeometry()
        self.update()

    # -- where things stand

    def _is_stacked(self, width: int) -> bool:
        return width < len(self._steps) * theme().text_px(_LEAST)

    def _columns(self, width: int) -> list[tuple[int, int]]:
        """Where each step begins and how wide it is; the last one ends with its words."""
        last = self._words[-1]
        widest = max(text_width(text.text(), text.font()) for text in last)
        own = min(ceil(widest) + 2, width // len(self._steps))
        if len(self._steps) == 1:
            return [(0, width)]
        each = (width - own) // (len(self._steps) - 1)
        return [(place * each, each - 8) for place in range(len(self._steps) - 1)] + [(width - own, own)]

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if not self._steps:
            return 0
        if self._is_stacked(width):
            return sum(self._height(words, width - _DOT - 12) + 8 for words in self._words)
        columns = self._columns(width)
        return (
            _DOT + _GAP + max(self._height(words, room) for words, (_x, room) in zip(self._words, columns, strict=True))
        )

    def _height(self, words: tuple[Text, Text], width: int) -> int:
        return sum(text.heightForWidth(width) for text in words if text.text())

    def sizeHint(self) -> QSize:
        width = len(self._steps) * theme().text_px(_LEAST)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().text_px(120), theme().line("body"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        if not self._steps:
            return
        stacked, y = self._is_stacked(self.width()), 0
        for words, (x, room) in zip(self._words, self._columns(self.width()), strict=True):
            left, top = (_DOT + 12, y) if stacked else (x, _DOT + _GAP)
            width = self.width() - left if stacked else room
            for text in words:
                height = text.heightForWidth(width) if text.text() else 0
                text.setGeometry(left, top, width, height)
                top += height
            y = top + 8

    # -- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._steps:
            return
        stacked = self._is_stacked(self.width())
        columns = self._columns(self.width())
        with painting(self) as painter:
            for place, (step, words) in enumerate(zip(self._steps, self._words, strict=True)):
                if stacked:
                    middle = words[0].y() + theme().line("body") / 2
                    self._paint_dot(painter, step, QPointF(_DOT / 2, middle))
                    continue
                x = columns[place][0]
                self._paint_dot(painter, step, QPointF(x + _DOT / 2, _DOT / 2))
                if place + 1 < len(self._steps):
                    colour = theme().colour("accent" if step.state == "done" else "border")
                    start, end = x + _DOT + _GAP, columns[place + 1][0] - _GAP
                    painter.fillRect(QRectF(start, _DOT / 2 - 1, end - start, 2), colour)

    def _paint_dot(self, painter: QPainter, step: Step, centre: QPointF) -> None:
        ring = {"done": "accent", "current": "accent", "waits": "human"}.get(step.state, "border-strong")
        painter.setPen(QPen(theme().colour(ring), 2))
        painter.setBrush(theme().colour("accent" if step.state == "done" else "surface"))
        painter.drawEllipse(centre, _DOT / 2 - 1, _DOT / 2 - 1)
        if step.state == "current":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("accent"))
            painter.drawEllipse(centre, 2.5, 2.5)
