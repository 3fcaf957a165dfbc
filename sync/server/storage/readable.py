"""What a person may read at one moment, looked up no further than a request asks for.

A trainer has three hundred spaces, and mostly nothing is new in any of them: their heads are not made for that answer.
Nothing is kept between two requests, so nothing of it can be out of date, whichever process writes.
"""

from collections.abc import Collection
from functools import cached_property

from sqlalchemy import Connection

from sync.server.storage import spaces
from sync.server.storage.dialect import rows_among, rows_of
from sync.server.storage.spaces import SpaceHead

Place = tuple[bytes, int, int, bytes]
"""A space and its head, as a view digest takes it: id, epoch, seq, tail."""

_PLACES = "SELECT id, epoch, seq, tail FROM space WHERE no IN (SELECT space_no FROM seat WHERE person_no = ?)"
_SOME = (
    f"SELECT {spaces.HEADS} FROM space "  # noqa: S608  # constants only
    "WHERE EXISTS (SELECT 1 FROM seat WHERE person_no = ? AND space_no = space.no) AND id {among}"
)
_NUMBERS = "SELECT DISTINCT space_no FROM seat WHERE person_no = ?"


class Readable:
    """The spaces in which a person sits while a transaction that reads is open: not to be used after it."""

    def __init__(self, connection: Connection, person_no: int) -> None:
        self._connection = connection
        self._person_no = person_no

    @cached_property
    def heads(self) -> list[SpaceHead]:
        """All of them, in the order of their names."""
        return spaces.readable(self._connection, self._person_no)

    def some(self, wanted: Collection[bytes]) -> list[SpaceHead]:
        """Those with these ids, in the order of their names; what the person may not read is left out."""
        found = rows_among(self._connection, _SOME, (self._person_no,), list(set(wanted)))
        return sorted((SpaceHead(*row) for row in found), key=lambda head: head.id)

    def places(self) -> list[Place]:
        """Where all of them stand, in no order."""
        return rows_of(self._connection, _PLACES, (self._person_no,))

    def numbers(self) -> tuple[int, ...]:
        """The numbers of all."""
        return tuple(no for (no,) in rows_of(self._connection, _NUMBERS, (self._person_no,)))
