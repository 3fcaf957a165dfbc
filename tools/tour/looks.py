"""What lies on one laptop, read through the program's own store: for what must, and what must not, be on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sync.domain.files import Attachment, attachments_in
from sync.domain.kinds import KINDS

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace
    from spoc_desktop.storage.store import LocalStore


def facts(workplace: Workplace) -> dict[str, Any]:
    """Counts: what waits, what was refused, records by kind; and the laptop's device id in hex."""
    counts = workplace.store.counts()
    session = workplace.store.login()
    return {
        "waiting": counts.waiting,
        "refused": counts.refused,
        "records": records_by_kind(workplace.store),
        "device": session.device.hex() if session else "",
        "last": workplace.syncing.status().last,
    }


def held_words(store: LocalStore, words: list[str]) -> list[str]:
    """Which of these words stand in any cell of the store, or in any file that it keeps."""
    kept = (store.files.read(file.sha256) for file in files_named(store))
    everything = [*cells(store), *(content for content in kept if content is not None)]
    return [word for word in words if any(word.encode() in cell for cell in everything)]


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


def files_named(store: LocalStore) -> list[Attachment]:
    """Every file that a record on this laptop names, whether it is here or not."""
    return [
        file for kind in KINDS.values() if kind.files for seen in store.view(kind) for file in attachments_in(seen.body)
    ]
