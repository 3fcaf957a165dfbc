"""Groupe: who is where, week by week; a cell opens that week's quiz, the margin says whom to follow up, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from spoc_desktop.i18n import _, moment, near_day, ngettext
from spoc_desktop.services.cohorts import Matrix, Taught
from spoc_desktop.services.cohorts import MatrixRow as PersonRow
from spoc_desktop.services.followup import Followed
from spoc_desktop.ui.page import Crumb, Frame, Place
from spoc_desktop.ui.pages.behind import Behind, words_at_foot
from spoc_desktop.ui.pages.gradebook import GradebookPage, group_views
from spoc_desktop.ui.pages.loaded import LoadedPage, not_here_yet
from spoc_desktop.ui.pages.today import SHOWN_KINDS
from spoc_desktop.ui.pages.trainer_kinds import FILE_KINDS
from spoc_desktop.ui.widgets.flow import flow
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.matrix import Cell, CellState, MatrixRow, MatrixView
from spoc_desktop.ui.widgets.text import Text
from sync.domain.courses import ActivityType, PublishedModule
from sync.domain.progress import Standing, State

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace

_CELLS: dict[State, CellState] = {
    State.CLOSED: "closed",
    State.TODO: "todo",
    State.BEGUN: "part",
    State.DONE: "done",
    State.LATE: "late",
}


@dataclass(frozen=True, slots=True)
class GroupFound:
    """What was read: the cohort in view, and the others that could be."""

    matrix: Matrix
    everybody: tuple[Followed, ...]
    people: tuple[Followed, ...]
    later: tuple[Followed, ...]
    others: tuple[Taught, ...]
    now: int


class NoGroup:
    """No cohort has come to this laptop."""


class GroupPage(LoadedPage["GroupFound | NoGroup"]):
    """The matrix, as pictures or as plain words."""

    concerns: ClassVar[frozenset[int]] = SHOWN_KINDS | FILE_KINDS

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self._plain = False

    def opened(self, **params: object) -> None:
        if "view" in params:
            self._plain = params.pop("view") == "table"
        super().opened(**params)

    def read(self, params: Mapping[str, Any]) -> GroupFound | NoGroup:
        cohorts = self.workplace.cohorts
        taught = cohorts.taught()
        if not taught:
            return NoGroup()
        cohort_id = params.get("cohort_id") or taught[0].cohort_id
        others = tuple(one for one in taught if one.cohort_id != cohort_id)
        matrix = cohorts.matrix(cohort_id)
        everybody = self.workplace.followup.everybody(matrix.taught)
        people, later = self.workplace.followup.sorted_out(everybody)
        return GroupFound(matrix, everybody, people, later, others, self.workplace.desk.true_now())

    def show_found(self, found: GroupFound | NoGroup) -> None:
        if isinstance(found, NoGroup):
            self.set_crumbs(Crumb(_("Group")))
            self.main.add(not_here_yet(self.workplace, _("Your groups arrive with the next synchronisation.")))
            return
        taught = found.matrix.taught
        self.set_crumbs(Crumb(_("Group"), "group"), Crumb(taught.cohort.title))
        view = self._matrix(found)
        views = group_views("table" if self._plain else "grid", lambda key: self._show(view, key, taught.cohort_id))
        self.main.add(flow(Text(taught.cohort.title, "title", wrap=True), views, spread=True))
        self.main.add(Text(_summary(found), "body", "muted", wrap=True), 4)
        self.main.add(view, 16)
        words = _(
            "A week opens its quiz, a name or the last column the person’s file. Figures are as of each last sync."
        )
        self.main.add(Text(words, "small", "muted", wrap=True), 12)
        self._add_quizzes(found.matrix)
        Behind(self).fill(found.people, found.later, len(found.everybody))
        self._add_others(found.others)
        self.margin.add_stretch()
        self.margin.add(Text(words_at_foot(), "small", "muted", wrap=True), 24)

    def _matrix(self, found: GroupFound) -> MatrixView:
        modules = found.matrix.modules
        view = MatrixView(_("Progress of the group"))
        view.setObjectName("matrix")
        headers = [_("W {week}").format(week=module.week) for module in modules] + [_("Sent")]
        current = next((n for n, module in enumerate(modules) if module.week == found.matrix.taught.week), -1)
        view.show_rows([_row(one, found.now) for one in found.matrix.rows], headers, current=current)
        view.show_plain(plain=self._plain)
        view.person_opened.connect(lambda person: self._open_file(found.matrix.taught, person))
        view.opened.connect(lambda person, column: self._open_cell(found.matrix, person, column))
        return view

    def _show(self, view: MatrixView, key: str, cohort_id: bytes) -> None:
        if key == "book":
            self.frame.open("gradebook", cohort_id=cohort_id)
            return
        self._plain = key == "table"
        view.show_plain(plain=self._plain)

    def _open_cell(self, matrix: Matrix, person: bytes, column: int) -> None:
        """A week opens its quiz; the day of sending opens the person's file."""
        if column >= len(matrix.modules):
            self._open_file(matrix.taught, person)
            return
        quiz = _quiz_of(matrix.modules[column])
        if quiz is not None:
            self._open(matrix.taught, quiz)

    def _open_file(self, taught: Taught, person: bytes) -> None:
        self.frame.open("learner_file", cohort_id=taught.cohort_id, learner=person)

    def _open(self, taught: Taught, quiz_id: bytes) -> None:
        self.frame.open("quiz_results", cohort_id=taught.cohort_id, activity_id=quiz_id)

    def _add_quizzes(self, matrix: Matrix) -> None:
        """Every quiz of the course, for whoever looks for one by its name."""
        quizzes = [
            activity
            for module in matrix.modules
            for activity in module.activities
            if activity.type is ActivityType.QUIZ
        ]
        if not quizzes:
            return
        self.main.add(Text(_("Results by quiz"), "section", wrap=True), 24)
        for activity in quizzes:
            link = LinkButton(activity.title, "list-checks")
            link.setObjectName(f"quiz_{activity.id.hex()}")
            link.clicked.connect(lambda _checked=False, id_=activity.id: self._open(matrix.taught, id_))
            self.main.add(link, 4)

    def _add_others(self, others: tuple[Taught, ...]) -> None:
        if not others:
            return
        self.margin.add(Text(_("Other groups"), "section"), 32)
        for one in others:
            link = LinkButton(one.cohort.title, "users-round")
            link.setObjectName(f"cohort_{one.cohort_id.hex()}")
            link.clicked.connect(lambda _checked=False, id_=one.cohort_id: self.frame.open("group", cohort_id=id_))
            self.margin.add(link, 8)


