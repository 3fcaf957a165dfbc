"""A button that is an icon: back, forward, menu; its word is its name and its tooltip."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from spoc_desktop.ui.icons import draw_icon
from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.theme import follow, theme


class IconButton(QPushButton):
    """Only where the icon is known to everybody; else a `Button` with its word."""

    def __init__(self, icon: str, word: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.say(word)
        follow(self._restyle)

    def say(self, word: str) -> None:
        """Carry another word."""
        self.setAccessibleName(word)
        self.setToolTip(word)

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        edge = theme().icon(20) + 12
        return QSize(edge, edge)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        size = theme().icon(20)
        colour = theme().colour("accent" if self.isChecked() else "muted" if self.isEnabled() else "disabled")
        with painting(self) as painter:
            if self.isChecked():
                box(painter, self.rect(), 8, fill=theme().colour("accent-soft"))
            elif self.isEnabled() and self.underMouse():
                box(painter, self.rect(), 8, fill=theme().colour("hover"))
            draw_icon(painter, self._icon, colour, (self.width() - size) / 2, (self.height() - size) / 2, size)
