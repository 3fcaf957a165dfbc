"""Carnet de notes: a line a learner, a column for each activity that counts, and how far the certificate is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QFileDialog, QWidget

from spoc_desktop.i18n import _, ngettext
from spoc_desktop.services.certificates import Earner
from spoc_desktop.services.files import safe_name
from spoc_desktop.services.gradebook import Book, BookLine
from spoc_desktop.ui.page import Crumb
from spoc_desktop.ui.pages.gradebook_cells import cell_of, headers, standing
from spoc_desktop.ui.pages.loaded import LoadedPage
from spoc_desktop.ui.pages.today import SHOWN_KINDS
from spoc_desktop.ui.pages.trainer_kinds import REVIEW_KINDS
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.flow import column, flow
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.matrix import Cell, MatrixRow, MatrixView
from spoc_desktop.ui.widgets.segmented import Segmented
from spoc_desktop.ui.widgets.text import Text
from sync.domain.certificates import CERTIFICATE, Reason
from sync.domain.courses import ActivityType, PublishedActivity

if TYPE_CHECKING:
    from collections.abc import Callable

VIEWS = ("grid", "table", "book")
"""How a group is shown; the last is this page."""


def group_views(current: str, picked: Callable[[str], None]) -> Segmented:
    """The switch at the head of a group's pages."""
    words = {"grid": _("Grid"), "table": _("Table"), "book": _("Gradebook")}
    views = Segmented([(key, words[key]) for key in VIEWS], _("How to show the group"))
    views.choose(current)
    views.picked.connect(picked)
    return views


@dataclass(frozen=True, slots=True)
class GradebookFound:
    """What was read."""

    book: Book
    earners: tuple[Earner, ...]

    @property
    def has_certificate(self) -> bool:
        """Whether the course gives one."""
        edition = self.book.taught.edition
        return edition is not None and edition.certificate is not None


