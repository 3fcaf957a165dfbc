"""An icon that stands beside words which say the same; to a screen reader it is not there."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from spoc_desktop.ui.icons import draw_icon
from spoc_desktop.ui.painting import painting
from spoc_desktop.ui.theme import follow, theme


class Glyph(QWidget):
    """`box` centres the icon in a square of that edge, as beside avatars (32).

    `beside`: a text role; at the top of words of that role the icon is level with their first line.
    """

    def __init__(self, icon: str, colour: str = "muted", size: int = 20, *, box: int = 0, beside: str = "") -> None:
        super().__init__()
        self._icon = icon
        self._colour = colour
        self._size = size
        self._box = box
        self._beside = beside
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow(self._restyle)

    def show_icon(self, icon: str, colour: str) -> None:
        """Show another icon."""
        self._icon, self._colour = icon, colour
        self.update()

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        edge = theme().icon(max(self._size, self._box))
        return QSize(edge, max(edge, theme().line(self._beside)) if self._beside else edge)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        size = theme().icon(self._size)
        x, y = (self.width() - size) / 2, (self.height() - size) / 2
        with painting(self) as painter:
            draw_icon(painter, self._icon, theme().colour(self._colour), x, y, size)
