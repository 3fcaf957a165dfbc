"""A quiet way to another place, in the colour of actions; its words may break into lines."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy

from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.row import Composed
from spoc_desktop.ui.widgets.text import Text


class LinkButton(Composed):
    """Connect `clicked`. `colour` is "accent" for an action, "text" for a line that also leads somewhere."""

    def __init__(
        self, text: str, icon: str = "", *, colour: str = "accent", role: str = "label", wrap: bool = True
    ) -> None:
        super().__init__()
        self.setText(text)
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 3, 0, 3)
        layout.setSpacing(8)
        if icon:
            layout.addWidget(Glyph(icon, colour, 16), 0, Qt.AlignmentFlag.AlignVCenter)
        self._words = Text(text, role, colour, wrap=wrap)
        layout.addWidget(self._words, 1)
        self.let_clicks_through()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        follow(self._restyle)

    def say(self, text: str) -> None:
        """Show other words; the accessible name stays as it is."""
        self.setText(text)
        self._words.say(text)

    def _restyle(self) -> None:
        self.setMinimumHeight(theme().tokens.control["target-min"])

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.underMouse():
            with painting(self) as painter:
                box(painter, QRectF(self.rect()), 6, fill=theme().colour("hover"))
