"""The rose line between the work and what people say about it; the handle that sets the width of the margin."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QVBoxLayout, QWidget

from spoc_desktop.ui.painting import painting
from spoc_desktop.ui.theme import theme

GRAB = 8
LINE = 2
TICK = QSize(14, 2)


class MarginLine(QSplitterHandle):
    """A line of 2 px in a grab zone of 8; ticks at its right mark what the notes beside it speak about."""

    def __init__(self, splitter: QSplitter) -> None:
        super().__init__(Qt.Orientation.Horizontal, splitter)
        self._ticks: Sequence[tuple[int, str]] = ()

    def set_ticks(self, ticks: Sequence[tuple[int, str]]) -> None:
        """Mark heights (px from the top) in a colour role, "margin-line" or "highlight-line"."""
        self._ticks = ticks
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        left = (self.width() - LINE) / 2
        with painting(self) as painter:
            painter.fillRect(QRectF(left, 0, LINE, self.height()), theme().colour("margin-line"))
            for y, role in self._ticks:
                painter.fillRect(QRectF(left, y, self.width() - left, TICK.height()), theme().colour(role))


class MarginSplitter(QSplitter):
    """A splitter whose handle is the rose line; the margin keeps its width when the window grows."""

    def __init__(self, main: QWidget, margin: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setHandleWidth(GRAB)
        self.setChildrenCollapsible(False)
        self.addWidget(main)
        self.addWidget(margin)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 0)
        self._margin_width = 0
        self._dragged = False
        self._is_first = False
        self.splitterMoved.connect(self._moved)

    def put_margin_first(self, main: QWidget) -> None:
        """The margin holds a list, before the rose line; `main` is what the list opens, at its right."""
        self._is_first = True
        self.addWidget(main)
        self.setStretchFactor(0, 0)
        self.setStretchFactor(1, 1)

    def set_margin_width(self, width: int) -> None:
        """Width of the margin until the person drags the line."""
        self._margin_width = width
        self._dragged = False
        self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._dragged:
            self._share()

    def _moved(self) -> None:
        self._dragged = True

    def _share(self) -> None:
        sizes = [max(1, self.width() - self._margin_width - GRAB), self._margin_width]
        self.setSizes(sizes[::-1] if self._is_first else sizes)

    def createHandle(self) -> QSplitterHandle:  # noqa: N802  # Qt's own name
        """Qt asks for the handle."""
        return MarginLine(self)

    @property
    def line(self) -> MarginLine:
        """The rose line."""
        handle = self.handle(1)
        if not isinstance(handle, MarginLine):
            raise TypeError("the splitter was built without its rose line")
        return handle


class StackedMargin(QWidget):
    """Where the margin stands under the main column: behind the same rose line, at its left."""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(26, 0, 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.fillRect(QRectF(0, 0, LINE, self.height()), theme().colour("margin-line"))
