"""Small tables for lists, joins and sums, worked out from what a person sees; dropped and rebuilt at will.

A feature declares one `Projection`: which kinds, which columns, one function from the seen record to the columns.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from spoc_desktop.storage import viewing
from spoc_desktop.storage.changes import Seen
from spoc_desktop.storage.outbox import mutation_of
from spoc_desktop.storage.transaction import Touched, Transaction, Values
from sync.domain.kind import Kind
from sync.protocol.messages import Create


@dataclass(frozen=True, slots=True)
class Projection:
    """One table. `columns` is its DDL beside space, kind, id and own; a new `version` makes it be built again at start.

    `row` gives the values of `columns` in their order.
    """

    name: str
    version: int
    columns: str
    kinds: tuple[Kind, ...]
    row: Callable[[Seen], Values]


class Projections:
    """All projections of a store, kept true inside each transaction."""

    def __init__(self, declared: Sequence[Projection], person: bytes) -> None:
        self.declared = tuple(declared)
        self.person = person

    def ensure(self, transaction: Transaction) -> None:
        """At start: build what is missing or of another version, drop what nobody declares any more."""
        there = {name: version for name, version in transaction.rows("SELECT name, version FROM projection")}  # noqa: C416
        wanted = {projection.name: projection for projection in self.declared}
        for name in there.keys() - wanted.keys():
            _drop(transaction, name)
        for projection in self.declared:
            if there.get(projection.name) != projection.version:
                self.rebuild(transaction, projection)

    def rebuild(self, transaction: Transaction, projection: Projection) -> None:
        """Drop a projection and work it out again from the records and the outbox."""
        _drop(transaction, projection.name)
        transaction.run(
            f"""CREATE TABLE "{projection.name}"(space INTEGER NOT NULL, kind INTEGER NOT NULL, id BLOB NOT NULL,
                own INTEGER NOT NULL, {projection.columns}, PRIMARY KEY(space, kind, id)) WITHOUT ROWID"""
        )
        transaction.run("INSERT INTO projection(name, version) VALUES(?, ?)", (projection.name, projection.version))
        spaces = [number for (number,) in transaction.rows("SELECT num FROM space")]
        for kind in projection.kinds:
            for space in spaces:
                rows = {row[2]: row for row in viewing.rows_of(transaction, kind.number, space)}
                entries = {id_: lying for (_, id_), lying in viewing.live(transaction, kind.number, space).items()}
                _insert(transaction, projection, self._rows(projection, kind, space, rows, entries))

    def update(self, transaction: Transaction, touched: Touched) -> None:
        """Work out again what changed."""
        for projection in self.declared:
            for kind in projection.kinds:
                for (space, number), told in touched.items():
                    if number == kind.number:
                        self._update(transaction, projection, kind, space, told)

    def drop_space(self, transaction: Transaction, space: int) -> None:
        """Nothing of a lost space stays."""
        for projection in self.declared:
            transaction.run(f'DELETE FROM "{projection.name}" WHERE space = ?', (space,))  # noqa: S608 - our own name

    def _update(
        self, transaction: Transaction, projection: Projection, kind: Kind, space: int, told: dict[bytes, Values | None]
    ) -> None:
        lying = viewing.live(transaction, kind.number, space, list(told))
        entries = {id_: found for (_, id_), found in lying.items()}
        rows = {id_: row for id_, row in told.items() if row is not None}
        unread = [id_ for id_, row in told.items() if row is None]
        rows |= {row[2]: row for row in viewing.rows_of(transaction, kind.number, space, unread)}
        fresh = self._rows(projection, kind, space, rows, entries)
        gone = told.keys() - {row[2] for row in fresh}
        transaction.run_many(
            f'DELETE FROM "{projection.name}" WHERE space = ? AND kind = ? AND id = ?',  # noqa: S608 - our own name
            [(space, kind.number, id_) for id_ in gone],
        )
        _insert(transaction, projection, fresh)

    def _rows(
        self,
        projection: Projection,
        kind: Kind,
        space: int,
        rows: Mapping[bytes, Values],
        entries: Mapping[bytes, Sequence[viewing.Live]],
    ) -> list[Values]:
        found = []
        for id_ in sorted(rows.keys() | entries.keys()):
            lying = entries.get(id_, ())
            seen = viewing.see(kind, b"", id_, self.person, rows.get(id_), lying)
            if seen is not None:
                own = int(bool(lying) and isinstance(mutation_of(lying[0].entry), Create))
                found.append((space, kind.number, id_, own, *projection.row(seen)))
        return found


def readable(name: str, columns: str) -> str:
    """The SQL that reads a projection where a person may see it: readable spaces, and their own unsent records."""
    return (
        f'SELECT s.name, p.kind, p.id, {columns} FROM space s CROSS JOIN "{name}" p ON p.space = s.num '  # noqa: S608
        "WHERE (s.visible = 1 OR p.own = 1)"
    )


def _insert(transaction: Transaction, projection: Projection, rows: list[Values]) -> None:
    if rows:
        marks = ",".join("?" * len(rows[0]))
        transaction.run_many(f'INSERT OR REPLACE INTO "{projection.name}" VALUES({marks})', rows)


def _drop(transaction: Transaction, name: str) -> None:
    transaction.run(f'DROP TABLE IF EXISTS "{name}"')
    transaction.run("DELETE FROM projection WHERE name = ?", (name,))
