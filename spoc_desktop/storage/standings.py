"""What the laptop knows of all spaces together, without reading it anew while nothing was written (protocol rule 3).

It cannot be out of date. What is kept holds for the commits that the database itself says a reader has seen, whoever
made them; after another commit all rows are read, and only those that are the same to the last byte keep their states.
"""

from typing import Final

from spoc_desktop.storage import meta, outbox, spaces
from spoc_desktop.storage.engine import Database
from spoc_desktop.storage.transaction import Transaction, Values
from sync.client.known import Known
from sync.client.ports import Laptop

_KEPT: Final = "standings"


class Standings:
    """Of one open store, for any thread. `server`: to which it belongs."""

    def __init__(self, database: Database, server: bytes) -> None:
        self._database = database
        self._server = server
        self._last: tuple[list[Values], Known] = ([], Known())

    def read(self) -> Laptop:
        """The laptop as it is committed."""
        with self._database.reading() as connection:
            moment = self._database.moment(connection)
            kept: tuple[int | None, Laptop] | None = connection.info.get(_KEPT)
            if moment is not None and kept is not None and kept[0] == moment:
                return kept[1]
            laptop = self._read(Transaction(connection))
            connection.info[_KEPT] = (moment, laptop)
            return laptop

    def _read(self, transaction: Transaction) -> Laptop:
        writer, backup = meta.writer(transaction), int(meta.get(transaction, "backup"))
        known = self._known(spaces.known(transaction))
        return Laptop(self._server, writer, backup, known, outbox.uncovered(transaction))

    def _known(self, rows: list[Values]) -> Known:
        before, known = self._last
        if rows != before:
            if len(rows) == len(before):
                pairs = zip(rows, before, known, strict=True)
                known = Known(state if row == old else spaces.state_of(row) for row, old, state in pairs)
            else:
                known = Known(map(spaces.state_of, rows))
            self._last = rows, known
        return known
