"""People to think of, each with the reason in words and the date that the reason rests on: a trainer's margin."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from spoc_desktop.i18n import _, day_with_year, moment
from spoc_desktop.services.followup import Followed, sentences
from spoc_desktop.ui.page import Frame
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.flow import Hairline, column, flow, row
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.sheet import Column
from spoc_desktop.ui.widgets.text import Text
from sync.domain.followup import Unanswered

SHOWN = 5
"""More than that is a list for the group's page, not for a margin."""


def as_of(last_sent: int | None) -> str:
    """What a figure about a person rests on: everything said about them is as old as this."""
    if last_sent is None:
        return _("Nothing received from this person yet")
    return _("As of what they sent on {date}").format(date=day_with_year(moment(last_sent).date()))


def add_behind(margin: Column, frame: Frame, people: Sequence[Followed], most: int = SHOWN) -> None:
    """The people to think of first, ranked as they come."""
    margin.add(Text(_("To follow up, and why"), "section", "human", wrap=True))
    if not people:
        margin.add(Text(_("Nobody is late, silent or stuck."), "note", wrap=True), 12)
        return
    for place, one in enumerate(people[:most]):
        if place:
            margin.add(Hairline(), 16)
        margin.add(_one(frame, one, place + 1), 16)


def write_to(frame: Frame, one: Followed) -> None:
    """Open the private thread with a learner."""
    frame.open("exchanges", cohort_id=one.cohort_id, learner=one.person)


def _one(frame: Frame, one: Followed, place: int) -> QWidget:
    rank = Text(str(place), "card", "human")
    name = LinkButton(one.name, colour="text", wrap=True)
    name.setObjectName(f"file_{one.person.hex()}")
    name.setAccessibleName(_("{name}, file").format(name=one.name))
    name.clicked.connect(lambda: frame.open("learner_file", cohort_id=one.cohort_id, learner=one.person))
    asks = any(isinstance(reason, Unanswered) for reason in one.reasons)
    write = Button(
        _("Answer") if asks else _("Write to them"), icon="reply" if asks else "message-square", size="small"
    )
    write.setObjectName(f"write_{one.person.hex()}")
    write.setAccessibleName(f"{write.text()}, {one.name}")
    write.clicked.connect(lambda: write_to(frame, one))
    parts = [name, *(Text(said, wrap=True) for said in sentences(one))]
    parts.append(Text(as_of(one.last_sent), "small", "muted", wrap=True))
    return row(rank, column(*parts, flow(write), gap=4), gap=16, stretch=1, top=True)
