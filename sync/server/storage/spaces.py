"""Spaces as the server keeps them: their heads, their tails, and who sits in them."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from sync.domain.ids import SpaceId
from sync.domain.permissions import Role
from sync.protocol.messages import Checksum, Cursor
from sync.server.storage.schema import seat, space, tail, unsigned
from sync.server.storage.touched import noted

NO_TAIL = bytes(8)
"""The tail of seq 0: nothing was written yet."""


class SpaceHead(NamedTuple):
    """A space and where its order stands."""

    no: int
    id: bytes
    epoch: int
    seq: int
    tail: bytes
    records: int
    sum: int

    @property
    def checksum(self) -> Checksum:
        """Of the rows up to the head."""
        return Checksum(self.records, unsigned(self.sum))

    @property
    def cursor(self) -> Cursor:
        """The head as a cursor, unsealed."""
        return Cursor(self.epoch, self.seq, self.tail)


_COLUMNS = (space.c.no, space.c.id, space.c.epoch, space.c.seq, space.c.tail, space.c.records, space.c.sum)
_BY_ID = select(*_COLUMNS).where
_HEADS = "space.no, space.id, space.epoch, space.seq, space.tail, space.records, space.sum"
_READABLE = (
    f"SELECT DISTINCT {_HEADS} FROM seat JOIN space ON space.no = seat.space_no "  # noqa: S608  # constants only
    "WHERE seat.person_no = ? ORDER BY space.id"
)


def find(connection: Connection, space_id: bytes) -> SpaceHead | None:
    """The head of a space, None when there is no such space."""
    row = connection.execute(_BY_ID(space.c.id == space_id)).one_or_none()
    return None if row is None else SpaceHead(*row)


def ensure(connection: Connection, space_id: bytes) -> SpaceHead:
    """The head of a space, made empty when it is not there yet."""
    connection.execute(upsert(space).values(id=space_id, tail=NO_TAIL).on_conflict_do_nothing())
    found = find(connection, space_id)
    if found is None:
        raise LookupError("a space that was just made is not there")
    return found


def readable(connection: Connection, person_no: int) -> list[SpaceHead]:
    """The spaces in which a person sits, in the order of their names: what they may read."""
    return [SpaceHead(*row) for row in connection.exec_driver_sql(_READABLE, (person_no,))]


def roles_in(connection: Connection, person_no: int, space_no: int) -> frozenset[Role]:
    """What a person is in a space; nothing when they may not read it."""
    found = connection.execute(select(seat.c.role).where(seat.c.person_no == person_no, seat.c.space_no == space_no))
    return frozenset(Role(row.role) for row in found)


def tail_at(connection: Connection, space_no: int, seq: int) -> bytes | None:
    """The tail of the transaction that wrote seq; None beyond the head."""
    if seq == 0:
        return NO_TAIL
    at = select(tail.c.tail).where(tail.c.space_no == space_no, tail.c.last_seq >= seq).order_by(tail.c.last_seq)
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