class GradebookPage(LoadedPage[GradebookFound]):
    """Results of a group as of each last sync; a cell opens what it counts, a name the person's file."""

    concerns: ClassVar[frozenset[int]] = SHOWN_KINDS | REVIEW_KINDS | {CERTIFICATE.number}

    def read(self, params: Mapping[str, Any]) -> GradebookFound:
        place = self.workplace
        cohort_id = params.get("cohort_id") or place.cohorts.taught()[0].cohort_id
        return GradebookFound(place.gradebook.book(cohort_id), place.certificates.earners(cohort_id))

    def show_found(self, found: GradebookFound) -> None:
        taught = found.book.taught
        cohort = {"cohort_id": taught.cohort_id}
        self.set_crumbs(Crumb(_("Group"), "group"), Crumb(taught.cohort.title, "group", cohort), Crumb(_("Gradebook")))
        views = group_views("book", lambda key: self._show(found, key))
        self.main.add(flow(Text(taught.cohort.title, "title", wrap=True), views, spread=True))
        self.main.add(flow(Text(_summary(found), "body", "muted", wrap=True), self._export_button(), spread=True), 4)
        self.main.add(self._table(found), 16)
        words = _("A cell opens what it counts, a name the person’s file. Figures are as of each last sync.")
        self.main.add(Text(words, "small", "muted", wrap=True), 12)
        self._add_columns(found.book)
        if found.has_certificate:
            self._add_earners(found)

    def _export_button(self) -> Button:
        export = Button(_("Export as CSV"), icon="folder-down", size="small")
        export.setObjectName("export")
        export.clicked.connect(self._ask_where)
        return export

    def _table(self, found: GradebookFound) -> MatrixView:
        view = MatrixView(_("Gradebook of the group"))
        view.setObjectName("book")
        earners = {one.person: one for one in found.earners}
        rows = [self._row(line, earners.get(line.person), found) for line in found.book.lines]
        shown = headers(found.book) + ([_("Certificate")] if found.has_certificate else [])
        view.show_rows(rows, shown)
        view.person_opened.connect(lambda person: self._open_file(found, person))
        view.opened.connect(lambda person, column: self._open_cell(found, person, column))
        return view

    @staticmethod
    def _row(line: BookLine, earner: Earner | None, found: GradebookFound) -> MatrixRow:
        cells = [cell_of(entry) for entry in line.entries]
        if found.has_certificate:
            cells.append(Cell("text", words=standing(earner)))
        return MatrixRow(line.person, line.name, tuple(cells))

    def _add_columns(self, book: Book) -> None:
        """What the short heads stand for; each leads to its results."""
        if not book.activities:
            return
        self.main.add(Text(_("What counts"), "section", wrap=True), 24)
        for head, activity in zip(headers(book), book.activities, strict=True):
            words = _("{head}: {title}").format(head=head, title=activity.title)
            if activity.type is ActivityType.QUIZ:
                self.main.add(self._link(words, activity, book), 4)
            else:
                self.main.add(Text(words, "small", wrap=True), 4)

    def _link(self, words: str, activity: PublishedActivity, book: Book) -> LinkButton:
        link = LinkButton(words, "list-checks", role="small")
        link.setObjectName(f"quiz_{activity.id.hex()}")
        where = {"cohort_id": book.taught.cohort_id, "activity_id": activity.id}
        link.clicked.connect(lambda: self.frame.open("quiz_results", **where))
        return link

    # -- the margin

    def _add_earners(self, found: GradebookFound) -> None:
        self.margin.add(Text(_("Certificate, and what is missing"), "section", "human", wrap=True))
        earned = sum(one.held is not None for one in found.earners)
        words = ngettext("{count} of {all} has earned it.", "{count} of {all} have earned it.", earned)
        self.margin.add(Text(words.format(count=earned, all=len(found.earners)), "note", wrap=True), 8)
        for one in found.earners:
            if one.held is None:
                self.margin.add(self._missing(found, one), 16)

    def _missing(self, found: GradebookFound, one: Earner) -> QWidget:
        name = LinkButton(one.name, colour="text")
        name.setObjectName(f"missing_{one.person.hex()}")
        name.setAccessibleName(_("{name}, file").format(name=one.name))
        name.clicked.connect(lambda: self._open_file(found, one.person))
        # Time comes by itself with the work that is missing.
        first = next((lack for lack in one.lacks if lack.reason is not Reason.MINUTES), next(iter(one.lacks), None))
        said = first.said if first else _("All is done: the certificate comes with the next sync.")
        parts: list[QWidget] = [name, Text(said, "small", wrap=True)]
        more = len(one.lacks) - 1
        if more > 0:
            words = ngettext("and {count} other point", "and {count} other points", more).format(count=more)
            parts.append(Text(words, "small", "muted", wrap=True))
        return column(*parts, gap=2)

    # -- what the person does

    def _show(self, found: GradebookFound, key: str) -> None:
        if key != "book":
            self.frame.open("group", cohort_id=found.book.taught.cohort_id, view=key)

    def _open_file(self, found: GradebookFound, person: bytes) -> None:
        self.frame.open("learner_file", cohort_id=found.book.taught.cohort_id, learner=person)

    def _open_cell(self, found: GradebookFound, person: bytes, column: int) -> None:
        """A quiz opens its results; all else the person's file, where the versions and reviews are."""
        if column < len(found.book.activities):
            activity = found.book.activities[column]
            if activity.type is ActivityType.QUIZ:
                where = {"cohort_id": found.book.taught.cohort_id, "activity_id": activity.id}
                self.frame.open("quiz_results", **where)
                return
        self._open_file(found, person)

    def _ask_where(self) -> None:
        if self.found is None:
            return
        title = self.found.book.taught.cohort.title
        name = safe_name(_("Gradebook, {group}").format(group=title)) + ".csv"
        place, _chosen = QFileDialog.getSaveFileName(self, _("Export as CSV"), name, "CSV (*.csv)")
        if place:
            self.export_to(Path(place))

    def export_to(self, place: Path) -> None:
        """Write the gradebook where the person said."""
        if self.found is not None:
            book, cohort_id = self.workplace.gradebook, self.found.book.taught.cohort_id
            self.write(lambda: book.export(cohort_id, place), self._exported, self._not_exported)

    def _exported(self, _nothing: object) -> None:
        self.frame.toast(lambda: _("The gradebook is saved. Names and texts in it start no formula."))

    def _not_exported(self, error: Exception) -> None:
        if isinstance(error, OSError):
            self.frame.toast(lambda: _("The file could not be saved there. Choose another folder."))
        else:
            self.fail(error)


def _summary(found: GradebookFound) -> str:
    people, counted = len(found.book.lines), len(found.book.activities)
    who = ngettext("{count} person", "{count} people", people).format(count=people)
    what = ngettext("{count} activity counts", "{count} activities count", counted).format(count=counted)
    return _("{people}, {activities}.").format(people=who, activities=what)
