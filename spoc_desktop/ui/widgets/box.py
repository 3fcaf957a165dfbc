"""A framed place on the sheet for what somebody wrote."""

from __future__ import annotations

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.theme import theme


class Box(QWidget):
    """A hairline around widgets that stand one under the other, on raised paper."""

    def __init__(
        self, *widgets: QWidget, gap: int = 12, pad: tuple[int, int] = (24, 16), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        across, above = pad
        column = QVBoxLayout(self)
        column.setContentsMargins(across, above, across, above)
        column.setSpacing(gap)
        for widget in widgets:
            column.addWidget(widget)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            box(painter, self.rect(), 10, fill=theme().colour("raised"), line=theme().colour("border"))
