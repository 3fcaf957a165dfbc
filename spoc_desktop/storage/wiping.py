"""Records that the server erased with their person: nothing of them stays on this laptop (protocol rule 13)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from spoc_desktop.storage.transaction import Transaction, Values
from sync.domain.merge import ERASED

_ID, _BODY = 2, 6


@contextmanager
def wiped(transaction: Transaction, space: int, rows: Sequence[Values] | None = None) -> Iterator[None]:
    """What comes in the meantime, rows as they are bound or those that lie aside, takes the erased ones' content away.

    What was set aside of them, the trash and what the person had sent of them go too, and the log is emptied
    afterwards. Words about them that were never sent stay their author's, as a refused change.
    """
    ids = _staged(transaction, space) if rows is None else [row[_ID] for row in rows if row[_BODY] == ERASED]
    if not ids:
        yield
        return
    yield
    transaction.wiped = True
    for table in ("incident", "trash", "stage"):
        transaction.run_many(f"DELETE FROM {table} WHERE space = ? AND id = ?", [(space, id_) for id_ in ids])  # noqa: S608
    transaction.run_many("DELETE FROM outbox WHERE space = ? AND id = ? AND seq > 0", [(space, id_) for id_ in ids])


def _staged(transaction: Transaction, space: int) -> list[bytes]:
    return [id_ for (id_,) in transaction.rows("SELECT id FROM stage WHERE space = ? AND body = ?", (space, ERASED))]
