"""How a review lies on the sheet: the opinion and the verdict stay in view at the foot of the margin.

The way from one hand-in to the next stays in view under the hand-in. Where the margin stands under the main column,
the opinion follows it there and the verdict goes to the foot of the page.
"""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.sheet import Body, Column

REVIEW_MARGIN = 368
NARROW_MARGIN = 332


class ReviewBody(Body):
    """`foot` holds what is written last, `verdict` the two buttons; both are filled like the columns."""

    def __init__(self) -> None:
        self._ready = False
        super().__init__(margin_width=REVIEW_MARGIN)
        self.foot = Column()
        self.verdict = Column()
        self._left, self._left_column = _pane(self.scroller, self.footer)
        self._right, self._right_column = _pane(self.margin_scroll)
        self.splitter.insertWidget(0, self._left)
        self.splitter.addWidget(self._right)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self._ready = True
        self._place_margin()
        self._restyle()

    @property
    def narrow(self) -> bool:
        """Whether the margin beside the work is short of room."""
        return self._narrow and not self._stacked

    def clear_foot(self) -> None:
        """Take away what stays in view, before the page is drawn again."""
        self.foot.clear()
        self.verdict.clear()

    def _place_margin(self) -> None:
        super()._place_margin()
        if not self._ready:
            return
        if self._stacked:
            self._below.column.addWidget(self.foot)
            self._left_column.addWidget(self.verdict)
        else:
            self._right_column.addWidget(self.foot)
            self._right_column.addWidget(self.verdict)
        self._right.setVisible(not self._stacked)

    def _restyle(self) -> None:
        super()._restyle()
        if not self._ready:
            return
        narrow = self._narrow or self._stacked
        side = theme().tokens.layout["page-padding-narrow" if narrow else "page-padding"]
        inner = 20 if self._narrow else 24
        self.footer.line = self._stacked
        if narrow:
            # The levels of a rubric stand side by side in it; the plain narrow margin would pile them up.
            self.splitter.set_margin_width(theme().text_px(NARROW_MARGIN))
        self.footer.row.setContentsMargins(side, 12, side - 4, 12 if self._stacked else 20)
        self.foot.setContentsMargins(*((0, 24, 0, 0) if self._stacked else (inner - 3, 12, inner, 0)))
        self.verdict.setContentsMargins(*((side, 0, side - 4, 12) if self._stacked else (inner - 3, 12, inner, 20)))


def _bare() -> QVBoxLayout:
    made = QVBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(0)
    return made


def _pane(first: QWidget, *others: QWidget) -> tuple[QWidget, QVBoxLayout]:
    """A part of the splitter: what scrolls, and below it what stays."""
    made, column = QWidget(), _bare()
    made.setLayout(column)
    column.addWidget(first, 1)
    for one in others:
        column.addWidget(one)
    return made, column
