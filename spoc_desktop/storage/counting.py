"""Checksums worked out of the records as they are, whatever was noted when they were told (protocol rule 8)."""

from collections.abc import Sequence

from spoc_desktop.storage import incidents, records, spaces
from spoc_desktop.storage.transaction import Transaction
from sync.client.ports import SpaceState, Stretch
from sync.protocol.messages import Checksum

_WHOLE = Stretch(b"", b"")


def sums(transaction: Transaction, name: bytes, stretches: Sequence[Stretch]) -> list[Checksum]:
    """The checksums of stretches of a space that lie one after the other. KeyError: the space is not known."""
    row = transaction.row("SELECT num FROM space WHERE name = ?", (name,))
    if row is None:
        raise KeyError(name)
    return records.sums(transaction, int(row[0]), stretches)


def whole(transaction: Transaction, name: bytes) -> Checksum:
    """The checksum of all records of a space."""
    return sums(transaction, name, [_WHOLE])[0]


def doubt(transaction: Transaction, before: SpaceState, found: Checksum, now: int) -> None:
    """The records of a space are not those that were told; nothing, where it was told more since `before`."""
    space = transaction.number(before.space)
    if spaces.state(transaction, space) == before:
        spaces.set_checksum(transaction, space, found)
        spaces.doubt(transaction, space, doubted=True)
        incidents.differs(transaction, space, now)
