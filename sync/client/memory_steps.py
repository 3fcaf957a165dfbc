"""What each step does to a laptop's tables, in memory: the shortest exact reading of `sync.client.steps`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple, assert_never

import msgspec

from sync.client.giving_back import Held, owed
from sync.client.naming import named_in_mutation
from sync.client.ports import Changes, FileRef, Stretch
from sync.client.steps import (
    Agree,
    Apply,
    Backed,
    Begin,
    Claim,
    Compare,
    Confirm,
    Forget,
    MarkSafe,
    Mend,
    NewWriter,
    Reach,
    Refuse,
    Revoke,
    Stage,
    Step,
)
from sync.client.view import State
from sync.domain.merge import GONE
from sync.domain.naming import named_in_body
from sync.protocol.digest import EMPTY, joined, row_hash
from sync.protocol.errors import Refusal
from sync.protocol.limits import KEEP_CONFIRMED_MS, MAX_CONFIRMED_BYTES, OFFER_AGAIN_MS
from sync.protocol.messages import START, Checksum, Create, Cursor, Mutation, Row
from sync.protocol.wire import encode

_OF_A_RECORD = {Refusal.MISSING, Refusal.DELETED}
NOWHERE = (0, 0)
"""The place of an entry that has no answer."""


class Entry(NamedTuple):
    """One change of the person's, and where it is on its way. `place`: `(epoch, seq)` of its last answer."""

    writer: int
    space: bytes
    mutation: Mutation
    kind: int
    state: State = State.WAITING
    refusal: int = 0
    place: tuple[int, int] = NOWHERE
    pulled: bool = False
    answered_at: int = 0

    @property
    def raw(self) -> bytes:
        """The bytes that travel."""
        return encode(self.mutation)


@dataclass(slots=True)
class Space:
    """A space: what is told of it, and beside it what is told half. `untold`: records not told again since `Begin`."""

    cursor: Cursor = START
    claim: Cursor = START
    visible: bool = False
    lost: bool = False
    compare: bool = False
    staged: Cursor | None = None
    checksum: Checksum = EMPTY
    doubt: bool = False
    safe: tuple[int, int] = NOWHERE
    rows: dict[bytes, Row] = field(default_factory=dict)
    beside: dict[bytes, Row] = field(default_factory=dict)
    untold: set[bytes] = field(default_factory=set)
    untold_epoch: int = 0
    incidents: list[Row] = field(default_factory=list)

    def copy(self) -> Space:
        """The same, changed apart."""
        copies = {name: getattr(self, name).copy() for name in ("rows", "beside", "untold", "incidents")}
        return replace(self, **copies)

    def contains(self, place: tuple[int, int]) -> bool:
        """Whether readable records hold the effect of what was answered with this place."""
        return self.visible and place != NOWHERE and place[0] == self.cursor.epoch and place[1] <= self.cursor.seq

    def take(self, rows: Iterable[Row]) -> list[tuple[Row, Row]]:
        """Put told rows in place of what was known of these records.

        Gives those which the space had in a newer state when it began to be told anew, with what came instead.
        """
        older = []
        for row in rows:
            before = self.rows.get(row.id)
            if before is not None and row.id in self.untold and before.body != row.body:
                anew = self.untold_epoch != (self.staged or self.cursor).epoch
                if row.seq < before.seq or (anew and row.seq == before.seq):
                    older.append((before, row))
            self.rows[row.id] = row
            self.untold.discard(row.id)
        return older


@dataclass(slots=True)
class MemoryFiles:
    """The bytes of files, those that the server has, those that it had and has no more; `coming`: not whole yet."""

    here: dict[bytes, bytes] = field(default_factory=dict)
    sent: set[bytes] = field(default_factory=set)
    lacking: set[bytes] = field(default_factory=set)
    coming: dict[bytes, bytes] = field(default_factory=dict)

    def copy(self) -> MemoryFiles:
        """The same, changed apart."""
        return MemoryFiles(self.here.copy(), self.sent.copy(), self.lacking.copy(), self.coming.copy())


@lru_cache(10_000)
def files_in(kind: int, body: bytes) -> tuple[FileRef, ...]:
    """The files that a body names."""
    return tuple(FileRef(file.sha256, file.name, file.size) for file in named_in_body(kind, body))


