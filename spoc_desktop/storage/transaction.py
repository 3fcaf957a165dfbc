"""One transaction under way: its connection, the numbers of spaces, and what it changed so far."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from sync.client.ports import Changes

Values = tuple[Any, ...]
Touched = dict[tuple[int, int], dict[bytes, Values | None]]
"""Records whose view may have changed, by space number and kind; each with its row where that is at hand."""

_SIGN = 1 << 63
_MODULUS = 1 << 64


class Transaction:
    """What the rooms of the store work in: SQL with tuples, and a note of what changed for the pages."""

    def __init__(self, connection: Connection) -> None:
        # The driver's own cursor: SQLAlchemy opens the transaction, its results would cost more than the queries.
        self._driver = connection.connection.cursor()
        self._numbers: dict[bytes, int] = {}
        self._kinds: set[int] = set()
        self._spaces: set[int] = set()
        self.touched: Touched = {}
        self.outbox = False
        self.files: set[bytes] = set()
        """Files that arrived."""
        self.overtaken: list[tuple[Values, Values]] = []
        """Tombstones told just now, each with what it took the place of: space, kind, id, seq, author, at, body."""
        self.older: list[tuple[Values, Values]] = []
        """Records that the space had, and what it is told of them anew in their place: an older state. As above."""
        self.gone = False
        """Files are to be let go of after this transaction."""
        self.wiped = False
        """The log is to be emptied after this transaction: somebody was erased."""
        self.changed = Changes()

    def run(self, sql: str, values: Values = ()) -> int:
        """Execute and give the number of rows changed."""
        return int(self._driver.execute(sql, values).rowcount)

    def run_many(self, sql: str, rows: Sequence[Values]) -> int:
        """Execute for each row of values and give the number of rows changed."""
        return self.run_bound(sql, [_bound(row) for row in rows])

    def run_bound(self, sql: str, rows: Sequence[Values]) -> int:
        """The same for rows whose bytes are bytearrays already."""
        return int(self._driver.executemany(sql, rows).rowcount) if rows else 0

    def rows(self, sql: str, values: Values = ()) -> list[Values]:
        """All rows of a query."""
        found: list[Values] = self._driver.execute(sql, values).fetchall()
        return found

    def row(self, sql: str, values: Values = ()) -> Values | None:
        """The first row of a query."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def number(self, space: bytes) -> int:
        """The number of a space in this file; a space that is met for the first time gets one."""
        number = self._numbers.get(space)
        if number is None:
            self.run("INSERT INTO space(name) VALUES(?) ON CONFLICT DO NOTHING", (space,))
            found = self.row("SELECT num FROM space WHERE name = ?", (space,))
            number = self._numbers[space] = int(found[0]) if found else 0
        return number

    def names(self, numbers: Collection[int]) -> dict[int, bytes]:
        """The names of spaces by their numbers in this file."""
        if not numbers:
            return {}
        marks = ",".join("?" * len(numbers))
        found = self.rows(f"SELECT num, name FROM space WHERE num IN ({marks})", tuple(numbers))  # noqa: S608 - marks
        return {int(number): bytes(name) for number, name in found}

    def touch(self, space: int, kind: int, ids: Iterable[bytes]) -> None:
        """Note records whose view may have changed."""
        self.touched.setdefault((space, kind), {}).update(dict.fromkeys(ids))

    def touch_told(self, space: int, kind: int, rows: Mapping[bytes, Values]) -> None:
        """Note records that were told just now, with their rows: space, kind, id, seq, author, at, body."""
        self.touched.setdefault((space, kind), {}).update(rows)

    def touch_rows(self, rows: Iterable[Values]) -> None:
        """Note records given as (space number, kind, id)."""
        for space, kind, id_ in rows:
            self.touch(space, kind, (id_,))

    def redraw(self, space: int, kinds: Iterable[int]) -> None:
        """Note kinds that changed as a whole, such as those of a space that has just become visible."""
        self._spaces.add(space)
        self._kinds.update(kinds)

    def finish(self) -> None:
        """Sum up what was changed, for the pages; the last thing before the commit."""
        numbers = self._spaces | {space for space, _ in self.touched}
        kinds = self._kinds | {kind for _, kind in self.touched}
        spaces = frozenset(self.names(numbers).values())
        self.changed = Changes(frozenset(kinds), spaces, self.outbox, frozenset(self.files))


def _bound(row: Values) -> Values:
    """Values as the driver binds them fastest: a row of three blobs took 1.8 µs as bytearray and 8.1 as bytes."""
    return tuple([bytearray(value) if value.__class__ is bytes else value for value in row])


def signed(value: int) -> int:
    """An unsigned 64-bit value as SQLite's signed one."""
    return value - _MODULUS if value >= _SIGN else value


def unsigned(value: int) -> int:
    """The unsigned 64-bit value that `signed` was given."""
    return value + _MODULUS if value < 0 else value
