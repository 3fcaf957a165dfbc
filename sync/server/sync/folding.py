"""Shared documents are folded: updates older than 30 days become one snapshot a document (protocol rule 6).

The snapshot holds nothing younger, so each version of the last 30 days can be made of it and the updates that came up
to then. Both are written in one transaction: no laptop sees the one without the other.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, func, insert, select, update

from sync.content.shared_text import SharedText
from sync.content.shared_text import read as read_update
from sync.domain.documents import KEPT_MS, SNAPSHOT, UPDATE, Share, Snapshot, Update, snapshot_id
from sync.domain.files import Attachment
from sync.domain.merge import FOLDED
from sync.server.core import Core
from sync.server.storage import spaces
from sync.server.storage.log import Kept, SpaceLog, read_record
from sync.server.storage.schema import document_clock, document_fold, log, space
from sync.server.sync import filing, rows

UPDATES, BYTES = 50, 32 * 1024
"""So many old updates, or so many bytes of them, are worth a snapshot."""
INLINE = 60 * 1024
"""A longer snapshot is a file (rule 12)."""
LOOK_MS = 86_400_000
"""How often the documents of a space are looked at."""
_AT_ONCE = 5_000


class Old(NamedTuple):
    """An update that may be folded, as it lies in the log."""

    seq: int
    id: bytes
    author: bytes
    at: int
    body: Update


class Folded(NamedTuple):
    """What a document's old updates come to: the snapshot, and those that are in it."""

    state: bytes
    shares: tuple[Share, ...]
    olds: tuple[Old, ...]


class _Job(NamedTuple):
    """What is to be written: the snapshot in place of the one that was there, and tombstones."""

    body: Snapshot
    there: Kept | None
    olds: Sequence[Old]


def fold_due(core: Core) -> int:
    """Fold in every space with documents that were not looked at today; how many updates went into snapshots."""
    now = core.now()
    with core.reading() as connection:
        with_documents = select(document_clock.c.space_no).distinct()
        looked = select(document_fold.c.space_no).where(document_fold.c.looked > now - LOOK_MS)
        wanted = (space.c.no.in_(with_documents), space.c.no.not_in(looked))
        found = sorted(map(bytes, connection.execute(select(space.c.id).where(*wanted)).scalars()))
    done = 0
    for space_id in found:
        done += fold_space(core, space_id)
        core.writer.run(lambda connection, space_id=space_id: _looked(connection, space_id, now))  # type: ignore[misc]  # bound now
    return done


def fold_space(core: Core, space_id: bytes) -> int:
    """Fold what is old in the documents of a space, now."""
    done, after = 0, 0
    while True:
        with core.reading() as connection:
            head = spaces.find(connection, space_id)
            if head is None:
                return done
            olds = _olds(connection, head.no, core.now() - KEPT_MS, after)
            worth = _worth(olds)
            there = {document: read_record(connection, head.no, snapshot_id(document)) for document in worth}
        if not olds:
            return done
        after = olds[-1].seq  # what waits and is not folded is not asked for again
        done += sum(_fold_document(core, space_id, each, there[each], worth[each]) for each in worth)


def folded(state: bytes, shares: Iterable[Share], olds: Sequence[Old]) -> Folded:
    """Old updates on top of a snapshot. One that waits for another still to come stays as it is: nothing is lost.

    It hinders no other; when what it waits for has come and is old enough, both are folded.
    """
    taken = [(old, read_update(old.body.update)) for old in olds]
    while True:
        text = SharedText([state, *(old.body.update for old, _ in taken)])
        standing = [(old, written) for old, written in taken if written is None or text.holds(written.content)]
        if len(standing) == len(taken):
            break
        taken = standing  # what is left may have stood on a part of one that waits
    of = {share.person: share for share in shares}
    for old, written in taken:
        if written is not None:
            of[old.author] = _counted(of.get(old.author), old, written.content.characters)
    return Folded(text.state, tuple(of[person] for person in sorted(of)), tuple(old for old, _ in taken))


def _worth(olds: Iterable[Old]) -> dict[bytes, list[Old]]:
    """The updates by document, of those that are worth a snapshot."""
    of: dict[bytes, list[Old]] = {}
    for old in olds:
        of.setdefault(old.body.document, []).append(old)
    return {document: them for document, them in of.items() if _is_worth(them)}


def _fold_document(core: Core, space_id: bytes, document: bytes, there: Kept | None, olds: list[Old]) -> int:
    before: Snapshot = Snapshot(document=document, at=0) if there is None else SNAPSHOT.decode(there.body)
    done = folded(_content(core, before), before.shares, olds)
    if not _is_worth(done.olds):
        return 0
    at = max(before.at, *(old.at for old in done.olds))
    body = Snapshot(document=document, at=at, state=done.state, shares=done.shares)
    if len(done.state) > INLINE:
        file = Attachment(sha256=filing.keep(core, done.state), name="snapshot", size=len(done.state))
        body = msgspec.structs.replace(body, state=Snapshot(document=document, at=0).state, file=file)
    return core.writer.run(lambda connection: _write(core, connection, space_id, _Job(body, there, done.olds)))


def _write(core: Core, connection: Connection, space_id: bytes, job: _Job) -> int:
    """The snapshot and the tombstones; nothing when another process was faster."""
    name = snapshot_id(job.body.document)
    if SpaceLog(connection, spaces.ensure(connection, space_id)).get(name) != job.there:
        return 0
    rows.write(connection, space_id, [rows.row(SNAPSHOT, name, job.body)], core.now(), core.tail())
    log_ = SpaceLog(connection, spaces.ensure(connection, space_id))
    log_.load([old.id for old in job.olds])
    for old in job.olds:
        kept = log_.get(old.id)
        if kept is not None and kept.seq == old.seq:
            log_.put(kept._replace(seq=log_.next_seq, body=FOLDED))
    log_.close(core.tail())
    return len(job.olds)


def _content(core: Core, snapshot: Snapshot) -> bytes:
    file = snapshot.file
    return snapshot.state if file is None else b"".join(core.files.parts(file.sha256, file.size))


def _olds(connection: Connection, space_no: int, before: int, after: int) -> list[Old]:
    """Some of the updates that were not folded, from a seq on."""
    wanted = (
        select(log.c.seq, log.c.id, log.c.author, log.c.at, log.c.body)
        .where(log.c.space_no == space_no, log.c.kind == UPDATE.number, log.c.at < before, log.c.seq > after)
        .where(func.length(log.c.body) > len(FOLDED))
        .order_by(log.c.seq)
        .limit(_AT_ONCE)
    )
    return [
        Old(seq, bytes(id_), bytes(author), at, UPDATE.decode(bytes(body)))
        for seq, id_, author, at, body in connection.execute(wanted)
    ]


def _is_worth(olds: Sequence[Old]) -> bool:
    return len(olds) >= UPDATES or sum(len(old.body.update) for old in olds) >= BYTES


def _looked(connection: Connection, space_id: bytes, now: int) -> None:
    head = spaces.ensure(connection, space_id)
    noted = connection.execute(update(document_fold).where(document_fold.c.space_no == head.no).values(looked=now))
    if not noted.rowcount:
        connection.execute(insert(document_fold).values(space_no=head.no, looked=now))


def _counted(share: Share | None, old: Old, characters: int) -> Share:
    if share is None:
        return Share(person=old.author, updates=1, characters=characters, last=old.at)
    return Share(
        person=share.person,
        updates=share.updates + 1,
        characters=share.characters + characters,
        last=max(share.last, old.at),
    )
