"""A note of one's own in the margin: written in place, saved by itself, deleted with a way back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.field import text_of
from spoc_desktop.ui.widgets.flow import Hairline, row
from spoc_desktop.ui.widgets.icon_button import IconButton
from spoc_desktop.ui.widgets.text import Text

SAVE_MS = 800
"""A pause in typing of this length saves."""


class NoteEdit(QPlainTextEdit):
    """Plain words in the face of the course, as high as they are. `left`: the focus has gone elsewhere."""

    left = Signal()

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.textChanged.connect(self._fit)
        follow(self._restyle)

    def _restyle(self) -> None:
        self.setFont(theme().font("note"))
        colours = {role: theme().colour(role).name() for role in ("border", "focus", "surface")}
        self.setStyleSheet(
            "QPlainTextEdit { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 0; }"
            f"QPlainTextEdit:hover {{ border-color: {colours['border']}; }}"
            f"QPlainTextEdit:focus {{ border-color: {colours['focus']}; background: {colours['surface']}; }}"
        )
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        lines = max(1, round(self.document().size().height()))
        height = lines * self.fontMetrics().lineSpacing() + 2 * self.frameWidth() + 4
        if height != self.height():
            self.setFixedHeight(height)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clearFocus()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(theme().text_px(200), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().text_px(100), self.height())


class MarginNote(QWidget):
    """`said` carries the words to save, `removed` asks for deletion, `resized` tells whoever places notes.

    `heading`: what the note is about, where it stands beside no line: a moment, words that have gone.
    """

    said = Signal(str)
    removed = Signal()
    resized = Signal()

    def __init__(self, text: str, below: str, heading: str = "") -> None:
        super().__init__()
        self._saved = text
        self.edit = NoteEdit(text)
        self.edit.setAccessibleName(_("Your note"))
        self.edit.setPlaceholderText(_("Write your note"))
        self._below = Text(below, "caption", "muted", wrap=True)
        self.delete = IconButton("trash-2", _("Delete the note"))
        self.delete.clicked.connect(self._remove)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SAVE_MS)
        self._pause.timeout.connect(self.flush)
        self.edit.textChanged.connect(self._pause.start)
        self.edit.left.connect(self._leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        if heading:
            column.addWidget(Text(heading, "caption", "muted", wrap=True))
        column.addWidget(self.edit)
        column.addWidget(row(self._below, self.delete, gap=4, stretch=0))
        column.addWidget(Hairline())

    def flush(self) -> None:
        """Save what was typed and not saved yet."""
        self._pause.stop()
        text = text_of(self.edit).strip()
        if text and text != self._saved:
            self._saved = text
            self.said.emit(text)

    def say_saved(self, below: str) -> None:
        """The line under the words."""
        self._below.say(below)

    def _leave(self) -> None:
        """A note that was begun and left without a word goes again."""
        if not text_of(self.edit).strip() and not self._saved:
            self.removed.emit()
            return
        self.flush()

    def _remove(self) -> None:
        self._pause.stop()
        self.removed.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            QTimer.singleShot(0, self, self.resized.emit)
        return super().event(event)
