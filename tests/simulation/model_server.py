"""A server in memory that answers every message as the protocol says: for thousands of seeds a minute.

The real server plays in the same world for fewer of them (`real_server.py`). One thread: a transaction is a copy of a
space that takes its place at the commit, and `reach` tells the world where it may interrupt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import msgspec

from sync.domain.ids import derived
from sync.domain.kind import Merge, encode
from sync.domain.kinds import KINDS
from sync.domain.merge import DELETED, FieldStamp, merge
from sync.domain.permissions import Operation, Role
from sync.domain.revisions import REVISION, Revision
from sync.domain.spaces import type_of
from sync.protocol.digest import EMPTY, is_sealed, joined, mutation_hash, row_hash, seal, view_digest
from sync.protocol.errors import BadBatch, Refusal
from sync.protocol.messages import (
    START,
    Batch,
    BatchAnswer,
    Checksum,
    Create,
    Cursor,
    Delete,
    Edit,
    Mutation,
    Outcome,
    Page,
    Row,
    Run,
    Safe,
    Standing,
    SyncReply,
    SyncRequest,
    Verdict,
)

NO_TAIL = bytes(8)
POISON = b"poison"
"""A request that carries this text breaks its handler (fault F37)."""
_DECODER: msgspec.msgpack.Decoder[Mutation] = msgspec.msgpack.Decoder(Mutation)

Place = tuple[bytes, int, int, bytes]
"""A space at a moment: its id, epoch, seq and tail."""


class Crash(Exception):
    """The server's process ended here."""


