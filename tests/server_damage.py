"""A fault of the server, for tests: a row is another than the one that was told."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from sync.protocol.digest import EMPTY, joined, row_hash
from sync.server.storage.schema import log, signed, space


def alter(connection: Connection, space_no: int, id_: bytes) -> None:
    """Change a row of a space in place, and its checksum with it: nobody is told."""
    connection.execute(update(log).where(log.c.space_no == space_no, log.c.id == id_).values(at=log.c.at + 1))
    columns = (log.c.id, log.c.seq, log.c.author, log.c.at, log.c.body)
    rows = connection.execute(select(*columns).where(log.c.space_no == space_no))
    found = joined(EMPTY, (row_hash(*row) for row in rows))
    connection.execute(update(space).where(space.c.no == space_no).values(sum=signed(found.sum)))
