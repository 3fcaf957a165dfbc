"""The gradebook's cells and heads in few words, and in whole ones for who hears them."""

from __future__ import annotations

from string import ascii_lowercase

from spoc_desktop.i18n import _, ngettext, number
from spoc_desktop.services.certificates import Earner
from spoc_desktop.services.gradebook import Book, Entry, EntryState
from spoc_desktop.ui.widgets.matrix import Cell
from sync.domain.courses import ActivityType

NBSP = "\u00a0"


def headers(book: Book) -> list[str]:
    """A short head for each activity that counts: "Quiz W 2"; letters tell two of one sort in a week apart."""
    modules = book.taught.edition.modules if book.taught.edition else ()
    weeks = {activity.id: module.week for module in modules for activity in module.activities}
    found = []
    for activity in book.activities:
        words = _("Ex. W {week}") if activity.type is ActivityType.EXERCISE else _("Quiz W {week}")
        found.append(words.format(week=weeks.get(activity.id, 0)))
    return [_told_apart(found, place) for place in range(len(found))]


def _told_apart(heads: list[str], place: int) -> str:
    same = [at for at, head in enumerate(heads) if head == heads[place]]
    return heads[place] if len(same) == 1 else f"{heads[place]}{NBSP}{ascii_lowercase[same.index(place)]}"


def cell_of(entry: Entry) -> Cell:
    """One result."""
    points = "" if entry.points is None else _figures(entry)
    short = "" if entry.points is None else f"{_figure(entry.points)}/{_figure(entry.best)}"
    is_exercise = entry.activity.type is ActivityType.EXERCISE
    match entry.state:
        case EntryState.PASSED | EntryState.ACCEPTED:
            said = _("Accepted") if is_exercise else _("Passed")
            return Cell("done", words=short or said, said=_joined(said, points))
        case EntryState.NOT_PASSED:
            return Cell("todo", words=short, said=_joined(_("Not passed yet"), points))
        case EntryState.RETURNED:
            return Cell("late", words=short or _("Returned"), said=_joined(_("Returned"), points))
        case EntryState.WAITING | EntryState.RECEIVED:
            said = _("To review") if is_exercise else _("Received")
            return Cell("todo", words=_("Received"), said=said)
    return Cell("closed", said=_("Nothing handed in"))


def standing(earner: Earner | None) -> str:
    """How far somebody is from the certificate."""
    if earner is None:
        return "–"
    if earner.held is not None:
        return _("Earned")
    count = len(earner.lacks)
    return ngettext("{count} to go", "{count} to go", count).format(count=count) if count else _("On its way")


def _joined(said: str, points: str) -> str:
    return ", ".join(part for part in (said, points) if part)


def _figures(entry: Entry) -> str:
    return _("{points} of {best}").format(points=_figure(entry.points or 0), best=_figure(entry.best))


def _figure(value: float) -> str:
    return number(value, 0 if value == int(value) else 1)
