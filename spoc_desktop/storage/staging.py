"""Rows that wait for the last page of their space, so that no reply shows without its post (protocol rule 3)."""

from collections.abc import Sequence

from spoc_desktop.storage import records
from spoc_desktop.storage.transaction import Transaction, Values
from sync.domain.merge import GONE

_CHUNK = 2_000
_INSERT = """INSERT INTO stage(space, kind, id, seq, author, at, body) VALUES(?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET seq = excluded.seq, author = excluded.author, at = excluded.at, body = excluded.body
    WHERE excluded.seq > seq"""
_NEXT = """SELECT space, kind, id, seq, author, at, body FROM stage
    WHERE space = ? AND (kind, id) > (?, ?) ORDER BY kind, id LIMIT ?"""


def keep(transaction: Transaction, rows: Sequence[Values]) -> None:
    """Put rows aside; a newer row of a record takes the place of an older one."""
    transaction.run_many(_INSERT, rows)


def drop(transaction: Transaction, space: int) -> None:
    """What lies aside goes."""
    transaction.run("DELETE FROM stage WHERE space = ?", (space,))


def alive(transaction: Transaction, space: int) -> set[bytes]:
    """The records that lie aside and are not deleted."""
    found = transaction.rows("SELECT id FROM stage WHERE space = ? AND body NOT IN (?, ?, ?)", (space, *GONE))
    return {id_ for (id_,) in found}


def flush(transaction: Transaction, space: int) -> None:
    """What lies aside becomes records, a bounded number at a time."""
    kind, id_ = -1, b""
    while rows := transaction.rows(_NEXT, (space, kind, id_, _CHUNK)):
        records.apply(transaction, space, rows)
        kind, id_ = rows[-1][1], rows[-1][2]
    drop(transaction, space)
