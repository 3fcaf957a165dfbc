"""The baseline: the same rows into plain SQLite, with the same care for the disk (WAL, FULL)."""

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

Row = tuple[int, int, bytes, bytes, int, bytes]
"""seq, kind, id, author, time, body: what a record is, and nothing around it."""


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(
        "CREATE TABLE record (id BLOB PRIMARY KEY, seq INTEGER, kind INTEGER, author BLOB, at INTEGER, body BLOB)"
    )
    return connection


_INSERT = "INSERT INTO record (seq, kind, id, author, at, body) VALUES (?, ?, ?, ?, ?, ?)"


def bulk_seconds(path: Path, rows: Sequence[Row]) -> float:
    """All rows in one transaction."""
    connection = _open(path)
    started = time.perf_counter()
    connection.execute("BEGIN")
    connection.executemany(_INSERT, rows)
    connection.execute("COMMIT")
    seconds = time.perf_counter() - started
    connection.close()
    return seconds


def single_seconds(path: Path, rows: Sequence[Row]) -> float:
    """Each row in a transaction of its own."""
    connection = _open(path)
    started = time.perf_counter()
    for row in rows:
        connection.execute(_INSERT, row)
    seconds = time.perf_counter() - started
    connection.close()
    return seconds
