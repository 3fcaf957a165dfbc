"""Where a message is written: a box that grows with its text, a paper clip, and the button that sends.

What stands in it is told after each pause in typing, to be kept until it is sent.
"""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from spoc_desktop.i18n import _, size
from spoc_desktop.ui.layouts import empty
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.field import text_of
from spoc_desktop.ui.widgets.flow import flow
from spoc_desktop.ui.widgets.icon_button import IconButton
from spoc_desktop.ui.widgets.text import Text
from sync.domain.files import Attachment

PAUSE_MS = 400
_MOST_LINES = 6


class _Box(QPlainTextEdit):
    """Plain text that leaves room for the buttons at its right; Tab leaves it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("composer_text")
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.buttons = QHBoxLayout(self)
        self.buttons.setContentsMargins(0, 0, 0, 0)
        self.buttons.setSpacing(4)
        self.buttons.addStretch(1)
        self.textChanged.connect(self.fit)
        follow(self._restyle)

    def _restyle(self) -> None:
        self.setFont(theme().font("body"))
        self.fit()

    def fit(self) -> None:
        """Be as high as the text, up to six lines."""
        taken = self.buttons.minimumSize().width() + 8
        self.setViewportMargins(4, 4, taken, 0)
        wanted = round(self.document().size().height())
        lines = max(1, min(_MOST_LINES, wanted))
        off, on = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(on if wanted > _MOST_LINES else off)
        least = self.buttons.minimumSize().height() + 16
        self.setFixedHeight(max(least, lines * theme().line("body") + 28))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()


class Composer(QWidget):
    """Where a message is written; the page keeps it across redraws, so that what is typed never goes.

    `sent` is asked for by the button; `paused` after each pause in typing, `attach_wanted` by the paper clip;
    `help_wanted` tells that the hand was raised or taken down.
    """

    sent = Signal()
    paused = Signal()
    attach_wanted = Signal()
    help_wanted = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.files: tuple[Attachment, ...] = ()
        self.edit = _Box()
        self._attach = IconButton("paperclip", "")
        self._attach.setObjectName("composer_attach")
        self._hand = IconButton("hand", "")
        self._hand.setObjectName("ask_help")
        self._hand.setCheckable(True)
        self._hand.hide()
        self._send = Button("", "primary", "send", size="small")
        self._send.setObjectName("composer_send")
        for button in (self._attach, self._hand, self._send):
            self.edit.buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        self._attached = QVBoxLayout()
        self._hint = Text("", "small", "muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._attached)
        column.addWidget(self.edit)
        column.addWidget(self._hint)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.paused)
        self.edit.textChanged.connect(self._typed)
        self._attach.clicked.connect(self.attach_wanted)
        self._hand.clicked.connect(self.help_wanted)
        self._send.clicked.connect(self.sent)

    def say(self, invitation: str, hint: str) -> None:
        """Words in the language in use: whom one writes to, and when it leaves."""
        self.edit.setPlaceholderText(invitation)
        self.edit.setAccessibleName(invitation)
        self._attach.say(_("Attach a file"))
        self._send.setText(_("Send"))
        self._send.updateGeometry()
        self._hint.say(hint)
        self._show_files()
        self.edit.fit()

    def show_hand(self, *, raised: bool | None) -> None:
        """Whether help is asked for in this discussion; None where there is nothing to ask it for."""
        self._hand.setVisible(raised is not None)
        self._hand.setChecked(bool(raised))
        self._hand.say(_("No longer ask for help") if raised else _("Ask for help"))
        self.edit.fit()

    @property
    def text(self) -> str:
        """What stands in the box."""
        return text_of(self.edit)

    def put(self, text: str, files: tuple[Attachment, ...] = ()) -> None:
        """Begin with what was kept; this is no typing."""
        self._pause.stop()
        with QSignalBlocker(self.edit):
            self.edit.setPlainText(text)
        self.files = files
        self._show_files()
        self.edit.fit()

    def add_files(self, files: tuple[Attachment, ...]) -> None:
        """Attach more."""
        self.files += files
        self._show_files()
        self.paused.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leaving the page is a pause too."""
        self.flush()
        super().hideEvent(event)

    def flush(self) -> None:
        """Tell now what was typed since the last pause."""
        if self._pause.isActive():
            self._pause.stop()
            self.paused.emit()

    def _typed(self) -> None:
        self._pause.start()

    def _remove(self, file: Attachment) -> None:
        self.files = tuple(one for one in self.files if one is not file)
        self._show_files()
        self.paused.emit()

    def _show_files(self) -> None:
        empty(self._attached)
        for file in self.files:
            said = _("{name}, {size}").format(name=file.name, size=size(file.size))
            away = IconButton("x", _("Remove {name}").format(name=file.name))
            away.clicked.connect(lambda _checked=False, file=file: self._remove(file))
            self._attached.addWidget(flow(Text(said, "small", wrap=True), away, least=120))
