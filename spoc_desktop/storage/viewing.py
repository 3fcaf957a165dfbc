"""Records as a person sees them: rows of the file joined with what waits, by the one rule of ``sync.client.view``."""

import logging
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from spoc_desktop.storage.changes import Seen
from spoc_desktop.storage.outbox import mutation_of
from spoc_desktop.storage.transaction import Transaction, Values
from sync.client.view import Record, State, fold
from sync.domain.kind import Kind
from sync.domain.merge import DELETED, GONE

_LOG = logging.getLogger(__name__)
_CHUNK = 5_000
_LIVE = "pulled = 0 AND state < 2"
"""Said like the partial index on the outbox. Which index to take is said, too: by itself SQLite goes through thousands
of entries that were sent long ago (a write took 1.2 ms more beside 10,000 of them)."""


class Live(NamedTuple):
    """A change that lies on top of the records: when it was written, its state, its bytes."""

    at: int
    state: int
    entry: bytes


def view(
    transaction: Transaction, kind: Kind, person: bytes, space: bytes | None = None, ids: Iterable[bytes] | None = None
) -> list[Seen]:
    """All records of a kind that a person sees: in readable spaces, and what they wrote themselves; by space and id."""
    wanted = None if ids is None else list(ids)
    number: int | None = None
    if space is None:
        named = transaction.rows("SELECT num, name FROM space")
    else:
        named = transaction.rows("SELECT num, name FROM space WHERE name = ?", (space,))
        if not named:
            return []
        number = named[0][0]
    names = {num: bytes(name) for num, name in named}
    entries = live(transaction, kind.number, number, wanted)
    rows = {(row[0], row[2]): row for row in rows_of(transaction, kind.number, number, wanted, readable=True)}
    found = (
        see(kind, names[place[0]], place[1], person, rows.get(place), entries.get(place, ()))
        for place in sorted(rows.keys() | entries.keys())
    )
    return [seen for seen in found if seen is not None]


def see(  # noqa: PLR0917 - the parts of one record
    kind: Kind, space: bytes, id_: bytes, person: bytes, row: Values | None, entries: Sequence[Live]
) -> Seen | None:
    """One record as a person sees it, None when there is nothing. `row`: space, kind, id, seq, author, at, body."""
    if row is not None and not entries:
        body = bytes(row[6])
    else:
        known = None if row is None else Record(kind.number, bytes(row[6]))
        folded = fold(known, [mutation_of(entry.entry) for entry in entries])
        body = DELETED if folded is None else folded.body
    if body in GONE:
        return None
    try:
        decoded = kind.decode(body)
    except msgspec.MsgspecError as error:
        # Kept as it is: a newer program may read it. Nothing of its text goes into the log.
        _LOG.warning("a record of kind %s cannot be read: %s", kind.name, type(error).__name__)
        return None
    if row is not None and not entries:
        return Seen(id_, space, kind.number, row[4], abs(row[3]), row[5], decoded)
    waiting = any(entry.state == State.WAITING for entry in entries)
    written = entries[-1].at
    if row is None:
        return Seen(id_, space, kind.number, person, 0, entries[0].at, decoded, waiting, written)
    return Seen(id_, space, kind.number, row[4], abs(row[3]), row[5], decoded, waiting, written)


def live(
    transaction: Transaction, kind: int, space: int | None = None, ids: Sequence[bytes] | None = None
) -> dict[tuple[int, bytes], list[Live]]:
    """The changes of a kind that lie on top of the records, in one space or in all."""
    found: dict[tuple[int, bytes], list[Live]] = {}
    if not transaction.row(f"SELECT 1 FROM outbox WHERE {_LIVE} LIMIT 1"):  # noqa: S608 - our own words
        return found
    for chunk in _chunks(ids):
        # CROSS JOIN: SQLite shall walk the spaces and look each one up in the index, never the other way round.
        for number, id_, at, state, entry in transaction.rows(
            "SELECT o.space, o.id, o.at, o.state, o.entry "  # noqa: S608 - only question marks
            f"FROM space s CROSS JOIN outbox o INDEXED BY outbox_live ON o.space = s.num AND o.kind = ? AND {_LIVE}"
            f" WHERE 1{_which(space, chunk, 'o.id')} ORDER BY o.place",
            _values(kind, space, chunk),
        ):
            found.setdefault((number, id_), []).append(Live(at, state, entry))
    return found


def rows_of(
    transaction: Transaction,
    kind: int,
    space: int | None = None,
    ids: Sequence[bytes] | None = None,
    *,
    readable: bool = False,
) -> list[Values]:
    """Rows of a kind, in one space or in all, or only in the readable ones: space, kind, id, seq, author, at, body."""
    found: list[Values] = []
    for chunk in _chunks(ids):
        found += transaction.rows(
            "SELECT r.space, r.kind, r.id, r.seq, r.author, r.at, r.body "  # noqa: S608 - only question marks
            "FROM space s CROSS JOIN record r ON r.space = s.num AND r.kind = ?"
            f" WHERE {'s.visible = 1' if readable else '1'}{_which(space, chunk, 'r.id')}",
            _values(kind, space, chunk),
        )
    return found


def _which(space: int | None, chunk: Sequence[bytes] | None, column: str) -> str:
    where = "" if space is None else " AND s.num = ?"
    return where if chunk is None else f"{where} AND {column} IN ({','.join('?' * len(chunk))})"


def _values(kind: int, space: int | None, chunk: Sequence[bytes] | None) -> Values:
    return (kind, *(() if space is None else (space,)), *(chunk or ()))


def _chunks(ids: Sequence[bytes] | None) -> Iterable[Sequence[bytes] | None]:
    if ids is None:
        return (None,)
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
