"""Spaces as the server keeps them: their heads, their tails, and who sits in them."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, tuple_

from sync.domain.ids import SpaceId
from sync.domain.permissions import Role
from sync.protocol.messages import Checksum, Cursor
from sync.server.storage.dialect import rows_of, upsert
from sync.server.storage.schema import person, seat, space, tail, unsigned
from sync.server.storage.touched import noted

NO_TAIL = bytes(8)
"""The tail of seq 0: nothing was written yet."""


class SpaceHead(NamedTuple):
    """A space and where its order stands. `floor`: tombstones up to this seq are dropped."""

    no: int
    id: bytes
    epoch: int
    seq: int
    tail: bytes
    records: int
    sum: int
    floor: int = 0

    @property
    def checksum(self) -> Checksum:
        """Of the rows up to the head."""
        return Checksum(self.records, unsigned(self.sum))

    @property
    def cursor(self) -> Cursor:
        """The head as a cursor, unsealed."""
        return Cursor(self.epoch, self.seq, self.tail)


_COLUMNS = (
    space.c.no,
    space.c.id,
    space.c.epoch,
    space.c.seq,
    space.c.tail,
    space.c.records,
    space.c.sum,
    space.c.floor,
)
_BY_ID = _TAKEN = select(*_COLUMNS).where
_HEADS = "space.no, space.id, space.epoch, space.seq, space.tail, space.records, space.sum, space.floor"
_READABLE = (
    f"SELECT DISTINCT {_HEADS} FROM seat JOIN space ON space.no = seat.space_no "  # noqa: S608  # constants only
    "WHERE seat.person_no = ? ORDER BY space.id"
)


def find(connection: Connection, space_id: bytes) -> SpaceHead | None:
    """The head of a space, None when there is no such space."""
    row = connection.execute(_BY_ID(space.c.id == space_id)).one_or_none()
    return None if row is None else SpaceHead(*row)


def take(connection: Connection, space_id: bytes) -> SpaceHead | None:
    """The head of a space, which is this transaction's until it ends (rule 13); None when there is no such space.

    What is read of the space from here on stays as it is, and its seqs are committed in their order.
    """
    row = connection.execute(_TAKEN(space.c.id == space_id).with_for_update(key_share=True)).one_or_none()
    return None if row is None else SpaceHead(*row)


def ensure(connection: Connection, space_id: bytes) -> SpaceHead:
    """`take`, of a space that is made empty when it is not there yet."""
    found = take(connection, space_id)
    if found is None:
        connection.execute(upsert(connection, space).values(id=space_id, tail=NO_TAIL).on_conflict_do_nothing())
        found = take(connection, space_id)
    if found is None:
        raise LookupError("a space that was just made is not there")
    return found


def readable(connection: Connection, person_no: int) -> list[SpaceHead]:
    """The spaces in which a person sits, in the order of their names: what they may read."""
    return [SpaceHead(*row) for row in rows_of(connection, _READABLE, (person_no,))]


def roles_in(connection: Connection, person_no: int, space_no: int) -> frozenset[Role]:
    """What a person is in a space; nothing when they may not read it."""
    found = connection.execute(select(seat.c.role).where(seat.c.person_no == person_no, seat.c.space_no == space_no))
    return frozenset(Role(row.role) for row in found)


def floor_tail(head: SpaceHead) -> bytes:
    """The tail of every place below a space's floor."""
    return head.floor.to_bytes(len(NO_TAIL), "big")


def tail_at(connection: Connection, head: SpaceHead, seq: int) -> bytes | None:
    """The tail of the transaction that wrote seq; None beyond the head.

    Below the floor tails are dropped, too. The tail of a place there is the floor itself: a laptop that is told the
    space from its start goes on from it, and one that was told the place before the floor rose begins anew.
    """
    if seq == 0:
        return NO_TAIL
    if seq < head.floor:
        return floor_tail(head)
    at = select(tail.c.tail).where(tail.c.space_no == head.no, tail.c.last_seq >= seq).order_by(tail.c.last_seq)
    found: bytes | None = connection.execute(at.limit(1)).scalar_one_or_none()
    return found


def seat_person(connection: Connection, person_no: int, seats: Iterable[Mapping[SpaceId, Role]]) -> None:
    """Write down all that a person may read, in place of what stood there; spaces that are not there yet are made."""
    wanted = {(ensure(connection, space_id).no, role) for each in seats for space_id, role in each.items()}
    noted(connection).people.add(person_no)
    connection.execute(delete(seat).where(seat.c.person_no == person_no))
    if wanted:
        rows = [{"person_no": person_no, "space_no": no, "role": int(role)} for no, role in sorted(wanted)]
        connection.execute(insert(seat), rows)
