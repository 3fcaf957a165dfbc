"""Keeps the notes that a person writes beside a lesson or a video: saved as they are typed, deleted with a way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shiboken6 import isValid

from spoc_desktop.i18n import _, day_and_time, moment
from spoc_desktop.ui.widgets.field import text_of
from spoc_desktop.ui.widgets.margin_note import MarginNote
from sync.client.ports import Changes
from sync.domain.anchors import Anchor
from sync.domain.notes import Note

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace
    from spoc_desktop.ui.pages.loaded import LoadedPage


class NoteKeeper:
    """One note and its widget. `id` None: nothing was written yet. `gone` is called when its widget has to go."""

    def __init__(
        self,
        page: LoadedPage[Any],
        note: Note,
        id_: bytes | None,
        *,
        heading: str = "",
        gone: Callable[[NoteKeeper], None],
    ) -> None:
        self._page = page
        self._workplace: Workplace = page.workplace
        self.note = note
        self.id = id_
        self._gone = gone
        self.widget = MarginNote(note.text, self._words(note.at), heading)
        self.widget.edit.setObjectName(f"note_{id_.hex() if id_ else 'new'}")
        self.widget.delete.setObjectName(f"delete_{id_.hex() if id_ else 'new'}")
        self.widget.said.connect(self._say)
        self.widget.removed.connect(self._remove)

    @property
    def anchor(self) -> Anchor | None:
        """The words that it is about."""
        return self.note.anchor

    def _words(self, at: int) -> str:
        today = moment(self._workplace.desk.now()).date()
        return _("Your note, {when}").format(when=day_and_time(moment(at), today))

    def _say(self, text: str) -> None:
        self._page.write(lambda: self._save(text), self._saved)

    def _save(self, text: str) -> Changes:
        """On the database thread, one after the other: a second save finds the id of the first."""
        notes, note = self._workplace.notes, self.note
        if self.id is not None:
            return notes.say(self.id, text)
        self.id, changes = notes.add(note.activity, text, anchor=note.anchor, moment=note.moment)
        return changes

    def _saved(self, changes: Changes) -> None:
        self._workplace.changed(changes)
        if isValid(self.widget):  # another part may be shown by now
            self.widget.say_saved(self._words(self._workplace.desk.now()))

    def _remove(self) -> None:
        text = text_of(self.widget.edit).strip() or self.note.text
        self._gone(self)
        self._page.write(self._take_away, lambda changes: self._removed(changes, text))

    def _take_away(self) -> Changes | None:
        return None if self.id is None else self._workplace.notes.remove(self.id)

    def _removed(self, changes: Changes | None, text: str) -> None:
        if changes is not None:
            self._workplace.changed(changes)
            self._page.frame.toast(lambda: _("Note deleted."), lambda: self._restore(text))

    def _restore(self, text: str) -> None:
        note = self.note
        back = Note(activity=note.activity, text=text, at=note.at, anchor=note.anchor, moment=note.moment)
        self._page.write(lambda: self._workplace.notes.restore(back), self._restored)

    def _restored(self, changes: Changes) -> None:
        self._workplace.changed(changes)
        self._page.reload()
