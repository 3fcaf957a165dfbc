"""What a trainer means to do next for a learner, and when they want to be reminded of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from spoc_desktop.i18n import moment
from spoc_desktop.services.desk import Desk
from sync.domain.followup import NEXT_ACTION

MORNING = 9
"""The hour at which a reminder comes."""
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Planned:
    """The next action. `remind_at` in milliseconds, 0: no reminder."""

    id: bytes
    text: str
    at: int
    remind_at: int

    def waits(self, now: int) -> bool:
        """Whether its reminder is still to come."""
        return self.remind_at > now

    def is_due(self, now: int) -> bool:
        """Whether its reminder has come."""
        return 0 < self.remind_at <= now


def open_actions(desk: Desk) -> Mapping[bytes, Planned]:
    """The newest action that is not done, by staff space."""
    found: dict[bytes, Planned] = {}
    for seen in sorted(desk.store.view(NEXT_ACTION), key=lambda one: one.body.at):
        if not seen.body.done_at:
            found[bytes(seen.space)] = Planned(seen.id, seen.body.text, seen.body.at, seen.body.remind_at)
    return found


def mornings(now: int, count: int) -> list[int]:
    """The next working mornings at nine where this computer is, in milliseconds."""
    found: list[int] = []
    day = moment(now).replace(hour=MORNING, minute=0, second=0, microsecond=0, tzinfo=None)
    while len(found) < count:
        day += timedelta(days=1)
        if day.weekday() < _SATURDAY:
            found.append(round(day.timestamp() * 1000))
    return found