@dataclass(slots=True)
class Tables:
    """All that a laptop keeps; entries in the order in which they were written."""

    writer: int
    person: bytes = b""
    last_n: int = 0
    last_entry: int = 0
    backup: int = 0
    uncovered: int = 0
    spaces: dict[bytes, Space] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)
    files: MemoryFiles = field(default_factory=MemoryFiles)

    def copy(self) -> Tables:
        """The same, changed apart."""
        spaces = {name: space.copy() for name, space in self.spaces.items()}
        return replace(self, spaces=spaces, entries=self.entries.copy(), files=self.files.copy())

    def told_files(self) -> dict[bytes, FileRef]:
        """The files that told records name; what was set aside keeps its files and asks for none."""
        rows = (row for space in self.spaces.values() for row in space.rows.values())
        return {file.sha256: file for row in rows for file in files_in(row.kind, bytes(row.body))}

    def named_files(self) -> set[bytes]:
        """The files that anything names: records, told or set aside, and the person's changes."""
        aside = (row for space in self.spaces.values() for row in space.incidents)
        kept = (file for each in self.entries.values() for file in named_in_mutation(each.kind, each.mutation))
        named = {file.sha256 for row in aside for file in files_in(row.kind, bytes(row.body))}
        return named | {file.sha256 for file in kept} | self.told_files().keys()

    def sweep(self) -> None:
        """Let go of the files that nothing names any more."""
        named, files = self.named_files(), self.files
        files.here = {name: content for name, content in files.here.items() if name in named}
        files.coming = {name: part for name, part in files.coming.items() if name in named}
        files.lacking &= named
        files.sent = (files.sent & named) | (self.told_files().keys() - files.lacking)


