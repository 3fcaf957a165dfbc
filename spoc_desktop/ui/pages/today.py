"""Aujourd'hui: what to do this week, how long it takes, what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from spoc_desktop.i18n import _, capital, day, day_and_time, duration, moment, ngettext, number
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.exchanges_words import people_of
from spoc_desktop.ui.pages.loaded import LoadedPage, not_here_yet
from spoc_desktop.ui.pages.people import add_courses, add_trainers
from spoc_desktop.ui.pages.standing import (
    COLOURS,
    STATE_ICONS,
    first_day,
    icon_of,
    kind_word,
    last_day,
    opener,
    segments,
    state_word,
)
from spoc_desktop.ui.widgets.avatar import Avatar
from spoc_desktop.ui.widgets.flow import Hairline, column, flow, row
from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.reglette import Reglette
from spoc_desktop.ui.widgets.resume_card import ResumeCard
from spoc_desktop.ui.widgets.row import Row
from spoc_desktop.ui.widgets.tag import Tag
from spoc_desktop.ui.widgets.text import Span, Text
from sync.domain.cohorts import COHORT, ENROLMENT, MEMBER
from sync.domain.courses import EDITION, LESSON_EDITION, READING, ActivityType
from sync.domain.exercises import DRAFT, EXERCISE_EDITION, HAND_IN, RETURNED, Verdict
from sync.domain.forum import ANNOUNCEMENT, POST, READ_MARK
from sync.domain.progress import State
from sync.domain.quizzes import ATTEMPT, ATTEMPT_START, GRADE, QUIZ_EDITION

if TYPE_CHECKING:
    from spoc_desktop.services.courses import ActivityRow
    from spoc_desktop.services.forum import ThreadRow
    from spoc_desktop.services.today import CameBack, ReturnedWork, Today
    from spoc_desktop.services.workplace import Workplace

SHOWN_KINDS = frozenset(
    kind.number
    for kind in (
        COHORT,
        MEMBER,
        ENROLMENT,
        EDITION,
        LESSON_EDITION,
        READING,
        QUIZ_EDITION,
        ATTEMPT_START,
        ATTEMPT,
        GRADE,
        EXERCISE_EDITION,
        DRAFT,
        HAND_IN,
        RETURNED,
    )
)
"""What changes a learner's outline."""


MOST_THREADS = 3
"""So many discussions stand on the first page; the others on their own."""


class TodayFound(NamedTuple):
    """What was read at one moment; `unread`: discussions of the group with something new, the newest first."""

    today: Today | None
    unread: tuple[ThreadRow, ...]
    now: int


