"""Push: one batch is one transaction in one space (rule 2). Membership, writer and claim first, then each entry alone.

A retry is always safe: what was done under a name is answered `dup` with its old seq.
"""

import logging
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from sync.domain.documents import UPDATE
from sync.domain.spaces import type_of
from sync.protocol.errors import Refusal
from sync.protocol.messages import Batch, BatchAnswer, Cursor, Delete, Outcome, Run, Verdict
from sync.server import checkpoints
from sync.server.limits import NO_LIMITS, Limits
from sync.server.storage import applied, spaces
from sync.server.storage.applied import Done
from sync.server.storage.dialect import is_of_database
from sync.server.storage.log import SpaceLog
from sync.server.storage.spaces import SpaceHead
from sync.server.storage.usage import Room
from sync.server.sync import claims, newcomers, updating
from sync.server.sync.batches import Entries, Entry
from sync.server.sync.claims import Finding
from sync.server.sync.entries import Desk, DoneBefore, Refused
from sync.server.sync.filing import judge_of
from sync.server.sync.runs import Judged, Taken, runs

_log = logging.getLogger(__name__)


class Caller(NamedTuple):
    """Who asks: the person and the device that the token is bound to."""

    person_no: int
    person: bytes
    device_no: int
    device: bytes


def accept(
    connection: Connection,
    key: bytes,
    caller: Caller,
    batch: Batch,
    *,
    writer: int,
    now: int,
    tail: bytes,
    limits: Limits = NO_LIMITS,
) -> BatchAnswer:
    """Take a batch in the transaction that is open. Damaged when an entry has not even a name.

    Busy when the person has pushed as much as `limits` allow a day.
    """
    roles = spaces.roles_of(connection, caller.person_no, batch.space)
    head = spaces.take(connection, batch.space) if roles else None
    if head is None:
        return BatchAnswer(batch.space, Outcome.REVOKED)
    if not applied.belongs_to(connection, writer, caller.device_no):
        return BatchAnswer(batch.space, Outcome.FORKED)
    finding = claims.find(connection, key, head, batch.claim)
    if finding is Finding.FORGED:
        return BatchAnswer(batch.space, Outcome.COMPARE)
    if finding is not Finding.HOLDS:
        renewed = claims.renew(connection, key, head, (batch.claim,), now)
        return BatchAnswer(batch.space, Outcome.RENEWED, claims.beginning(key, renewed))
    judge = judge_of(connection, caller.person_no)
    judges = {UPDATE.number: updating.judge_of(connection, head.no, caller.person_no, writer)}
    desk = Desk(SpaceLog(connection, head), type_of(head.id), roles, caller.person, writer, now, judge, judges)
    entries = Entries.read(head.id, batch.entries)
    done = applied.find(connection, writer, entries.names)
    room = Room(connection, limits, caller.person_no, writer, now)
    room.check_day(sum(n not in done for n in entries.names))
    judged = None if done else newcomers.take(desk, entries, room)
    if judged is None:
        judged = one_by_one(desk, entries, done, room)
    room.keep(len(judged.accepted), desk.log.grown)
    after = desk.log.close(tail)
    applied.add(connection, writer, judged.accepted)
    _note_what_came_back(connection, head, entries, judged.runs, now)
    checkpoints.reach(checkpoints.PUSH_BEFORE_COMMIT)
    return BatchAnswer(head.id, Outcome.DONE, _told(connection, key, after, judged.runs), judged.runs)


def _note_what_came_back(
    connection: Connection, head: SpaceHead, entries: Entries, told: tuple[Run, ...], now: int
) -> None:
    """IT hears how much a restored server got back from the laptops (fault F20)."""
    if head.epoch == claims.FIRST_EPOCH:
        return
    fresh = {n for run in told if run.verdict is Verdict.ACCEPTED for n in range(run.n, run.n + run.count)}
    taken = [entry.mutation for entry in entries.each() if entry.mutation is not None and entry.n in fresh]
    if back := claims.came_back(connection, head, taken, now):
        _log.info("%d records came back from a laptop after the server was restored", back)


def one_by_one(desk: Desk, entries: Entries, done: Mapping[int, Done], room: Room) -> Taken:
    """The verdict on each entry, one after the other, and what to remember.

    A fork stops what comes after it, which may build on it. What comes before keeps its name: another copy of the
    laptop's folder may hold it, too, and renamed here it would be done twice.
    """
    known = dict(done)
    forked = False
    judged: list[Judged] = []
    accepted: list[tuple[int, bytes, int]] = []
    desk.log.load([mutation.id for mutation in entries.mutations if mutation is not None])
    for entry in entries.each():
        before = known.get(entry.n)
        if before is not None and before.hash == entry.hash:
            judged.append(Judged(entry.n, Verdict.DUP, before.seq))
            continue
        forked = forked or before is not None
        if forked:
            judged.append(Judged(entry.n, Verdict.FORK))
            continue
        verdict = _take(desk, entry) if _fits(room, entry) else _over_quota(entry)
        judged.append(verdict)
        if verdict.verdict is not Verdict.REFUSED:
            accepted.append((entry.n, entry.hash, verdict.seq))
            known[entry.n] = Done(entry.hash, verdict.seq)
    return Taken(runs(judged), accepted)


def _take(desk: Desk, entry: Entry) -> Judged:
    if entry.mutation is None:
        return Judged(entry.n, Verdict.REFUSED, 0, Refusal.INVALID)
    try:
        return Judged(entry.n, Verdict.ACCEPTED, desk.take(entry.mutation))
    except DoneBefore as before:
        return Judged(entry.n, Verdict.DUP, before.seq)
    except Refused as refused:
        return Judged(entry.n, Verdict.REFUSED, 0, refused.refusal)
    except Exception as error:  # fault F37: one poison entry never stops the others
        if is_of_database(desk.log.connection, error):
            raise
        _log.error("an entry broke its handler: %s", type(error).__name__)  # its content stays out of logs
        return Judged(entry.n, Verdict.REFUSED, 0, Refusal.BROKEN)


def _fits(room: Room, entry: Entry) -> bool:
    """Whether there is room; there always is for a deletion, which makes some."""
    return isinstance(entry.mutation, Delete) or room.take(len(entry.raw))


def _over_quota(entry: Entry) -> Judged:
    return Judged(entry.n, Verdict.REFUSED, 0, Refusal.OVER_QUOTA)


def _told(connection: Connection, key: bytes, after: SpaceHead, told: tuple[Run, ...]) -> Cursor:
    """The place of the highest seq in the answer: the laptop was told it, and will claim it."""
    highest = max((run.seq + run.count - 1 for run in told if run.seq), default=0)
    if highest == 0:
        return Cursor(0, 0)
    tail = after.tail if highest == after.seq else spaces.tail_at(connection, after, highest)
    if tail is None:
        raise LookupError("a seq that was answered has no tail")
    return claims.sealed(key, after.id, after.epoch, highest, tail)
