"""What the pages of « Contenus » share: every keystroke is kept, what is typed is never drawn over, the check-list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from spoc_desktop.services.authoring_changes import PUBLISHED_KINDS
from spoc_desktop.services.authoring_drafts import DRAFT_KINDS
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.pages.exercise_editor import SavedLine
from spoc_desktop.ui.pages.loaded import LoadedPage
from spoc_desktop.ui.tab_order import chain
from spoc_desktop.ui.widgets.number_edit import NumberEdit
from spoc_desktop.ui.widgets.text import Text
from sync.client.ports import Changes

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace
    from spoc_desktop.ui.page import Frame

Found = TypeVar("Found")

LEAVES_MS = 2000
"""A pause in typing after which what is saved here may leave; each keystroke is on the disk before."""

_OTHER_ARROW = {"up": "down", "down": "up"}

MARGIN = 344

SECTION = "contents"


class DraftPage(LoadedPage[Found]):
    """`keep` saves fields of what is being written. While somebody types, the margin alone is drawn again."""

    margin_width: ClassVar[int] = MARGIN
    concerns: ClassVar[frozenset[int]] = DRAFT_KINDS | PUBLISHED_KINDS

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self.saved_line: SavedLine | None = None
        self._saved_at: int | None = None
        self._pending: dict[str, Any] = {}
        self._saving = False
        self._told = Changes()
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.setInterval(LEAVES_MS)
        self._leaving.timeout.connect(self._let_go)

    # -- what pages write

    def store(self, params: Mapping[str, Any], fields: Mapping[str, Any]) -> Changes:
        """Save these fields of what `params` name. On the database thread."""
        raise NotImplementedError

    def show_margin(self, found: Found) -> None:
        """Fill the margin alone."""

    # -- reading

    @property
    def course_id(self) -> bytes:
        """The course that is open."""
        return bytes(self.params["course_id"])

    @property
    def is_typing(self) -> bool:
        """Whether drawing the page again would take something from under the person's fingers."""
        focused = QApplication.focusWidget()
        typing = isinstance(focused, QLineEdit | QPlainTextEdit) and self.main.isAncestorOf(focused)
        return self._saving or bool(self._pending) or typing

    def opened(self, **params: object) -> None:
        if params != self.params:
            self._saved_at = None
            if self._pending:
                self._save()
        super().opened(**params)

    def refresh(self, changes: Changes) -> None:  # type: ignore[override]  # the window hands over what services gave it
        if changes.kinds & self.concerns and self.found is not None:
            params = dict(self.params)
            self.frame.workers.run(lambda: self.read(params), lambda found: self._again(params, found), owner=self)

    def _again(self, params: dict[str, Any], found: Found) -> None:
        if params != self.params:
            return
        self.found = found
        if self.is_typing:
            self.margin_again()
        else:
            self.arrived(found)
            self.redraw()

    def redraw(self) -> None:
        """Draw; an arrow that has come to its end hands the keyboard to the other one."""
        focused = QApplication.focusWidget()
        word, _sign, key = focused.objectName().partition("_") if focused is not None else ("", "", "")
        super().redraw()
        arrow = self.findChild(QWidget, f"{word}_{key}") if word in _OTHER_ARROW else None
        if arrow is not None and not arrow.isEnabled():
            other = self.findChild(QWidget, f"{_OTHER_ARROW[word]}_{key}")
            if other is not None:
                other.setFocus()

    def margin_again(self) -> None:
        """Draw the margin alone again."""
        if self.found is not None:
            self.margin.clear()
            self.show_margin(self.found)
            chain(self)

    # -- saving

    def keep(self, **fields: Any) -> None:
        """Save fields now, or as soon as what is being saved is saved; the newest value counts."""
        self._pending |= fields
        if not self._saving:
            self._save()

    def _save(self) -> None:
        fields, self._pending = self._pending, {}
        params = dict(self.params)
        self._saving = True
        self.write(lambda: self.store(params, fields), self._kept, self._not_kept)

    def _kept(self, changes: Changes) -> None:
        self._saving = False
        self._told |= changes
        self._leaving.start()
        first, self._saved_at = self._saved_at is None, self.workplace.desk.now()
        if self._pending:
            self._save()
        elif self.saved_line is not None and isValid(self.saved_line):
            self.saved_line.say_saved(self._saved_at)
            if first:
                announce(self, self.saved_line.text())

    def _not_kept(self, error: Exception) -> None:
        self._saving = False
        self.fail(error)

    def _let_go(self) -> None:
        told, self._told = self._told, Changes()
        self.workplace.changed(told)

    def change(self, work: Callable[[], Changes], then: Callable[[], None] | None = None) -> None:
        """Do something else than typing, read again and draw."""

        def done(changes: Changes) -> None:
            self.error = None
            self.workplace.changed(changes)
            self.reload()
            if then is not None:
                then()

        self.write(work, done)

    def add_number(self, label: str, edit: NumberEdit, gap: int = 12) -> None:
        """A short field below its label, which takes the width that it needs."""
        words = Text(label, "label", wrap=True)
        words.setBuddy(edit)
        edit.setAccessibleName(label)
        self.main.add(words, gap)
        self.main.add(edit, 6, left=True)

    def make_saved_line(self) -> SavedLine:
        """The line that says when the last keystroke was kept."""
        self.saved_line = SavedLine(self._saved_at)
        self.saved_line.setObjectName("saved")
        return self.saved_line
