"""People to think of, each with the reason in words and the date that the reason rests on: a trainer's margin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from spoc_desktop.i18n import _, day_with_year, moment, near_day
from spoc_desktop.services.followup import Followed, sentences
from spoc_desktop.ui.page import Frame
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.flow import Hairline, column, flow, row
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.text import Span, Text
from sync.domain.followup import Silent, Unanswered

if TYPE_CHECKING:
    from spoc_desktop.services.next_actions import Planned
    from spoc_desktop.ui.pages.loaded import LoadedPage
    from sync.client.ports import Changes

SHOWN = 5
"""More than that is a list for the group's page, not for a margin."""


def as_of(last_sent: int | None) -> str:
    """What a figure about a person rests on: everything said about them is as old as this."""
    if last_sent is None:
        return _("Nothing received from this person yet")
    return _("As of what they sent on {date}").format(date=day_with_year(moment(last_sent).date()))


def words_at_foot() -> str:
    """What all the reasons rest on, said once."""
    return _("Each reason rests on what the person last sent. Who is put aside is kept in their file, with the date.")


class Behind:
    """The list of one page. Who is put aside leaves it until the next working morning."""

    def __init__(self, page: LoadedPage[Any]) -> None:
        self._page = page

    def fill(self, people: Sequence[Followed], later: Sequence[Followed], most: int = SHOWN) -> None:
        """Put the people to think of first into the page's margin, ranked as they come."""
        margin = self._page.margin
        margin.add(Text(_("To follow up, and why"), "section", "human", wrap=True))
        if not people:
            words = _("Nobody else is late, silent or stuck.") if later else _("Nobody is late, silent or stuck.")
            margin.add(Text(words, "note", wrap=True), 12)
        for place, one in enumerate(people[:most]):
            if place:
                margin.add(Hairline(), 12)
            margin.add(self._one(one, place + 1), 12)
        if len(people) > most:
            everybody = LinkButton(_("See everybody in the group"), "users-round")
            everybody.setObjectName("everybody_to_follow")
            everybody.clicked.connect(lambda: self._page.frame.open("group", cohort_id=people[0].cohort_id))
            margin.add(everybody, 16)
        for place, one in enumerate(later):
            margin.add(self._put_aside(one), 20 if place == 0 else 0)

    def _one(self, one: Followed, place: int) -> QWidget:
        now = self._page.workplace.desk.true_now()
        parts: list[QWidget] = [_name(self._page.frame, one)]
        if one.action is not None and one.action.is_due(now):
            parts.append(Text([Span(_("Reminder: {text}").format(text=one.action.text), 600)], "small", wrap=True))
        said = sentences(one, group=False)
        if said:
            parts.append(Text(" ".join(said), "small", wrap=True))
        rests_on = _rests_on(one, now)
        if rests_on:
            parts.append(Text(rests_on, "caption", "muted", wrap=True))
        asks = any(isinstance(reason, Unanswered) for reason in one.reasons)
        words, icon = (_("Answer"), "reply") if asks else (_("Write to them"), "message-square")
        write = Button(words, icon=icon, size="small")
        write.setObjectName(f"write_{one.person.hex()}")
        write.setAccessibleName(f"{write.text()}, {one.name}")
        write.clicked.connect(lambda: write_to(self._page.frame, one))
        wait = Button(_("Later"), "quiet", size="small")
        wait.setObjectName(f"later_{one.person.hex()}")
        wait.setAccessibleName(f"{wait.text()}, {one.name}")
        wait.clicked.connect(lambda: self._later(one))
        rank = Text(str(place), "card", "human")
        return row(rank, column(*parts, flow(write, wait), gap=4), gap=16, stretch=1, top=True)

    def _put_aside(self, one: Followed) -> QWidget:
        page, action = self._page, one.action
        at = (
            ""
            if action is None
            else near_day(moment(action.remind_at).date(), moment(page.workplace.desk.true_now()).date())
        )
        link = LinkButton(_("{name}: later, {day}").format(name=one.name, day=at), "clock", colour="text", role="small")
        link.setObjectName(f"aside_{one.person.hex()}")
        link.clicked.connect(lambda: open_file(page.frame, one))
        return link

    def _later(self, one: Followed) -> None:
        page, files, text = self._page, self._page.workplace.learner_files, _("Think of them again")

        def kept(done: tuple[Changes, Planned]) -> None:
            page.workplace.changed(done[0])
            page.frame.toast(lambda: _("{name} comes back the next working day.").format(name=one.name), undo(done[1]))

        def undo(action: Planned) -> Any:
            before = one.action
            if before is None:
                return lambda: page.write(lambda: files.done(action), page.workplace.changed)
            return lambda: page.write(lambda: files.remind(action, before.remind_at), page.workplace.changed)

        page.write(lambda: files.later(one, text), kept)


def write_to(frame: Frame, one: Followed) -> None:
    """Open the private thread with a learner."""
    frame.open("exchanges", cohort_id=one.cohort_id, learner=one.person)


def open_file(frame: Frame, one: Followed) -> None:
    """Open a learner's file."""
    frame.open("learner_file", cohort_id=one.cohort_id, learner=one.person)


def _name(frame: Frame, one: Followed) -> LinkButton:
    name = LinkButton(one.name, colour="text", wrap=True)
    name.setObjectName(f"file_{one.person.hex()}")
    name.setAccessibleName(_("{name}, file").format(name=one.name))
    name.clicked.connect(lambda: open_file(frame, one))
    return name


def _rests_on(one: Followed, now: int) -> str:
    """The day that the reasons rest on, where it says more than the reasons and is not today."""
    if one.last_sent is None:
        never = any(isinstance(reason, Silent) and reason.never for reason in one.reasons)
        return "" if never else as_of(None)
    sent, today = moment(one.last_sent).date(), moment(now).date()
    return "" if sent == today else _("As of what they sent {day}").format(day=near_day(sent, today))
