"""What all services of one person share: their store, who they are, a clock and chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from spoc_desktop.storage.changes import Edited, New, Removed, Seen
from sync.client.ports import Chance, Changes, Clock
from sync.domain import spaces
from sync.domain.ids import CohortId, PersonId, SpaceId, uuid7
from sync.domain.kind import Kind

__all__ = ["Desk", "Edited", "New", "Records", "Removed", "Seen"]


class Records(Protocol):
    """The part of the store that use cases need."""

    def write(self, changes: Sequence[New | Edited | Removed]) -> Changes:
        """Save all changes in one transaction, or none."""
        ...

    def view(self, kind: Kind, space: bytes | None = None) -> list[Seen]:
        """The records of a kind, in one space or in all that are readable."""
        ...

    def one(self, kind: Kind, id_: bytes) -> Seen | None:
        """A record by its id."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """The place where one person works. Times in milliseconds."""

    store: Records
    person: PersonId
    clock: Clock
    chance: Chance

    def now(self) -> int:
        """Device time."""
        return self.clock.now()

    def new_id(self) -> bytes:
        """A fresh id for a record made now."""
        return uuid7(self.clock.now(), self.chance.bytes(10))

    def personal(self, cohort_id: bytes) -> SpaceId:
        """The space of this person's own work in a cohort."""
        return spaces.personal(CohortId(cohort_id), self.person)
