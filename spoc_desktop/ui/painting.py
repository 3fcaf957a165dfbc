"""Small drawing helpers shared by the widgets that paint themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget


@contextmanager
def painting(widget: QWidget) -> Iterator[QPainter]:
    """A smooth painter on a widget, closed again whatever happens."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        yield painter
    finally:
        painter.end()


def box(
    painter: QPainter,
    rect: QRect | QRectF,
    radius: float,
    *,
    fill: QColor | None = None,
    line: QColor | None = None,
    width: float = 1.0,
    dashed: bool = False,
) -> None:
    """A rounded box whose outline lies wholly inside `rect`."""
    inner = QRectF(rect)
    painter.setPen(Qt.PenStyle.NoPen)
    if line is not None:
        half = width / 2
        inner.adjust(half, half, -half, -half)
        pen = QPen(line, width)
        if dashed:
            pen.setDashPattern([2.5, 2.5])
        painter.setPen(pen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(inner, radius, radius)


def text_line(painter: QPainter, text: str, font: QFont, colour: QColor, rect: QRectF, *, align: str = "left") -> None:
    """One line of text, centred in height on its own ascent and descent."""
    metrics = QFontMetricsF(font)
    width = metrics.horizontalAdvance(text)
    offset = {"left": 0.0, "centre": (rect.width() - width) / 2, "right": rect.width() - width}[align]
    baseline = rect.y() + (rect.height() + metrics.ascent() - metrics.descent()) / 2
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(QPointF(rect.x() + offset, baseline), text)


def text_width(text: str, font: QFont) -> float:
    """Width of one line of text in px."""
    return QFontMetricsF(font).horizontalAdvance(text)
