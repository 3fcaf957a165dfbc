"""A place in the rail: icon and word, or icon above word, or icon alone with its word as tooltip."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from spoc_desktop.ui.icons import draw_icon
from spoc_desktop.ui.painting import box, painting, text_line, text_width
from spoc_desktop.ui.theme import follow, theme

RailMode = Literal["wide", "narrow", "icons"]


class NavItem(QToolButton):
    """Shows where the person is by being checked; only the frame checks it, a click asks for the page."""

    def __init__(self, text: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._count = 0
        self.mode: RailMode = "wide"
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.say(text)
        follow(self._restyle)

    def say(self, text: str) -> None:
        """Carry another word."""
        self.setText(text)
        self._name()

    def set_count(self, count: int) -> None:
        """How many things wait behind it; 0 shows nothing."""
        self._count = count
        self._name()
        self.update()

    def set_mode(self, mode: RailMode) -> None:
        """Follow the width of the rail."""
        self.mode = mode
        self._name()
        self.updateGeometry()
        self.update()

    def nextCheckState(self) -> None:  # noqa: N802  # Qt's own name
        """A click does not check: the page may refuse to open."""

    def _name(self) -> None:
        name = f"{self.text()}, {self._count}" if self._count else self.text()
        self.setAccessibleName(name)
        self.setToolTip(name if self.mode == "icons" else "")

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def _font(self) -> QFont:
        role = "caption" if self.mode == "narrow" else "body"
        return theme().font(role, weight=600 if self.isChecked() else 500)

    def painted_texts(self) -> list[tuple[str, QFont]]:
        """The word as it is drawn, for the search for foreign fonts."""
        return [(self.text(), self._font())]

    def sizeHint(self) -> QSize:
        if self.mode == "wide":
            bold = theme().font("body", weight=600)
            width = 44 + text_width(self.text(), bold) + (36 if self._count else 12)
            return QSize(round(width), theme().height(theme().tokens.control["rail-item"]))
        if self.mode == "narrow":
            width = text_width(self.text(), theme().font("caption", weight=600)) + 6
            return QSize(round(width), theme().height(56))
        return QSize(64, 44)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            if self.isChecked():
                box(painter, self.rect(), 8, fill=theme().colour("rail-current"), line=theme().colour("border"))
            elif self.underMouse():
                box(painter, self.rect(), 8, fill=theme().colour("hover"))
            if self.mode == "wide":
                self._paint_wide(painter)
            else:
                self._paint_tall(painter)

    def _inks(self) -> tuple[str, str]:
        return ("accent", "text") if self.isChecked() else ("muted", "muted")

    def _paint_wide(self, painter: QPainter) -> None:
        icon, word = self._inks()
        size = theme().icon(20)
        draw_icon(painter, self._icon, theme().colour(icon), 12, (self.height() - size) / 2, size)
        place = QRectF(24 + size, 0, self.width() - 36 - size, self.height())
        text_line(painter, self.text(), self._font(), theme().colour(word), place)
        self._paint_count(painter, QRectF(0, 0, self.width() - 12, self.height()))

    def _paint_tall(self, painter: QPainter) -> None:
        icon, word = self._inks()
        size = theme().icon(20)
        alone = self.mode == "icons"
        top = (self.height() - size) / 2 if alone else (self.height() - size - 4 - theme().line("caption")) / 2
        draw_icon(painter, self._icon, theme().colour(icon), (self.width() - size) / 2, top, size)
        if not alone:
            place = QRectF(0, top + size + 4, self.width(), theme().line("caption"))
            text_line(painter, self.text(), self._font(), theme().colour(word), place, align="centre")
        self._paint_count(painter, QRectF(0, 4, self.width() - 10, theme().line("caption")))

    def _paint_count(self, painter: QPainter, place: QRectF) -> None:
        if self._count and self.mode == "icons":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("human"))
            painter.drawEllipse(QRectF(place.right() - 8, place.top() + 4, 8, 8))
        elif self._count:
            font = theme().font("caption", weight=600)
            text_line(painter, str(self._count), font, theme().colour("human"), place, align="right")
