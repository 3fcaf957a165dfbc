"""People to think of, each with the reason in words and the date that the reason rests on: a trainer's margin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from spoc_desktop.i18n import _, day_with_year, moment, ngettext
from spoc_desktop.ui.widgets.avatar import Avatar
from spoc_desktop.ui.widgets.flow import Hairline, column, row
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.sheet import Column
from spoc_desktop.ui.widgets.text import Text
from sync.domain.courses import ActivityType, PublishedActivity

if TYPE_CHECKING:
    from spoc_desktop.services.cohorts import Behind

SHOWN = 5
"""More than that is a list for the group's page, not for a margin."""


def reason(one: Behind) -> str:
    """Why to think of this person."""
    if one.last_sent is None and not one.late:
        return _("Has not sent anything yet.")
    if not one.late:
        return _("Has sent nothing for a week.")
    first = one.late[0].title
    others = len(one.late) - 1
    if not others:
        return _("Late with “{title}”.").format(title=first)
    said = ngettext(
        "Late with “{title}” and {count} other activity.", "Late with “{title}” and {count} other activities.", others
    )
    return said.format(title=first, count=others)


def as_of(last_sent: int | None) -> str:
    """What a figure about a person rests on: everything said about them is as old as this."""
    if last_sent is None:
        return _("Nothing received from this person yet")
    return _("As of what they sent on {date}").format(date=day_with_year(moment(last_sent).date()))


def late_quiz(one: Behind) -> PublishedActivity | None:
    """The first quiz that this person is late with."""
    return next((activity for activity in one.late if activity.type is ActivityType.QUIZ), None)


def add_behind(
    margin: Column, people: Sequence[Behind], opened: Callable[[Behind], None], *, on_group: bool = False
) -> None:
    """The people to think of first, ranked as they come. `on_group`: the page is the group, no link leads there."""
    margin.add(Text(_("To follow up, and why"), "section", "human"))
    if not people:
        margin.add(Text(_("Nobody is late, nobody is silent."), "note", wrap=True), 12)
        return
    for place, one in enumerate(people[:SHOWN]):
        if place:
            margin.add(Hairline(), 12)
        margin.add(_one(one, opened, on_group=on_group), 12)


def _one(one: Behind, opened: Callable[[Behind], None], *, on_group: bool) -> QWidget:
    name = Text(one.name, "label", wrap=True)
    parts: list[QWidget] = [name, Text(reason(one), wrap=True), Text(as_of(one.last_sent), "small", "muted", wrap=True)]
    is_quiz = late_quiz(one) is not None if on_group else bool(one.late) and one.late[0].type is ActivityType.QUIZ
    if is_quiz or (one.late and not on_group):
        link = LinkButton(_("See the results") if is_quiz else _("See the group"))
        link.setAccessibleName(f"{link.text()}, {one.name}")
        link.setObjectName(f"behind_{one.person.hex()}")
        link.clicked.connect(lambda: opened(one))
        parts.append(link)
    return row(Avatar(one.name), column(*parts, gap=2), gap=12, stretch=1, top=True)
