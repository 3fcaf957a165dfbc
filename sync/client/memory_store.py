"""The store in memory: for the simulation, and as a measure for the others.

Nothing outlives the process. Every transaction works on a copy that takes the place of the truth at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256 as new_hash

import msgspec

from sync.client.known import Known
from sync.client.memory_steps import NOWHERE, Entry, Tables, Transaction, is_within, sum_of
from sync.client.naming import named_in_mutation
from sync.client.offering import Held, Name, Offering, joined
from sync.client.ports import Changes, FileRef, Laptop, Outgoing, SpaceState, Stretch, Waiting
from sync.client.steps import NewWriter, Refuse, Step
from sync.client.view import Record, State, fold, shows
from sync.protocol.limits import MAX_CONFIRMED_BYTES
from sync.protocol.messages import Checksum, Create, Delete, Edit, Mutation, Row


class MemoryStore:
    """`ports.Store` in memory, with the person's side of it: create, edit, delete, seen."""

    def __init__(
        self,
        server: bytes,
        writer: int,
        now: Callable[[], int],
        monotonic: Callable[[], int] | None = None,
        *,
        person: bytes = b"",
    ) -> None:
        """`person`: whose laptop it is; what the server lost of theirs is offered. Without, nothing is."""
        self._server = server
        self._now = now
        self._monotonic = monotonic or now
        self._tables = Tables(writer, person)
        self.most_confirmed = MAX_CONFIRMED_BYTES
        self.reopened()

    def copied(self, *, known: bool = True) -> MemoryStore:
        """The store as a backup or a cloned folder holds it. `known`: this program makes the copy."""
        copy = MemoryStore(self._server, self._tables.writer, self._now, self._monotonic)
        copy._tables = self._tables.copy()
        copy.reopened()
        if known:
            self._close()
        return copy

    def reopened(self) -> None:
        """The program ended and started: what it knew beside its tables is gone."""
        self._offering = Offering(self._monotonic)
        self._close()

    def _close(self) -> None:
        self._offering.close(self._tables.writer, self._tables.last_n)

    def reborn(self, writer: int) -> None:
        """Take a new writer id: this file was restored, copied or salvaged (protocol, Terms)."""
        self.perform([NewWriter(writer, 0)])

    # ------------------------------------------------------------------------------------------------ what engines ask

    def state(self) -> Laptop:
        """Server, writer, backup and all known spaces."""
        tables = self._tables
        spaces = Known(
            SpaceState(
                name,
                space.cursor,
                space.claim,
                space.visible,
                space.lost,
                space.compare,
                space.staged,
                space.checksum,
                space.doubt,
            )
            for name, space in tables.spaces.items()
        )
        return Laptop(self._server, tables.writer, tables.backup, spaces, tables.uncovered)

    def waiting(self, rows: int, size: int) -> list[Waiting]:
        """The oldest waiting entries of one writer, within bounds but at least one; without what is held back."""
        found = self._waiting(rows, size, self._offering.held())
        self._offering.give(found)
        return found

    def _waiting(self, rows: int, size: int, held: set[Name]) -> list[Waiting]:
        found: list[Waiting] = []
        behind: set[tuple[bytes, bytes]] = set()
        for entry in self._tables.entries.values():
            record = entry.space, entry.mutation.id
            if entry.state is not State.WAITING or record in behind:
                continue
            if _name(entry) in held:
                behind.add(record)
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

    def sums(self, space: bytes, stretches: Sequence[Stretch]) -> list[Checksum]:
        """The checksums of stretches."""
        rows = self._tables.spaces[space].rows.values()
        return [sum_of(row for row in rows if stretch.holds(row.id)) for stretch in stretches]

    def recount(self) -> None:
        """Count the records of each readable space: one whose rows are not those that were told is in doubt."""
        for space in self._tables.spaces.values():
            if space.visible and space.staged is None and (found := sum_of(space.rows.values())) != space.checksum:
                space.checksum, space.doubt = found, True

    def damage(self, space: bytes, id_: bytes, row: Row | None) -> None:
        """A record is lost, altered or doubled by its disk or by a fault of the program: for the simulation."""
        rows = self._tables.spaces[space].rows
        rows.pop(id_, None)
        if row is not None:
            rows[row.id] = row
        self._tables.sweep()

    def perform(self, steps: Sequence[Step]) -> Changes:
        """Do all steps on a copy of the tables, which takes their place at the end."""
        work = Transaction(self._tables.copy(), self._now(), self.most_confirmed)
        for step in steps:
            work.do(step)
        work.tables.sweep()
        has_written = work.tables.last_n != self._tables.last_n
        self._tables = work.tables
        if has_written or any(isinstance(step, NewWriter) for step in steps):
            self._close()
        return work.changes()

    def set_aside(self, writer: int, n: int, refusal: int) -> Changes:
        """Take one poison entry out of what waits."""
        space = next(entry.space for entry in self._tables.entries.values() if _name(entry) == (writer, n))
        return self.perform([Refuse(space, writer, n, 1, refusal)])

    # ---------------------------------------------------------------------------------------------------------- files

    def files_to_send(self) -> list[Outgoing]:
        """Files that waiting entries name and that the server is not known to have."""
        return [
            Outgoing(entry.writer, entry.mutation.n, FileRef(file.sha256, file.name, file.size))
            for entry in self._tables.entries.values()
            if entry.state is State.WAITING
            for file in named_in_mutation(entry.kind, entry.mutation)
            if file.sha256 not in self._tables.files.sent
        ]

    def files_wanted(self) -> list[FileRef]:
        """Files that told records name and that are not here, the smallest first."""
        told = self._tables.told_files()
        return sorted(
            (file for name, file in told.items() if name not in self._tables.files.here),
            key=lambda file: (file.size, file.sha256),
        )

    def files_of(self, entry: Waiting) -> list[bytes]:
        """The files that a waiting entry names."""
        kept = next(each for each in self.entries() if _name(each) == (entry.writer, entry.n))
        return sorted({file.sha256 for file in named_in_mutation(kept.kind, kept.mutation)})

    def keep_file(self, sha256: bytes, content: bytes) -> None:
        """A person attaches a file: it is here before a record names it."""
        self._tables.files.here[sha256] = content

    def read_part(self, sha256: bytes, offset: int, size: int) -> bytes | None:
        """So many bytes of a file from a place on."""
        content = self._tables.files.here.get(sha256)
        return None if content is None else content[offset : offset + size]

    def file_sent(self, *names: bytes) -> None:
        """The server has these files from us."""
        self._tables.files.sent.update(names)
        self._tables.files.lacking.difference_update(names)

    def file_lacking(self, sha256: bytes) -> None:
        """The server does not have this file any more."""
        self._tables.files.sent.discard(sha256)
        self._tables.files.lacking.add(sha256)

    def files_came(self, contents: Mapping[bytes, bytes]) -> Changes:
        """Keep files, unless nothing names them any more."""
        named = self._tables.named_files()
        self._tables.files.here.update({name: content for name, content in contents.items() if name in named})
        return Changes(files=frozenset(contents))

    def part_kept(self, sha256: bytes) -> int:
        """Bytes that have come of a file that is fetched in parts."""
        return len(self._tables.files.coming.get(sha256, b""))

    def keep_part(self, sha256: bytes, offset: int, content: bytes, *, is_last: bool) -> None:
        """Keep the next part of a file."""
        coming = self._tables.files.coming
        coming[sha256] = coming.get(sha256, b"")[:offset] + content

    def file_ended(self, sha256: bytes) -> Changes | None:
        """Keep a file whose parts have all come, if it is what its name says."""
        content = self._tables.files.coming.pop(sha256, b"")
        return self.files_came({sha256: content}) if new_hash(content).digest() == sha256 else None

    def files_here(self) -> dict[bytes, bytes]:
        """All files of this laptop."""
        return self._tables.files.here.copy()

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

    def incidents(self, space: bytes) -> list[Row]:
        """Records that a retelling of the space did not hold any more, as often as that happened."""
        known = self._tables.spaces.get(space)
        return [] if known is None else list(known.incidents)

    def hold(self, milliseconds: int) -> Held:
        """Keep the newest entry from leaving for a while."""
        return self._offering.hold([_name(self.entries()[-1])], milliseconds, Changes(outbox=True))

    def undo(self, held: Held) -> Changes:
        """Take back what is held, and with a record that it made what was written on that since. KeyError: too late."""
        names = self._offering.names_of(held.token)
        if not names:
            raise KeyError(held.token)
        self._offering.release(held.token)
        entries = self._tables.entries
        undone = next((entry for entry in entries.values() if _name(entry) in names), None)
        if undone is None:
            return Changes()
        record, is_new = (undone.space, undone.mutation.id), isinstance(undone.mutation, Create)
        gone = [
            at
            for at, entry in entries.items()
            if _name(entry) in names or (is_new and (entry.space, entry.mutation.id) == record)
        ]
        for at in gone:
            del entries[at]
        self._tables.sweep()
        return Changes(frozenset({undone.kind}), frozenset({undone.space}), outbox=True)

    def _write(self, space: bytes, kind: int, named: Callable[[int], Mutation]) -> Changes:
        tables = self._tables
        tables.last_n += 1
        mutation = named(tables.last_n)
        if not self._joins(space, mutation):
            tables.last_entry += 1
            tables.entries[tables.last_entry] = Entry(tables.writer, space, mutation, kind)
        tables.sweep()
        return Changes(frozenset({kind}), frozenset({space}), outbox=True)

    def _joins(self, space: bytes, mutation: Mutation) -> bool:
        """Let an edit join the newest entry of its record, if that never left."""
        entries = self._tables.entries
        of_record = (at for at, entry in entries.items() if (entry.space, entry.mutation.id) == (space, mutation.id))
        shown = [at for at in of_record if shows(entries[at].state, pulled=entries[at].pulled)]
        newest = entries[shown[-1]] if shown else None
        if newest is None or newest.state is not State.WAITING or not self._offering.may_change(*_name(newest)):
            return False
        whole = joined(newest.mutation, mutation) if isinstance(mutation, Edit) else None
        if whole is not None:
            entries[shown[-1]] = newest._replace(mutation=whole)
        return whole is not None

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
