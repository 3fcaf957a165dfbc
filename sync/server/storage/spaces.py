"""Spaces as the server keeps them: their heads, their tails, and who sits in them."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from sync.domain.ids import SpaceId
from sync.domain.permissions import Role
from sync.protocol.messages import Checksum, Cursor
from sync.server.storage.dialect import cursor_of, dialect_of, row_of, rows_of, upsert
from sync.server.storage.schema import person, seat, space, unsigned
from sync.server.storage.touched import noted

NO_TAIL = bytes(8)
"""The tail of seq 0: nothing was written yet."""


class SpaceHead(NamedTuple):
    """A space and where its order stands. `floor`: tombstones up to this seq are dropped.

    `link`: the end of its chain, where this was read to write.
    """

    no: int
    id: bytes
    epoch: int
    seq: int
    tail: bytes
    records: int
    sum: int
    floor: int = 0
    link: bytes | None = None

    @property
    def checksum(self) -> Checksum:
        """Of the rows up to the head."""
        return Checksum(self.records, unsigned(self.sum))

    @property
    def cursor(self) -> Cursor:
        """The head as a cursor, unsealed."""
        return Cursor(self.epoch, self.seq, self.tail)


HEADS = "space.no, space.id, space.epoch, space.seq, space.tail, space.records, space.sum, space.floor"
"""The columns of a head, in its order."""
_READABLE = (
    f"SELECT DISTINCT {HEADS} FROM seat JOIN space ON space.no = seat.space_no "  # noqa: S608  # constants only
    "WHERE seat.person_no = ? ORDER BY space.id"
)
_BY_ID = f"SELECT {HEADS} FROM space WHERE id = ?"  # noqa: S608  # constants only
_TAKEN = f"SELECT {HEADS}, space.link FROM space WHERE id = ?"  # noqa: S608  # constants only
_TAIL = "SELECT tail FROM tail WHERE space_no = ? AND last_seq >= ? ORDER BY last_seq LIMIT 1"
_ROLES_IN = "SELECT role FROM seat WHERE person_no = ? AND space_no = ?"
_ROLES = "SELECT role FROM seat JOIN space ON space.no = seat.space_no WHERE seat.person_no = ? AND space.id = ?"


def find(connection: Connection, space_id: bytes) -> SpaceHead | None:
    """The head of a space, None when there is no such space."""
    row = row_of(connection, _BY_ID, (space_id,))
    return None if row is None else SpaceHead(*row)


def take(connection: Connection, space_id: bytes) -> SpaceHead | None:
    """The head of a space, which is this transaction's until it ends (rule 13); None when there is no such space.

    What is read of the space from here on stays as it is, and its seqs are committed in their order.
    """
    row = row_of(connection, _TAKEN + dialect_of(connection).taking, (space_id,))
    return None if row is None else SpaceHead(*row)


def ensure(connection: Connection, space_id: bytes) -> SpaceHead:
    """`take`, of a space that is made empty when it is not there yet."""
    found = take(connection, space_id)
    if found is None:
        _make(connection, space_id)
        found = take(connection, space_id)
    if found is None:
        raise LookupError("a space that was just made is not there")
    return found


def _make(connection: Connection, space_id: bytes) -> None:
    connection.execute(upsert(connection, space).values(id=space_id, tail=NO_TAIL).on_conflict_do_nothing())


def readable(connection: Connection, person_no: int) -> list[SpaceHead]:
    """The spaces in which a person sits, in the order of their names: what they may read."""
    return [SpaceHead(*row) for row in rows_of(connection, _READABLE, (person_no,))]


def roles_in(connection: Connection, person_no: int, space_no: int) -> frozenset[Role]:
    """What a person is in a space; nothing when they may not read it."""
    return frozenset(Role(role) for (role,) in rows_of(connection, _ROLES_IN, (person_no, space_no)))


def roles_of(connection: Connection, person_no: int, space_id: bytes) -> frozenset[Role]:
    """What a person is in a space, and stays until this transaction ends: who takes a seat away waits (rule 13)."""
    dialect_of(connection).hold(connection, person_no)
    return frozenset(Role(role) for (role,) in rows_of(connection, _ROLES, (person_no, space_id)))


def looked_up_to(connection: Connection, head: SpaceHead) -> int:
    """Up to which seq a space needs no look for what follows from its rows any more (grades, returned reviews)."""
    return int(row_of(connection, "SELECT graded_seq FROM space WHERE no = ?", (head.no,))[0])


def look_up_to(connection: Connection, space_no: int, seq: int) -> None:
    """Remember that a space was looked at up to a seq."""
    cursor_of(connection).execute("UPDATE space SET graded_seq = ? WHERE no = ?", (seq, space_no))


def seats_taken(connection: Connection, people: Iterable[int]) -> None:
    """Wait until nobody writes as one of these people, and let nobody until this transaction has given them seats.

    To be called before anything of a space is written: who writes holds the person first and the space second.
    """
    numbers = sorted(set(people))
    held = select(person.c.no).where(person.c.no.in_(numbers)).order_by(person.c.no)
    connection.execute(held.with_for_update(key_share=True)).all()


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
    found = row_of(connection, _TAIL, (head.no, seq))
    return None if found is None else bytes(found[0])


def seat_person(connection: Connection, person_no: int, seats: Iterable[Mapping[SpaceId, Role]]) -> None:
    """Write down all that a person may read, in place of what stood there; spaces that are not there yet are made."""
    seats_taken(connection, (person_no,))
    wanted = {(_number(connection, space_id), int(role)) for each in seats for space_id, role in each.items()}
    noted(connection).people.add(person_no)
    standing = connection.execute(select(seat.c.space_no, seat.c.role).where(seat.c.person_no == person_no))
    there = {(no, role) for no, role in standing}
    for no, role in sorted(there - wanted):
        where = (seat.c.person_no == person_no, seat.c.space_no == no, seat.c.role == role)
        connection.execute(delete(seat).where(*where))
    if fresh := sorted(wanted - there):
        rows = [{"person_no": person_no, "space_no": no, "role": role} for no, role in fresh]
        connection.execute(insert(seat), rows)


def _number(connection: Connection, space_id: SpaceId) -> int:
    """A space's number, without taking the space."""
    found = find(connection, space_id)
    if found is None:
        _make(connection, space_id)
        found = find(connection, space_id)
    if found is None:
        raise LookupError("a space that was just made is not there")
    return found.no