class TodayPage(LoadedPage[TodayFound]):
    """One card to go on with, the week in minutes, the rest of the week; the people in the margin."""

    concerns: ClassVar[frozenset[int]] = SHOWN_KINDS | {POST.number, ANNOUNCEMENT.number, READ_MARK.number}

    def read(self, params: Mapping[str, Any]) -> TodayFound:
        today, forum = self.workplace.today(), self.workplace.forum
        threads = forum.threads(today.outline.enrolled.cohort_id) if today is not None else ()
        unread = tuple(row for row in threads if row.unread)[:MOST_THREADS]
        return TodayFound(today, unread, self.workplace.desk.true_now())

    def show_found(self, found: TodayFound) -> None:
        today, threads, now = found
        self.set_crumbs(Crumb(_("Today")))
        date = Text(capital(day(moment(now).date())), "small", "muted", wrap=True)
        date.set_weight(500)
        self.main.add(date)
        first_name = self.workplace.name.split(" ")[0]
        self.main.add(Text(_("Hello {name}").format(name=first_name), "title", wrap=True), 2)
        if today is None:
            self.main.add(not_here_yet(self.workplace, _("Your courses arrive with the next synchronisation.")), 24)
            return
        self._add_week(today)
        self._add_resume(today)
        self._add_rows(_("Also this week"), today, today.also)
        self._add_rows(_("Left over from earlier weeks"), today, today.late)
        self._add_margin(today, threads, now)

    # -- the work

    def _add_week(self, today: Today) -> None:
        outline, module = today.outline, today.module
        if module is None:
            self.main.add(Text(_between(today), "body", "muted", wrap=True), 16)
            return
        week = _("Week {week} of {weeks}").format(week=outline.week, weeks=outline.weeks)
        heading = Text([Span(week, 600), Span(f" · {module.module.title}", colour="muted")], wrap=True)
        done = _("{done} of {planned}").format(done=duration(today.minutes_done), planned=duration(today.minutes))
        self.main.add(flow(heading, Text(done, "small", "muted"), spread=True), 16)
        self.main.add(Reglette(segments(module), week, height=12), 8)
        self.main.add(Text(_left(today), "small", "muted", wrap=True), 8)

    def _add_resume(self, today: Today) -> None:
        chosen = today.resume
        if chosen is None:
            self._add_all_done(today)
            return
        is_begun = chosen.standing.share > 0
        lead = _("Pick up where you left off") if is_begun else _("To begin with")
        action = _("Continue") if is_begun else _("Begin")
        card = ResumeCard(lead, chosen.activity.title, _resume_detail(chosen), action)
        card.button.setObjectName("resume")
        card.clicked.connect(opener(self.frame, today.outline.enrolled.cohort_id, chosen))
        self.main.add(card, 24)

    def _add_all_done(self, today: Today) -> None:
        if today.module is None:
            return
        self.main.add(
            row(
                Glyph("circle-check", "success"),
                Text(_("Everything for this week is done."), "card", wrap=True),
                stretch=1,
            ),
            24,
        )
        if today.opens_next is not None:
            opens = first_day(today.opens_next)
            self.main.add(Text(_("The next week opens {day}.").format(day=opens), "body", "muted", wrap=True), 8)

    def _add_rows(self, heading: str, today: Today, rows: tuple[ActivityRow, ...]) -> None:
        if not rows:
            return
        self.main.add(Text(heading, "section", wrap=True), 24)
        for place, one in enumerate(rows):
            self.main.add(self._row(today, one, is_last=place == len(rows) - 1), 4 if place == 0 else 0)

    def _row(self, today: Today, one: ActivityRow, *, is_last: bool) -> Row:
        waits = one.standing.state in (State.LATE, State.RETURNED)
        end = [Tag(state_word(one), "human", STATE_ICONS[one.standing.state])] if waits else state_word(one)
        made = Row(
            one.activity.title,
            _row_detail(one),
            icon=icon_of(one.activity.type),
            icon_colour="human" if waits else "muted",
            end=end,
            end_colour=COLOURS[one.standing.state],
            line=not is_last,
        )
        made.setObjectName(f"row_{one.activity.id.hex()}")
        made.clicked.connect(opener(self.frame, today.outline.enrolled.cohort_id, one))
        return made

    # -- the people

    def _add_margin(self, today: Today, threads: Sequence[ThreadRow], now: int) -> None:
        gap = 0
        for one in today.reviewed:
            self._add_reviewed(today, one, now, gap)
            self.margin.add(Hairline(), 24)
            gap = 16
        if today.came_back:
            self.margin.add(Text(_("Graded for you"), "section", "human"), gap)
            for grade in today.came_back:
                self._add_came_back(today, grade, now)
            self.margin.add(Hairline(), 24)
            gap = 16
        if threads:
            self._add_group(threads, now, gap)
            gap = 16
        add_trainers(self.margin, today.outline.trainers, gap)
        if today.others:
            self.margin.add(Hairline(), 24)
        add_courses(self.margin, self.frame, today.others, now, 16)

    def _add_reviewed(self, today: Today, one: ReturnedWork, now: int, gap: int) -> None:
        accepted = one.verdict is Verdict.ACCEPTED
        heading = _("Accepted by your trainer") if accepted else _("Back from your trainer")
        self.margin.add(Text(heading, "section", "human", wrap=True), gap)
        link = LinkButton(_read_remarks(one))
        link.setAccessibleName(f"{link.text()}, {one.title}")
        link.setObjectName(f"review_{one.activity_id.hex()}")
        cohort_id, activity_id = today.outline.enrolled.cohort_id, one.activity_id
        link.clicked.connect(lambda: self.frame.open("exercise", cohort_id=cohort_id, activity_id=activity_id))
        opinion = _("“{title}”").format(title=one.opinion) if one.opinion else one.title
        at = day_and_time(moment(one.at), moment(now).date())
        parts = [Text(opinion, "note", wrap=True)]
        if one.opinion:
            parts.append(Text(one.title, "small", wrap=True))
        parts.append(Text(", ".join(part for part in (one.trainer, at) if part), "small", "muted", wrap=True))
        face = Avatar(one.trainer, trainer=True) if one.trainer else Glyph("file-check", "human", box=32)
        self.margin.add(row(face, column(*parts, link, gap=4), gap=12, stretch=1, top=True), 12)

    def _add_group(self, threads: Sequence[ThreadRow], now: int, gap: int) -> None:
        """Discussions with something that the person has not read."""
        self.margin.add(Text(_("The group"), "section"), gap)
        for place, thread in enumerate(threads):
            first = thread.people[0]
            new = ngettext("{count} new message", "{count} new messages", thread.unread).format(count=thread.unread)
            link = LinkButton(thread.title or _("The first message is not here"), colour="text")
            link.setObjectName(f"thread_{thread.thread.hex()}")
            link.clicked.connect(lambda _checked=False, thread=thread: self._open_thread(thread))
            detail = [people_of(thread.people), _("asks for help") if thread.wants_help and not thread.solved else new]
            said = column(link, Text(" · ".join(detail), "small", "muted", wrap=True), gap=2)
            face = Avatar(first.name, trainer=first.is_trainer)
            self.margin.add(row(face, said, gap=12, stretch=1, top=True), 12 if place == 0 else 16)
        self.margin.add(Hairline(), 24)

    def _open_thread(self, thread: ThreadRow) -> None:
        self.frame.open("exchanges", cohort_id=thread.cohort_id, thread=thread.thread)

    def _add_came_back(self, today: Today, one: CameBack, now: int) -> None:
        points = ngettext("{points} point of {best}", "{points} points of {best}", round(one.points)).format(
            points=number(one.points, int(one.points % 1 > 0)), best=number(one.best)
        )
        verdict = _("passed") if one.passed else _("not passed yet")
        at = moment(one.at)
        link = LinkButton(_("See the result"))
        link.setAccessibleName(f"{link.text()}, {one.title}")
        link.setObjectName(f"result_{one.attempt_id.hex()}")
        cohort_id = today.outline.enrolled.cohort_id
        link.clicked.connect(
            lambda: self.frame.open("quiz", cohort_id=cohort_id, activity_id=one.activity_id, attempt_id=one.attempt_id)
        )
        said = column(
            Text(one.title, "note", wrap=True),
            Text([Span(points, 600), Span(f" · {verdict}")], wrap=True),
            Text(capital(day_and_time(at, moment(now).date())), "small", "muted", wrap=True),
            link,
            gap=4,
        )
        self.margin.add(row(Glyph("file-check", "human", box=32), said, gap=12, stretch=1, top=True), 12)


