"""What all services of one person share: their store, who they are, a clock and chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from sync.client.ports import Chance, Changes, Clock
from sync.domain import spaces
from sync.domain.ids import CohortId, PersonId, SpaceId, uuid7
from sync.domain.kind import Kind


@dataclass(frozen=True, slots=True)
class New:
    kind: Kind
    space: bytes
    id: bytes
    body: msgspec.Struct


@dataclass(frozen=True, slots=True)
class Edited:
    kind: Kind
    id: bytes
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Removed:
    kind: Kind
    id: bytes


class Seen(Protocol):
    """A record as pages see it: what was accepted with what waits on top of it."""

    @property
    def id(self) -> bytes: ...
    @property
    def space(self) -> bytes: ...
    @property
    def author(self) -> bytes: ...
    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> int: ...
    @property
    def body(self) -> Any: ...


class Records(Protocol):
    """The part of the store that use cases need."""

    def write(self, changes: Sequence[New | Edited | Removed]) -> Changes: ...
    def view(self, kind: Kind, space: bytes | None = None) -> list[Seen]: ...
    def one(self, kind: Kind, id: bytes) -> Seen | None: ...


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
