"""A page whose list stands before the rose line, and what the list opens behind it; the footer belongs to the latter.

Where room is short only one of the two is seen: the list, or what was opened.
"""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.sheet import Body

LIST_WIDTH = 280


class ListBody(Body):
    """`margin` is the list, `main` and `footer` what was opened; `show_opened` tells which one a small window shows."""

    def __init__(self) -> None:
        self._is_open = False
        self._right: QWidget | None = None
        super().__init__(margin_width=LIST_WIDTH)
        self._right = QWidget()
        column = QVBoxLayout(self._right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.scroller, 1)
        column.addWidget(self.footer)
        self.splitter.put_margin_first(self._right)
        self._place_margin()
        self._restyle()

    def show_opened(self, *, is_open: bool) -> None:
        """Whether something of the list is open."""
        self._is_open = is_open
        self._place_margin()

    def _place_margin(self) -> None:
        self._margin_pad.addWidget(self.margin)
        self._below.hide()
        if self._right is not None:
            self.margin_scroll.setVisible(not self._stacked or not self._is_open)
            self._right.setVisible(not self._stacked or self._is_open)

    def _restyle(self) -> None:
        super()._restyle()
        side = theme().tokens.layout["page-padding-narrow"] if self._narrow or self._stacked else 32
        self._pad.setContentsMargins(side - 4, 24, side, 16)
        self.footer.row.setContentsMargins(side - 4, 8, side, 16)
        self._margin_pad.setContentsMargins(12, 24, 9, 16)
