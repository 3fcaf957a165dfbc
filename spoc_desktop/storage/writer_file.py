"""The writer id, kept a second time outside the database (protocol, Terms; faults F24 and F34).

A database that was restored, copied or salvaged disagrees with the file beside it, or is another file than the one that
the writer was born with: it takes a new writer, so that nothing it writes is taken for what another copy wrote.
"""

import secrets
from pathlib import Path

import msgspec

from spoc_desktop.storage.disk import write_private

_BITS = 63


class Birth(msgspec.Struct, frozen=True):
    """A writer and the database file that it was born with."""

    writer: int
    device: int
    inode: int


def fresh_writer() -> int:
    """A random writer id, never 0."""
    return secrets.randbits(_BITS) or 1


def is_same(database: Path, writer: int) -> bool:
    """Whether this database file is the one that was given this writer."""
    return _read(_place(database)) == _birth(database, writer)


def note(database: Path, writer: int) -> None:
    """Write down the writer that this database file now has."""
    write_private(_place(database), msgspec.json.encode(_birth(database, writer)))


def _place(database: Path) -> Path:
    return database.with_name("writer.json")


def _birth(database: Path, writer: int) -> Birth:
    status = database.stat()
    return Birth(writer, status.st_dev, status.st_ino)


def _read(path: Path) -> Birth | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Birth)
    except (OSError, msgspec.MsgspecError):
        return None
