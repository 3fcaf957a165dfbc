"""Tombstones are dropped after 400 days, and with them what nobody can ask for any more (rule 8, fault F18).

A space's floor is the seq up to which this was done. Who stands below it is told the space from its start; what they
have up to the floor and are not told again was deleted. When a seq was written is not read off its row, which keeps the
time of its record: each run marks where the spaces stand, and what an old mark covers is at least so old.

What goes and what stays: `tail` below the floor goes, since a claim there is answered by a full compare. `applied`
stays for good: it alone says that a change was done whose record is gone, and a laptop may send it again after years.
`counted` stays: the attempt that counted must not change. Personal spaces are left whole: they are the evidence, and
their chain names each row that is gone.
"""

from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from sync.domain.merge import GONE
from sync.domain.spaces import SpaceType, type_of
from sync.protocol.digest import joined, row_hash
from sync.protocol.limits import KEEP_TOMBSTONES_MS
from sync.server.core import Core
from sync.server.storage import spaces
from sync.server.storage.schema import log, mark, signed, space, tail
from sync.server.storage.spaces import SpaceHead

MARK_EVERY_MS = 10 * 86_400_000
"""So much later than it could a tombstone may go."""


class Compacted(NamedTuple):
    """What a run dropped: tombstones, in how many spaces."""

    spaces: int
    tombstones: int


def compact(core: Core) -> Compacted:
    """Mark where the spaces stand, and drop what is old enough; one short transaction a space that has something."""
    now = core.now()
    with core.reading() as connection:
        due = _due(connection, now)
    dropped = [core.writer.run(partial(_compact, space_id=id_, now=now)) for id_ in due]
    return Compacted(sum(count > 0 for count in dropped), sum(dropped))


def raise_floor(connection: Connection, head: SpaceHead, floor: int) -> int:
    """Drop the tombstones of a space up to a seq; how many."""
    there = (log.c.space_no == head.no, log.c.seq <= floor, log.c.body.in_(sorted(GONE)))
    rows = connection.execute(select(log.c.id, log.c.seq, log.c.author, log.c.at, log.c.body).where(*there)).all()
    connection.execute(delete(log).where(*there))
    connection.execute(delete(tail).where(tail.c.space_no == head.no, tail.c.last_seq < floor))
    checksum = joined(head.checksum, (), [row_hash(*row) for row in rows])
    values = {"floor": floor, "records": checksum.count, "sum": signed(checksum.sum)}
    connection.execute(update(space).where(space.c.no == head.no).values(values))
    return len(rows)


def _due(connection: Connection, now: int) -> list[bytes]:
    """The spaces to mark, and those of which a mark is old enough now."""
    marked = (
        select(mark.c.space_no, func.max(mark.c.seq).label("seq"), func.max(mark.c.at).label("at"))
        .group_by(mark.c.space_no)
        .subquery()
    )
    to_mark = (
        select(space.c.id)
        .join(marked, marked.c.space_no == space.c.no, isouter=True)
        .where(space.c.seq > func.coalesce(marked.c.seq, 0), func.coalesce(marked.c.at, 0) <= now - MARK_EVERY_MS)
    )
    aged = (
        select(space.c.id)
        .join(mark, mark.c.space_no == space.c.no)
        .where(mark.c.at <= now - KEEP_TOMBSTONES_MS, mark.c.seq > space.c.floor)
    )
    found = {bytes(id_) for asked in (to_mark, aged) for id_ in connection.execute(asked).scalars()}
    return sorted(id_ for id_ in found if type_of(id_) is not SpaceType.PERSONAL)


def _compact(connection: Connection, space_id: bytes, now: int) -> int:
    head = spaces.take(connection, space_id)
    if head is None:
        return 0
    of_space = mark.c.space_no == head.no
    last = connection.execute(select(func.max(mark.c.seq), func.max(mark.c.at)).where(of_space)).one()
    if head.seq > (last[0] or 0) and (last[1] or 0) <= now - MARK_EVERY_MS:
        connection.execute(insert(mark).values(space_no=head.no, at=now, seq=head.seq))
    old = mark.c.at <= now - KEEP_TOMBSTONES_MS
    floor = connection.execute(select(func.max(mark.c.seq)).where(of_space, old)).scalar() or 0
    if floor <= head.floor:
        return 0
    connection.execute(delete(mark).where(of_space, mark.c.seq <= floor))
    return raise_floor(connection, head, floor)
