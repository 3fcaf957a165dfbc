"""An exercise: what is asked, the version being written, what came back, and the next version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog

from spoc_desktop.i18n import _
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.attachments import ask_to_open_file
from spoc_desktop.ui.links import ask_to_open
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.absent_files import fetch
from spoc_desktop.ui.pages.exercise_editor import Editor, SavedLine
from spoc_desktop.ui.pages.exercise_parts import add_criteria, due_words, head, receipt, steps
from spoc_desktop.ui.pages.exercise_review import Replies, ReviewedVersion
from spoc_desktop.ui.pages.lesson_files import LessonFiles
from spoc_desktop.ui.pages.loaded import LoadedPage
from spoc_desktop.ui.pages.standing import first_day
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.callout import Callout
from spoc_desktop.ui.widgets.file_rows import FileRows
from spoc_desktop.ui.widgets.flow import Hairline, flow
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.segmented import Segmented
from spoc_desktop.ui.widgets.text import Text
from sync.domain.cohorts import COHORT, ENROLMENT, MEMBER
from sync.domain.courses import EDITION
from sync.domain.exercises import DRAFT, EXERCISE_EDITION, HAND_IN, RETURNED, Handed
from sync.domain.files import Attachment
from sync.domain.messages import MESSAGE

if TYPE_CHECKING:
    from spoc_desktop.services.exercises import ExerciseView
    from spoc_desktop.services.versions import RefusedVersion, Version
    from spoc_desktop.services.workplace import Workplace
    from spoc_desktop.ui.page import Frame
    from sync.client.offering import Held
    from sync.client.ports import Changes


@dataclass(frozen=True, slots=True)
class ExerciseFound:
    """What was read. `replies`: what was answered to the remarks, by review and number."""

    view: ExerciseView
    replies: Mapping[bytes, Replies]


class ExercisePage(LoadedPage[ExerciseFound]):
    """Writing and reading are one page: what came back stands beside the version that answers it."""

    concerns: ClassVar[frozenset[int]] = frozenset(
        kind.number for kind in (COHORT, ENROLMENT, MEMBER, EDITION, EXERCISE_EDITION, HAND_IN, RETURNED, MESSAGE)
    )

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self.editor: Editor | None = None
        self.reviewed: ReviewedVersion | None = None
        self._files = LessonFiles(self)
        self._typed = ""
        self._saving = 0
        self._saved_at: int | None = None
        self._saved_line: SavedLine | None = None
        self._chosen = b""
        self._goes_to_answer = self._goes_to_top = False

    # -- reading

    def opened(self, **params: object) -> None:
        if params != self.params:
            self.editor, self._saved_at, self._chosen = None, None, b""
        super().opened(**params)

    def read(self, params: Mapping[str, Any]) -> ExerciseFound:
        cohort_id = params["cohort_id"]
        view = self.workplace.exercises.view(cohort_id, params["activity_id"])
        reviews = [one.review for one in view.versions if one.review is not None]
        return ExerciseFound(view, {one.id: self.workplace.messages.replies(cohort_id, one.id) for one in reviews})

    def arrived(self, found: ExerciseFound) -> None:
        if not self._saving:
            self._typed = found.view.draft.text

    def refresh(self, changes: Changes) -> None:  # type: ignore[override]  # the window hands over what services gave it
        if self._files.arrived(changes):
            self.redraw()
        writes_here = self.editor is not None and (self._saving or self.editor.area.hasFocus())
        if changes.kinds & self.concerns or (DRAFT.number in changes.kinds and not writes_here):
            self.reload()

    # -- drawing

    def redraw(self) -> None:
        """Draw again; a version just begun has the caret in it, one just handed in shows its receipt."""
        super().redraw()
        if self._goes_to_answer and self.editor is not None:
            self._goes_to_answer = False
            QTimer.singleShot(0, self, self._go_to_answer)
        if self._goes_to_top and self.editor is None:
            self._goes_to_top = False
            self.body.scroller.verticalScrollBar().setValue(0)

    def show_found(self, found: ExerciseFound) -> None:
        view = found.view
        self.set_crumbs(
            Crumb(_("My courses"), "courses"),
            Crumb(_("Week {week}").format(week=view.module.week), "course", {"cohort_id": view.cohort_id}),
            Crumb(_("Exercise")),
        )
        caret = self.editor.area.textCursor().position() if self.editor is not None else len(self._typed)
        self.editor, self.reviewed, self._saved_line = None, None, None
        self.main.add(head(view))
        self.main.add(steps(view), 16)
        for refused in view.refused:
            self._add_refused(refused)
        if view.now < view.opens:
            self._add_brief(view, 16)
            self.main.add(Text(_("Opens {day}").format(day=first_day(view.opens)), "body", "muted", wrap=True), 16)
            add_criteria(self.margin, view.edition.criteria)
        elif view.standing is not Handed.ACCEPTED and (view.is_writing or not view.versions):
            self._show_writing(found, caret)
        else:
            self._show_version(found)

    def _show_writing(self, found: ExerciseFound, caret: int) -> None:
        view, last = found.view, found.view.latest
        self._add_brief(view, 16)
        self.editor = Editor(view, self._typed, caret, self._type, self.attach)
        self.editor.files.open_wanted.connect(self._open_file)
        self.editor.files.fetch_wanted.connect(lambda file: fetch(self, [file]))
        self.editor.files.remove_wanted.connect(self._detach)
        self.main.add(self.editor, 24)
        if last is not None:
            self._add_version(found, last, 32)
            self.margin.add(Hairline(), 24)
        self.margin.add(Text(due_words(view), "body", wrap=True), 16 if last else 0)
        go = LinkButton(_("Continue writing") if self._typed else _("Write your answer"), "pencil-line")
        go.setObjectName("go_to_answer")
        go.clicked.connect(self._go_to_answer)
        self.margin.add(go, 8, left=True)
        add_criteria(self.margin, view.edition.criteria, 24)
        self._saved_line = SavedLine(self._saved_at)
        send = Button(_("Hand in version {number}").format(number=view.next_number), "primary", "send", key="Ctrl ⏎")
        send.setObjectName("hand_in")
        send.clicked.connect(self.submit)
        actions = [send]
        if last is not None:
            drop = Button(_("Discard this version"), "quiet")
            drop.setObjectName("drop")
            drop.clicked.connect(self._drop)
            actions.insert(0, drop)
        # The three break into lines where the text is large; the actions stay in view.
        self.footer.add(flow(self._saved_line, flow(*actions), gap=16, spread=True, least=220), stretch=True)

    def _go_to_answer(self) -> None:
        """The place to write stands under what is asked: bring it into view with the caret in it."""
        if self.editor is not None:
            self.body.scroller.ensureWidgetVisible(self.editor, 0, 24)
            self.editor.area.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_version(self, found: ExerciseFound) -> None:
        view = found.view
        shown = next((one for one in view.versions if one.id == self._chosen), view.versions[-1])
        if len(view.versions) > 1:
            choices = [(one.id.hex(), _("Version {number}").format(number=one.number)) for one in view.versions]
            picker = Segmented(choices, _("Which version to read"))
            picker.setObjectName("versions")
            picker.choose(shown.id.hex())
            picker.picked.connect(self._look)
            self.main.add(picker, 16, left=True)
        self._add_version(found, shown, 16)
        self._add_brief(view, 24, heading=_("What was asked"))
        if view.standing is Handed.ACCEPTED:
            return
        if shown.review is None:
            words = _("Your trainer can read it offline; the answer comes with the next sync.")
            self.margin.add(Text(words, "body", "muted", wrap=True))
            add_criteria(self.margin, view.edition.criteria, 24)
        self.margin.add_stretch()
        returned = view.standing is Handed.RETURNED
        word = _("Begin version {number}").format(number=view.next_number)
        begin = Button(word, "primary" if returned else "plain", "pencil-line", size="large" if returned else "normal")
        begin.setObjectName("begin_next")
        begin.fill_width()
        begin.clicked.connect(self._begin_next)
        self.margin.add(begin, 24)
        stays = _("Version {number} stays in view.").format(number=view.versions[-1].number)
        self.margin.add(Text(stays, "small", "muted", wrap=True, align="centre"), 8)

    def _add_version(self, found: ExerciseFound, version: Version, gap: int) -> None:
        self.reviewed = ReviewedVersion(self, version)
        if found.view.is_writing:
            self.main.add(Text(_("Version {number}").format(number=version.number), "section"), gap)
            gap = 8
        if version.text.strip():
            self.reviewed.add_text(gap)
        if version.files:
            files = FileRows(version.files, missing=found.view.missing)
            files.open_wanted.connect(self._open_file)
            files.fetch_wanted.connect(lambda file: fetch(self, [file]))
            self.main.add(files, 8)
        self.main.add(Text(receipt(version, found.view.due, found.view.now), "small", "muted", wrap=True), 8)
        self.reviewed.add_grid(16)
        review = version.review
        if review is not None:
            replies = found.replies.get(review.id, {})
            self.reviewed.add_margin(
                self.margin, found.view.now, replies, lambda number: self._answer(review.id, number)
            )

    def _add_brief(self, view: ExerciseView, gap: int, heading: str = "") -> None:
        if heading:
            self.main.add(Text(heading, "section", wrap=True), gap)
            gap = 8
        brief = self._files.view(view.edition.brief, role="note")
        brief.link_wanted.connect(lambda href: ask_to_open(href, self))
        self.main.add(self._files.absent())
        self.main.add(brief, gap)

    def _add_refused(self, refused: RefusedVersion) -> None:
        words = " ".join(part for part in (refused.said.safe, refused.said.failed, refused.said.next) if part)
        callout = Callout("attention", _("A version was not taken by the server"), words)
        export = Button(_("Save it as a file"), icon="folder-down", size="small")
        export.clicked.connect(lambda: self._export(refused))
        look = Button(_("See what waits"), size="small")
        look.clicked.connect(lambda: self.frame.open("sync"))
        callout.add_actions(export, look)
        self.main.add(callout, 16)

    # -- writing

    def _ids(self) -> tuple[bytes, bytes]:
        return self.params["cohort_id"], self.params["activity_id"]

    def _type(self, text: str) -> None:
        cohort_id, activity_id = self._ids()
        self._typed = text
        self._saving += 1
        self.write(lambda: self.workplace.exercises.write(cohort_id, activity_id, text), self._kept, self._not_kept)

    def _kept(self, changes: Changes) -> None:
        self._saving -= 1
        if self._saved_line is not None and not self._saving:
            first, self._saved_at = self._saved_at is None, self.workplace.desk.now()
            self._saved_line.say_saved(self._saved_at)
            if first:
                announce(self, self._saved_line.text())
        self.workplace.changed(changes)

    def _not_kept(self, error: Exception) -> None:
        self._saving -= 1
        self.fail(error)

    def attach(self, paths: list[Path]) -> None:
        """Add files to the version that is being written."""
        ids = self._ids()
        self.write(lambda: self.workplace.exercises.attach(*ids, paths), self._written)

    def _detach(self, file: Attachment) -> None:
        ids = self._ids()
        self.write(lambda: self.workplace.exercises.detach(*ids, file), self._written)

    def _begin_next(self) -> None:
        ids = self._ids()
        self.write(lambda: self.workplace.exercises.begin_next(*ids), self._begun)

    def _begun(self, changes: Changes) -> None:
        self._goes_to_answer = True
        self._written(changes)
        announce(self, _("The text of the last version is there to go on from."))

    def _written(self, changes: Changes) -> None:
        self.error = None
        self.workplace.changed(changes)
        self.reload()

    def submit(self) -> None:
        """Hand in what is written; for ten seconds it can be taken back."""
        if self.editor is not None:
            ids = self._ids()
            self.write(lambda: self.workplace.exercises.hand_in(*ids), self._handed_in)

    def _handed_in(self, held: Held) -> None:
        self._chosen, self._saved_at, self._goes_to_top = b"", None, True
        self._written(held.changes)
        self.frame.toast(
            lambda: _("Handed in. It is saved on this computer and will be sent automatically."),
            lambda: self._undo(held),
        )

    def _drop(self) -> None:
        ids = self._ids()
        self.write(lambda: self.workplace.exercises.drop_draft(*ids), self._dropped)

    def _dropped(self, held: Held) -> None:
        self._written(held.changes)
        self.frame.toast(lambda: _("The version you were writing is discarded."), lambda: self._undo(held))

    def _undo(self, held: Held) -> None:
        self.write(lambda: self.workplace.exercises.undo(held), self._written)

    # -- around it

    def _look(self, key: str) -> None:
        self._chosen = bytes.fromhex(key)
        self.redraw()

    def _answer(self, review_id: bytes, number: int) -> None:
        cohort_id, _activity = self._ids()
        self.frame.open("exchanges", cohort_id=cohort_id, private=True, about=review_id, remark=number)

    def _open_file(self, file: Attachment) -> None:
        ask_to_open_file(file, self.workplace.desk, self.frame.workers, self.fail, self)

    def _export(self, refused: RefusedVersion) -> None:
        name, _filter = QFileDialog.getSaveFileName(self, _("Save it as a file"), "version.txt")
        if name:
            self.export_to(refused, Path(name))

    def export_to(self, refused: RefusedVersion, place: Path) -> None:
        """Write a version that was refused where the person said."""
        self.write(lambda: place.write_text(refused.text, encoding="utf-8"))


def places(workplace: Workplace) -> tuple[Place, ...]:
    """One exercise, opened from a list."""
    return (Place("exercise", lambda frame: ExercisePage(frame, workplace), lambda: _("Exercise"), section="courses"),)
