"""What the server lacks of the person's own work waits to be sent, though its entries are forgotten (rule 8)."""

from collections.abc import Sequence

import msgspec

from spoc_desktop.storage import meta, outbox
from spoc_desktop.storage.outbox import Entry
from spoc_desktop.storage.transaction import Transaction, Values
from sync.client.giving_back import Held, owed
from sync.protocol.messages import Create, Mutation

_KIND, _ID, _BODY = 1, 2, 6


def give_back(
    transaction: Transaction, person: bytes, space: int, lost: Sequence[tuple[Values, Values | None]], epoch: int
) -> bool:
    """Offer what of some rows is the person's: each as it was told in `epoch`, with what the server tells instead.

    Whether there was any. Rows as they are bound: space, kind, id, seq, author, at, body.
    """
    if not lost:
        return False
    under_way = outbox.under_way(transaction, space, {row[_ID] for row, _ in lost})
    made: list[Entry] = []
    changed: list[Entry] = []
    for (_, kind, id_, seq, author, at, body), now in sorted(lost, key=lambda pair: pair[0][_KIND : _ID + 1]):
        held = Held(kind, bytes(id_), bytes(author), bytes(body), epoch, abs(seq))
        mutation = owed(person, held, None if now is None else bytes(now[_BODY]), under_way.get(id_, ()))
        if mutation is not None:
            into = made if isinstance(mutation, Create) else changed
            into.append(Entry(space, kind, held.id, at, _named(transaction, mutation)))
    writer = meta.writer(transaction)
    outbox.write_first(transaction, writer, made)
    if changed:
        outbox.write(transaction, writer, changed)
    outbox.offer_again(transaction, space, {entry.id for entry in made})
    return bool(made or changed)


def _named(transaction: Transaction, mutation: Mutation) -> Mutation:
    return msgspec.structs.replace(mutation, n=meta.take_numbers(transaction, 1))
