"""A course from files: what was understood and what not, what it would change, and only then is anything saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

from spoc_desktop.i18n import _, ngettext, size
from spoc_desktop.interchange import problem_sentences
from spoc_desktop.interchange.course_folder import Refused, Understood
from spoc_desktop.services.authoring_drafts import Shelved
from spoc_desktop.services.authoring_import import Compared, Stopped
from spoc_desktop.services.counted import counted
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.contents_editing import MARGIN, SECTION
from spoc_desktop.ui.pages.contents_words import difference_lines
from spoc_desktop.ui.pages.loaded import LoadedPage
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.callout import Callout
from spoc_desktop.ui.widgets.field import Choice, Field
from spoc_desktop.ui.widgets.flow import Hairline, flow
from spoc_desktop.ui.widgets.reglette import Reglette, Segment
from spoc_desktop.ui.widgets.text import Text

if TYPE_CHECKING:
    from spoc_desktop.interchange.problems import Problem
    from spoc_desktop.services.authoring import Written
    from spoc_desktop.services.workplace import Workplace
    from spoc_desktop.ui.page import Frame

_SHOWN = 100
"""Problems in view; a folder that has more is mended and read again."""


class ImportPage(LoadedPage["tuple[Shelved, ...]"]):
    """Four states: choose, being read, told, being saved. Leaving the page gives up what was read."""

    margin_width: ClassVar[int] = MARGIN
    _far = Signal(int, int, int)

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self._far.connect(self._show_far)
        self._aside: TemporaryDirectory[str] | None = None
        self._forget()
        self._run = 0

    def _forget(self) -> None:
        self.path: Path | None = None
        self.outcome: Understood | Refused | None = None
        self.compared: Compared | None = None
        if self._aside is not None:
            self._aside.cleanup()
            self._aside = None
        self._busy = ""
        self._progress: Reglette | None = None
        self._stopped = False

    def opened(self, **params: object) -> None:
        if not self._busy:
            self._forget()
        super().opened(**params)

    def read(self, params: Mapping[str, Any]) -> tuple[Shelved, ...]:
        return self.workplace.drafts.shelf()

    # -- drawing

    def show_found(self, found: tuple[Shelved, ...]) -> None:
        self.set_crumbs(Crumb(_("Contents"), SECTION), Crumb(_("Import")))
        self.main.add(Text(_("Import a course"), "title", wrap=True))
        if self._busy:
            self._add_busy()
        elif self.outcome is None:
            said = _("Choose the folder of a course, or a .zip of one. Nothing is saved before you say so.")
            self.main.add(Text(said, "body", "muted", wrap=True), 8)
            self._add_choice("primary")
        else:
            self._add_outcome(self.outcome, found)
        self._fill_margin()

    def _add_choice(self, kind: Any = "plain") -> None:
        folder = Button(_("Choose a folder"), kind, "folder-down")
        folder.setObjectName("choose_folder")
        folder.clicked.connect(self._choose_folder)
        package = Button(_("Choose a .zip"), icon="folder-down")
        package.setObjectName("choose_package")
        package.clicked.connect(self._choose_package)
        self.main.add(flow(folder, package, gap=12), 24)

    def _add_busy(self) -> None:
        self.main.add(Text(self._busy, "body", wrap=True), 16)
        self._progress = Reglette((), self._busy, value=_("It goes on"))
        self.main.add(self._progress, 8)
        stop = Button(_("Cancel"), icon="x")
        stop.setObjectName("stop")
        stop.clicked.connect(self.stop)
        self.main.add(stop, 16, left=True)

    def _add_outcome(self, outcome: Understood | Refused, courses: tuple[Shelved, ...]) -> None:
        name = self.path.name if self.path is not None else ""
        if isinstance(outcome, Refused):
            count = len(outcome.problems)
            said = ngettext(
                "{count} problem in “{name}”. Nothing was saved.",
                "{count} problems in “{name}”. Nothing was saved.",
                count,
            )
            self.main.add(
                Callout("attention", said.format(count=count, name=name), _("Mend them, then read it again.")), 16
            )
            self._add_again()
            self._add_problems(_("To mend"), outcome.problems)
        else:
            summary = outcome.summary
            self.main.add(
                Callout(
                    "tip", _("“{title}” was understood").format(title=summary.title), ", ".join(counted(summary)) + "."
                ),
                16,
            )
            self._add_comparison(outcome, courses)
        self._add_problems(_("To know"), outcome.warnings)

    def _add_again(self) -> None:
        again = Button(_("Read it again"), "primary", "refresh-cw")
        again.setObjectName("read_again")
        again.clicked.connect(self.read_again)
        self.main.add(flow(again, self._other(), gap=12), 16)

    def _other(self) -> Button:
        other = Button(_("Choose something else"))
        other.setObjectName("choose_other")
        other.clicked.connect(self._choose_other)
        return other

    def _add_problems(self, heading: str, problems: Sequence[Problem]) -> None:
        if not problems:
            return
        self.main.add(Text(heading, "section"), 24)
        for place, problem in enumerate(problems[:_SHOWN]):
            where = Text(problem_sentences.place(problem), "mono", "muted", wrap=True)
            self.main.add(where, 12 if place == 0 else 8)
            self.main.add(Text(problem_sentences.sentence(problem), "body", wrap=True), 2)
        if len(problems) > _SHOWN:
            more = _("and {count} more").format(count=len(problems) - _SHOWN)
            self.main.add(Text(more, "small", "muted"), 8)

    def _add_comparison(self, outcome: Understood, courses: tuple[Shelved, ...]) -> None:
        if not courses:
            said = _("No course is open to you for writing yet.")
            self.main.add(Callout("attention", said, _("“New course” says what your IT department has to do.")), 16)
            return
        compared = self.compared
        own = any(one.course_id == outcome.text.course_id for one in courses)
        if not own or len(courses) > 1:
            self.main.add(Field(_("Where it goes"), self._where(outcome, courses)), 24)
        if compared is None:
            return
        if compared.is_copy:
            said = _("It comes in as a copy, with new ids: the course that it was taken from is not touched.")
            self.main.add(Text(said, "small", "muted", wrap=True), 8)
        self.main.add(Text(_("What would change"), "section"), 24)
        for place, (what, title) in enumerate(difference_lines(compared.differences)):
            self.main.add(Text(f"{what} · {title}", "body", wrap=True), 8 if place == 0 else 4)
        same = len(compared.differences.unchanged)
        if same:
            words = ngettext("{count} activity stays as it is.", "{count} activities stay as they are.", same)
            self.main.add(Text(words.format(count=same), "small", "muted", wrap=True), 8)
        self.main.add(Hairline(), 24)
        if compared.differences.count:
            bring = Button(_("Import"), "primary", "folder-check", key="Ctrl+⏎")
            bring.setObjectName("bring")
            bring.clicked.connect(self.submit)
            self.main.add(flow(bring, self._other(), gap=12), 16)
        else:
            self.main.add(Text(_("Nothing to import: the draft says the same already."), "body", wrap=True), 16)
            self.main.add(self._other(), 16, left=True)

    def _where(self, outcome: Understood, courses: tuple[Shelved, ...]) -> Choice:
        made = Choice()
        made.setObjectName("where")
        for one in courses:
            title = one.title or _("The empty course")
            if one.course_id != outcome.text.course_id:
                title = _("{title} (as a copy)").format(title=title)
            made.addItem(title, one.course_id)
        chosen = self.compared.text.course_id if self.compared is not None else outcome.text.course_id
        made.setCurrentIndex(max(0, made.findData(chosen)))
        made.activated.connect(lambda _index: self.compare(bytes(made.currentData())))
        return made

    def _fill_margin(self) -> None:
        self.margin.add(Text(_("How a course lies in files"), "section"))
        for words in (
            _("course.md holds the title, the contacts and the presentation."),
            _("Each folder is a module, each file in it a lesson, a quiz, an exercise or a video."),
            _("Pictures and documents lie in media/."),
            _("“Export” in the list of courses writes one that you can begin from."),
        ):
            self.margin.add(Text(words, "small", "muted", wrap=True), 8)

    # -- reading

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, _("Choose the folder of a course"))
        if name:
            self.read_from(Path(name))

    def _choose_package(self) -> None:
        name, _filter = QFileDialog.getOpenFileName(self, _("Choose a .zip"), "", "Zip (*.zip)")
        if name:
            self.read_from(Path(name))

    def _choose_other(self) -> None:
        self._forget()
        self.redraw()

    def read_again(self) -> None:
        """Read the same place once more."""
        if self.path is not None:
            self.read_from(self.path)

    def read_from(self, path: Path) -> None:
        """Read a folder or a .zip; nothing is saved."""
        self._forget()
        self.path, self._run = path, self._run + 1
        aside = self._aside = TemporaryDirectory(prefix="spoc-")
        self.destroyed.connect(aside.cleanup)
        self._busy = _("Reading “{name}”").format(name=path.name)
        run, course_import = self._run, self.workplace.course_import
        self.redraw()
        self.frame.workers.fetch(
            lambda: course_import.read(path, Path(aside.name)),
            lambda outcome: self._told(run, outcome),
            self._failed_run,
            owner=self,
        )

    def _told(self, run: int, outcome: Understood | Refused) -> None:
        if run != self._run:
            return
        self._busy, self.outcome = "", outcome
        if isinstance(outcome, Refused):
            count = len(outcome.problems)
            announce(self, ngettext("{count} problem.", "{count} problems.", count).format(count=count), urgent=True)
            self.redraw()
            return
        announce(self, _("“{title}” was understood").format(title=outcome.summary.title))
        courses = self.found or ()
        named = [one.course_id for one in courses]
        blank = [one.course_id for one in courses if one.is_blank]
        own = [outcome.text.course_id] if outcome.text.course_id in named else []
        into = next(iter([*own, *blank, *named]), None)
        if into is None:
            self.redraw()
        else:
            self.compare(into)

    def compare(self, into: bytes) -> None:
        """What the course would change there."""
        outcome = self.outcome
        if isinstance(outcome, Understood):
            text = outcome.text
            self.write(lambda: self.workplace.course_import.compare(text, into), self._compared)

    def _compared(self, compared: Compared) -> None:
        self.compared = compared
        self.redraw()

    # -- saving

    def submit(self) -> None:
        """Import: files first, then every draft at once."""
        compared = self.compared
        if compared is None or self._busy or not compared.differences.count:
            return
        self._run += 1
        run, course_import = self._run, self.workplace.course_import
        self._busy = _("Importing “{title}”").format(title=compared.text.course.title)
        self._stopped = False
        self.redraw()

        def told(done: int, whole: int) -> bool:
            self._far.emit(run, done, whole)
            return not self._stopped

        self.write(lambda: course_import.save(compared.text, told), self._saved, self._failed_run)

    def _show_far(self, run: int, done: int, whole: int) -> None:
        if run == self._run and self._progress is not None and whole:
            words = _("{done} of {whole}").format(done=size(done), whole=size(whole))
            self._progress.show_segments([Segment(1, "part", done / whole)], value=words)

    def _saved(self, written: Written) -> None:
        course_id = self.compared.text.course_id if self.compared is not None else b""
        self._forget()
        self.workplace.changed(written.changes)
        new, changed = len(written.created), len(written.edited)
        said = _("Imported: {new} new, {changed} changed. It is a draft until you publish.")
        self.frame.open("contents_course", course_id=course_id)
        self.frame.toast(lambda: said.format(new=new, changed=changed))

    def _failed_run(self, error: Exception) -> None:
        self._busy = ""
        if isinstance(error, Stopped):
            announce(self, _("Stopped. Nothing was saved."))
            self.redraw()
        else:
            self.fail(error)

    def stop(self) -> None:
        """Give up what is being done; nothing was saved."""
        if self.compared is not None:
            self._stopped = True
            return
        self._run += 1
        self._forget()
        self.redraw()
        announce(self, _("Stopped. Nothing was saved."))


def places(workplace: Workplace) -> tuple[Place, ...]:
    """Opened from the list of courses."""
    make = lambda frame: ImportPage(frame, workplace)  # noqa: E731  # as every page is made
    return (Place("contents_import", make, lambda: _("Import"), section=SECTION),)
