"""A copy of the store for each day, beside it, encrypted with its key; the last seven are kept (faults F8, F32, F34).

Files of records are not copied: each stands once beside the store, never changes, and is checked by its own hash; the
copy names them, and one that is missing after a restore is fetched again.
"""

import contextlib
from contextlib import closing
from pathlib import Path
from typing import Final

from spoc_desktop.storage import disk, meta, raw_pages, writer_file
from spoc_desktop.storage.engine import Database
from spoc_desktop.storage.transaction import Transaction

KEPT: Final = 7
_HALF: Final = "half"


class Backups:
    """The copies of the store at `store`. Their names count on, since the clock of a laptop may jump."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._folder = store.with_name("backups")
        self._salt = self._folder / "salt"

    def listed(self) -> list[Path]:
        """All copies, the newest first."""
        return sorted(self._folder.glob("[0-9]*.db"), reverse=True)

    def salt(self) -> bytes:
        """The salt of the store as it was noted with the newest copy: should its own be lost. Empty when it was not."""
        return self._salt.read_bytes() if self._salt.exists() else b""

    def is_due(self, day: str) -> bool:
        """Whether no copy of this day, written 2026-11-24, is there."""
        return all(day_of(one) != day for one in self.listed())

    def make(self, database: Database, day: str) -> Path:
        """Copy the store. Whole, checked and on the disk before it has a name; older copies stay when it fails.

        DiskFull, StoreReadOnly, StoreBusy, StoreDamaged.
        """
        disk.private_folder(self._folder)
        half = self._folder / _HALF
        self._clear(half)
        try:
            disk.write_private(self._salt, raw_pages.salt_of(self._store))
            disk.private_file(half)
            database.copy_to(half)
            self._make_its_own(half, database)
            disk.sync_file(half)
            made = self._folder / f"{self._next():06}-{day}.db"
            disk.put_in_place(half, made)
        except OSError as error:
            raise disk.named(error) from error
        finally:
            self._clear(half)
        self._thin()
        return made

    def _make_its_own(self, half: Path, database: Database) -> None:
        """What is written after a restore must not be taken for what the original wrote; a login serves once."""
        with closing(database.beside(half)) as copy:
            with copy.writing() as connection:
                transaction = Transaction(connection)
                meta.put_writer(transaction, writer_file.fresh_writer())
                meta.put(transaction, "login", None)
            copy.check()

    def _next(self) -> int:
        newest = next(iter(self.listed()), None)
        return 1 if newest is None else int(newest.name.split("-", 1)[0]) + 1

    def _thin(self) -> None:
        for old in self.listed()[KEPT:]:
            with contextlib.suppress(OSError):  # held by an antivirus: the next day's turn
                old.unlink()

    def _clear(self, half: Path) -> None:
        for left in self._folder.glob(f"{half.name}*"):
            with contextlib.suppress(OSError):
                left.unlink()


def day_of(copy: Path) -> str:
    """The day on which a copy was made, as 2026-11-24."""
    return copy.stem.split("-", 1)[1]
