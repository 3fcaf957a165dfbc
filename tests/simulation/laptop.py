"""A laptop in the simulated world: the store in memory, and a ledger of what its person saw saved."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import msgspec

from sync.client.memory_steps import Entry
from sync.client.memory_store import MemoryStore
from sync.client.offering import Held
from sync.client.ports import Changes, FileRef, Laptop, Outgoing, Stretch, Waiting
from sync.client.steps import Begin, Mend, Refuse, Revoke, Step
from sync.client.view import State
from sync.domain.forum import POST
from sync.protocol.messages import Checksum, Create, Delete, Edit, Mutation
from tests.simulation.model_server import Caller

_ARRAY = msgspec.msgpack.Decoder(list[msgspec.Raw])


class Broken(AssertionError):
    """An invariant of the protocol does not hold."""


class Wish(NamedTuple):
    """A change that a person saw saved: what it is, whatever name it travels under."""

    space: bytes
    what: type[Mutation]
    id: bytes
    values: tuple[bytes, ...]


def wish_of(space: bytes, mutation: Mutation) -> Wish:
    match mutation:
        case Create(body=body):
            return Wish(space, Create, mutation.id, (bytes(body),))
        case Edit(changes=changes):
            values = (bytes([number]) + bytes(raw) for number, raw in sorted(changes.items()))
            return Wish(space, Edit, mutation.id, tuple(values))
        case Delete():
            return Wish(space, Delete, mutation.id, ())


class Hold(NamedTuple):
    """A change that its person may still undo."""

    held: Held
    space: bytes
    name: tuple[int, int]
    wish: Wish


def _said(mutation: Mutation) -> dict[int, bytes]:
    """The fields that a mutation writes."""
    match mutation:
        case Create(body=body):
            return {number: bytes(raw) for number, raw in enumerate(_ARRAY.decode(body))}
        case Edit(changes=changes):
            return {number: bytes(raw) for number, raw in changes.items()}
        case Delete():
            return {}


class Trail:
    """What a person saw of each field, one value after the other: none may come back after another took its place."""

    def __init__(self) -> None:
        self._seen: dict[tuple[bytes, bytes, int], list[bytes]] = {}

    def forget(self, space: bytes) -> None:
        """The server's history or the person's access changed: an older value may be the true one now."""
        for key in [key for key in self._seen if key[0] == space]:
            del self._seen[key]

    def look(self, store: MemoryStore, space: bytes) -> None:
        seen = store.all_seen(space)
        known = {key[1] for key in self._seen if key[0] == space}
        for id_ in known | set(seen):
            record = seen.get(id_)
            if record is None:
                self._see((space, id_, 0), b"")
            elif record.kind == POST.number:
                for number, value in enumerate(_ARRAY.decode(record.body)[:2]):
                    self._see((space, id_, number), bytes(value))

    def _see(self, key: tuple[bytes, bytes, int], value: bytes) -> None:
        values = self._seen.setdefault(key, [])
        if values and values[-1] == value:
            return
        if value in values:
            raise Broken(f"read-your-writes without flicker: {value!r} came back after {values[-1]!r}")
        values.append(value)


class SkewedClock(Protocol):
    """A laptop's clock, which may be wrong and may jump."""

    skew: int

    def now(self) -> int: ...
    def monotonic(self) -> int: ...


