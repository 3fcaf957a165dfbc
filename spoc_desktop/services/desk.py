"""What all services of one person share: their store, who they are, a clock and chance."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spoc_desktop.services.timekeeping import Timekeeper
from spoc_desktop.storage.changes import Edited, New, Removed, Seen
from sync.client.ports import Chance, Clock
from sync.domain import spaces
from sync.domain.ids import CohortId, PersonId, SpaceId, uuid7
from sync.domain.timing import NO_WITNESS, Witness

if TYPE_CHECKING:
    from spoc_desktop.storage.store import LocalStore  # pages import services: SQL comes when a store is opened

__all__ = ["Desk", "Edited", "New", "Removed", "Seen"]


@dataclass(frozen=True, slots=True)
class Desk:
    """The place where one person works. Times in milliseconds. `keeper` None: nothing is known of the clock."""

    store: "LocalStore"
    person: PersonId
    clock: Clock
    chance: Chance
    keeper: Timekeeper | None = None

    def now(self) -> int:
        """Device time: what is stored beside what a person does."""
        return self.clock.now()

    def true_now(self) -> int:
        """The device's time corrected by what the server's clock showed: by it things open, close and are late."""
        return self.now() if self.keeper is None else self.keeper.true_now()

    def witness(self) -> Witness:
        """What this laptop knows of its clock, to stand beside a time of this moment."""
        return NO_WITNESS if self.keeper is None else self.keeper.witness()

    def new_id(self) -> bytes:
        """A fresh id for a record made now."""
        return uuid7(self.clock.now(), self.chance.bytes(10))

    def personal(self, cohort_id: bytes) -> SpaceId:
        """The space of this person's own work in a cohort."""
        return spaces.personal(CohortId(cohort_id), self.person)
