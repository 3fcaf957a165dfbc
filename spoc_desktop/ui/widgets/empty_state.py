"""What a page shows when there is nothing: an icon, one sentence that says what comes, one action."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.text import Text


class EmptyState(QWidget):
    """`action` is the one button, or None."""

    def __init__(self, icon: str, sentence: str, action: QWidget | None = None, *, detail: str = "") -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 40, 0, 40)
        column.setSpacing(12)
        column.addWidget(Glyph(icon, "muted", 40), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(Text(sentence, "card", wrap=True, align="centre"))
        if detail:
            column.addWidget(Text(detail, "body", "muted", wrap=True, align="centre"))
        if action is not None:
            column.addSpacing(4)
            column.addWidget(action, 0, Qt.AlignmentFlag.AlignHCenter)
