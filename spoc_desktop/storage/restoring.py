"""A damaged store is set aside and the last good backup takes its place, with all that could be salvaged (fault F8).

The new file is made whole beside the damaged one before anything moves; a restore that was cut is ended at the next
start. Nothing is ever deleted. The restored file is another file with another writer (fault F34).
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from spoc_desktop.storage import (
    disk,
    engine,
    errors,
    file_index,
    incidents,
    listing,
    meta,
    migrating,
    salvage,
    writer_file,
)
from spoc_desktop.storage.backup import Backups, day_of
from spoc_desktop.storage.transaction import Transaction, signed

_HALF: Final = ".restoring"
_READY: Final = ".restored-"
_DAMAGED: Final = ".damaged-"
_LOG_SUFFIXES: Final = ("-wal", "-shm")


class Owner(NamedTuple):
    """Whose store it is, for one that must be made anew."""

    server: bytes
    person: bytes


class Restored(NamedTuple):
    """What became of a damaged store.

    `day`: that of the backup, "" when none was good and all is fetched again. `unsent`: changes of the person that
    wait or are listed now. `aside`: the name of the damaged file, which is kept.
    """

    day: str
    unsent: int
    aside: str


def restore(path: Path, key: bytes, owner: Owner, now: int) -> Restored:
    """Put a good store in the place of the damaged one at `path`, which nobody has open.

    DiskFull, StoreReadOnly, StoreBusy: the damaged file stays where it is, and the next start tries again.
    """
    half = path.with_name(path.name + _HALF)
    stamp = time.strftime("%Y-%m-%d-%H%M%S", time.localtime(now / 1000))
    ready = path.with_name(f"{path.name}{_READY}{stamp}")
    with _named():
        day = _base(path, half, key, owner)
        with closing(engine.open_existing(half, key)) as database:
            migrating.migrate(database, None, now)
            with database.writing() as connection:
                transaction = Transaction(connection)
                unsent = _fill(transaction, salvage.read(path, key, Backups(path).salt()))
                incidents.restored(transaction, owner.person, day, unsent, now)
            # Folds the log in and says so when the disk is too full for that: the file goes on without its log.
            database.check()
        disk.sync_file(half)
        disk.put_in_place(half, ready)
        finish(path)
    return Restored(day, unsent, path.name + _DAMAGED + stamp)


def finish(path: Path) -> None:
    """Put a store that is ready in place of the damaged one; nothing to do where no restore was cut. StoreBusy."""
    for ready in sorted(path.parent.glob(f"{path.name}{_READY}*")):
        stamp = ready.name.removeprefix(path.name + _READY)
        for suffix in ("", *_LOG_SUFFIXES):
            damaged = path.with_name(path.name + suffix)
            if damaged.exists():
                disk.put_in_place(damaged, path.with_name(f"{path.name}{_DAMAGED}{stamp}{suffix}"))
        disk.put_in_place(ready, path)
        engine.suspect_file(path).unlink(missing_ok=True)


def _base(path: Path, half: Path, key: bytes, owner: Owner) -> str:
    """Make the half from the newest backup that is good, and give its day; an empty store where none is."""
    for copy in Backups(path).listed():
        try:
            _clear(half)
            disk.private_file(half)
            shutil.copyfile(copy, half)
            with closing(engine.open_existing(half, key)) as database:
                database.check()
        except errors.StoreError:
            continue
        return day_of(copy)
    _clear(half)
    first = {**owner._asdict(), "writer": signed(writer_file.fresh_writer()), "next_n": 1, "backup": 0}
    put = "INSERT INTO meta(name, value) VALUES(?, ?)"
    engine.create(half, key, [(put, item) for item in first.items()]).close()
    _clear(half, spared=half)
    return ""


def _fill(transaction: Transaction, saved: salvage.Salvaged) -> int:
    """Bring what was salvaged in; how many changes have not arrived at the server now."""
    salvage.put_in(transaction, saved)
    meta.put(transaction, "login", saved.login)
    # What lists and joins show, and which files are named, is worked out at the next opening.
    meta.put(transaction, "file_index", file_index.RESTORED)
    transaction.run("DELETE FROM projection")
    return sum(listing.counts(transaction))


def _clear(half: Path, spared: Path | None = None) -> None:
    """What a restore that was cut left of its work, and what stands beside a file while it is open."""
    for left in half.parent.glob(f"{half.name}*"):
        if left != spared:
            left.unlink(missing_ok=True)


@contextmanager
def _named() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise disk.named(error) from error
