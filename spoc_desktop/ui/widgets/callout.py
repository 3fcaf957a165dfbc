"""A coloured box beside the text: attention, information, tip, rule, and the warning that a page gives."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainterPath, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.ui.painting import painting
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.flow import flow
from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.text import Text

CalloutKind = Literal["attention", "info", "tip", "rule", "danger"]

_COLOUR = {"attention": "warning", "info": "info", "tip": "success", "rule": "accent", "danger": "danger"}
_ICON = {
    "attention": "triangle-alert",
    "info": "circle-alert",
    "tip": "circle-check",
    "rule": "clipboard-list",
    "danger": "circle-x",
}


def kind_word(kind: CalloutKind) -> str:
    """The word that stands where the author gave no title."""
    words = {"attention": _("Caution"), "info": _("Note"), "tip": _("Tip"), "rule": _("Rule"), "danger": _("Problem")}
    return words[kind]


class Callout(QFrame):
    """`body` holds whatever the caller adds below the title; `add_text` and `add_actions` are the usual ones."""

    def __init__(self, kind: CalloutKind = "attention", title: str = "", text: str = "", *, icon: bool = True) -> None:
        super().__init__()
        self._colour = _COLOUR[kind]
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 14, 18, 16)
        row.setSpacing(12)
        if icon:
            row.addWidget(Glyph(_ICON[kind], self._colour, beside="label"), 0, Qt.AlignmentFlag.AlignTop)
        self.body = QVBoxLayout()
        self.body.setSpacing(4)
        row.addLayout(self.body, 1)
        heading = Text(title or kind_word(kind), "label", self._colour if icon else "text", wrap=True)
        self.body.addWidget(heading)
        self.setAccessibleName(heading.text())
        if text:
            self.add_text(text)

    def add_text(self, text: str, role: str = "body") -> Text:
        """One more paragraph."""
        made = Text(text, role, wrap=True)
        self.body.addWidget(made)
        return made

    def add_actions(self, *buttons: QWidget) -> None:
        """Buttons below the text, in reading order."""
        self.body.addSpacing(8)
        self.body.addWidget(flow(*buttons))

    def paintEvent(self, event: QPaintEvent) -> None:
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), 10, 10)
        square = QPainterPath()
        square.addRoundedRect(QRectF(0, 0, 20, self.height()), 3, 3)
        with painting(self) as painter:
            painter.fillPath(shape.united(square), theme().colour(f"{self._colour}-soft"))
            painter.setClipPath(square)
            painter.fillRect(QRectF(0, 0, 3, self.height()), theme().colour(self._colour))
