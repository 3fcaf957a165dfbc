"""A page whose margin has a foot that stays in view; where the margin stands under the main column, it ends it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from spoc_desktop.ui.widgets.sheet import Body, Column


class FootedBody(Body):
    """`foot` is filled like the columns; it takes no room while it is empty."""

    def __init__(self, *, measure: int = 0) -> None:
        self._beside: QVBoxLayout | None = None
        super().__init__(measure=measure)
        self.foot = Column()
        self._right = QWidget()
        self._beside = QVBoxLayout(self._right)
        self._beside.setContentsMargins(0, 0, 0, 0)
        self._beside.setSpacing(0)
        self._beside.addWidget(self.margin_scroll, 1)
        self.splitter.addWidget(self._right)
        self.splitter.setStretchFactor(1, 0)
        self._place_margin()
        self._restyle()

    def show_foot(self) -> None:
        """Give the foot its room once it is filled."""
        self._restyle()

    def _place_margin(self) -> None:
        super()._place_margin()
        if self._beside is None:
            return
        (self._below.column if self._stacked else self._beside).addWidget(self.foot)
        self._right.setVisible(not self._stacked)

    def _restyle(self) -> None:
        super()._restyle()
        if self._beside is None:
            return
        self._right.setMinimumWidth(self.margin_scroll.minimumWidth())
        side = 20 if self._narrow else 24
        is_empty = self.foot.is_empty
        edges = (0, 24, 0, 0) if self._stacked else (side - 3, 12, side, 20)
        self.foot.setContentsMargins(*((0, 0, 0, 0) if is_empty else edges))
        self.foot.setVisible(not is_empty)
