"""The store in memory: the shortest exact reading of `ports.Store`, for the simulation and as a measure for the others.

Nothing outlives the process. Every transaction works on a copy that takes the place of the truth at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, assert_never

import msgspec

from sync.client.ports import Changes, Laptop, SpaceState, Waiting
from sync.client.steps import (
    Apply,
    Backed,
    Begin,
    Claim,
    Compare,
    Confirm,
    Forget,
    MarkSafe,
    NewWriter,
    Reach,
    Refuse,
    Revoke,
    Stage,
    Step,
)
from sync.client.view import Record, State, fold, shows
from sync.protocol.digest import EMPTY, joined, row_hash
from sync.protocol.limits import KEEP_CONFIRMED_MS, MAX_CONFIRMED_BYTES
from sync.protocol.messages import START, Checksum, Create, Cursor, Delete, Edit, Mutation, Row
from sync.protocol.wire import encode

_NOWHERE = (0, 0)


class Entry(NamedTuple):
    """One change of the person's, and where it is on its way. `place`: `(epoch, seq)` of its last answer."""

    writer: int
    space: bytes
    mutation: Mutation
    kind: int
    state: State = State.WAITING
    refusal: int = 0
    place: tuple[int, int] = _NOWHERE
    pulled: bool = False
    answered_at: int = 0

    @property
    def raw(self) -> bytes:
        """The bytes that travel."""
        return encode(self.mutation)


@dataclass(slots=True)
class _Space:
    cursor: Cursor = START
    claim: Cursor = START
    visible: bool = False
    lost: bool = False
    compare: bool = False
    staged: Cursor | None = None
    checksum: Checksum = EMPTY
    safe: tuple[int, int] = _NOWHERE
    rows: dict[bytes, Row] = field(default_factory=dict)
    beside: dict[bytes, Row] = field(default_factory=dict)
    untold: set[bytes] = field(default_factory=set)
    incidents: dict[bytes, Row] = field(default_factory=dict)

    def copy(self) -> _Space:
        copies = {name: getattr(self, name).copy() for name in ("rows", "beside", "untold", "incidents")}
        return replace(self, **copies)

    def contains(self, place: tuple[int, int]) -> bool:
        """Whether readable records hold the effect of what was answered with this place."""
        return self.visible and place != _NOWHERE and place[0] == self.cursor.epoch and place[1] <= self.cursor.seq

    def take(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self.rows[row.id] = row
            self.untold.discard(row.id)


@dataclass(slots=True)
class _Tables:
    writer: int
    last_n: int = 0
    last_entry: int = 0
    backup: int = 0
    spaces: dict[bytes, _Space] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)

    def copy(self) -> _Tables:
        spaces = {name: space.copy() for name, space in self.spaces.items()}
        return replace(self, spaces=spaces, entries=self.entries.copy())


