"""The number of a remark in its circle: inside a text behind the passage, and beside the remark in the margin."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QRect, QRectF, QSize, QSizeF
from PySide6.QtGui import QPainter, QPaintEvent, QPyTextObject, QTextDocument, QTextFormat
from PySide6.QtWidgets import QSizePolicy, QWidget

from spoc_desktop.ui.painting import box, painting, text_line
from spoc_desktop.ui.theme import follow, theme

BADGE = QTextFormat.ObjectTypes.UserObject.value + 1
"""The type of a number among the objects of a text document."""
NUMBER = QTextFormat.Property.UserProperty.value + 1
"""The property of its format that says which number."""

_GAP = 3


class RemarkNumber(QWidget):
    """The number beside a remark; the remark's own words name it for a screen reader."""

    def __init__(self, number: int, *, is_current: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self._is_current = is_current
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow(self._restyle)

    def show_current(self, *, is_current: bool) -> None:
        """Draw it as the current one, or as one of the others."""
        self._is_current = is_current
        self.update()

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(edge(), edge())

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            paint_number(painter, QRectF(0, 0, edge(), edge()), self._number, is_current=self._is_current)


class NumberObject(QPyTextObject):
    """Draws the numbers of a text document."""

    def __init__(self, is_current: Callable[[int], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._is_current = is_current

    def intrinsicSize(  # noqa: N802  # Qt's own name
        self,
        doc: QTextDocument,
        posInDocument: int,  # noqa: N803
        format: QTextFormat,  # noqa: A002
    ) -> QSizeF:
        return QSizeF(edge() + 2 * _GAP, edge())

    def drawObject(  # noqa: N802  # Qt's own name
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        doc: QTextDocument,
        posInDocument: int,  # noqa: N803
        format: QTextFormat,  # noqa: A002
    ) -> None:
        number = int(format.property(NUMBER))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(rect.x() + _GAP, rect.y() + (rect.height() - edge()) / 2, edge(), edge())
        paint_number(painter, place, number, is_current=self._is_current(number))
        painter.restore()


def edge() -> int:
    """The edge of a number in px."""
    return round(20 * min(theme().scale, 1.6))


def paint_number(painter: QPainter, place: QRectF, number: int, *, is_current: bool) -> None:
    """Filled when current, pale otherwise."""
    human, pale = theme().colour("human"), theme().colour("human-soft")
    outline = human if theme().high_contrast else None
    box(painter, place, place.width() / 2, fill=human if is_current else pale, line=outline)
    ink = theme().colour("surface") if is_current else human
    text_line(painter, str(number), theme().font("caption", weight=600), ink, place, align="centre")
