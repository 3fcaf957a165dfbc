"""The records as the server told them, whole bytes, and the checksum of them (protocol rules 1, 3, 8)."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from spoc_desktop.storage import spaces
from spoc_desktop.storage.transaction import Transaction, Values
from sync.client.ports import Stretch
from sync.domain.merge import GONE
from sync.protocol.digest import EMPTY, joined, row_hash
from sync.protocol.messages import Checksum, Row

_INSERT = """INSERT INTO record(space, kind, id, seq, author, at, body) VALUES(?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING"""
_REPLACE = "INSERT OR REPLACE INTO record(space, kind, id, seq, author, at, body) VALUES(?, ?, ?, ?, ?, ?, ?)"
_NEXT = """SELECT space, kind, id, seq, author, at, body FROM record
    WHERE space = ? AND (kind, id) > (?, ?) ORDER BY kind, id LIMIT ?"""
_CHUNK = 2_000
_BEYOND = b"\xff" * 64
"""After every id."""

_KIND, _ID, _SEQ, _BODY = 1, 2, 3, 6
_NAME = itemgetter(_KIND, _ID)


def values_of(space: int, rows: Sequence[Row]) -> list[Values]:
    """Rows as they are bound: space, kind, id, seq, author, at, body; in the order of the table, which is faster."""
    values = [(space, row.kind, row.id, row.seq, row.author, row.at, bytes(row.body)) for row in rows]
    values.sort(key=_NAME)
    return values


def apply(transaction: Transaction, space: int, rows: Sequence[Values]) -> None:
    """Rows, in order of kind, become the records; one that is older than what was told already changes nothing."""
    if not rows:
        return
    # Most pages hold new records only: try that first, and look up what is known only when it was wrong.
    transaction.run("SAVEPOINT page")
    if transaction.run_bound(_INSERT, _bound(rows)) == len(rows):
        transaction.run("RELEASE page")
        spaces.add(transaction, space, [_hash(row) for row in rows], [])
        _touch(transaction, space, rows)
    else:
        transaction.run("ROLLBACK TO page")
        transaction.run("RELEASE page")
        _replace(transaction, space, rows)


def begin(transaction: Transaction, space: int) -> None:
    """All records count as not told again until a row tells them."""
    transaction.run("UPDATE record SET seq = -seq WHERE space = ? AND seq > 0", (space,))


def untold(transaction: Transaction, space: int) -> list[Values]:
    """Take out the records that were not told again: space, kind, id, seq, author, at, body."""
    found = transaction.rows(
        "SELECT space, kind, id, -seq, author, at, body FROM record WHERE space = ? AND seq < 0", (space,)
    )
    if found:
        transaction.run("DELETE FROM record WHERE space = ? AND seq < 0", (space,))
        transaction.touch_rows(row[:3] for row in found)
    return found


def drop_tombstones(transaction: Transaction, space: int, floor: int) -> None:
    """Tombstones up to a seq go: the server has dropped them."""
    went = transaction.rows(
        "DELETE FROM record WHERE space = ? AND seq BETWEEN 1 AND ? AND body IN (?, ?, ?) "
        "RETURNING space, kind, id, seq, author, at, body",
        (space, floor, *GONE),
    )
    spaces.add(transaction, space, [], [_hash(row) for row in went])


def sums(transaction: Transaction, space: int, stretches: Sequence[Stretch]) -> list[Checksum]:
    """The checksums of stretches that lie one after the other, worked out of the records as they are."""
    found = [EMPTY] * len(stretches)
    ends = [stretch.upto or _BEYOND for stretch in stretches]
    for some in _in_parts(transaction, space):
        within: dict[int, list[int]] = {}
        for row in some:
            at = bisect_left(ends, row[_ID])
            if at < len(ends) and stretches[at].holds(row[_ID]):
                within.setdefault(at, []).append(_hash(row))
        for at, hashes in within.items():
            found[at] = joined(found[at], hashes)
    return found


def recount(transaction: Transaction, space: int) -> Checksum:
    """The checksum of all records of a space as they are."""
    return sums(transaction, space, [Stretch(b"", b"")])[0]


def within(transaction: Transaction, space: int, stretches: Sequence[Stretch]) -> list[Values]:
    """The records in some stretches."""
    rows = (row for some in _in_parts(transaction, space) for row in some)
    return [row for row in rows if any(stretch.holds(row[_ID]) for stretch in stretches)]


def exchange(transaction: Transaction, space: int, went: Sequence[Values], came: Sequence[Values]) -> None:
    """Records give way to others, and the space is counted anew."""
    transaction.run_many("DELETE FROM record WHERE space = ? AND kind = ? AND id = ?", [row[: _ID + 1] for row in went])
    transaction.touch_rows(row[: _ID + 1] for row in went)
    transaction.run_many(_REPLACE, came)
    _touch(transaction, space, came)
    spaces.set_checksum(transaction, space, recount(transaction, space))


def _in_parts(transaction: Transaction, space: int) -> Iterator[list[Values]]:
    kind, id_ = -1, b""
    while rows := transaction.rows(_NEXT, (space, kind, id_, _CHUNK)):
        yield rows
        kind, id_ = rows[-1][_KIND], rows[-1][_ID]


def told(transaction: Transaction, name: bytes) -> list[Values]:
    """All rows of a space as the server told them: seq, kind, id, author, at, body."""
    return transaction.rows(
        """SELECT r.seq, r.kind, r.id, r.author, r.at, r.body FROM record r JOIN space s ON s.num = r.space
           WHERE s.name = ? AND r.seq > 0 ORDER BY r.seq""",
        (name,),
    )


def drop(transaction: Transaction, space: int) -> None:
    """All records of a space go."""
    transaction.redraw(space, kinds(transaction, space))
    transaction.run("DELETE FROM record WHERE space = ?", (space,))


def kinds(transaction: Transaction, space: int) -> list[int]:
    """The kinds of which a space holds records, found by jumping from one to the next."""
    return [int(kind) for (kind,) in transaction.rows(_KINDS_OF_SPACE, (space, space))]


_KINDS_OF_SPACE = """WITH RECURSIVE found(kind) AS (
    SELECT min(kind) FROM record WHERE space = ?
    UNION ALL
    SELECT (SELECT min(kind) FROM record WHERE space = ? AND kind > found.kind) FROM found WHERE kind IS NOT NULL)
    SELECT kind FROM found WHERE kind IS NOT NULL"""


def _replace(transaction: Transaction, space: int, rows: Sequence[Values]) -> None:
    """Rows of which some are known: the newest of each record stays, the checksum follows."""
    newest: dict[tuple[int, bytes], Values] = {}
    for row in rows:
        if (same := newest.get(_NAME(row))) is None or same[_SEQ] < row[_SEQ]:
            newest[_NAME(row)] = row
    known = {_NAME(row): row for row in _known(transaction, space, list(newest))}
    coming = [row for name, row in newest.items() if name not in known or known[name][_SEQ] <= row[_SEQ]]
    told = [known[_NAME(row)] for row in coming if _NAME(row) in known]
    transaction.run_bound(_REPLACE, _bound(coming))
    gone = [row for row in coming if row[_BODY] in GONE and _NAME(row) in known]
    transaction.overtaken += [(row, known[_NAME(row)]) for row in gone]
    pairs = ((known[_NAME(row)], row) for row in coming if _NAME(row) in known)
    transaction.older += [pair for pair in pairs if _is_older(*pair)]
    spaces.add(transaction, space, [_hash(row) for row in coming], [_hash(row) for row in told if row[_SEQ] > 0])
    _touch(transaction, space, coming)


def _is_older(before: Values, row: Values) -> bool:
    """Whether a record is told anew as it was before what was told once."""
    return bool(before[_SEQ] < 0 and row[_SEQ] <= -before[_SEQ] and row[_BODY] != before[_BODY])


def _touch(transaction: Transaction, space: int, rows: Sequence[Values]) -> None:
    for kind, of_kind in groupby(rows, itemgetter(_KIND)):
        transaction.touch_told(space, kind, {row[_ID]: row for row in of_kind})


def _known(transaction: Transaction, space: int, names: list[tuple[int, bytes]]) -> Iterator[Values]:
    for kind, of_kind in groupby(sorted(names), itemgetter(0)):
        ids = [id_ for _, id_ in of_kind]
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            yield from transaction.rows(
                "SELECT space, kind, id, seq, author, at, body FROM record "  # noqa: S608 - only question marks
                f"WHERE space = ? AND kind = ? AND id IN ({marks})",
                (space, kind, *chunk),
            )


def _bound(rows: Sequence[Values]) -> list[Values]:
    """Rows with their bytes as the driver binds them fastest (`Transaction.run_many` would look at each value)."""
    return [
        (space, kind, bytearray(id_), seq, bytearray(author), at, bytearray(body))
        for space, kind, id_, seq, author, at, body in rows
    ]


def _hash(row: Values) -> int:
    _, _, id_, seq, author, at, body = row
    return row_hash(id_, seq, author, at, body)
