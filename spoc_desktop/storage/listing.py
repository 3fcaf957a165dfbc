"""The person's list of changes on their way, for the sync page and the chip (protocol rules 2 and 4)."""

from spoc_desktop.storage import errors, incidents
from spoc_desktop.storage.changes import Counts, Listed
from spoc_desktop.storage.outbox import mutation_of
from spoc_desktop.storage.transaction import Transaction, signed, unsigned
from sync.client.view import State
from sync.protocol.errors import Refusal


def listed(transaction: Transaction) -> list[Listed]:
    """Entries that are waiting, refused or in quarantine, in the order of writing."""
    return [
        Listed(unsigned(writer), n, space, kind, id_, at, State(state), Refusal(refusal), mutation_of(entry))
        for writer, n, space, kind, id_, at, state, refusal, entry in transaction.rows(
            """SELECT o.writer, o.n, s.name, o.kind, o.id, o.at, o.state, o.refusal, o.entry
               FROM outbox o JOIN space s ON s.num = o.space
               WHERE o.state <> 1 AND o.state IN (0, 2, 3) ORDER BY o.place"""
        )
    ]


def counts(transaction: Transaction) -> Counts:
    """How many entries wait, were refused, are in quarantine."""
    counted = transaction.rows("SELECT state, count(*) FROM outbox WHERE state <> 1 AND state <> 4 GROUP BY state")
    found = {int(state): int(count) for state, count in counted}
    return Counts(*(found.get(state.value, 0) for state in (State.WAITING, State.REFUSED, State.QUARANTINED)))


def withdraw(transaction: Transaction, writer: int, n: int, now: int) -> None:
    """Take an entry off the list. NoSuchRecord when it is neither refused nor in quarantine."""
    done = transaction.row(
        "UPDATE outbox SET state = 4, answered = ? WHERE writer = ? AND n = ? AND state IN (2, 3) "
        "RETURNING space, kind, id",
        (now, signed(writer), n),
    )
    if done is None:
        raise errors.NoSuchRecord
    incidents.let_go(transaction, *done)
    transaction.outbox = True