def _row(one: PersonRow, now: int) -> MatrixRow:
    sent = _("never") if one.last_sent is None else near_day(moment(one.last_sent).date(), moment(now).date())
    return MatrixRow(one.person, one.name, (*(_cell(standing) for standing in one.cells), Cell("text", words=sent)))


def _cell(standing: Standing) -> Cell:
    if standing.state is State.LATE and standing.share > 0:
        return Cell("part", standing.share)
    return Cell(_CELLS[standing.state], standing.share)


def _summary(found: GroupFound) -> str:
    taught, late_ones = found.matrix.taught, sum(one.is_late for one in found.everybody)
    well = len(found.everybody) - late_ones
    people = ngettext("{count} person", "{count} people", taught.learners).format(count=taught.learners)
    on_time = ngettext("{count} on time", "{count} on time", well).format(count=well)
    late = ngettext("{count} late", "{count} late", late_ones).format(count=late_ones)
    week = max(0, min(taught.week, taught.weeks))
    return _("{people}, week {week} of {weeks}. {on_time}, {late}.").format(
        people=people, week=week, weeks=taught.weeks, on_time=on_time, late=late
    )


def _quiz_of(module: PublishedModule) -> bytes | None:
    """The quiz that says most about a week: the graded one, else the last."""
    quizzes = [activity for activity in module.activities if activity.type is ActivityType.QUIZ]
    graded = [activity for activity in quizzes if activity.graded]
    return (graded or quizzes)[-1].id if quizzes else None


def places(workplace: Workplace) -> tuple[Place, ...]:
    """For trainers."""
    if not workplace.roles().trainer:
        return ()
    return (
        Place("group", lambda frame: GroupPage(frame, workplace), lambda: _("Group"), "users-round", order=3),
        Place("gradebook", lambda frame: GradebookPage(frame, workplace), lambda: _("Gradebook"), section="group"),
    )