def _read_remarks(one: ReturnedWork) -> str:
    if not one.remarks:
        return _("See what was said")
    return ngettext("Read the remark", "Read the {count} remarks", one.remarks).format(count=one.remarks)


def _row_detail(row: ActivityRow) -> str:
    detail = f"{kind_word(row.activity.type)} · {duration(row.minutes_left or row.activity.minutes)}"
    if row.standing.state is State.LATE:
        return _("{what}, planned until {day}").format(what=detail, day=last_day(row.due))
    if row.standing.state is State.RETURNED:
        return _("{what}, your trainer is waiting for a new version").format(what=detail)
    if row.activity.type is ActivityType.EXERCISE:
        return _("{what}, due by {day}").format(what=detail, day=last_day(row.due))
    return detail


def _resume_detail(row: ActivityRow) -> str:
    parts = [kind_word(row.activity.type)]
    if row.standing.state is State.LATE:
        parts.append(_("planned until {day}").format(day=last_day(row.closes)))
    if row.standing.share:
        parts.append(_("{duration} left").format(duration=duration(row.minutes_left)))
    else:
        parts.append(duration(row.activity.minutes))
    if row.parts > 1:
        parts.append(_("part {part} of {parts}").format(part=row.part + 1, parts=row.parts))
    return " · ".join(parts)


def _left(today: Today) -> str:
    if not today.minutes_left:
        return _("Nothing is left for this week.")
    if today.week_ends is None:
        return _("About {duration} left.").format(duration=duration(today.minutes_left))
    until = last_day(today.week_ends).split(" ")[0]
    return _("About {duration} left until {day}.").format(duration=duration(today.minutes_left), day=until)


def _between(today: Today) -> str:
    """What to say in a time without a week of its own."""
    title = today.outline.enrolled.title
    if today.opens_next is not None:
        text = _("“{title}” opens {day}.") if today.outline.week == 0 else _("The next week of “{title}” opens {day}.")
        return text.format(title=title, day=first_day(today.opens_next))
    return _("“{title}” is over. Everything stays here to be read again.").format(title=title)


def places(workplace: Workplace) -> tuple[Place, ...]:
    """The first page of a learner; also of a person whose first sync has not come yet."""
    roles = workplace.roles()
    if not roles.learner and (roles.trainer or roles.author):
        return ()
    return (Place("today", lambda frame: TodayPage(frame, workplace), lambda: _("Today"), "sun", order=10),)
