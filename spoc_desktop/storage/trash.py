"""What others deleted is kept for a while, so that a mass deletion can be brought back (protocol rule 9, fault F22).

All that a pull deletes is kept for a day, unseen. When it was too much of one space within a day it is noticed: kept
for 30 days from then, listed, brought back with one click. Only tombstones of people in a space that goes on count: not
revocation, erasure, folding, a new telling, nor what was deleted on this laptop.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Final, NamedTuple, TypeVar

from spoc_desktop.storage import spaces, viewing, writing
from spoc_desktop.storage.changes import New
from spoc_desktop.storage.outbox import mutation_of
from spoc_desktop.storage.transaction import Transaction, Values
from sync.client.ports import Changes
from sync.domain.merge import DELETED, ERASED, GONE
from sync.protocol.messages import Delete

WINDOW_MS: Final = 86_400_000
KEEP_MS: Final = 30 * 86_400_000
MOST: Final = 50
SHARE: Final = 5
"""One in so many, of a space that holds …"""
FEW: Final = 5
"""… and at least so many: who deletes the one message of three is no mass deletion."""

_KIND, _ID, _SEQ, _AUTHOR, _AT, _BODY = 1, 2, 3, 4, 5, 6
_Result = TypeVar("_Result")


class Deleted(NamedTuple):
    """A record in the trash. `author` wrote it at `written`, `deleter` deleted it; `noticed` names its heap."""

    space: bytes
    kind: int
    id: bytes
    author: bytes
    written: int
    body: bytes
    deleter: bytes
    noticed: int


def keep(transaction: Transaction, space: int, now: int) -> None:
    """After a telling: keep what its tombstones took the place of, and notice when that was much."""
    pairs, transaction.overtaken = transaction.overtaken, []
    erased = {bytes(gone[_AUTHOR]) for gone, _ in pairs if gone[_BODY] == ERASED}
    transaction.run_many("DELETE FROM trash WHERE space = ? AND author = ?", [(space, author) for author in erased])
    taken = sorted((pair for pair in pairs if _counts(*pair)), key=lambda pair: pair[1][_SEQ])
    mine = _deleted_here(transaction, space, [gone for gone, _ in taken])
    rows = [
        (now, gone[_AUTHOR], *was[: _ID + 1], was[_AUTHOR], was[_AT], was[_BODY])
        for gone, was in taken
        if (gone[_KIND], gone[_ID]) not in mine
    ]
    if rows:
        transaction.run_many(
            "INSERT OR REPLACE INTO trash(at, deleter, space, kind, id, author, written, body) "
            "VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        _notice(transaction, space, now)


def _counts(gone: Values, was: Values) -> bool:
    """Whether a person deleted something in a space that goes on (a negative seq: it is told anew)."""
    return bool(gone[_BODY] == DELETED and was[_SEQ] > 0 and was[_BODY] not in GONE)


def _deleted_here(transaction: Transaction, space: int, rows: Sequence[Values]) -> set[tuple[int, bytes]]:
    by_kind: dict[int, list[bytes]] = {}
    for row in rows:
        by_kind.setdefault(row[_KIND], []).append(row[_ID])
    return {
        (kind, id_)
        for kind, ids in by_kind.items()
        for (_, id_), entries in viewing.live(transaction, kind, space, ids).items()
        if any(isinstance(mutation_of(entry.entry), Delete) for entry in entries)
    }


def _notice(transaction: Transaction, space: int, now: int) -> None:
    since = now - WINDOW_MS
    row = transaction.row("SELECT count(*), max(noticed) FROM trash WHERE space = ? AND at > ?", (space, since))
    count, noticed = (int(row[0]), int(row[1])) if row is not None else (0, 0)
    whole = spaces.state(transaction, space).checksum.count
    if noticed or count > MOST or (count >= FEW and count * SHARE > whole):
        heap = (noticed or now, space, since)
        transaction.run("UPDATE trash SET noticed = ? WHERE space = ? AND noticed = 0 AND at > ?", heap)
        transaction.outbox = True


def forget(transaction: Transaction, now: int) -> None:
    """What was kept long enough goes, and the files that it named."""
    went = transaction.rows(
        "DELETE FROM trash WHERE (noticed = 0 AND at <= ?) OR (noticed > 0 AND noticed <= ?) RETURNING space, kind, id",
        (now - WINDOW_MS, now - KEEP_MS),
    )
    transaction.touch_rows(went)


def drop(transaction: Transaction, space: int) -> None:
    """Nothing of a lost space stays."""
    transaction.run("DELETE FROM trash WHERE space = ?", (space,))


class Trash:
    """The trash of one store: every method is one transaction. Any thread may call."""

    def __init__(
        self,
        read: Callable[[Callable[[Transaction], object]], object],
        write: Callable[[], AbstractContextManager[Transaction]],
        now: Callable[[], int],
    ) -> None:
        self._read_any = read
        self._write = write
        self._now = now

    def listed(self) -> list[Deleted]:
        """What was noticed and can be brought back, the newest heap first, in the order in which it was written."""
        return self._read(_listed)

    def bring_back(self, records: Sequence[New], deleted: Sequence[Deleted]) -> Changes:
        """Write records anew, and let go of what they bring back, as one. TooLargeToSave, AlreadyThere, DiskFull."""
        with self._write() as transaction:
            writing.write(transaction, records, self._now())
            for one in deleted:
                space = transaction.number(one.space)
                transaction.run("DELETE FROM trash WHERE space = ? AND id = ?", (space, one.id))
                transaction.touch(space, one.kind, (one.id,))
        return transaction.changed

    def _read(self, query: Callable[[Transaction], _Result]) -> _Result:
        found: _Result = self._read_any(query)  # type: ignore[assignment]  # what the query gives
        return found


def _listed(transaction: Transaction) -> list[Deleted]:
    rows = transaction.rows(
        """SELECT s.name, t.kind, t.id, t.author, t.written, t.body, t.deleter, t.noticed
           FROM trash t JOIN space s ON s.num = t.space WHERE t.noticed > 0
           ORDER BY t.noticed DESC, t.space, t.written, t.num"""
    )
    return [Deleted(*row) for row in rows]