class Transaction:
    """One list of steps at work on a copy of the tables."""

    def __init__(self, tables: Tables, now: int, most_confirmed: int = MAX_CONFIRMED_BYTES) -> None:
        self.tables = tables
        self._now = now
        self._most_confirmed = most_confirmed
        self._kinds: set[int] = set()
        self._spaces: set[bytes] = set()
        self._outbox = False

    def changes(self) -> Changes:
        """What the steps done so far changed."""
        return Changes(frozenset(self._kinds), frozenset(self._spaces), self._outbox)

    def do(self, step: Step) -> None:  # noqa: C901, PLR0912  # a table: one line a step
        """Do one step."""
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
            case Mend():
                self._mend(step)
            case Agree(space):
                self._space(space).doubt = False
            case Compare(space):
                self._space(space).compare, self._space(space).doubt = True, False
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

    def _space(self, space: bytes) -> Space:
        self._spaces.add(space)
        return self.tables.spaces.setdefault(space, Space())

    def _of(self, space: bytes, *states: State) -> list[tuple[int, Entry]]:
        entries = self.tables.entries.items()
        return [(at, entry) for at, entry in entries if entry.space == space and entry.state in states]

    def _put(self, at: int, entry: Entry) -> None:
        self.tables.entries[at] = entry
        self._spaces.add(entry.space)
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
                refused = entry._replace(state=State.REFUSED, refusal=step.refusal, answered_at=self._now)
                self._put(at, refused)

    def _begin(self, step: Begin) -> None:
        space, start = self._space(step.space), Cursor(step.epoch, 0)
        space.claim, space.lost, space.compare, space.doubt = START, False, False, False
        space.beside.clear()
        space.untold = set(space.rows)
        space.untold_epoch = space.cursor.epoch if space.visible else step.epoch
        if space.visible:
            space.staged = start
        else:
            space.cursor, space.staged = start, None
        for at, entry in self._of(step.space, State.CONFIRMED, State.QUARANTINED):
            self._put(at, entry._replace(state=State.WAITING))

    def _apply(self, step: Apply) -> None:
        space = self._space(step.space)
        older = space.take(step.rows)
        space.cursor, space.staged = step.cursor, None
        space.checksum = sum_of(space.rows.values())
        self._kinds.update(row.kind for row in step.rows)
        self._give_back(step.space, older, space.untold_epoch)
        self._offer_again(step.space, step.rows)
        for at, entry in self._of(step.space, State.WAITING, State.CONFIRMED):
            if not entry.pulled and space.contains(entry.place):
                self._put(at, entry._replace(pulled=True))

    def _reach(self, step: Reach) -> None:
        space = self._space(step.space)
        if space.staged is not None:
            self._kinds.update(row.kind for row in space.beside.values())
            older = space.take(space.beside.values())
            self._give_back(step.space, older, space.untold_epoch)
            self._offer_again(step.space, space.beside.values())
            space.cursor, space.staged = space.staged, None
            space.beside.clear()
        untold = [space.rows.pop(id_) for id_ in space.untold]
        for row in untold:
            self._kinds.add(row.kind)
            if row.seq > step.floor or space.untold_epoch != space.cursor.epoch:
                space.incidents.append(row)
        space.untold = set()
        self._give_back(step.space, [(row, None) for row in untold if row.seq > step.floor], space.untold_epoch)
        for row in [row for row in space.rows.values() if row.seq <= step.floor and bytes(row.body) in GONE]:
            del space.rows[row.id]
        space.visible = True
        space.checksum = sum_of(space.rows.values())
        space.doubt = space.doubt or space.checksum != step.checksum
        for at, entry in self._of(step.space, State.WAITING, State.CONFIRMED):
            if entry.pulled != space.contains(entry.place):
                self._put(at, entry._replace(pulled=not entry.pulled))

    def _mend(self, step: Mend) -> None:
        space = self._space(step.space)
        told = {row.id: row for row in step.rows}
        within = [Stretch(span.after, span.upto) for span in step.told]
        lacking: list[tuple[Row, Row | None]] = []
        for row in [row for row in space.rows.values() if any(stretch.holds(row.id) for stretch in within)]:
            theirs = told.get(row.id)
            if (theirs is None or theirs.seq < row.seq) and bytes(row.body) not in GONE:
                space.incidents.append(row)
                self._wait_again(step.space, row.id, 0 if theirs is None else theirs.seq)
                lacking.append((row, theirs))
            del space.rows[row.id]
            self._kinds.add(row.kind)
        space.rows |= told
        self._kinds.update(row.kind for row in step.rows)
        space.checksum = sum_of(space.rows.values())
        self._give_back(step.space, lacking, space.cursor.epoch)

    def _give_back(self, space: bytes, lost: Sequence[tuple[Row, Row | None]], epoch: int) -> None:
        """Offer what the server lacks of the person's own: rows as they were, each with what it tells instead."""
        tables, made = self.tables, dict[int, Entry]()
        for row, now in sorted(lost, key=lambda pair: (pair[0].kind, pair[0].id)):
            under_way = [entry for _, entry in self._of(space, State.WAITING, State.CONFIRMED)]
            held = Held(row.kind, row.id, row.author, bytes(row.body), epoch, row.seq)
            told = None if now is None else bytes(now.body)
            mutation = owed(tables.person, held, told, (e.mutation for e in under_way if e.mutation.id == row.id))
            if mutation is None:
                continue
            tables.last_n += 1
            tables.last_entry += 1
            entry = Entry(tables.writer, space, msgspec.structs.replace(mutation, n=tables.last_n), row.kind)
            self._put(tables.last_entry, entry)
            if isinstance(mutation, Create):
                made[tables.last_entry] = tables.entries.pop(tables.last_entry)
        tables.entries = made | tables.entries  # what was written on them since comes after them
        self._wake(space, {entry.mutation.id for entry in made.values()})

    def _wait_again(self, space: bytes, id_: bytes, beyond: int) -> None:
        for at, entry in self._of(space, State.CONFIRMED):
            if entry.mutation.id == id_ and entry.place[1] > beyond:
                self._put(at, entry._replace(state=State.WAITING, pulled=False))

    def _offer_again(self, space: bytes, rows: Iterable[Row]) -> None:
        self._wake(space, {row.id for row in rows if bytes(row.body) not in GONE})

    def _wake(self, space: bytes, alive: set[bytes]) -> None:
        for at, entry in self._of(space, State.REFUSED):
            if entry.refusal in _OF_A_RECORD and entry.mutation.id in alive:
                self._put(at, entry._replace(state=State.WAITING, refusal=0))

    def _revoke(self, name: bytes) -> None:
        self._kinds.update(row.kind for row in self._space(name).rows.values())
        self.tables.spaces[name] = Space(claim=self._space(name).claim, lost=True)
        for at, entry in self._of(name, State.WAITING, State.CONFIRMED):
            self._put(at, entry._replace(state=State.QUARANTINED, place=NOWHERE, pulled=False))

    def _rename(self, step: NewWriter) -> None:
        self.tables.writer, self.tables.last_n = step.writer, 0
        for at, entry in self.tables.entries.items():
            if entry.state is State.WAITING and entry.writer == step.of and entry.mutation.n in step.renamed:
                self.tables.last_n += 1
                named = msgspec.structs.replace(entry.mutation, n=self.tables.last_n)
                # What was answered under the old name is another copy's.
                self._put(at, entry._replace(writer=step.writer, mutation=named, place=NOWHERE, pulled=False))

    def _forget(self, now: int) -> None:
        tables = self.tables
        for at, entry in list(tables.entries.items()):
            had_no_room = entry.state is State.REFUSED and entry.refusal == Refusal.OVER_QUOTA
            if had_no_room and entry.answered_at <= now - OFFER_AGAIN_MS:
                self._put(at, entry._replace(state=State.WAITING, refusal=0))
        kept = {at: entry for at, entry in tables.entries.items() if entry.state is State.CONFIRMED}
        total = sum(len(entry.raw) for entry in kept.values())
        for is_full in (False, True):  # what needs no keeping goes before the bound is looked at
            for at, entry in list(kept.items()):
                is_safe = is_within(entry.place, tables.spaces[entry.space].safe)
                is_done = is_safe and now - entry.answered_at >= KEEP_CONFIRMED_MS
                if entry.pulled and (total > self._most_confirmed if is_full else is_done):
                    total -= len(entry.raw)
                    tables.uncovered += not is_safe
                    del kept[at], tables.entries[at]
                    self._outbox = True


def sum_of(rows: Iterable[Row]) -> Checksum:
    """The checksum of rows, worked out anew."""
    return joined(EMPTY, (row_hash(row.id, row.seq, row.author, row.at, bytes(row.body)) for row in rows))


def is_within(place: tuple[int, int], mark: tuple[int, int]) -> bool:
    """Whether a place is covered by a mark of the same epoch."""
    return place[0] == mark[0] and place[1] <= mark[1]
