"""The sheet: near-white paper with rounded corners, and on it a page's main column, margin and footer."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from spoc_desktop.ui import layouts
from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.margin_line import GRAB, LINE, MarginSplitter, StackedMargin

_WIDEST = 16_777_215


class Sheet(QFrame):
    """The paper; holds one layout, inside a hairline."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(1, 1, 1, 1)
        self.column.setSpacing(0)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            box(painter, self.rect(), 14, fill=theme().colour("surface"), line=theme().colour("border"))


class Scroll(QScrollArea):
    """A column that scrolls up and down, never sideways."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content.setObjectName("content")
        self.setWidget(content)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        self._wanted: int | None = None
        self.verticalScrollBar().rangeChanged.connect(self._range_changed)

    def return_to(self, position: int) -> None:
        """Scroll to a reading position, now or as soon as the content is long enough for it."""
        self._wanted = position
        self._range_changed(0, self.verticalScrollBar().maximum())

    def _range_changed(self, _low: int, high: int) -> None:
        if self._wanted is not None and high >= self._wanted:
            self.verticalScrollBar().setValue(self._wanted)
            self._wanted = None


class Column(QWidget):
    """Widgets one under the other, each with the gap above it that it asks for."""

    def __init__(self, *, centred: bool = False) -> None:
        super().__init__()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._centred = centred
        self._last: QWidget | None = None
        self._least = 0
        self.clear()

    def leave(self, gap: int) -> None:
        """Keep at least so many px above what is added next."""
        self._least = gap

    def add(self, widget: QWidget, gap: int = 0, *, left: bool = False) -> None:
        """Put a widget at the end, `gap` px below the one before; `left` keeps its own width."""
        align = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag(0)
        end = self._box.count() - 1
        gap, self._least = max(gap, self._least), 0
        above = self._last
        if above is not None and isValid(above):
            # The shadow of a raised card lies inside the gap below it.
            gap = max(0, gap - (above.property("shadow") or 0))
        self._last = widget
        if gap:
            layouts.gap(self._box, end, gap)
            end += 1
        self._box.insertWidget(end, widget, 0, align)

    def add_stretch(self) -> None:
        """Push what follows to the foot of the column."""
        layouts.stretch(self._box, self._box.count() - 1, 100)
        self._last = None

    @property
    def is_empty(self) -> bool:
        """Whether no widget stands in it."""
        return all(isinstance(widget, layouts.Filler) for widget in layouts.widgets_of(self._box))

    def clear(self) -> None:
        """Take everything away."""
        layouts.empty(self._box)
        self._last, self._least = None, 0
        if self._centred:
            layouts.stretch(self._box, 0)
        layouts.stretch(self._box, self._box.count())


class Body(QWidget):
    """Main column and margin side by side, or one under the other where room is short; the footer stays in view."""

    def __init__(
        self, *, margin_width: int = 312, measure: int = 0, margin: bool = True, centred: bool = False
    ) -> None:
        super().__init__()
        self._margin_width = margin_width
        self._measure = measure
        self._has_margin = margin
        self._stacked = False
        self._narrow = False
        self.main = Column(centred=centred)
        self.margin = Column(centred=centred)
        self._pad = QVBoxLayout()
        self._below = StackedMargin()
        self._margin_pad = QVBoxLayout()
        self.scroller = Scroll(self._main_holder())
        self.margin_scroll = Scroll(_holder(self._margin_pad))
        self.splitter = MarginSplitter(self.scroller, self.margin_scroll)
        self.footer = Footer()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.splitter, 1)
        outer.addWidget(self.footer)
        self._place_margin()
        follow(self._restyle)

    def _main_holder(self) -> QWidget:
        centre = QHBoxLayout()
        centre.setSpacing(0)
        if self._measure:
            centre.addStretch(1)
        centre.addWidget(self.main, 1000)
        if self._measure:
            centre.addStretch(1)
        self._pad.setSpacing(32)
        self._pad.addLayout(centre, 1)
        self._pad.addWidget(self._below)
        return _holder(self._pad)

    def fit(self, *, narrow: bool, stacked: bool) -> None:
        """Follow the width of the window."""
        if (narrow, stacked) != (self._narrow, self._stacked):
            self._narrow, self._stacked = narrow, stacked
            self._place_margin()
            self._restyle()

    @property
    def stacked(self) -> bool:
        """Whether the margin stands under the main column."""
        return self._stacked

    def _place_margin(self) -> None:
        if self._stacked:
            self._below.column.addWidget(self.margin)
        else:
            self._margin_pad.addWidget(self.margin)
        self._below.setVisible(self._stacked and self._has_margin)
        self.margin_scroll.setVisible(self._has_margin and not self._stacked)

    def _restyle(self) -> None:
        layout = theme().tokens.layout
        side = layout["page-padding-narrow" if self._narrow or self._stacked else "page-padding"]
        top = 24 if self._narrow or self._stacked else 32
        beside = GRAB // 2 - LINE // 2
        reach = side if self._stacked or not self._has_margin else side - beside
        self._pad.setContentsMargins(side, top, reach, top)
        inner = 20 if self._narrow else 24
        self._margin_pad.setContentsMargins(inner - beside, top, inner, top)
        width = theme().text_px(layout["margin-narrow"] if self._narrow else self._margin_width)
        self.margin_scroll.setMinimumWidth(min(width, layout["margin-narrow"]))
        self.splitter.set_margin_width(width - beside - LINE)
        self.main.setMaximumWidth(theme().text_px(self._measure) if self._measure else _WIDEST)


class Footer(QWidget):
    """The row of actions under the page, always in view; hidden while it holds nothing. `line`: a hairline above."""

    def __init__(self) -> None:
        super().__init__()
        self.line = True
        self.setProperty("pane", True)  # noqa: FBT003  # Qt's setProperty takes its value so
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(24, 12, 24, 12)
        self.row.setSpacing(16)
        self.hide()

    def add(self, widget: QWidget, *, stretch: bool = False) -> None:
        """Put a widget at the right end; `stretch` gives it the free width."""
        self.row.addWidget(widget, 1 if stretch else 0)
        self.show()

    def add_stretch(self) -> None:
        """Push what follows to the right."""
        layouts.stretch(self.row, self.row.count())

    def clear(self) -> None:
        """Take everything away and hide."""
        layouts.empty(self.row)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.line:
            with painting(self) as painter:
                painter.fillRect(QRectF(0, 0, self.width(), 1), theme().colour("border"))


def _holder(layout: QVBoxLayout) -> QWidget:
    made = QWidget()
    made.setLayout(layout)
    return made
