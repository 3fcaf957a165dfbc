"""What a person changes in the exchanges: their own words, two texts made one, what is hidden or solved, files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog

from spoc_desktop.i18n import _
from spoc_desktop.services.files import take
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.attachments import ask_to_open_file
from spoc_desktop.ui.pages.exchanges_found import ExchangesFound
from spoc_desktop.ui.pages.loaded import LoadedPage
from spoc_desktop.ui.widgets.composer import Composer
from spoc_desktop.ui.widgets.field import Field

if TYPE_CHECKING:
    from spoc_desktop.services.forum import Forum, PostView
    from spoc_desktop.services.revisions import Split
    from sync.client.ports import Changes
    from sync.domain.files import Attachment


ROUTE = "exchanges"


class Changing(LoadedPage[ExchangesFound]):
    """The part of the page that writes to what is there already. `editing`: the post whose words are being changed."""

    composer: Composer
    editing: bytes
    edit_text: str
    common: Split | None
    new_title: str
    new_activity: bytes
    new_flag: bool
    title_field: Field | None

    def go(self, **params: object) -> None:
        """Open another part of the page, in the same cohort."""
        cohort = self.found.cohort_id if self.found is not None else b""
        self.frame.open(ROUTE, cohort_id=cohort, **params)

    def type_title(self, text: str) -> None:
        """The title of a new discussion is being typed."""
        self.new_title = text
        self.composer.edit.textChanged.emit()

    def choose_activity(self, activity: bytes) -> None:
        """What the new discussion is about."""
        self.new_activity = activity

    def choose_flag(self, *, chosen: bool) -> None:
        """Whether it asks for help, or announces."""
        self.new_flag = chosen

    def change(self, work: Callable[[Forum], Changes]) -> None:
        """Change a post or a discussion."""
        self.write(lambda: work(self.workplace.forum), self.workplace.changed)

    def ask_help(self, wanted: bool) -> None:  # noqa: FBT001  # a signal hands it over so
        """Raise or take down the hand in one's own discussion."""
        if self.found is not None and self.found.thread is not None:
            thread = self.found.thread.row.thread
            self.change(lambda forum: forum.ask_help(thread, wanted=wanted))

    def delete(self, post: PostView) -> None:
        """Delete one's own post; ten seconds to take it back."""

        def done(held: Any) -> None:
            self.workplace.changed(held.changes)
            self.frame.toast(
                lambda: _("Message deleted."),
                lambda: self.write(lambda: self.workplace.forum.undo(held), self.workplace.changed),
            )

        self.write(lambda: self.workplace.forum.delete(post.id), done)

    # -- changing one's own words, settling two texts

    def begin_edit(self, post: PostView) -> None:
        """Change one's own words in place."""
        self.editing, self.edit_text, self.common = post.id, post.text, None
        self._focus_edit()

    def begin_common(self, post: PostView, split: Split) -> None:
        """Write one text from the two, beginning with both."""
        self.editing, self.common = post.id, split
        self.edit_text = f"{split.standing.text}\n\n{split.overtaken.text}"
        self._focus_edit()

    def _focus_edit(self) -> None:
        self.redraw()
        area = self.findChild(Field)
        if area is not None:
            area.edit.setFocus()

    def keep_edit(self, text: str) -> None:
        """What stands in the place to edit, across redraws."""
        self.edit_text = text

    def end_edit(self) -> None:
        """Keep the changed words."""
        text, post, split = self.edit_text.strip(), self.editing, self.common
        if not text or not post:
            return
        self.leave_edit(redraw=False)
        revisions, forum = self.workplace.revisions, self.workplace.forum
        work = (lambda: revisions.write_common(split, text)) if split is not None else (lambda: forum.edit(post, text))
        self.write(work, self.workplace.changed)

    def leave_edit(self, _checked: object = None, *, redraw: bool = True) -> None:
        """Go back to the words as they stand."""
        self.editing, self.edit_text, self.common = b"", "", None
        if redraw:
            self.redraw()

    def settle(self, split: Split, which: Any) -> None:
        """Keep one of two texts, or both."""
        self.write(lambda: self.workplace.revisions.keep(split, which), self._settled)

    def _settled(self, changes: Changes) -> None:
        announce(self, _("Settled on all your computers."))
        self.workplace.changed(changes)

    # -- files

    def _attach(self) -> None:
        paths, _filter = QFileDialog.getOpenFileNames(self, _("Attach a file"))
        self.attach([Path(path) for path in paths])

    def attach(self, paths: list[Path]) -> None:
        """Keep files of this computer and attach them to the message that is being written."""
        if paths:
            desk = self.workplace.desk
            self.write(lambda: tuple(take(desk, path) for path in paths), self.composer.add_files)

    def open_file(self, file: Attachment) -> None:
        """Show what an attached file is; the person opens a copy or saves it."""
        ask_to_open_file(file, self.workplace.desk, self.frame.workers, self.fail, self)
