"""The people of a course in the margin: who teaches, and the other courses of the person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from spoc_desktop.i18n import _, day_with_year, ngettext
from spoc_desktop.ui.page import Frame
from spoc_desktop.ui.pages.standing import first_date, last_date
from spoc_desktop.ui.widgets.avatar import Avatar
from spoc_desktop.ui.widgets.cover import Cover, cover_colour
from spoc_desktop.ui.widgets.flow import column, row
from spoc_desktop.ui.widgets.row import Row
from spoc_desktop.ui.widgets.sheet import Column
from spoc_desktop.ui.widgets.text import Text

if TYPE_CHECKING:
    from spoc_desktop.services.courses import Enrolled


def person(name: str, said: str = "", *, trainer: bool = False) -> QWidget:
    """A person with what they are or say."""
    who = Text(name, wrap=True)
    who.set_weight(500)
    words = column(who, Text(said, "small", "muted", wrap=True), gap=0) if said else who
    return row(Avatar(name, trainer=trainer), words, gap=12, stretch=1, top=bool(said))


def add_trainers(margin: Column, names: Sequence[str], gap: int = 24) -> None:
    """The trainers of the course, if any is known here."""
    if not names:
        return
    margin.add(Text(ngettext("Your trainer", "Your trainers", len(names)), "section"), gap)
    for name in names:
        margin.add(person(name, trainer=True), 12)


def add_courses(margin: Column, frame: Frame, courses: Sequence[Enrolled], now: int, gap: int = 24) -> None:
    """The person's other courses, each a way into it."""
    if not courses:
        return
    margin.add(Text(_("Other courses"), "section"), gap)
    for course in courses:
        margin.add(course_row(frame, course, now, line=False), 4)


def course_row(frame: Frame, course: Enrolled, now: int, *, line: bool = True) -> Row:
    """A course as a line: its cover, its title, when it is."""
    colour = cover_colour(course.edition.colour if course.edition else "")
    title = course.title or _("A course on its way")
    made = Row(title, when(course, now), leading=Cover(colour), passive=course.edition is None, line=line)
    cohort_id = course.cohort_id
    made.clicked.connect(lambda: frame.open("course", cohort_id=cohort_id))
    return made


def when(course: Enrolled, now: int) -> str:
    """When a course is, in one line."""
    if course.cohort is None or course.edition is None:
        return _("Arrives with the next synchronisation")
    starts, ends = first_date(course.cohort.starts), last_date(course.cohort.ends)
    if now < course.cohort.starts:
        return _("Starts on {date}").format(date=day_with_year(starts))
    if now >= course.cohort.ends:
        return _("Ended on {date}").format(date=day_with_year(ends))
    return _("Until {date}").format(date=day_with_year(ends))