class Refused(Exception):
    """One mutation is not taken."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.name)
        self.refusal = refusal


class Caller(NamedTuple):
    """Who asks, on which device."""

    person: bytes
    device: bytes


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


class Accepted(NamedTuple):
    """A mutation that the server took, and the seq of its effect."""

    space: bytes
    seq: int
    writer: int
    mutation: Mutation


@dataclass(slots=True)
class Space:
    """A space as the server keeps it. `tails[i]` is the tail of seq i."""

    epoch: int = 1
    tails: list[bytes] = field(default_factory=lambda: [NO_TAIL])
    rows: dict[bytes, Kept] = field(default_factory=dict)

    def copy(self) -> Space:
        return replace(self, tails=self.tails.copy(), rows=self.rows.copy())

    @property
    def seq(self) -> int:
        return len(self.tails) - 1

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

    def copy(self) -> Data:
        return Data(
            {name: space.copy() for name, space in self.spaces.items()},
            {name: seats.copy() for name, seats in self.seats.items()},
            self.applied.copy(),
            self.writers.copy(),
            self.backup,
            self.safe.copy(),
        )


def checksum_of(rows: Iterable[Row]) -> Checksum:
    return joined(EMPTY, (row_hash(row.id, row.seq, row.author, row.at, bytes(row.body)) for row in rows))


class ModelServer:
    """`reach` is called before and after each commit and between transactions; it may raise Crash."""

    def __init__(
        self, id_: bytes, chance: Callable[[int], bytes], now: Callable[[], int], page_rows: int, *, substitutes: bool
    ) -> None:
        self.id = id_
        self.data = Data()
        self.reach: Callable[[str], None] | None = None
        self.states: dict[Place, dict[bytes, Row]] = {}
        self._key = chance(32)
        self._chance = chance
        self._now = now
        self._page_rows = page_rows
        self._substitutes = substitutes

    # ------------------------------------------------------------------------------------------------------ the world

    def close(self) -> None:
        """Nothing to let go of."""

    def _at(self, name: str) -> None:
        if self.reach is not None:
            self.reach(name)

    def open_space(self, name: bytes) -> None:
        self.data.spaces[name] = Space()
        self.data.seats[name] = {}
        self._note(name)

    def seat(self, name: bytes, who: bytes, role: Role | None) -> None:
        seats = self.data.seats[name]
        if role is None:
            seats.pop(who, None)
        else:
            seats[who] = role

    def members(self, name: bytes) -> set[bytes]:
        return set(self.data.seats[name])

    def snapshot(self) -> Data:
        return self.data.copy()

    def verified_backup(self) -> Data:
        """A backup that was opened and checked: laptops may forget what it covers."""
        self.data.backup += 1
        self.data.safe = {name: (space.epoch, space.seq) for name, space in self.data.spaces.items()}
        return self.data.copy()

    def restore(self, copy: Data, *, known: bool) -> None:
        """Go back to a backup. `known`: by the program, which gives new epochs; else below it, with every marker."""
        self.data = copy.copy()
        if known:
            for space in self.data.spaces.values():
                space.epoch += 1
        for name in self.data.spaces:
            self._note(name)

    def rows(self, name: bytes) -> dict[bytes, Row]:
        return {id_: kept.row for id_, kept in self.data.spaces[name].rows.items()}

    def checksum(self, name: bytes) -> Checksum:
        return self.data.spaces[name].checksum()

    def history(self) -> list[Accepted]:
        """Every mutation that was accepted, space after space in the order of acceptance."""
        done = ((name, each) for name, each in self.data.applied.items())
        found = [Accepted(each.space, each.seq, writer, each.mutation) for (writer, _), each in done]
        return sorted(found, key=lambda each: (each.space, each.seq))

    def state(self, place: Place) -> dict[bytes, Row] | None:
        """What a space held at a place; None when it never stood there."""
        return self.states.get(place)

    def _note(self, name: bytes) -> None:
        space = self.data.spaces[name]
        self.states[name, space.epoch, space.seq, space.tails[-1]] = self.rows(name)

    # ------------------------------------------------------------------------------------------------------- exchange

    def exchange(self, caller: Caller, request: SyncRequest) -> SyncReply:
        """Answer a sync request: claims first, then the batches, then the pull."""
        if any(POISON in bytes(entry) for batch in request.batches for entry in batch.entries):
            raise BadBatch("poison")
        for standing in request.standings:
            if standing.space in self._readable(caller):
                self._renew_if_restored(standing.space, (standing.claim, standing.cursor))
        before = self._heads(caller)
        answers = []
        for batch in request.batches:
            answers.append(self._push(caller, request.writer, batch))
            self._at("between")
        return self._reply(caller, request, tuple(answers), before)

    def _readable(self, caller: Caller) -> list[bytes]:
        return sorted(space for space, seats in self.data.seats.items() if caller.person in seats)

    def _heads(self, caller: Caller) -> dict[bytes, Cursor]:
        return {name: self._cursor(name, self.data.spaces[name].seq) for name in self._readable(caller)}

    def _cursor(self, name: bytes, seq: int) -> Cursor:
        space = self.data.spaces[name]
        tail = space.tails[seq]
        return Cursor(space.epoch, seq, tail, seal(self._key, name, space.epoch, seq, tail))

    # --------------------------------------------------------------------------------------------------------- claims

    def _is_restored(self, name: bytes, claim: Cursor) -> bool:
        """Whether a claim proves that the server went back: sealed by it, and not in its log."""
        space = self.data.spaces[name]
        if claim.epoch == 0 or claim.epoch < space.epoch or not is_sealed(self._key, name, claim):
            return False
        return claim.epoch > space.epoch or claim.seq > space.seq or space.tails[claim.seq] != claim.tail

    def _renew_if_restored(self, name: bytes, claims: Iterable[Cursor]) -> None:
        proofs = [claim.epoch for claim in claims if self._is_restored(name, claim)]
        if proofs:
            space = self.data.spaces[name].copy()
            space.epoch = max(space.epoch, *proofs) + 1
            self._at("before_commit")
            self.data.spaces[name] = space
            self._note(name)
            self._at("after_commit")

    # ----------------------------------------------------------------------------------------------------------- push

    def _push(self, caller: Caller, writer: int, batch: Batch) -> BatchAnswer:
        name, claim = batch.space, batch.claim
        if caller.person not in self.data.seats.get(name, {}):
            return BatchAnswer(name, Outcome.REVOKED)
        if self.data.writers.setdefault(writer, caller.device) != caller.device:
            return BatchAnswer(name, Outcome.FORKED)
        space = self.data.spaces[name]
        if claim.epoch and not is_sealed(self._key, name, claim):
            return BatchAnswer(name, Outcome.COMPARE)
        if claim.epoch and (claim.epoch != space.epoch or self._is_restored(name, claim)):
            self._renew_if_restored(name, (claim,))
            return BatchAnswer(name, Outcome.RENEWED, self._cursor(name, 0))
        work = _Transaction(self.data, name, caller.person, writer, self._now())
        runs = work.take([bytes(entry) for entry in batch.entries])
        work.close(self._chance(8))
        self._at("before_commit")
        self._commit(name, work)
        self._at("after_commit")
        highest = max((run.seq + run.count - 1 for run in runs if run.seq), default=0)
        return BatchAnswer(name, Outcome.DONE, self._cursor(name, highest) if highest else START, tuple(runs))

    def _commit(self, name: bytes, work: _Transaction) -> None:
        self.data.spaces[name] = work.space
        self.data.applied.update(work.done)
        self._note(name)

    # ----------------------------------------------------------------------------------------------------------- pull

    def _reply(
        self, caller: Caller, request: SyncRequest, answers: tuple[BatchAnswer, ...], before: dict[bytes, Cursor]
    ) -> SyncReply:
        given = {standing.space: standing for standing in request.standings}
        readable = self._readable(caller)
        send_whole, named = self._named(request, given, readable, before)
        pages, more = self._pages(named, given)
        revoked = [name for name, each in given.items() if each.cursor.epoch and name not in readable]
        safe = [Safe(name, *self.data.safe[name]) for name in request.safe_of if name in self.data.safe]
        told = (tuple(pages), tuple(revoked) if request.whole else (), tuple(safe))
        return SyncReply(self.id, self._now(), self.data.backup, send_whole, more, answers, *told)

    def _named(
        self, request: SyncRequest, given: dict[bytes, Standing], readable: list[bytes], before: dict[bytes, Cursor]
    ) -> tuple[bool, list[bytes]]:
        """Whether the laptop must say where it stands everywhere, and the spaces to tell of (`given` grows by some)."""
        if request.whole:
            return False, readable
        if request.digest is None:
            return False, [name for name in readable if name in given]
        stands = {name: given[name].cursor if self._substitutes and name in given else before[name] for name in before}
        if request.digest != view_digest(stands.items()):
            return True, []
        for batch in request.batches:
            if batch.space in before and batch.space not in given:
                given[batch.space] = Standing(batch.space, before[batch.space])
        return False, [name for name in readable if name in given]

    def _pages(self, named: list[bytes], given: dict[bytes, Standing]) -> tuple[list[Page], bool]:
        pages: list[Page] = []
        left = self._page_rows
        for name in named:
            since, begins = self._since(name, given.get(name))
            if since is None:
                continue
            if left <= 0:
                return pages, True
            page = self._page(name, since, begins, left)
            pages.append(page)
            left -= len(page.rows)
            if page.checksum is None:
                return pages, True
        return pages, False

    def _since(self, name: bytes, standing: Standing | None) -> tuple[int | None, bool]:
        space = self.data.spaces[name]
        cursor = None if standing is None or standing.compare else standing.cursor
        if cursor is None or cursor.epoch != space.epoch or not is_sealed(self._key, name, cursor):
            return 0, True
        is_there = (cursor.seq, cursor.tail) == (space.seq, space.tails[-1])
        return (None if is_there else cursor.seq), False

    def _page(self, name: bytes, since: int, begins: bool, most: int) -> Page:
        space = self.data.spaces[name]
        beyond = (kept.row for kept in space.rows.values() if kept.row.seq > since)
        rows = sorted(beyond, key=lambda row: row.seq)[:most]
        last = rows[-1].seq if rows else since
        if last >= space.seq or not rows:
            return Page(name, since, self._cursor(name, space.seq), tuple(rows), begins, space.checksum())
        return Page(name, since, self._cursor(name, last), tuple(rows), begins)


class _Transaction:
    """One batch at work on a copy of its space."""

    def __init__(self, data: Data, name: bytes, person: bytes, writer: int, now: int) -> None:
        self.name = name
        self.space = data.spaces[name].copy()
        self.done: dict[tuple[int, int], Done] = {}
        self._before = data.applied
        self._role = data.seats[name][person]
        self._person = person
        self._writer = writer
        self._now = now

    def close(self, tail: bytes) -> None:
        """Write the transaction's tail beside each of its seqs."""
        self.space.tails = [each or tail for each in self.space.tails]

    def take(self, entries: list[bytes]) -> list[Run]:
        mutations = [_DECODER.decode(entry) for entry in entries]
        hashes = [mutation_hash(self.name, entry) for entry in entries]
        known = [self._before.get((self._writer, mutation.n)) for mutation in mutations]
        forked, runs = False, []
        for mutation, hash_, done in zip(mutations, hashes, known, strict=True):
            # What comes after a fork may build on it. What comes before may wait in the other copy, too: it keeps its
            # name, or it would be done twice.
            forked = forked or (done is not None and done.hash != hash_)
            if done is not None and done.hash == hash_:
                runs.append(Run(mutation.n, 1, Verdict.DUP, done.seq))
            elif forked:
                runs.append(Run(mutation.n, 1, Verdict.FORK))
            else:
                runs.append(self._judge(mutation, hash_))
        return runs

    def _judge(self, mutation: Mutation, hash_: bytes) -> Run:
        try:
            seq, verdict = self._do(mutation)
        except Refused as refused:
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
        there = self.space.rows.get(mutation.id)
        if there is not None:
            if there.made == body and there.row.author == self._person:
                return there.row.seq, Verdict.DUP
            raise Refused(Refusal.EXISTS)
        row = Row(0, mutation.kind, mutation.id, self._person, self._now, msgspec.Raw(body))
        return self._put(Kept(row, body, by, {}), body), Verdict.ACCEPTED

    def _edit(self, there: Kept, edit: Edit, by: FieldStamp) -> int:
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

    def _put(self, kept: Kept, body: bytes) -> int:
        self.space.tails.append(b"")
        seq = self.space.seq
        row = msgspec.structs.replace(kept.row, seq=seq, body=msgspec.Raw(body))
        self.space.rows[row.id] = kept._replace(row=row)
        return seq
