"""The store in memory: for the simulation, and as a measure for the others.

Nothing outlives the process. Every transaction works on a copy that takes the place of the truth at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from sync.client.memory_steps import NOWHERE, Entry, Tables, Transaction, is_within
from sync.client.ports import Changes, Laptop, SpaceState, Waiting
from sync.client.steps import NewWriter, Refuse, Step
from sync.client.view import Record, State, fold, shows
from sync.protocol.messages import Create, Delete, Edit, Mutation, Row


class MemoryStore:
    """`ports.Store` in memory, with the person's side of it: create, edit, delete, seen."""

    def __init__(self, server: bytes, writer: int, now: Callable[[], int]) -> None:
        self._server = server
        self._now = now
        self._tables = Tables(writer)

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
            if entry.state is not State.WAITING:
                continue
            size -= len(entry.raw)
            # Never past an entry of another writer: an older change must not arrive after a newer one.
            if len(found) == rows or (found and (size < 0 or entry.writer != found[0].writer)):
                break
            found.append(Waiting(entry.writer, entry.mutation.n, entry.space, entry.raw))
        return found

    def unsafe_spaces(self) -> list[bytes]:
        """Spaces with confirmed entries that no verified backup is known to cover."""
        spaces, entries = self._tables.spaces, self._tables.entries.values()
        confirmed = (entry for entry in entries if entry.state is State.CONFIRMED)
        return sorted({entry.space for entry in confirmed if not is_within(entry.place, spaces[entry.space].safe)})

    def perform(self, steps: Sequence[Step]) -> Changes:
        """Do all steps on a copy of the tables, which takes their place at the end."""
        work = Transaction(self._tables.copy(), self._now())
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
        rows = known.rows if known is not None and known.visible else {}
        over: dict[bytes, list[Mutation]] = {id_: [] for id_ in rows}
        for entry in self._tables.entries.values():
            if entry.space == space and shows(entry.state, pulled=entry.pulled):
                over.setdefault(entry.mutation.id, []).append(entry.mutation)
        told = {id_: Record(row.kind, bytes(row.body)) for id_, row in rows.items()}
        seen = ((id_, fold(told.get(id_), mutations)) for id_, mutations in over.items())
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
        return NOWHERE if known is None or row is None else (known.cursor.epoch, row.seq)


def _name(entry: Entry) -> tuple[int, int]:
    return entry.writer, entry.mutation.n
