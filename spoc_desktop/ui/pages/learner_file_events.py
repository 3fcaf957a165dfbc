"""The lines of a learner's file in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from spoc_desktop.i18n import _, capital, moment, near_day, number, percent, short_date
from spoc_desktop.services.learner_file import Event, What
from spoc_desktop.ui.widgets.timeline import Moment

FILTERS = ("all", "work", "messages")
_SHOWN = {
    "all": frozenset(What),
    "work": frozenset({What.ATTEMPT, What.HAND_IN, What.RETURNED, What.ACCEPTED}),
    "messages": frozenset({What.MESSAGE}),
}
_ICONS = {
    What.STARTED: ("log-in", "muted"),
    What.ATTEMPT: ("list-checks", "muted"),
    What.HAND_IN: ("file-pen-line", "accent"),
    What.RETURNED: ("corner-down-left", "human"),
    What.ACCEPTED: ("file-check", "success"),
    What.MESSAGE: ("message-square", "human"),
}
_LONGEST = 240


def filtered(events: Sequence[Event], key: str) -> list[Event]:
    """What a choice of the page lets through."""
    return [one for one in events if one.what in _SHOWN[key]]


def moment_of(event: Event, now: int) -> Moment:
    """A line as it is drawn."""
    icon, colour = _ICONS[event.what]
    if event.what is What.ATTEMPT and event.passed is False:
        icon = "list-x"
    return Moment(
        day=_day(moment(event.at).date(), moment(now).date()),
        icon=icon,
        title=_title(event),
        detail=_detail(event),
        quote=_("“{text}”").format(text=_shortened(event.text)) if event.text else "",
        colour=colour,
        opens=event.what is not What.STARTED,
    )


def _day(when: date, today: date) -> str:
    return near_day(when, today) if abs((today - when).days) <= 1 else short_date(when)


def _title(event: Event) -> str:
    match event.what:
        case What.STARTED:
            return _("Start of the course")
        case What.ATTEMPT:
            return _("Quiz “{title}”, attempt {number}: {score}").format(
                title=event.title, number=event.number, score=_score(event)
            )
        case What.HAND_IN:
            return _("“{title}”, version {number} handed in").format(title=event.title, number=event.number)
        case What.RETURNED:
            return _("“{title}”, version {number} returned").format(title=event.title, number=event.number)
        case What.ACCEPTED:
            return _("“{title}” accepted").format(title=event.title)
        case What.MESSAGE:
            if event.mine:
                return _("You wrote to them")
            return (
                _("{name} wrote to them").format(name=event.name) if event.name else _("Message in the private thread")
            )


def _score(event: Event) -> str:
    if event.points is None or not event.best:
        return _("being graded")
    return percent(event.points / event.best)


def _detail(event: Event) -> str:
    if event.what in (What.RETURNED, What.ACCEPTED):
        points = _("{points} of {best}").format(points=number(event.points or 0), best=number(event.best))
        who = _("by you") if event.mine else _("by {name}").format(name=event.name) if event.name else ""
        return capital(", ".join(part for part in (points, who) if part))
    if event.what is What.ATTEMPT and event.passed is not None:
        return _("Passed") if event.passed else _("Not passed yet")
    return ""


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"
