"""Which mutations were done, by name: a set, never a high-water mark (protocol, Terms). Accepted ones only."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from sync.server.storage.dialect import Bulk, add_rows, cursor_of, rows_among, rows_of, upsert
from sync.server.storage.schema import applied, signed
from sync.server.storage.schema import writer as writers

_SPREAD = 500
_WIDE = 4
_BULK = Bulk(applied, "writer", "n", "hash", "seq")


class Done(NamedTuple):
    """What was done under a name: the hash of its bytes, and the seq of its effect."""

    hash: bytes
    seq: int


def find(connection: Connection, writer: int, names: Sequence[int]) -> Mapping[int, Done]:
    """Those of a writer's mutations n that were done."""
    if not names:
        return {}
    key, low, high = signed(writer), min(names), max(names)
    found: Iterable[Sequence[Any]]
    if high - low < _WIDE * len(names) + _SPREAD:
        near = "SELECT n, hash, seq FROM applied WHERE writer = ? AND n BETWEEN ? AND ?"
        found = rows_of(connection, near, (key, low, high))
    else:
        far = "SELECT n, hash, seq FROM applied WHERE writer = ? AND n {among}"
        found = rows_among(connection, far, (key,), names)
    return {n: Done(hash_, seq) for n, hash_, seq in found}


def add(connection: Connection, writer: int, done: Iterable[tuple[int, bytes, int]]) -> None:
    """Remember mutations (n, hash, seq) of a writer."""
    key = signed(writer)
    add_rows(connection, _BULK, [(key, n, bytearray(hash_), seq) for n, hash_, seq in done])


def belongs_to(connection: Connection, writer: int, device_no: int) -> bool:
    """Whether a writer is this device's; a writer that nobody used before becomes its own."""
    key, owner = signed(writer), "SELECT device_no FROM writer WHERE id = ?"
    row = cursor_of(connection).execute(owner, (key,)).fetchone()
    if row is None:
        new = upsert(connection, writers).values(id=key, device_no=device_no).on_conflict_do_nothing()
        connection.execute(new)  # the same push may be on its way twice
        row = cursor_of(connection).execute(owner, (key,)).fetchone()
    return row is not None and bool(row[0] == device_no)
