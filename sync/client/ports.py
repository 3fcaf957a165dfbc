"""What the sync engine works on, handed in so that it can be simulated: store, transport, clock, chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sync.client.steps import Step
from sync.protocol.messages import Checksum, Cursor, SyncReply, SyncRequest


@dataclass(frozen=True, slots=True)
class SpaceState:
    """What a laptop knows of one space.

    `cursor`: where it has read to; START when the space is lost. `claim`: the highest place that it was ever told.
    `visible`: pages may read it. `lost`: access was revoked. `compare`: a full compare is due. `checksum`: of its
    records.
    """

    space: bytes
    cursor: Cursor
    claim: Cursor
    visible: bool
    lost: bool
    compare: bool
    checksum: Checksum


@dataclass(frozen=True, slots=True)
class Waiting:
    """An outbox entry that has no answer yet: its name and its bytes as they travel."""

    writer: int
    n: int
    space: bytes
    entry: bytes


@dataclass(frozen=True, slots=True)
class Changes:
    """What a transaction changed, for the pages: each decides alone whether to draw again.

    `kinds`: numbers of kinds whose records changed in what a person sees. `outbox`: something waits, was answered,
    refused or set aside.
    """

    kinds: frozenset[int] = frozenset()
    spaces: frozenset[bytes] = frozenset()
    outbox: bool = False

    def __or__(self, other: "Changes") -> "Changes":
        return Changes(self.kinds | other.kinds, self.spaces | other.spaces, self.outbox or other.outbox)


class Store(Protocol):
    """The laptop's truth. Every method is one transaction."""

    def server(self) -> bytes:
        """The id of the server that this store belongs to."""

    def writer(self) -> int:
        """The current writer id: entries made from now on carry it."""

    def spaces(self) -> list[SpaceState]:
        """All known spaces, lost ones too."""

    def waiting(self, rows: int, size: int) -> list[Waiting]:
        """The oldest waiting entries, at most `rows` and `size` bytes, all of one writer."""

    def backup(self) -> int:
        """The number of the last verified backup that the server told, 0 for none."""

    def unsafe_spaces(self) -> list[bytes]:
        """Spaces with confirmed entries that no verified backup is known to cover."""

    def perform(self, steps: Sequence[Step]) -> Changes:
        """Do all steps in one transaction, in order; nothing of them when it fails."""

    def set_aside(self, writer: int, n: int, refusal: int) -> Changes:
        """Take one poison entry out of what waits, visibly (rule 12)."""


class Transport(Protocol):
    """One exchange with the server. Every failure is a `SyncError` by name."""

    def exchange(self, request: SyncRequest) -> SyncReply:
        """Send a request and give the reply."""


class Clock(Protocol):
    """The time of this device."""

    def now(self) -> int:
        """Device time in milliseconds since 1970."""

    def monotonic(self) -> int:
        """A clock that never jumps, in milliseconds."""


class Chance(Protocol):
    """Where random bytes come from."""

    def bytes(self, count: int) -> bytes:
        """Random bytes: for new ids, writers and jitter."""