class MemoryStore:
    """`ports.Store` in memory, with the person's side of it: create, edit, delete, seen."""

    def __init__(self, server: bytes, writer: int, now: Callable[[], int]) -> None:
        self._server = server
        self._now = now
        self._tables = _Tables(writer)

    def copied(self) -> MemoryStore:
        """The store as a backup or a cloned folder holds it."""
        copy = MemoryStore(self._server, self._tables.writer, self._now)
        copy._tables = self._tables.copy()
        return copy

    def reborn(self, writer: int) -> None:
        """Take a new writer id: this file was restored, copied or salvaged (protocol, Terms)."""
        self.perform([NewWriter(writer, 0)])

    # ------------------------------------------------------------------------------------------------ what engines ask

    def state(self) -> Laptop:
        """Server, writer, backup and all known spaces."""
        tables = self._tables
        spaces = tuple(
            SpaceState(
                name,
                space.cursor,
                space.claim,
                space.visible,
                space.lost,
                space.compare,
                space.staged,
                space.checksum,
            )
            for name, space in tables.spaces.items()
        )
        return Laptop(self._server, tables.writer, tables.backup, spaces)

    def waiting(self, rows: int, size: int) -> list[Waiting]:
        """The oldest waiting entries of one writer, within bounds but at least one."""
        found: list[Waiting] = []
        for entry in self._tables.entries.values():
            if entry.state is not State.WAITING or (found and entry.writer != found[0].writer):
                continue
            size -= len(entry.raw)
            if len(found) == rows or (found and size < 0):
                break
            found.append(Waiting(entry.writer, entry.mutation.n, entry.space, entry.raw))
        return found

    def unsafe_spaces(self) -> list[bytes]:
        """Spaces with confirmed entries that no verified backup is known to cover."""
        spaces, entries = self._tables.spaces, self._tables.entries.values()
        confirmed = (entry for entry in entries if entry.state is State.CONFIRMED)
        return sorted({entry.space for entry in confirmed if not _is_within(entry.place, spaces[entry.space].safe)})

    def perform(self, steps: Sequence[Step]) -> Changes:
        """Do all steps on a copy of the tables, which takes their place at the end."""
        work = _Transaction(self._tables.copy(), self._now())
        for step in steps:
            work.do(step)
        self._tables = work.tables
        return work.changes()

    def set_aside(self, writer: int, n: int, refusal: int) -> Changes:
        """Take one poison entry out of what waits."""
        space = next(entry.space for entry in self._tables.entries.values() if _name(entry) == (writer, n))
        return self.perform([Refuse(space, writer, n, 1, refusal)])

    # ------------------------------------------------------------------------------------------------- what people do

    def create(self, space: bytes, kind: int, id_: bytes, body: bytes) -> Changes:
        """Write a new record."""
        return self._write(space, kind, lambda n: Create(n, kind, id_, msgspec.Raw(body)))

    def edit(self, space: bytes, id_: bytes, changes: Mapping[int, bytes]) -> Changes:
        """Replace fields of a record that is seen. KeyError when it is not."""
        epoch, base = self._base(space, id_)
        raws = {number: msgspec.Raw(value) for number, value in changes.items()}
        return self._write(space, self._kind(space, id_), lambda n: Edit(n, id_, epoch, base, raws))

    def delete(self, space: bytes, id_: bytes) -> Changes:
        """Remove a record that is seen, for good. KeyError when it is not."""
        epoch, base = self._base(space, id_)
        return self._write(space, self._kind(space, id_), lambda n: Delete(n, id_, epoch, base))

    def seen(self, space: bytes, id_: bytes) -> Record | None:
        """A record as its person sees it."""
        known = self._tables.spaces.get(space)
        row = known.rows.get(id_) if known is not None and known.visible else None
        over = (
            entry.mutation
            for entry in self._tables.entries.values()
            if entry.space == space and entry.mutation.id == id_ and shows(entry.state, pulled=entry.pulled)
        )
        return fold(None if row is None else Record(row.kind, bytes(row.body)), over)

    def all_seen(self, space: bytes) -> dict[bytes, Record]:
        """All that a person sees in a space."""
        known = self._tables.spaces.get(space)
        ids = set(known.rows if known is not None and known.visible else ())
        ids |= {entry.mutation.id for entry in self._tables.entries.values() if entry.space == space}
        seen = ((id_, self.seen(space, id_)) for id_ in sorted(ids))
        return {id_: record for id_, record in seen if record is not None}

    def entries(self) -> list[Entry]:
        """The person's changes that are still kept, oldest first."""
        return list(self._tables.entries.values())

    def rows(self, space: bytes) -> dict[bytes, Row]:
        """The records of a space as the server told them."""
        known = self._tables.spaces.get(space)
        return {} if known is None else dict(known.rows)

    def incidents(self, space: bytes) -> dict[bytes, Row]:
        """Records that a retelling of the space did not hold any more."""
        known = self._tables.spaces.get(space)
        return {} if known is None else dict(known.incidents)

    def _write(self, space: bytes, kind: int, named: Callable[[int], Mutation]) -> Changes:
        tables = self._tables
        tables.last_n += 1
        tables.last_entry += 1
        tables.entries[tables.last_entry] = Entry(tables.writer, space, named(tables.last_n), kind)
        return Changes(frozenset({kind}), frozenset({space}), outbox=True)

    def _kind(self, space: bytes, id_: bytes) -> int:
        record = self.seen(space, id_)
        if record is None:
            raise KeyError(id_)
        return record.kind

    def _base(self, space: bytes, id_: bytes) -> tuple[int, int]:
        """What the person has before their eyes: nothing told yet is `(0, 0)`."""
        known = self._tables.spaces.get(space)
        row = None if known is None else known.rows.get(id_)
        return _NOWHERE if known is None or row is None else (known.cursor.epoch, row.seq)


