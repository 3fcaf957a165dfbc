"""Tableau de bord: a trainer's morning. What came in, who is late or silent, one line a cohort."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QWidget

from spoc_desktop.i18n import _, capital, day, day_and_time, moment, ngettext
from spoc_desktop.services.cohorts import SILENT_MS, Behind, Dashboard, Received, Taught
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.behind import add_behind
from spoc_desktop.ui.pages.loaded import LoadedPage, not_here_yet
from spoc_desktop.ui.pages.today import SHOWN_KINDS
from spoc_desktop.ui.widgets.avatar import Avatar
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.empty_state import EmptyState
from spoc_desktop.ui.widgets.flow import column, flow, row
from spoc_desktop.ui.widgets.row import Row
from spoc_desktop.ui.widgets.tag import Tag
from spoc_desktop.ui.widgets.text import Span, Text
from sync.domain.courses import ActivityType

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace

ROWS_SHOWN = 12


class DashboardPage(LoadedPage["tuple[tuple[Dashboard, ...], int]"]):
    """One cohort after the other, the latest begun first; the people to follow up in the margin."""

    concerns: ClassVar[frozenset[int]] = SHOWN_KINDS

    def read(self, params: Mapping[str, Any]) -> tuple[tuple[Dashboard, ...], int]:
        now = self.workplace.desk.now()
        cohorts = self.workplace.cohorts
        return tuple(cohorts.dashboard(one.cohort_id, now - SILENT_MS) for one in cohorts.taught()), now

    def show_found(self, found: tuple[tuple[Dashboard, ...], int]) -> None:
        boards, now = found
        self.set_crumbs(Crumb(_("Dashboard")))
        date = Text(capital(day(moment(now).date())), "small", "muted", wrap=True)
        date.set_weight(500)
        self.main.add(date)
        first_name = self.workplace.name.split(" ")[0]
        self.main.add(Text(_("Hello {name}").format(name=first_name), "title", wrap=True), 2)
        if not boards:
            self.main.add(not_here_yet(self.workplace, _("Your groups arrive with the next synchronisation.")), 24)
            return
        for board in boards:
            self._add_cohort(board, now)
        add_behind(self.margin, _ranked(boards), lambda one: self._open_behind(boards, one))

    def _add_cohort(self, board: Dashboard, now: int) -> None:
        taught = board.taught
        self.main.add(flow(Text(taught.cohort.title, "card", wrap=True), self._open_group(taught), spread=True), 24)
        self.main.add(Text(_where(taught), "body", "muted", wrap=True), 2)
        self.main.add(_figures(board), 16)
        self.main.add(Text(_("Received these seven days"), "section", wrap=True), 24)
        if not board.received:
            self.main.add(EmptyState("list-checks", _("No quiz was handed in these seven days.")), 8)
        shown = board.received[:ROWS_SHOWN]
        for place, one in enumerate(shown):
            self.main.add(self._received(one, now, is_last=place == len(shown) - 1), 4 if place == 0 else 0)
        more = len(board.received) - len(shown)
        if more > 0:
            words = ngettext("and {count} earlier attempt", "and {count} earlier attempts", more)
            self.main.add(Text(words.format(count=more), "small", "muted"), 8)

    def _open_group(self, taught: Taught) -> Button:
        button = Button(_("See the group"), icon="users-round", size="small")
        button.setObjectName(f"group_{taught.cohort_id.hex()}")
        button.clicked.connect(lambda: self.frame.open("group", cohort_id=taught.cohort_id))
        return button

    def _received(self, one: Received, now: int, *, is_last: bool) -> Row:
        at = day_and_time(moment(one.at), moment(now).date())
        detail = _("{title} · attempt {number} · {when}").format(title=one.title, number=one.number, when=at)
        end = [Tag(_("Graded quiz"), "accent", "medal")] if one.graded else _("Practice")
        made = Row(one.name, detail, leading=Avatar(one.name), end=end, line=not is_last)
        made.setObjectName(f"attempt_{one.attempt_id.hex()}")
        made.clicked.connect(
            lambda: self.frame.open("attempt", cohort_id=one.cohort_id, learner=one.person, attempt_id=one.attempt_id)
        )
        return made

    def _open_behind(self, boards: tuple[Dashboard, ...], one: Behind) -> None:
        taught = next(board.taught for board in boards if one in (*board.late, *board.silent))
        first = one.late[0]
        if first.type is ActivityType.QUIZ:
            self.frame.open("quiz_results", cohort_id=taught.cohort_id, activity_id=first.id)
        else:
            self.frame.open("group", cohort_id=taught.cohort_id)


def _where(taught: Taught) -> str:
    people = ngettext("{count} person", "{count} people", taught.learners).format(count=taught.learners)
    if taught.week < 1:
        return _("{people}, starts on {day}").format(people=people, day=day(moment(taught.cohort.starts).date()))
    if taught.week > taught.weeks:
        return _("{people}, the last week is over").format(people=people)
    return _("{people}, week {week} of {weeks}").format(people=people, week=taught.week, weeks=taught.weeks)


def _figures(board: Dashboard) -> QWidget:
    """Three numbers that a trainer looks for, each with its word."""
    found = (
        (len(board.received), ngettext("quiz received", "quizzes received", len(board.received)), "text"),
        (board.on_time, ngettext("person on time", "people on time", board.on_time), "text"),
        (len(board.late), ngettext("person late", "people late", len(board.late)), "human" if board.late else "text"),
    )
    columns = [
        column(Text([Span(str(count), colour=colour)], "figure"), Text(words, "small", "muted"), gap=0)
        for count, words, colour in found
    ]
    return row(*columns, gap=48)


def _ranked(boards: tuple[Dashboard, ...]) -> list[Behind]:
    """Late people first, the most late first, then the silent ones; each person once."""
    seen: dict[bytes, Behind] = {}
    for one in [each for board in boards for each in (*board.late, *board.silent)]:
        seen.setdefault(one.person, one)
    return list(seen.values())


def places(workplace: Workplace) -> tuple[Place, ...]:
    """A trainer's first page."""
    if not workplace.roles().trainer:
        return ()
    return (
        Place(
            "dashboard",
            lambda frame: DashboardPage(frame, workplace),
            lambda: _("Dashboard"),
            "layout-dashboard",
            order=1,
        ),
    )
