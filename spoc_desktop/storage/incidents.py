"""What went wrong with the data and was put right, kept where a person can read it (protocol rule 8)."""

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

from spoc_desktop.storage.transaction import Transaction, Values
from sync.domain import spaces
from sync.domain.ids import PersonId
from sync.domain.merge import GONE

_DAY_MS = 86_400_000


class What(IntEnum):
    """The kinds of incident."""

    NOT_TOLD_AGAIN = 1
    """The laptop had the record as the server told it without this: set aside, not shown."""
    CHECKSUM = 2
    """The laptop's records of a space were not the server's: those that differ are fetched again."""
    RESTORED = 3
    """The store was damaged: a backup took its place, `body` says of which day, `written` how much waits since."""


class Incident(NamedTuple):
    """One incident, at a time in milliseconds. The last five are those of a record that was set aside."""

    at: int
    what: What
    space: bytes
    kind: int
    id: bytes
    author: bytes
    written: int
    body: bytes


def set_aside(transaction: Transaction, rows: Iterable[Values], now: int) -> None:
    """Keep records that the server does not have, given as they are bound: space, kind, id, seq, author, at, body."""
    transaction.run_many(
        "INSERT INTO incident(at, what, space, kind, id, author, written, body) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
        [(now, What.NOT_TOLD_AGAIN.value, *row[:3], *row[4:]) for row in rows],
    )


def differs(transaction: Transaction, space: int, now: int) -> None:
    """Note that a space's checksum was not the server's, once a day: a damaged row there stays."""
    transaction.run(
        """INSERT INTO incident(at, what, space) SELECT ?, ?, ?
           WHERE NOT EXISTS (SELECT 1 FROM incident WHERE what = ? AND space = ? AND at > ?)""",
        (now, What.CHECKSUM.value, space, What.CHECKSUM.value, space, now - _DAY_MS),
    )


def restored(transaction: Transaction, person: bytes, day: str, unsent: int, now: int) -> None:
    """Note that the store was restored from the backup of a day, "" for none, and how many changes wait in it."""
    transaction.run(
        "INSERT INTO incident(at, what, space, written, body) VALUES(?, ?, ?, ?, ?)",
        (now, What.RESTORED.value, transaction.number(spaces.own(PersonId(person))), unsent, day.encode()),
    )


def drop(transaction: Transaction, space: int) -> None:
    """Nothing of a lost space stays, set aside or not."""
    transaction.run("DELETE FROM incident WHERE space = ?", (space,))


def lacking(transaction: Transaction) -> list[Incident]:
    """Records that were set aside and did not come back, nor are on their way: the oldest first, each once."""
    found = transaction.rows(
        """SELECT max(i.at), i.what, s.name, i.kind, i.id, i.author, i.written, i.body
           FROM incident i JOIN space s ON s.num = i.space
           WHERE i.what = ? AND i.body NOT IN (?, ?, ?)
             AND NOT EXISTS (SELECT 1 FROM record r WHERE r.space = i.space AND r.kind = i.kind AND r.id = i.id)
             AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.space = i.space AND o.kind = i.kind AND o.id = i.id)
           GROUP BY i.space, i.kind, i.id ORDER BY max(i.num)""",
        (What.NOT_TOLD_AGAIN.value, *GONE),
    )
    return [Incident(row[0], What(row[1]), *row[2:]) for row in found]


def let_go(transaction: Transaction, space: int, kind: int, id_: bytes) -> None:
    """The person wants a record that was set aside no longer."""
    transaction.run("DELETE FROM incident WHERE space = ? AND kind = ? AND id = ?", (space, kind, id_))


def listed(transaction: Transaction) -> list[Incident]:
    """All incidents, the oldest first."""
    found = transaction.rows(
        """SELECT i.at, i.what, s.name, i.kind, i.id, i.author, i.written, i.body
           FROM incident i JOIN space s ON s.num = i.space ORDER BY i.num"""
    )
    return [Incident(row[0], What(row[1]), *row[2:]) for row in found]
