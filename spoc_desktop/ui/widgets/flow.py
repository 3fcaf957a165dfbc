"""Laying things out: rows that break into several when room is short, hairlines, and columns without margins."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QLayoutItem, QSizePolicy, QVBoxLayout, QWidget

from spoc_desktop.ui.painting import painting
from spoc_desktop.ui.theme import theme


class FlowLayout(QLayout):
    """Left to right, then on the next line. `spread` pushes the last item to the right end of a line that fits.

    With `least` (px at 100 %) the first item gives way, and wraps its own words, before anything goes to the next line.
    """

    def __init__(self, gap: int = 8, *, spread: bool = False, least: int = 0) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self._spread = spread
        self._least = least
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802  # Qt's own name
        """Qt hands an item over."""
        self._items.append(item)

    def count(self) -> int:
        """Number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802  # None ends Qt's walk
        """The item at a place, or None past the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802  # None ends Qt's walk
        """Hand an item back."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802  # Qt's own name
        """It takes no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802  # Qt's own name
        """Place everything."""
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        hints = [item.sizeHint() for item in self._shown()]
        width = sum(hint.width() for hint in hints) + self._gap * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:  # noqa: N802  # Qt's own name
        """Room for the largest item alone."""
        sizes = [item.minimumSize() for item in self._shown()]
        return QSize(max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0))

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _lines(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        shown = self._shown()
        rest = sum(item.sizeHint().width() + self._gap for item in shown[1:])
        if self._least and shown and width - rest >= theme().text_px(self._least):
            first = self._size(shown[0], width - rest)
            return [[(shown[0], first), *((item, self._size(item, width)) for item in shown[1:])]]
        return self._broken(width)

    def _broken(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        lines: list[list[tuple[QLayoutItem, QSize]]] = [[]]
        x = 0
        for item in self._shown():
            size = self._size(item, width)
            if lines[-1] and x + size.width() > width:
                lines.append([])
                x = 0
            lines[-1].append((item, size))
            x += size.width() + self._gap
        return lines

    def _size(self, item: QLayoutItem, width: int) -> QSize:
        size = item.sizeHint()
        size.setWidth(min(size.width(), max(width, item.minimumSize().width())))
        if item.hasHeightForWidth():
            size.setHeight(item.heightForWidth(size.width()))
        return size

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        y = rect.y()
        for line in self._lines(rect.width()):
            height = max((size.height() for _item, size in line), default=0)
            x = rect.x()
            for place, (item, size) in enumerate(line):
                if self._spread and place and place == len(line) - 1:
                    x = max(x, rect.x() + rect.width() - size.width())
                if move:
                    item.setGeometry(QRect(QPoint(x, y + (height - size.height()) // 2), size))
                x += size.width() + self._gap
            y += height + self._gap
        return y - rect.y() - self._gap if self._items else 0


def _holder(layout: QLayout) -> QWidget:
    made = QWidget()
    made.setLayout(layout)
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    made.setSizePolicy(policy)
    return made


def flow(*widgets: QWidget, gap: int = 8, spread: bool = False, least: int = 0) -> QWidget:
    """Widgets in a row that breaks when room is short; see `FlowLayout`."""
    layout = FlowLayout(gap, spread=spread, least=least)
    for widget in widgets:
        layout.addWidget(widget)
    return _holder(layout)


def row(*widgets: QWidget, gap: int = 8, stretch: int = -1, top: bool = False) -> QWidget:
    """Widgets in one row; the one at index `stretch` takes the free width; `top` aligns them at the top."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(gap)
    for index, widget in enumerate(widgets):
        align = Qt.AlignmentFlag.AlignTop if top else Qt.AlignmentFlag(0)
        layout.addWidget(widget, 1 if index == stretch else 0, align)
    if stretch < 0:
        layout.addStretch(1)
    return _holder(layout)


def column(*widgets: QWidget, gap: int = 4) -> QWidget:
    """Widgets one under the other."""
    layout = QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(gap)
    for widget in widgets:
        layout.addWidget(widget)
    return _holder(layout)


class Hairline(QWidget):
    """The thin line between groups; decoration."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.fillRect(self.rect(), theme().colour("border"))