@dataclass
class SimLaptop:
    """One folder on one device. `ledger`: what its person saw saved and nothing made undone."""

    number: int
    caller: Caller
    store: MemoryStore
    clock: SkewedClock
    ledger: list[Wish] = field(default_factory=list)
    backup: tuple[MemoryStore, list[Wish]] | None = None
    trail: Trail = field(default_factory=Trail)
    busy: bool = False
    shared: bool = False
    """Its folder was copied behind the program's back, and both copies are used."""
    repairing: set[bytes] = field(default_factory=set)
    """Spaces whose checksum differed, until a compare has put them right."""

    holds: list[Hold] = field(default_factory=list)

    def note(self, space: bytes, before: Sequence[Entry], edit: Mapping[int, bytes]) -> None:
        """Put what was written into the ledger: its transaction is over, the person saw it saved.

        An edit that joined an entry takes the place of what that entry was: both are one change now.
        """
        after = self.store.entries()
        if len(after) == len(before):
            old, new = next((old, new) for old, new in zip(before, after, strict=True) if old != new)
            if _said(new.mutation) != {**_said(old.mutation), **edit}:
                raise Broken("typing: an edit that joined another lost a word")
            self.ledger.remove(wish_of(space, old.mutation))
            self.ledger.append(wish_of(space, new.mutation))
        else:
            self.ledger.append(wish_of(space, after[-1].mutation))
        self.trail.look(self.store, space)

    def hold(self, space: bytes, milliseconds: int) -> None:
        """The person may undo what they wrote last: it does not leave meanwhile."""
        newest = self.store.entries()[-1]
        held = self.store.hold(milliseconds)
        self.holds.append(Hold(held, space, (newest.writer, newest.mutation.n), wish_of(space, newest.mutation)))

    def undo(self, hold: Hold) -> None:
        """The person takes back what is held, and with a record all that they wrote on it since."""
        before = self.store.entries()
        self.store.undo(hold.held)
        self.holds.remove(hold)
        kept = {(entry.writer, entry.mutation.n) for entry in self.store.entries()}
        for entry in before:
            if (entry.writer, entry.mutation.n) not in kept:
                self.ledger.remove(wish_of(entry.space, entry.mutation))
        self.trail.forget(hold.space)
        self.trail.look(self.store, hold.space)

    def ended(self) -> None:
        """The program ended here and starts again."""
        self.store.reopened()
        self.holds.clear()

    def entries(self, *states: State) -> list[Entry]:
        return [entry for entry in self.store.entries() if entry.state in states]


class WatchedStore:
    """`ports.Store` that looks at each transaction of the engine with the eyes of the invariants."""

    def __init__(self, laptop: SimLaptop, look: Look) -> None:
        self._laptop = laptop
        self._look = look
        self.most_confirmed = laptop.store.most_confirmed

    def state(self) -> Laptop:
        return self._laptop.store.state()

    def waiting(self, rows: int, size: int) -> list[Waiting]:
        return self._laptop.store.waiting(rows, size)

    def unsafe_spaces(self) -> list[bytes]:
        return self._laptop.store.unsafe_spaces()

    def sums(self, space: bytes, stretches: Sequence[Stretch]) -> list[Checksum]:
        return self._laptop.store.sums(space, stretches)

    def perform(self, steps: Sequence[Step]) -> Changes:
        before = self._laptop.store.state()
        changes = self._laptop.store.perform(steps)
        self._look.after(self._laptop, before, steps, changes)
        return changes

    def files_to_send(self) -> list[Outgoing]:
        return self._laptop.store.files_to_send()

    def files_wanted(self) -> list[FileRef]:
        return self._laptop.store.files_wanted()

    def read_part(self, sha256: bytes, offset: int, size: int) -> bytes | None:
        return self._laptop.store.read_part(sha256, offset, size)

    def part_kept(self, sha256: bytes) -> int:
        return self._laptop.store.part_kept(sha256)

    def keep_part(self, sha256: bytes, offset: int, content: bytes, *, is_last: bool) -> None:
        self._laptop.store.keep_part(sha256, offset, content, is_last=is_last)

    def file_ended(self, sha256: bytes) -> Changes | None:
        changes = self._laptop.store.file_ended(sha256)
        content = self._laptop.store.files_here().get(sha256)
        if changes is not None and content is not None and hashlib.sha256(content).digest() != sha256:
            raise Broken("files: other bytes than the name promises were kept")
        return changes

    def file_sent(self, *names: bytes) -> None:
        self._laptop.store.file_sent(*names)

    def files_of(self, entry: Waiting) -> list[bytes]:
        return self._laptop.store.files_of(entry)

    def file_lacking(self, sha256: bytes) -> None:
        self._laptop.store.file_lacking(sha256)

    def files_came(self, contents: Mapping[bytes, bytes]) -> Changes:
        if any(hashlib.sha256(content).digest() != name for name, content in contents.items()):
            raise Broken("files: other bytes than the name promises were kept")
        return self._laptop.store.files_came(contents)

    def set_aside(self, writer: int, n: int, refusal: int) -> Changes:
        changes = self._laptop.store.set_aside(writer, n, refusal)
        for space in changes.spaces:
            self._laptop.trail.forget(space)
        return changes


class Look:
    """The invariants that hold after every single transaction of a laptop."""

    def after(self, laptop: SimLaptop, before: Laptop, steps: Sequence[Step], changes: Changes) -> None:
        raise NotImplementedError


def turning(steps: Sequence[Step]) -> set[bytes]:
    """Spaces in which a step gives the person's view another ground: told anew, mended, lost; a change refused."""
    return {step.space for step in steps if isinstance(step, Begin | Mend | Revoke | Refuse)}
