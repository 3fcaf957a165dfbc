"""The bar at the foot of the sheet: what was done, and for ten seconds the way to undo it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.painting import painting
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.text import Text

SECONDS = 10


class Toast(QWidget):
    """Hidden until `show_message`; Ctrl+Z asks for `undo` too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._undo: Callable[[], None] | None = None
        self._words: Callable[[], str] = str
        self._message = Text("", "body", wrap=True)
        self._button = Button("", "quiet", "undo-2", size="small")
        self._button.clicked.connect(self.undo)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 8, 16, 8)
        row.setSpacing(16)
        row.addWidget(self._message, 1)
        row.addWidget(self._button)
        self.hide()

    def show_message(self, words: Callable[[], str], undo: Callable[[], None] | None = None) -> None:
        """Say what was done and announce it; `undo` puts it back. `words` is asked again in another language."""
        self._undo = undo
        self._words = words
        self.retranslate()
        self._button.setVisible(undo is not None)
        self.show()
        self._timer.start(SECONDS * 1000)
        announce(self, words())

    def retranslate(self) -> None:
        """The language has changed while the bar may be in view."""
        self._message.say(self._words())
        self._button.setText(_("Undo"))

    def undo(self) -> bool:
        """Put the last thing back; False when there is nothing left to put back."""
        undo, self._undo = self._undo, None
        self.dismiss()
        if undo is None:
            return False
        undo()
        return True

    def dismiss(self) -> None:
        """Go away; what was done stays done."""
        self._timer.stop()
        self._undo = None
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.fillRect(self.rect(), theme().colour("accent-soft"))
