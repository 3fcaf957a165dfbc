"""What the model server keeps, and one batch at work on a copy of a space that takes its place at the end."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import msgspec

from sync.client.memory_steps import files_in
from sync.client.naming import named_in_mutation
from sync.domain.ids import derived
from sync.domain.kind import Merge, encode
from sync.domain.kinds import KINDS
from sync.domain.merge import DELETED, GONE, FieldStamp, merge
from sync.domain.permissions import Operation, Role
from sync.domain.revisions import REVISION, Revision
from sync.domain.spaces import type_of
from sync.protocol.digest import EMPTY, joined, mutation_hash, row_hash
from sync.protocol.errors import Refusal
from sync.protocol.messages import Checksum, Create, Cursor, Delete, Edit, Mutation, Row, Run, Verdict

NO_TAIL = bytes(8)
MUTATION: msgspec.msgpack.Decoder[Mutation] = msgspec.msgpack.Decoder(Mutation)


class Refused(Exception):
    """One mutation is not taken."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.name)
        self.refusal = refusal


class Kept(NamedTuple):
    """A record in its space's log; `made` is the body that it began with."""

    row: Row
    made: bytes
    created: FieldStamp
    stamps: dict[int, FieldStamp]


class Done(NamedTuple):
    """What was done under a name."""

    hash: bytes
    seq: int
    space: bytes
    mutation: Mutation


@dataclass(slots=True)
class Space:
    """A space as the server keeps it. `tails[i]` is the tail of seq i."""

    epoch: int = 1
    tails: list[bytes] = field(default_factory=lambda: [NO_TAIL])
    rows: dict[bytes, Kept] = field(default_factory=dict)
    floor: int = 0

    def copy(self) -> Space:
        return replace(self, tails=self.tails.copy(), rows=self.rows.copy())

    @property
    def seq(self) -> int:
        return len(self.tails) - 1

    def tail_at(self, seq: int) -> bytes:
        """The tail of a seq; of one below the floor it is the floor."""
        return self.floor.to_bytes(8, "big") if 0 < seq < self.floor else self.tails[seq]

    def is_below_floor(self, cursor: Cursor) -> bool:
        """Whether tombstones were dropped beyond a cursor of this epoch."""
        return 0 < cursor.seq < self.floor and cursor.epoch == self.epoch and cursor.tail != self.tail_at(cursor.seq)

    def compact(self, floor: int) -> None:
        """Drop tombstones up to a seq."""
        self.floor = max(self.floor, floor)
        gone = [id_ for id_, kept in self.rows.items() if kept.row.seq <= self.floor and bytes(kept.row.body) in GONE]
        for id_ in gone:
            del self.rows[id_]

    def checksum(self) -> Checksum:
        return checksum_of(kept.row for kept in self.rows.values())


@dataclass(slots=True)
class Data:
    """Everything that a backup holds."""

    spaces: dict[bytes, Space] = field(default_factory=dict)
    seats: dict[bytes, dict[bytes, Role]] = field(default_factory=dict)
    applied: dict[tuple[int, int], Done] = field(default_factory=dict)
    writers: dict[int, bytes] = field(default_factory=dict)
    backup: int = 0
    safe: dict[bytes, tuple[int, int]] = field(default_factory=dict)
    files: dict[bytes, bytes] = field(default_factory=dict)
    refused: dict[tuple[int, int], bytes] = field(default_factory=dict)
    """Names that were refused for want of a file: they are answered so for ever."""
    uploads: set[tuple[bytes, bytes]] = field(default_factory=set)
    """Who sent which file."""
    arriving: dict[tuple[bytes, bytes], bytes] = field(default_factory=dict)
    """What has come of files that people are sending in parts."""

    def may_read(self, person: bytes, sha256: bytes) -> bool:
        """Whether somebody may read a file: they sent it, or a record names it that they may read."""
        readable = (self.spaces[name] for name, seats in self.seats.items() if person in seats)
        return sha256 in self.files and (
            (person, sha256) in self.uploads or any(sha256 in named_in(space.rows.values()) for space in readable)
        )

    def copy(self) -> Data:
        return Data(
            {name: space.copy() for name, space in self.spaces.items()},
            {name: seats.copy() for name, seats in self.seats.items()},
            self.applied.copy(),
            self.writers.copy(),
            self.backup,
            self.safe.copy(),
            self.files.copy(),
            self.refused.copy(),
            self.uploads.copy(),
            self.arriving.copy(),
        )


def named_in(rows: Iterable[Kept]) -> set[bytes]:
    return {file.sha256 for kept in rows for file in files_in(kept.row.kind, bytes(kept.row.body))}


def checksum_of(rows: Iterable[Row]) -> Checksum:
    return joined(EMPTY, (row_hash(row.id, row.seq, row.author, row.at, bytes(row.body)) for row in rows))


