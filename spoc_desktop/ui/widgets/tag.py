"""A state in one word, with its icon, on its own soft colour."""

from __future__ import annotations

from math import ceil
from typing import Literal

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from spoc_desktop.ui.icons import draw_icon
from spoc_desktop.ui.painting import box, painting, text_line, text_width
from spoc_desktop.ui.theme import follow, theme

TagKind = Literal["success", "warning", "human", "info", "accent", "danger", "plain"]

_INK = {"accent": "accent-on-soft", "plain": "muted"}
_FILL = {"plain": "sunken"}
_PADDING, _GAP = 8, 6


class Tag(QLabel):
    """Never an icon alone: the word is the state. Rose ("human") is for a person who speaks or waits."""

    def __init__(self, text: str, kind: TagKind = "plain", icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._kind = kind
        self._icon = icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow(self._restyle)

    @property
    def colour_pair(self) -> tuple[str, str]:
        """Ink and ground, for the contrast audit."""
        return _INK.get(self._kind, self._kind), _FILL.get(self._kind, f"{self._kind}-soft")

    def _restyle(self) -> None:
        self.setFont(theme().font("caption", weight=600))
        self.updateGeometry()
        self.update()

    def _icon_width(self) -> int:
        return theme().icon(16) + _GAP if self._icon else 0

    def sizeHint(self) -> QSize:
        width = self._icon_width() + text_width(self.text(), self.font()) + 2 * _PADDING
        return QSize(ceil(width), theme().line("caption") + 8)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        ink, fill = (theme().colour(role) for role in self.colour_pair)
        outlined = self._kind == "plain" or theme().high_contrast
        with painting(self) as painter:
            box(painter, self.rect(), 6, fill=fill, line=theme().colour("border") if outlined else None)
            if self._icon:
                size = theme().icon(16)
                draw_icon(painter, self._icon, ink, _PADDING, (self.height() - size) / 2, size)
            x = _PADDING + self._icon_width()
            text_line(painter, self.text(), self.font(), ink, QRectF(x, 0, self.width() - x, self.height()))
