"""Rows that the server writes by its own rules: cards, enrolments, editions, grades. Twice is once."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection

from sync.domain.ids import NOBODY
from sync.domain.kind import Kind, Merge, encode
from sync.domain.merge import FieldStamp
from sync.domain.publishing import Row
from sync.protocol.digest import mutation_hash
from sync.server.storage import spaces
from sync.server.storage.log import Kept, SpaceLog, Stamps

SERVER_WRITER = 0
"""The writer in the stamps of what the server itself wrote; no laptop draws it but by a chance of 1 in 2**64."""


def write(connection: Connection, space_id: bytes, rows: Iterable[Row], now: int, tail: bytes) -> int:
    """Write rows into a space in the transaction that is open, as one transaction of the space; how many were new."""
    log = SpaceLog(connection, spaces.ensure(connection, space_id))
    wanted = list(rows)
    log.load([row.id for row in wanted])
    before = log.seq
    for row in wanted:
        there = log.get(row.id)
        if there is None:
            log.put(Kept(log.next_seq, row.kind.number, row.id, NOBODY, now, row.body, _stamps(row, log.next_seq)))
        elif row.kind.merge is Merge.EDITED and there.body != row.body:
            log.put(there._replace(seq=log.next_seq, body=row.body))
    log.close(tail)
    return log.seq - before


def row(kind: Kind, id_: bytes, body: msgspec.Struct) -> Row:
    """A row from a record."""
    return Row(kind, id_, encode(body))


def _stamps(row: Row, seq: int) -> bytes | None:
    if row.kind.merge is Merge.APPEND:
        return None
    made = mutation_hash(row.kind.number.to_bytes(4, "big"), row.body)
    return encode(Stamps(FieldStamp(seq, SERVER_WRITER, 0, NOBODY), made))
