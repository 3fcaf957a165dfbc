"""Where a version is written: the text, its files, and a line that says that it is saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from spoc_desktop.i18n import _, clock, moment
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.field import Field, TextArea, text_of
from spoc_desktop.ui.widgets.file_rows import FileRows
from spoc_desktop.ui.widgets.flow import flow
from spoc_desktop.ui.widgets.text import Text

if TYPE_CHECKING:
    from spoc_desktop.services.exercises import ExerciseView

_LINES = 12


class Editor(QWidget):
    """`changed` gets the text at each keystroke, `attach` the files that the person chose."""

    def __init__(
        self,
        view: ExerciseView,
        text: str,
        caret: int,
        changed: Callable[[str], None],
        attach: Callable[[list[Path]], None],
    ) -> None:
        super().__init__()
        self._changed, self._attach = changed, attach
        self.area = TextArea(_LINES)
        self.area.setObjectName("answer")
        self.area.setPlainText(text)
        cursor = self.area.textCursor()
        cursor.setPosition(
            min(caret, len(self.area.document().toRawText()) - 1 if text else 0), QTextCursor.MoveMode.MoveAnchor
        )
        self.area.setTextCursor(cursor)
        self.area.textChanged.connect(lambda: self._changed(text_of(self.area)))
        self.field = Field(_("Your answer"), self.area)
        self.files = FileRows(view.draft.files, missing=view.missing, removable=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.field)
        if view.draft.files:
            column.addWidget(self.files)
        else:
            self.files.hide()
            self.files.setParent(self)
        if view.edition.files:
            button = Button(_("Attach files"), icon="paperclip", size="small")
            button.setObjectName("attach")
            button.clicked.connect(self._choose)
            column.addWidget(flow(button))

    def _choose(self) -> None:
        names, _filter = QFileDialog.getOpenFileNames(self, _("Attach files"))
        if names:
            self._attach([Path(name) for name in names])


class SavedLine(Text):
    """« Enregistré sur cet ordinateur, 8 h 52 »."""

    def __init__(self, at: int | None) -> None:
        super().__init__("", "small", "muted", wrap=True)
        self.say_saved(at)

    def say_saved(self, at: int | None) -> None:
        """When the last keystroke was kept, None for nothing written yet."""
        words = _("What you write is saved on this computer as you type.")
        if at is not None:
            words = _("Saved on this computer, {time}").format(time=clock(moment(at)))
        self.say(words)
