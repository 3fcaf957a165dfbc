"""Which of the person's entries never left this laptop: those alone may still be changed or taken back.

An entry that may have left is never changed: the same name with other bytes is a fork (protocol, Terms). What left is
known in memory only; at a start, and once a copy of the store exists, everything counts as having left.
"""

import threading
from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from sync.client.ports import Changes, Waiting
from sync.domain.kinds import KINDS
from sync.domain.merge import changed
from sync.protocol.messages import Create, Edit, Mutation

HOLD_MS = 10_000
"""How long a change that can be undone is kept from leaving (protocol rule 6)."""

Name = tuple[int, int]
"""Writer and number of an entry."""


class Held(NamedTuple):
    """A change that does not leave yet. `until`: end of the hold, by the clock that never jumps, in milliseconds."""

    changes: Changes
    until: int
    token: int


class _Hold(NamedTuple):
    until: int
    names: tuple[Name, ...]


class Offering:
    """What was handed out to be sent, and what is held back. `lock` covers reading it and acting on it as one.

    Holds are by `monotonic`, in memory: a clock that jumps does not stretch them, and a restart ends them.
    """

    def __init__(self, monotonic: Callable[[], int]) -> None:
        self.lock = threading.RLock()
        self._monotonic = monotonic
        self._writer = 0
        self._highest = 0
        self._holds: dict[int, _Hold] = {}
        self._tokens = 0
        self._has_ended = False

    def close(self, writer: int, highest: int) -> None:
        """All that exists counts as having left; `writer` writes from now on, beyond the number `highest`."""
        with self.lock:
            self._writer, self._highest = writer, highest

    def give(self, entries: Iterable[Waiting]) -> None:
        """These are handed out to be sent."""
        with self.lock:
            self._has_ended = False
            own = [entry.n for entry in entries if entry.writer == self._writer]
            self._highest = max([self._highest, *own])

    def may_change(self, writer: int, n: int) -> bool:
        """Whether an entry never left and nobody may want to take it back."""
        with self.lock:
            return writer == self._writer and n > self._highest and (writer, n) not in self.held()

    def hold(self, names: Iterable[Name], milliseconds: int, changes: Changes) -> Held:
        """Keep entries, which must not have been handed out, from leaving."""
        with self.lock:
            self._tokens += 1
            until = self._monotonic() + milliseconds
            self._holds[self._tokens] = _Hold(until, tuple(names))
            return Held(changes, until, self._tokens)

    def held(self) -> set[Name]:
        """The entries held back now."""
        with self.lock:
            now = self._monotonic()
            ended = [token for token, hold in self._holds.items() if hold.until <= now]
            for token in ended:
                del self._holds[token]
                self._has_ended = True
            return {name for hold in self._holds.values() for name in hold.names}

    def names_of(self, token: int) -> tuple[Name, ...]:
        """The entries of a hold, none once it has ended."""
        with self.lock:
            self.held()
            hold = self._holds.get(token)
            return () if hold is None else hold.names

    def release(self, token: int) -> None:
        """Forget a hold whose entries were taken back."""
        with self.lock:
            self._holds.pop(token, None)

    def ends_in(self) -> int | None:
        """Milliseconds until a hold ends; 0 when one has and nothing was handed out since; None without any."""
        with self.lock:
            self.held()
            if self._has_ended:
                return 0
            ends = [hold.until for hold in self._holds.values()]
            return min(ends) - self._monotonic() if ends else None


def joined(older: Mutation, newer: Edit) -> Mutation | None:
    """One mutation that does what both did, under the name of the older; None where they have to stay two.

    An edit joins another of the same base, or a creation of which the server knows nothing yet.
    """
    match older:
        case Edit(epoch=epoch, base=base) if (epoch, base) == (newer.epoch, newer.base):
            return msgspec.structs.replace(older, changes={**older.changes, **newer.changes})
        case Create(kind=number) if not newer.base and (kind := KINDS.get(number)) is not None:
            fields = {field: bytes(raw) for field, raw in newer.changes.items()}
            return msgspec.structs.replace(older, body=msgspec.Raw(changed(bytes(older.body), fields, kind)))
        case _:
            return None
