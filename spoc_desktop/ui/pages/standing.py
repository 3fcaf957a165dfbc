"""How an activity or a module stands, in words, colours and segments: the same on every page of the learner."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from spoc_desktop.i18n import _, day, moment
from spoc_desktop.services.courses import ROUTES
from spoc_desktop.ui.page import Frame
from spoc_desktop.ui.widgets.reglette import Segment, SegmentState
from sync.domain.courses import ActivityType
from sync.domain.progress import Standing, State

if TYPE_CHECKING:
    from spoc_desktop.services.courses import ActivityRow, ModuleRow

_ICONS = {
    ActivityType.LESSON: "file-text",
    ActivityType.VIDEO: "video",
    ActivityType.QUIZ: "list-checks",
    ActivityType.EXERCISE: "file-pen-line",
}
_SEGMENTS: dict[State, SegmentState] = {
    State.CLOSED: "closed",
    State.TODO: "todo",
    State.BEGUN: "part",
    State.DONE: "done",
    State.LATE: "returned",
    State.RETURNED: "returned",
}
COLOURS = {
    State.CLOSED: "muted",
    State.TODO: "muted",
    State.BEGUN: "accent",
    State.DONE: "success",
    State.LATE: "human",
    State.RETURNED: "human",
}
STATE_ICONS = {
    State.CLOSED: "lock",
    State.TODO: "circle",
    State.BEGUN: "circle-dot",
    State.DONE: "circle-check",
    State.LATE: "history",
    State.RETURNED: "corner-down-left",
}


def icon_of(activity: ActivityType) -> str:
    """The icon of an activity's kind; one of a newer program gets a plain one."""
    return _ICONS.get(activity, "circle-alert")


def kind_word(activity: ActivityType) -> str:
    """What kind of activity it is: "Lesson", "Quiz"."""
    words = {
        ActivityType.LESSON: _("Lesson"),
        ActivityType.VIDEO: _("Video"),
        ActivityType.QUIZ: _("Quiz"),
        ActivityType.EXERCISE: _("Exercise"),
    }
    return words.get(activity, _("Needs an update"))


HALF_DAY_MS = 43_200_000
"""Weeks begin and end at midnight where the cohort is. The date is read at noon there, so that it is the cohort's date
also on a laptop some time zones away."""


def first_date(opens: int) -> date:
    """The day that begins at an instant."""
    return moment(opens + HALF_DAY_MS).date()


def last_date(closes: int) -> date:
    """The last day before an instant (Monday 0:00: the Sunday)."""
    return moment(closes - HALF_DAY_MS).date()


def first_day(opens: int) -> str:
    """The day on which a week begins, in words."""
    return day(first_date(opens))


def last_day(closes: int) -> str:
    """The day on which a week ends, in words."""
    return day(last_date(closes))


def state_word(row: ActivityRow) -> str:
    """As "Done", "In progress", "To do", "Late", "Opens Monday 30 November"."""
    words = {
        State.TODO: _("To do"),
        State.BEGUN: _("In progress"),
        State.DONE: _("Done"),
        State.LATE: _("Late"),
        State.RETURNED: _("To revise"),
    }
    state = row.standing.state
    if state is State.CLOSED:
        return _("Opens {day}").format(day=first_day(row.opens))
    return words[state]


def segment(minutes: int, standing: Standing, title: str) -> Segment:
    """A piece of a réglette, as wide as the planned minutes."""
    return Segment(minutes, _SEGMENTS[standing.state], standing.share, title)


def segments(module: ModuleRow) -> list[Segment]:
    """The activities of a module as a réglette."""
    return [segment(row.activity.minutes, row.standing, row.activity.title) for row in module.activities]


def route_of(activity: ActivityType) -> str:
    """The page that opens an activity."""
    return ROUTES.get(activity, "lesson")


def opener(frame: Frame, cohort_id: bytes, row: ActivityRow) -> Callable[[], None]:
    """What a click on an activity does."""
    route = route_of(row.activity.type)
    return lambda: frame.open(route, cohort_id=cohort_id, activity_id=row.activity.id)


def can_open(row: ActivityRow) -> bool:
    """Whether a click opens something: closed weeks and kinds of a newer program only tell."""
    return row.standing.state is not State.CLOSED and row.activity.type in _ICONS
