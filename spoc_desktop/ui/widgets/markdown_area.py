"""Where a text of a course is typed: Markdown, with buttons that put the signs in, and what cannot be kept by line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.field import Field, TextArea, text_of
from spoc_desktop.ui.widgets.flow import flow
from spoc_desktop.ui.widgets.icon_button import IconButton
from spoc_desktop.ui.widgets.text import Text

_SHOWN = 5
_SHORT, _MOST = 10, 14
"""A short text grows with what is typed; a long one scrolls in its own place."""


class MarkdownArea(QWidget):
    """`changed` at each keystroke; `picture_wanted` and `file_wanted` ask the page for a file."""

    changed = Signal()
    picture_wanted = Signal()
    file_wanted = Signal()

    def __init__(self, label: str, lines: int, *, hint: str = "", headings: bool = True, files: bool = True) -> None:
        super().__init__()
        self.area = TextArea(lines, most=0 if lines > _SHORT else _MOST)
        self.area.setObjectName("text")
        self.field = Field(label, self.area, hint)
        self._troubles = Text("", "small", "warning", wrap=True)
        self._troubles.setObjectName("troubles")
        self._troubles.hide()
        self._undo, self._redo = IconButton("undo-2", _("Undo")), IconButton("redo-2", _("Redo"))
        self._undo.setObjectName("undo")
        self._redo.setObjectName("redo")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(flow(*self._tools(headings=headings, files=files), gap=4))
        column.addWidget(self.field)
        column.addWidget(self._troubles)
        for button, act, able in (
            (self._undo, self.area.undo, self.area.undoAvailable),
            (self._redo, self.area.redo, self.area.redoAvailable),
        ):
            button.setEnabled(False)
            button.clicked.connect(act)
            able.connect(button.setEnabled)
        self.area.textChanged.connect(self.changed)

    def _tools(self, *, headings: bool, files: bool) -> list[QWidget]:
        made: list[tuple[str, str, str]] = [("bold", _("Bold"), ""), ("list", _("List"), ""), ("link", _("Link"), "")]
        if headings:
            made.insert(0, ("heading", _("Heading"), ""))
            made.insert(3, ("callout", _("Callout"), ""))
        if files:
            made += [("picture", _("Picture"), "image"), ("file", _("File"), "paperclip")]
        acts = {
            "heading": lambda: self.begin_lines("## "),
            "bold": lambda: self.wrap("**", _("important")),
            "list": lambda: self.begin_lines("- "),
            "callout": self.add_callout,
            "link": self.add_link,
            "picture": self.picture_wanted.emit,
            "file": self.file_wanted.emit,
        }
        tools: list[QWidget] = []
        for name, words, icon in made:
            button = Button(words, "quiet", icon, size="small")
            button.setObjectName(f"tool_{name}")
            button.clicked.connect(lambda _checked=False, act=acts[name]: act())
            tools.append(button)
        return [*tools, self._undo, self._redo]

    # -- the text

    @property
    def text(self) -> str:
        """What stands in it."""
        return text_of(self.area)

    def put(self, text: str, caret: int = 0) -> None:
        """Begin with a text; this is no typing."""
        with QSignalBlocker(self.area):
            self.area.setPlainText(text)
        cursor = self.area.textCursor()
        cursor.setPosition(min(caret, max(0, self.area.document().characterCount() - 1)))
        self.area.setTextCursor(cursor)

    @property
    def caret(self) -> int:
        """Where the next letter goes."""
        return self.area.textCursor().position()

    def say_troubles(self, lines: Sequence[str]) -> None:
        """What could not be kept, each with its line; typing goes on."""
        shown = list(lines[:_SHOWN])
        if len(lines) > _SHOWN:
            shown.append(_("and {count} more").format(count=len(lines) - _SHOWN))
        self._troubles.say("\n".join(shown))
        self._troubles.setVisible(bool(lines))

    # -- what the buttons do

    def wrap(self, mark: str, words: str) -> None:
        """Put the selected words, or an example of words, between two signs."""
        cursor = self.area.textCursor()
        chosen = cursor.selectedText() or words
        start = cursor.selectionStart() + len(mark)
        cursor.insertText(f"{mark}{chosen}{mark}")
        self._select(start, len(chosen))

    def begin_lines(self, sign: str) -> None:
        """Put a sign before each selected line."""
        cursor = self.area.textCursor()
        first, last = cursor.selectionStart(), cursor.selectionEnd()
        document = self.area.document()
        block, end = document.findBlock(first), document.findBlock(last)
        cursor.beginEditBlock()
        while block.isValid() and block.blockNumber() <= end.blockNumber():
            at = QTextCursor(block)
            at.insertText(sign)
            block = block.next()
        cursor.endEditBlock()
        self.area.setFocus()

    def add_callout(self) -> None:
        """A callout with a title to write over."""
        title = _("To remember")
        self.insert_block(f"> [!TIP]\n> **{title}**\n> ")

    def add_link(self) -> None:
        """A link; its address is selected."""
        cursor = self.area.textCursor()
        words = cursor.selectedText() or _("words to click")
        start = cursor.selectionStart() + len(words) + 3
        address = "https://"
        cursor.insertText(f"[{words}]({address})")
        self._select(start, len(address))

    def insert_block(self, text: str) -> None:
        """A paragraph of its own where the caret is."""
        cursor = self.area.textCursor()
        before = text_of(self.area)[: cursor.selectionStart()]
        lead = "" if not before or before.endswith("\n\n") else "\n" if before.endswith("\n") else "\n\n"
        cursor.insertText(f"{lead}{text}")
        self.area.setTextCursor(cursor)
        self.area.setFocus()

    def _select(self, start: int, length: int) -> None:
        cursor = self.area.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        self.area.setTextCursor(cursor)
        self.area.setFocus()
