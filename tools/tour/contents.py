"""Everything that an encrypted store holds, cell by cell: for what must, and what must not, be on a laptop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sync.domain.kinds import KINDS

if TYPE_CHECKING:
    from spoc_desktop.storage.store import LocalStore


def cells(store: LocalStore) -> Iterator[bytes]:
    """Every text and every bytes of every table, whatever the program would show of it."""
    with store._database.reading() as connection:  # noqa: SLF001 - a look below the store's own interface is the point
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        for name in names:
            for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'):  # noqa: S608 - names of our own tables
                for cell in row:
                    if isinstance(cell, bytes):
                        yield cell
                    elif isinstance(cell, str):
                        yield cell.encode()


def records_by_kind(store: LocalStore) -> dict[str, int]:
    """How many records of each kind a person can see on this laptop."""
    counted = Counter({kind.name: len(store.view(kind)) for kind in KINDS.values()})
    return {name: count for name, count in counted.items() if count}
