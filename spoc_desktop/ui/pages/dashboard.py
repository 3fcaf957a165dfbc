"""Tableau de bord: a trainer's morning. What waits for them, what came in, whom to think of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QWidget

from spoc_desktop.i18n import _, capital, day, day_and_time, moment, ngettext
from spoc_desktop.services.cohorts import Received, Taught
from spoc_desktop.services.followup import Morning, Question
from spoc_desktop.services.reviewing import Waiting
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.behind import Behind, words_at_foot
from spoc_desktop.ui.pages.loaded import LoadedPage, not_here_yet
from spoc_desktop.ui.pages.today import SHOWN_KINDS
from spoc_desktop.ui.pages.trainer_kinds import FILE_KINDS
from spoc_desktop.ui.widgets.avatar import Avatar
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.empty_state import EmptyState
from spoc_desktop.ui.widgets.flow import column, flow, row
from spoc_desktop.ui.widgets.row import Row
from spoc_desktop.ui.widgets.tag import Tag
from spoc_desktop.ui.widgets.text import Span, Text

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace

ROWS_SHOWN = 12


WAITING_SHOWN = 3
"""Hand-ins and questions named on the first page; the rest is a click away."""
SINCE_MS = 7 * 86_400_000


@dataclass(frozen=True, slots=True)
class Found:
    """What was read; `now` in milliseconds."""

    mornings: tuple[Morning, ...]
    queue: tuple[Waiting, ...]
    now: int


class DashboardPage(LoadedPage[Found]):
    """What waits first; then one cohort after the other; the people to follow up in the margin."""

    concerns: ClassVar[frozenset[int]] = SHOWN_KINDS | FILE_KINDS

    def read(self, params: Mapping[str, Any]) -> Found:
        now, place = self.workplace.desk.true_now(), self.workplace
        mornings = tuple(place.followup.morning(one.cohort_id, now - SINCE_MS) for one in place.cohorts.taught())
        return Found(mornings, place.reviewing.queue(), now)

    def show_found(self, found: Found) -> None:
        self.set_crumbs(Crumb(_("Dashboard")))
        date = Text(capital(day(moment(found.now).date())), "small", "muted", wrap=True)
        date.set_weight(500)
        self.main.add(date)
        first_name = self.workplace.name.split(" ")[0]
        self.main.add(Text(_("Hello {name}").format(name=first_name), "title", wrap=True), 2)
        if not found.mornings:
            self.main.add(not_here_yet(self.workplace, _("Your groups arrive with the next synchronisation.")), 24)
            return
        self._add_queue(found)
        self._add_questions([one for morning in found.mornings for one in morning.questions], found.now)
        for morning in found.mornings:
            self._add_cohort(morning, found.now)
        people = [one for morning in found.mornings for one in morning.people]
        later = [one for morning in found.mornings for one in morning.later]
        Behind(self).fill(people, later)
        self.margin.add_stretch()
        self.margin.add(Text(words_at_foot(), "small", "muted", wrap=True), 24)

    def _add_queue(self, found: Found) -> None:
        count = len(found.queue)
        if not count:
            return
        words = ngettext("{count} hand-in to review", "{count} hand-ins to review", count).format(count=count)
        begin = Button(_("Review the first"), "primary", "pen-line", size="small")
        begin.setObjectName("review_first")
        begin.clicked.connect(lambda: self.frame.open("reviewing"))
        self.main.add(flow(Text(words, "card", wrap=True), begin, spread=True), 24)
        for place, one in enumerate(found.queue[:WAITING_SHOWN]):
            is_last = place == min(count, WAITING_SHOWN) - 1
            self.main.add(self._waiting(one, found.now, is_last=is_last), 4 if place == 0 else 0)

    def _waiting(self, one: Waiting, now: int, *, is_last: bool) -> Row:
        at = day_and_time(moment(one.received), moment(now).date())
        words = _("{title} · version {number} · {when}").format(title=one.title, number=one.version, when=at)
        end = [] if one.on_time else [Tag(_("Late"), "human", "history")]
        made = Row(one.name, words, leading=Avatar(one.name), end=end, line=not is_last)
        made.setObjectName(f"hand_in_{one.hand_in.hex()}")
        made.clicked.connect(lambda: self.frame.open("reviewing", hand_in=one.hand_in))
        return made

    def _add_questions(self, questions: Sequence[Question], now: int) -> None:
        if not questions:
            return
        count = len(questions)
        words = ngettext("{count} question waits for an answer", "{count} questions wait for an answer", count)
        self.main.add(Text(words.format(count=count), "card", wrap=True), 24)
        for place, one in enumerate(questions[:WAITING_SHOWN]):
            is_last = place == min(count, WAITING_SHOWN) - 1
            at = day_and_time(moment(one.at), moment(now).date())
            said = _("“{text}” · {when}").format(text=_shortened(one.text), when=at)
            made = Row(one.name, said, leading=Avatar(one.name), line=not is_last)
            made.setObjectName(f"question_{place}")
            made.clicked.connect(lambda one=one: self._answer(one))
            self.main.add(made, 4 if place == 0 else 0)

    def _answer(self, one: Question) -> None:
        if one.post:
            self.frame.open("exchanges", cohort_id=one.cohort_id, thread=one.post)
        else:
            self.frame.open("exchanges", cohort_id=one.cohort_id, learner=one.person)

    def _add_cohort(self, morning: Morning, now: int) -> None:
        taught = morning.taught
        self.main.add(flow(Text(taught.cohort.title, "card", wrap=True), self._open_group(taught), spread=True), 24)
        self.main.add(Text(_where(taught), "body", "muted", wrap=True), 2)
        self.main.add(_figures(morning), 16)
        self.main.add(Text(_("Received these seven days"), "section", wrap=True), 24)
        if not morning.received:
            self.main.add(EmptyState("list-checks", _("No quiz was handed in these seven days.")), 8)
        shown = morning.received[:ROWS_SHOWN]
        for place, one in enumerate(shown):
            self.main.add(self._received(one, now, is_last=place == len(shown) - 1), 4 if place == 0 else 0)
        more = len(morning.received) - len(shown)
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


def _where(taught: Taught) -> str:
    people = ngettext("{count} person", "{count} people", taught.learners).format(count=taught.learners)
    if taught.week < 1:
        return _("{people}, starts on {day}").format(people=people, day=day(moment(taught.cohort.starts).date()))
    if taught.week > taught.weeks:
        return _("{people}, the last week is over").format(people=people)
    return _("{people}, week {week} of {weeks}").format(people=people, week=taught.week, weeks=taught.weeks)


def _figures(morning: Morning) -> QWidget:
    """Three numbers that a trainer looks for, each with its word."""
    found = (
        (len(morning.received), ngettext("quiz received", "quizzes received", len(morning.received)), "text"),
        (morning.on_time, ngettext("person on time", "people on time", morning.on_time), "text"),
        (morning.late, ngettext("person late", "people late", morning.late), "human" if morning.late else "text"),
    )
    columns = [
        column(Text([Span(str(count), colour=colour)], "figure"), Text(words, "small", "muted"), gap=0)
        for count, words, colour in found
    ]
    return row(*columns, gap=48)


def _shortened(text: str) -> str:
    """The first line of a question, as far as it fits a row."""
    first = text.strip().split("\n")[0]
    return first if len(first) <= _LONGEST else first[: _LONGEST - 1].rstrip() + "…"


_LONGEST = 90


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
