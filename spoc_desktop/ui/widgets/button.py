"""Buttons: primary (one a page), plain, quiet and danger, in three heights."""

from __future__ import annotations

from math import ceil
from typing import Literal

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from spoc_desktop.ui.icons import draw_icon
from spoc_desktop.ui.painting import box, painting, text_line, text_width
from spoc_desktop.ui.theme import follow, theme

Kind = Literal["primary", "plain", "quiet", "danger"]
Size = Literal["normal", "small", "large"]
Side = Literal["left", "right"]

_HEIGHT = {"normal": "height", "small": "height-small", "large": "height-large"}
_PADDING = {"normal": 14, "small": 10, "large": 20}
_GAP = 8


class Button(QPushButton):
    """A button says its result. `key` paints the key that does the same ("F5"); `icon_side` puts the icon after."""

    def __init__(
        self,
        text: str,
        kind: Kind = "plain",
        icon: str = "",
        *,
        size: Size = "normal",
        icon_side: Side = "left",
        key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.kind: Kind = kind
        self._icon = icon
        self._size: Size = size
        self._icon_side: Side = icon_side
        self._key = key
        self._hover = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        follow(self._restyle)

    def set_kind(self, kind: Kind) -> None:
        """Change what the button looks like."""
        self.kind = kind
        self.update()

    def set_icon(self, icon: str) -> None:
        """Change the icon, "" for none."""
        self._icon = icon
        self.updateGeometry()
        self.update()

    def fill_width(self) -> Button:
        """Take the whole width of the column; returns the button."""
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        return self

    def _restyle(self) -> None:
        self.setFont(theme().font("label" if self._size != "small" else "section"))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = self._content_width() + 2 * (8 if self.kind == "quiet" else _PADDING[self._size])
        return QSize(ceil(width), theme().height(theme().tokens.control[_HEIGHT[self._size]]))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _icon_px(self) -> int:
        return theme().icon(16 if self._size == "small" else 20) if self._icon else 0

    def _key_width(self) -> float:
        return text_width(self._key, theme().font("caption")) + 12 if self._key else 0.0

    def _content_width(self) -> float:
        parts = [width for width in (self._icon_px(), text_width(self.text(), self.font()), self._key_width()) if width]
        return sum(parts) + _GAP * (len(parts) - 1)

    def painted_texts(self) -> list[tuple[str, QFont]]:
        """Text drawn beside the label, for the search for foreign fonts."""
        return [(self._key, theme().font("caption"))] if self._key else []

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hover = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = False
        self.update()
        super().leaveEvent(event)

    def ink(self) -> tuple[str, str | None, str | None]:
        """Colour roles of text, fill and outline in the state it is in."""
        hover = self._hover and self.isEnabled()
        if not self.isEnabled():
            return "disabled", None if self.kind == "quiet" else "sunken", None if self.kind == "quiet" else "border"
        if self.kind == "primary":
            fill = "accent-hover" if hover or self.isDown() else "accent"
            return "accent-text", fill, fill
        if self.kind == "danger":
            return ("danger-text", "danger", "danger") if hover or self.isDown() else ("danger", "surface", "danger")
        if self.kind == "quiet":
            return "accent", "hover" if hover or self.isDown() else None, None
        return "text", "hover" if hover or self.isDown() else "surface", "border-strong"

    def paintEvent(self, event: QPaintEvent) -> None:
        text, fill, line = self.ink()
        with painting(self) as painter:
            box(painter, self.rect(), 8, fill=self._role(fill), line=self._role(line))
            x = (self.width() - self._content_width()) / 2
            if self._icon and self._icon_side == "left":
                x = self._paint_icon(painter, x, text)
            width = text_width(self.text(), self.font())
            text_line(painter, self.text(), self.font(), theme().colour(text), QRectF(x, 0, width, self.height()))
            x += width + _GAP
            if self._icon and self._icon_side == "right":
                x = self._paint_icon(painter, x, text)
            if self._key:
                self._paint_key(painter, x)

    def _paint_icon(self, painter: QPainter, x: float, colour: str) -> float:
        size = self._icon_px()
        draw_icon(painter, self._icon, theme().colour(colour), x, (self.height() - size) / 2, size)
        return x + size + _GAP

    def _paint_key(self, painter: QPainter, x: float) -> None:
        height = theme().line("caption") + 4
        place = QRectF(x, (self.height() - height) / 2, self._key_width(), height)
        draw_key(painter, self._key, place)

    @staticmethod
    def _role(role: str | None) -> QColor | None:
        return theme().colour(role) if role else None


def draw_key(painter: QPainter, key: str, place: QRectF) -> None:
    """The name of a key in a small box."""
    box(painter, place, 4, fill=theme().colour("sunken"), line=theme().colour("border"))
    text_line(painter, key, theme().font("caption"), theme().colour("muted"), place, align="centre")
