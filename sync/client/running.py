"""What one run of the engine is bounded by, remembers between its requests, and tells of itself."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sync.client.blobs import Moved
from sync.client.ports import Changes, Laptop, Waiting
from sync.protocol.errors import Busy
from sync.protocol.limits import MAX_PUSH_BYTES, MAX_PUSH_ROWS, PAGE_ROWS
from sync.protocol.messages import Span, SyncRequest


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much goes up at once. `together`: up to so many changes travel in one request with the pull.

    `part`: where the next request may go ahead, a long outbox goes in parts of so many, so that laptop and server work
    at the same time.
    """

    rows: int = MAX_PUSH_ROWS
    size: int = MAX_PUSH_BYTES
    together: int = PAGE_ROWS // 2
    part: int = MAX_PUSH_ROWS // 2


BOUNDS = Bounds()
"""Those of the program."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come. `sent`: entries answered. `received`: rows told. `changes`: of the last transaction.

    `moved`: the file under way, when this is said of a file.
    """

    changes: Changes
    sent: int
    received: int
    requests: int
    moved: Moved | None = None


@dataclass(frozen=True, slots=True)
class Synced:
    """What a run did. `set_aside`: poison entries. `ahead`: the server's clock minus this device's, in milliseconds.

    `complete`: laptop and server had nothing more to say to each other; False when the run was stopped.
    """

    changes: Changes
    sent: int
    received: int
    requests: int
    set_aside: int
    ahead: int | None
    complete: bool


Told = Callable[[Progress], None]


@dataclass(slots=True)
class Run:
    """What one run remembers between its requests; losing it costs a request, never data."""

    limit: int
    wait: int = 0
    whole: bool = False
    fetch_first: bool = False
    current: bool = False
    backup: int | None = None
    compared: set[bytes] = field(default_factory=set)
    begun: Counter[bytes] = field(default_factory=Counter)
    finer: dict[bytes, tuple[Span, ...]] = field(default_factory=dict)
    rounds: Counter[bytes] = field(default_factory=Counter)
    idle: int = 0
    aside_in_a_row: int = 0
    aside: int = 0
    changes: Changes = field(default_factory=Changes)
    sent: int = 0
    received: int = 0
    requests: int = 0
    ahead: int | None = None
    uploaded: Counter[bytes] = field(default_factory=Counter)
    went_ahead: "Asked | None" = None
    """What was asked ahead for the rest of the entries read before."""
    held_up: Busy | None = None
    """Nothing more of the person's may go for long: what comes is fetched, then this is said."""

    def progress(self, changes: Changes, moved: Moved | None = None) -> Progress:
        """How far it has come."""
        return Progress(changes, self.sent, self.received, self.requests, moved)


class Asked(NamedTuple):
    """A request and what it was made from. `rest`: what was read with its entries and goes in the next."""

    laptop: Laptop
    waiting: Sequence[Waiting]
    request: SyncRequest
    rest: Sequence[Waiting] = ()
