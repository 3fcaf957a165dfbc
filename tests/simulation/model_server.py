"""A server in memory that answers every message as the protocol says: for thousands of seeds a minute.

The real server plays in the same world for fewer of them (`real_server.py`). One thread: a transaction is a copy of a
space that takes its place at the commit, and `reach` tells the world where it may interrupt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

import msgspec

from sync.client.ports import Stretch
from sync.domain.permissions import Role
from sync.protocol.digest import is_sealed, seal, view_digest
from sync.protocol.errors import BadBatch, Failure, FileDamaged, FileMissing
from sync.protocol.messages import (
    START,
    Batch,
    BatchAnswer,
    Checksum,
    Cursor,
    Mutation,
    Narrowed,
    Outcome,
    Page,
    Probe,
    Row,
    Safe,
    Span,
    Standing,
    SyncReply,
    SyncRequest,
)
from sync.protocol.parts import Held, Part
from tests.simulation.model_data import Data, Space, Transaction, checksum_of

POISON = b"poison"
"""A request that carries this text breaks its handler (fault F37)."""

Place = tuple[bytes, int, int, bytes]
"""A space at a moment: its id, epoch, seq and tail."""


class Crash(Exception):
    """The server's process ended here."""


class Caller(NamedTuple):
    """Who asks, on which device."""

    person: bytes
    device: bytes


class Accepted(NamedTuple):
    """A mutation that the server took, and the seq of its effect."""

    space: bytes
    seq: int
    writer: int
    mutation: Mutation


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

    def compact(self, name: bytes, floor: int) -> None:
        """Drop tombstones up to a seq, or to the head."""
        space = self.data.spaces[name].copy()
        space.compact(min(floor, space.seq))
        self.data.spaces[name] = space
        self._note(name)

    def floor(self, name: bytes) -> int:
        return self.data.spaces[name].floor

    def alter(self, name: bytes, id_: bytes) -> None:
        """A row is another than the one that was told, by a fault of the server."""
        space = self.data.spaces[name].copy()
        kept = space.rows[id_]
        space.rows[id_] = kept._replace(row=msgspec.structs.replace(kept.row, at=kept.row.at + 1))
        self.data.spaces[name] = space
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
        tail = space.tail_at(seq)
        return Cursor(space.epoch, seq, tail, seal(self._key, name, space.epoch, seq, tail))

    # ---------------------------------------------------------------------------------------------------------- files

    def put_file(self, caller: Caller, name: bytes, content: bytes) -> None:
        """Keep a file under the hash of its bytes."""
        if sha256(content).digest() != name:
            raise FileDamaged
        self._at("before_commit")
        self.data.files[name] = content
        self.data.uploads.add((caller.person, name))
        self._at("after_commit")

    def send_parts(self, caller: Caller, parts: Sequence[Part]) -> Sequence[Held]:
        """Keep files that come in one part each; how far each is."""
        return [self._held(caller, part) for part in parts]

    def _held(self, caller: Caller, part: Part) -> Held:
        if self.data.may_read(caller.person, part.sha256):
            return Held(part.size)
        upload = (caller.person, part.sha256)
        coming = self.data.arriving.get(upload, b"")
        if (part.size and not part.content) or part.offset != len(coming):
            return Held(len(coming))
        if sha256(part.content).digest() != part.sum:
            return Held(len(coming), int(Failure.FILE_DAMAGED))
        self.data.arriving[upload] = coming + part.content
        if len(self.data.arriving[upload]) < part.size:
            return Held(len(self.data.arriving[upload]))
        try:
            self.put_file(caller, part.sha256, self.data.arriving.pop(upload))
        except FileDamaged:
            return Held(0, int(Failure.FILE_DAMAGED))
        return Held(part.size)

    def get_file(self, caller: Caller, name: bytes) -> bytes:
        """Give a file to who may read it now."""
        if not self.data.may_read(caller.person, name):
            raise FileMissing
        return self.data.files[name]

    # --------------------------------------------------------------------------------------------------------- claims

    def _is_restored(self, name: bytes, claim: Cursor) -> bool:
        """Whether a claim proves that the server went back: sealed by it, and not in its log."""
        space = self.data.spaces[name]
        if claim.epoch == 0 or claim.epoch < space.epoch or not is_sealed(self._key, name, claim):
            return False
        if space.is_below_floor(claim):
            return False
        return claim.epoch > space.epoch or claim.seq > space.seq or space.tail_at(claim.seq) != claim.tail

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
        is_old = claim.epoch != space.epoch or space.is_below_floor(claim)
        if claim.epoch and (is_old or self._is_restored(name, claim)):
            self._renew_if_restored(name, (claim,))
            return BatchAnswer(name, Outcome.RENEWED, self._cursor(name, 0))
        work = Transaction(self.data, name, caller.person, writer, self._now())
        runs = work.take([bytes(entry) for entry in batch.entries])
        work.close(self._chance(8))
        self._at("before_commit")
        self._commit(name, work)
        self._at("after_commit")
        highest = max((run.seq + run.count - 1 for run in runs if run.seq), default=0)
        return BatchAnswer(name, Outcome.DONE, self._cursor(name, highest) if highest else START, tuple(runs))

    def _commit(self, name: bytes, work: Transaction) -> None:
        self.data.spaces[name] = work.space
        self.data.applied.update(work.done)
        self.data.refused |= work.refused
        self._note(name)

    # ------------------------------------------------------------------------------------------------------ narrowing

    def _is_head(self, readable: list[bytes], probe: Probe) -> bool:
        if probe.space not in readable:
            return False
        head = self._cursor(probe.space, self.data.spaces[probe.space].seq)
        return (head.epoch, head.seq, head.tail) == (probe.cursor.epoch, probe.cursor.seq, probe.cursor.tail)

    def _narrowed(self, probe: Probe) -> Narrowed:
        """Halves of what differs, down to single rows."""
        rows = sorted(self.rows(probe.space).items())
        spans: list[Span] = []
        told: list[Span] = []
        found: list[Row] = []
        for span in probe.spans:
            within = [row for id_, row in rows if Stretch(span.after, span.upto).holds(id_)]
            if checksum_of(within) == span.checksum:
                continue
            if len(within) < 2:
                told.append(span)
                found += within
                continue
            half = len(within) // 2
            middle = within[half - 1].id
            spans.append(Span(span.after, middle, checksum_of(within[:half])))
            spans.append(Span(middle, span.upto, checksum_of(within[half:])))
        head = self._cursor(probe.space, self.data.spaces[probe.space].seq)
        return Narrowed(probe.space, head, tuple(spans), tuple(told), tuple(found))

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
        narrowed = tuple(self._narrowed(probe) for probe in request.probes if self._is_head(readable, probe))
        told = (tuple(pages), tuple(revoked) if request.whole else (), tuple(safe), narrowed)
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
        if space.is_below_floor(cursor):
            return 0, True
        is_there = (cursor.seq, cursor.tail) == (space.seq, space.tails[-1])
        return (None if is_there else cursor.seq), False

    def _page(self, name: bytes, since: int, begins: bool, most: int) -> Page:
        space = self.data.spaces[name]
        beyond = (kept.row for kept in space.rows.values() if kept.row.seq > since)
        rows = sorted(beyond, key=lambda row: row.seq)[:most]
        last = rows[-1].seq if rows else since
        if last >= space.seq or not rows:
            return Page(name, since, self._cursor(name, space.seq), tuple(rows), begins, space.checksum(), space.floor)
        return Page(name, since, self._cursor(name, last), tuple(rows), begins)
