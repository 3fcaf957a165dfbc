"""The one raised card of a page: where to go on, and the button that does it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.flow import FlowLayout, column
from spoc_desktop.ui.widgets.text import Text

_WORDS = 280
_SHADOW = 12


class ResumeCard(QFrame):
    """`clicked` is the button's."""

    clicked = Signal()

    def __init__(self, lead: str, title: str, detail: str, action: str, icon: str = "arrow-right") -> None:
        super().__init__()
        self.setProperty("shadow", _SHADOW)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 24, 24, 24 + _SHADOW)
        inner = FlowLayout(24, spread=True, least=_WORDS)
        heading = Text(lead, "small", "accent", wrap=True)
        heading.set_weight(600)
        words = column(heading, Text(title, "lead", wrap=True), Text(detail, "body", "muted", wrap=True), gap=4)
        inner.addWidget(words)
        self.button = Button(action, "primary", icon, size="large")
        self.button.setAccessibleDescription(title)
        self.button.clicked.connect(self.clicked)
        inner.addWidget(self.button)
        outer.addLayout(inner)
        follow(self._restyle)

    def _restyle(self) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        card = QRectF(self.rect()).adjusted(0, 0, 0, -_SHADOW)
        line = "border-strong" if theme().high_contrast else "border"
        with painting(self) as painter:
            if theme().name == "light":
                _paint_shadow(painter, card)
            box(painter, card, 10, fill=theme().colour("raised"), line=theme().colour(line))


def _paint_shadow(painter: QPainter, card: QRectF) -> None:
    """A soft shadow that stays inside the widget, so that no neighbour cuts it off."""
    shade = theme().colour("text")
    shade.setAlphaF(0.009)
    for step in range(_SHADOW):
        box(painter, card.adjusted(step, 10 + step, -step, _SHADOW - step), 10 + _SHADOW - step, fill=shade)
