"""Which mutations were done, by name: a set, never a high-water mark (protocol, Terms). Accepted ones only."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from sync.server.storage.engine import cursor_of
from sync.server.storage.schema import signed

_CHUNK = 500
_WIDE = 4


class Done(NamedTuple):
    """What was done under a name: the hash of its bytes, and the seq of its effect."""

    hash: bytes
    seq: int


def find(connection: Connection, writer: int, names: Sequence[int]) -> Mapping[int, Done]:
    """Those of a writer's mutations n that were done."""
    if not names:
        return {}
    cursor, key = cursor_of(connection), signed(writer)
    low, high = min(names), max(names)
    if high - low < _WIDE * len(names) + _CHUNK:
        cursor.execute("SELECT n, hash, seq FROM applied WHERE writer = ? AND n BETWEEN ? AND ?", (key, low, high))
        return {n: Done(hash_, seq) for n, hash_, seq in cursor.fetchall()}
    found: dict[int, Done] = {}
    for start in range(0, len(names), _CHUNK):
        some = names[start : start + _CHUNK]
        marks = ",".join("?" * len(some))
        cursor.execute(f"SELECT n, hash, seq FROM applied WHERE writer = ? AND n IN ({marks})", (key, *some))  # noqa: S608
        found.update((n, Done(hash_, seq)) for n, hash_, seq in cursor.fetchall())
    return found


def add(connection: Connection, writer: int, done: Iterable[tuple[int, bytes, int]]) -> None:
    """Remember mutations (n, hash, seq) of a writer."""
    key = signed(writer)
    cursor_of(connection).executemany(
        "INSERT INTO applied (writer, n, hash, seq) VALUES (?, ?, ?, ?)",
        [(key, n, bytearray(hash_), seq) for n, hash_, seq in done],
    )


def belongs_to(connection: Connection, writer: int, device_no: int) -> bool:
    """Whether a writer is this device's; a writer that nobody used before becomes its own."""
    cursor, key = cursor_of(connection), signed(writer)
    row = cursor.execute("SELECT device_no FROM writer WHERE id = ?", (key,)).fetchone()
    if row is None:
        cursor.execute("INSERT INTO writer (id, device_no) VALUES (?, ?)", (key, device_no))
        return True
    return bool(row[0] == device_no)