class _Transaction:
    """One list of steps at work on a copy of the tables."""

    def __init__(self, tables: _Tables, now: int) -> None:
        self.tables = tables
        self._now = now
        self._kinds: set[int] = set()
        self._spaces: set[bytes] = set()
        self._outbox = False

    def changes(self) -> Changes:
        return Changes(frozenset(self._kinds), frozenset(self._spaces), self._outbox)

    def do(self, step: Step) -> None:  # noqa: C901, PLR0912  # a table: one line a step
        match step:
            case Confirm():
                self._confirm(step)
            case Refuse():
                self._refuse(step)
            case Claim(space, cursor):
                self._space(space).claim = max(self._space(space).claim, cursor, key=lambda one: (one.epoch, one.seq))
            case Begin():
                self._begin(step)
            case Apply():
                self._apply(step)
            case Stage(space, rows, cursor):
                self._space(space).beside.update((row.id, row) for row in rows)
                self._space(space).staged = cursor
            case Reach():
                self._reach(step)
            case Revoke(space):
                self._revoke(space)
            case Compare(space):
                self._space(space).compare = True
            case NewWriter():
                self._rename(step)
            case Backed(number):
                self.tables.backup = number
            case MarkSafe(space, epoch, seq):
                self._space(space).safe = (epoch, seq)
            case Forget(now):
                self._forget(now)
            case _:
                assert_never(step)

    def _space(self, space: bytes) -> _Space:
        self._spaces.add(space)
        return self.tables.spaces.setdefault(space, _Space())

    def _of(self, space: bytes, *states: State) -> list[tuple[int, Entry]]:
        entries = self.tables.entries.items()
        return [(at, entry) for at, entry in entries if entry.space == space and entry.state in states]

    def _put(self, at: int, entry: Entry) -> None:
        self.tables.entries[at] = entry
        self._kinds.add(entry.kind)
        self._outbox = True

    def _confirm(self, step: Confirm) -> None:
        space = self._space(step.space)
        for at, entry in self._of(step.space, State.WAITING):
            beyond = entry.mutation.n - step.n
            if entry.writer == step.writer and 0 <= beyond < step.count:
                place = (step.epoch, step.seq + beyond)
                pulled = entry.pulled or space.contains(place)
                done = entry._replace(state=State.CONFIRMED, place=place, pulled=pulled, answered_at=self._now)
                self._put(at, done)

    def _refuse(self, step: Refuse) -> None:
        for at, entry in self._of(step.space, State.WAITING):
            if entry.writer == step.writer and 0 <= entry.mutation.n - step.n < step.count:
                self._put(at, entry._replace(state=State.REFUSED, refusal=step.refusal))

    def _begin(self, step: Begin) -> None:
        space, start = self._space(step.space), Cursor(step.epoch, 0)
        space.claim, space.lost, space.compare = START, False, False
        space.beside.clear()
        space.untold = set(space.rows)
        if space.visible:
            space.staged = start
        else:
            space.cursor, space.staged = start, None
        for at, entry in self._of(step.space, State.CONFIRMED, State.QUARANTINED):
            self._put(at, entry._replace(state=State.WAITING))

    def _apply(self, step: Apply) -> None:
        space = self._space(step.space)
        space.take(step.rows)
        space.cursor, space.staged = step.cursor, None
        space.checksum = _checksum(space.rows.values())
        self._kinds.update(row.kind for row in step.rows)
        for at, entry in self._of(step.space, State.WAITING, State.CONFIRMED):
            if not entry.pulled and space.contains(entry.place):
                self._put(at, entry._replace(pulled=True))

    def _reach(self, step: Reach) -> None:
        space = self._space(step.space)
        if space.staged is not None:
            self._kinds.update(row.kind for row in space.beside.values())
            space.take(space.beside.values())
            space.cursor, space.staged = space.staged, None
            space.beside.clear()
        for id_ in space.untold:
            space.incidents[id_] = space.rows.pop(id_)
            self._kinds.add(space.incidents[id_].kind)
        space.untold = set()
        space.visible = True
        space.checksum = _checksum(space.rows.values())
        space.compare = space.compare or space.checksum != step.checksum
        for at, entry in self._of(step.space, State.WAITING, State.CONFIRMED):
            if entry.pulled != space.contains(entry.place):
                self._put(at, entry._replace(pulled=not entry.pulled))

    def _revoke(self, name: bytes) -> None:
        self._kinds.update(row.kind for row in self._space(name).rows.values())
        self.tables.spaces[name] = _Space(claim=self._space(name).claim, lost=True)
        for at, entry in self._of(name, State.WAITING, State.CONFIRMED):
            self._put(at, entry._replace(state=State.QUARANTINED, place=_NOWHERE, pulled=False))

    def _rename(self, step: NewWriter) -> None:
        self.tables.writer, self.tables.last_n = step.writer, 0
        for at, entry in self.tables.entries.items():
            if entry.state is State.WAITING and entry.writer == step.of and entry.mutation.n in step.renamed:
                self.tables.last_n += 1
                named = msgspec.structs.replace(entry.mutation, n=self.tables.last_n)
                self._put(at, entry._replace(writer=step.writer, mutation=named))

    def _forget(self, now: int) -> None:
        tables = self.tables
        kept = 0
        for at, entry in reversed(list(tables.entries.items())):
            if entry.state is not State.CONFIRMED:
                continue
            kept += len(entry.raw)
            is_old = now - entry.answered_at >= KEEP_CONFIRMED_MS
            is_safe = _is_within(entry.place, tables.spaces[entry.space].safe)
            if entry.pulled and ((is_old and is_safe) or kept > MAX_CONFIRMED_BYTES):
                del tables.entries[at]
                kept -= len(entry.raw)
                self._outbox = True


def _name(entry: Entry) -> tuple[int, int]:
    return entry.writer, entry.mutation.n


def _is_within(place: tuple[int, int], mark: tuple[int, int]) -> bool:
    return place[0] == mark[0] and place[1] <= mark[1]


def _checksum(rows: Iterable[Row]) -> Checksum:
    return joined(EMPTY, (row_hash(row.id, row.seq, row.author, row.at, bytes(row.body)) for row in rows))
