"""Lucide icons, drawn when they are first needed and kept by name, colour and size."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from spoc_desktop.ui.assets import asset

STROKE = "1.75"


class IconMissing(Exception):
    """An icon name with no file under `resources/icons`."""

    def __init__(self, name: str) -> None:
        super().__init__(f"resources/icons/{name}.svg does not exist")
        self.name = name


@cache
def _source(name: str) -> str:
    path = asset("icons", f"{name}.svg")
    if not path.exists():
        raise IconMissing(name)
    return path.read_text(encoding="utf-8").replace('stroke-width="2"', f'stroke-width="{STROKE}"')


@cache
def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon in one colour (`#RRGGBB`) at `size` px for a screen of this pixel ratio. Raises IconMissing."""
    from PySide6.QtSvg import QSvgRenderer

    drawn = QPixmap(round(size * ratio), round(size * ratio))
    drawn.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    painter = QPainter(drawn)
    renderer.render(painter, QRectF(drawn.rect()))
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn


def icon(name: str, colour: QColor, size: int = 20) -> QIcon:
    """The icon for a stock control that takes a QIcon, sharp on screens of ratio 1 and 2."""
    made = QIcon(pixmap(name, colour.name(), size))
    made.addPixmap(pixmap(name, colour.name(), size, 2.0))
    return made


def draw_icon(painter: QPainter, name: str, colour: QColor, x: float, y: float, size: int) -> None:  # noqa: PLR0917
    """Draw the icon with its upper left corner at (x, y)."""
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(QRectF(x, y, size, size).toRect(), pixmap(name, colour.name(), size, ratio))
