"""A course as a small flat exercise book: one colour and a white label."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.theme import follow

OCHRE, TEAL, RASPBERRY, INK, GREEN, SLATE = "#C98A12", "#0F7A80", "#B8325C", "#2F3E9E", "#3F7D3A", "#6B6E7B"
COVERS = (OCHRE, TEAL, RASPBERRY, INK, GREEN, SLATE)
"""Colours of course covers; the same in every theme, as a book keeps its colour at night."""

_NAMES = ("ochre", "teal", "raspberry", "ink", "green", "slate")


def cover_colour(name: str) -> str:
    """The colour of a cover by the name that a course gives; ochre for one of a newer program."""
    return dict(zip(_NAMES, COVERS, strict=True)).get(name, OCHRE)


class Cover(QWidget):
    """Decoration beside a course's title. `width` by `height` in px at every text size."""

    def __init__(self, colour: str = OCHRE, width: int = 28, height: int = 36, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = QColor(colour)
        self._size = QSize(width, height)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow(self._restyle)

    def set_colour(self, colour: str) -> None:
        """Become the book of another course."""
        self._colour = QColor(colour)
        self.update()

    def _restyle(self) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        return self._size

    def minimumSizeHint(self) -> QSize:
        return self._size

    def paintEvent(self, event: QPaintEvent) -> None:
        width, height = self.width(), self.height()
        with painting(self) as painter:
            shape = QPainterPath()
            shape.addRoundedRect(QRectF(self.rect()), 4, 4)
            painter.setClipPath(shape)
            painter.fillRect(self.rect(), self._colour)
            painter.fillRect(QRectF(0, 0, width * 0.14, height), QColor(0, 0, 0, 46))
            box(painter, QRectF(width * 0.3, height * 0.2, width * 0.56, height * 0.26), 2, fill=QColor("#FFFFFF"))