class Transaction:
    """One batch at work on a copy of its space."""

    def __init__(self, data: Data, name: bytes, person: bytes, writer: int, now: int) -> None:
        self.name = name
        self.space = data.spaces[name].copy()
        self.done: dict[tuple[int, int], Done] = {}
        self._before = data.applied
        self._data = data
        self.refused: dict[tuple[int, int], bytes] = {}
        self._role = data.seats[name][person]
        self._person = person
        self._writer = writer
        self._now = now

    def close(self, tail: bytes) -> None:
        """Write the transaction's tail beside each of its seqs."""
        self.space.tails = [each or tail for each in self.space.tails]

    def take(self, entries: list[bytes]) -> list[Run]:
        mutations = [MUTATION.decode(entry) for entry in entries]
        hashes = [mutation_hash(self.name, entry) for entry in entries]
        known = [self._before.get((self._writer, mutation.n)) for mutation in mutations]
        forked, runs = False, []
        for mutation, hash_, done in zip(mutations, hashes, known, strict=True):
            # What comes after a fork may build on it. What comes before may wait in the other copy, too: it keeps its
            # name, or it would be done twice.
            refused = self._data.refused.get((self._writer, mutation.n), hash_)
            forked = forked or refused != hash_ or (done is not None and done.hash != hash_)
            if done is not None and done.hash == hash_:
                runs.append(Run(mutation.n, 1, Verdict.DUP, done.seq))
            elif forked:
                runs.append(Run(mutation.n, 1, Verdict.FORK))
            else:
                runs.append(self._judge(mutation, hash_))
        return runs

    def _judge(self, mutation: Mutation, hash_: bytes) -> Run:
        if self._data.refused.get((self._writer, mutation.n)) == hash_:
            return Run(mutation.n, 1, Verdict.REFUSED, 0, Refusal.FILE_MISSING)
        try:
            seq, verdict = self._do(mutation)
        except Refused as refused:
            if refused.refusal is Refusal.FILE_MISSING:
                self.refused[self._writer, mutation.n] = hash_
            return Run(mutation.n, 1, Verdict.REFUSED, 0, refused.refusal)
        self.done[self._writer, mutation.n] = Done(hash_, seq, self.name, mutation)
        return Run(mutation.n, 1, verdict, seq)

    def _do(self, mutation: Mutation) -> tuple[int, Verdict]:
        by = FieldStamp(self.space.seq + 1, self._writer, mutation.n, self._person)
        if isinstance(mutation, Create):
            return self._create(mutation, by)
        there = self.space.rows.get(mutation.id)
        if there is None:
            raise Refused(Refusal.MISSING)
        operation = Operation.EDIT if isinstance(mutation, Edit) else Operation.DELETE
        self._may(there.row.kind, operation, is_author=there.row.author == self._person)
        if bytes(there.row.body) == DELETED:
            raise Refused(Refusal.DELETED)
        if isinstance(mutation, Delete):
            return self._put(there, DELETED), Verdict.ACCEPTED
        return self._edit(there, mutation, by), Verdict.ACCEPTED

    def _create(self, mutation: Create, by: FieldStamp) -> tuple[int, Verdict]:
        self._may(mutation.kind, Operation.CREATE, is_author=True)
        body = bytes(mutation.body)
        self._may_name(mutation, mutation.kind)
        there = self.space.rows.get(mutation.id)
        if there is not None:
            if there.made == body and there.row.author == self._person:
                return there.row.seq, Verdict.DUP
            raise Refused(Refusal.EXISTS)
        row = Row(0, mutation.kind, mutation.id, self._person, self._now, msgspec.Raw(body))
        return self._put(Kept(row, body, by, {}), body), Verdict.ACCEPTED

    def _edit(self, there: Kept, edit: Edit, by: FieldStamp) -> int:
        self._may_name(edit, there.row.kind, {file.sha256 for file in files_in(there.row.kind, bytes(there.row.body))})
        base = edit.base if edit.epoch == self.space.epoch else 0
        changes = {number: bytes(raw) for number, raw in edit.changes.items()}
        kind = KINDS[there.row.kind]
        body = bytes(there.row.body)
        merged = merge(kind, body, changes, stamps=there.stamps, created=there.created, base=base, by=by)
        seq = self._put(there._replace(stamps=merged.stamps), merged.body)
        for number, value, stamp in merged.overtaken:
            self._keep(there.row, number, value, stamp)
        return seq

    def _keep(self, row: Row, number: int, value: bytes, stamp: FieldStamp) -> None:
        revision = Revision(
            record=row.id,
            kind=row.kind,
            field=number,
            value=value,
            author=stamp.author,
            writer=stamp.writer,
            n=stamp.n,
            by=self._person,
        )
        body = encode(revision)
        id_ = derived(REVISION.name, body)
        if id_ not in self.space.rows:
            kept = Row(0, REVISION.number, id_, stamp.author, self._now, msgspec.Raw(body))
            self._put(Kept(kept, body, stamp, {}), body)

    def _may(self, kind_number: int, operation: Operation, *, is_author: bool) -> None:
        kind = KINDS[kind_number]
        if not kind.permits(type_of(self.name), self._role, operation, is_author=is_author):
            raise Refused(Refusal.NOT_ALLOWED)
        if operation is not Operation.CREATE and kind.merge is Merge.APPEND:
            raise Refused(Refusal.NOT_ALLOWED)

    def _may_name(self, mutation: Mutation, kind: int, known: Collection[bytes] = ()) -> None:
        for file in named_in_mutation(kind, mutation):
            if file.sha256 not in known and not self._data.may_read(self._person, file.sha256):
                raise Refused(Refusal.FILE_MISSING)

    def _put(self, kept: Kept, body: bytes) -> int:
        self.space.tails.append(b"")
        seq = self.space.seq
        row = msgspec.structs.replace(kept.row, seq=seq, body=msgspec.Raw(body))
        self.space.rows[row.id] = kept._replace(row=row)
        return seq
