"""The bytes of files, beside the database: named by their SHA-256, whole or not there at all (protocol rule 7).

A file is written under a passing name, checked, put on the disk, and only then given its name. It is never changed and
never removed, so a copy of the database and the folder beside it fit together whenever the folder is read second.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256 as new_hash
from pathlib import Path
from secrets import token_hex

FILES = "files"
"""The folder of files, beside the database and beside each backup."""
_INCOMING = "incoming"
_PART = 1024 * 1024


class Incoming:
    """Bytes that arrive: nobody can read them yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self._hash = new_hash()
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def write(self, part: bytes) -> None:
        """Add bytes."""
        self._file.write(part)
        self._hash.update(part)
        self.size += len(part)

    def settle(self) -> bytes:
        """Put all on the disk; the SHA-256 of what came."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return self._hash.digest()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


class Depot:
    """A folder of files by hash."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha256: bytes) -> Path:
        """Where a file lies, whether or not it is there."""
        name = sha256.hex()
        return self._folder / name[:2] / name

    def has(self, sha256: bytes, size: int) -> bool:
        """Whether a file of that name and size is there."""
        path = self.path(sha256)
        return path.is_file() and path.stat().st_size == size

    @contextmanager
    def incoming(self) -> Iterator[Incoming]:
        """A place for bytes that arrive; what is not kept at the end is gone."""
        folder = self._folder / _INCOMING
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        incoming = Incoming(folder / token_hex(16))
        try:
            yield incoming
        finally:
            incoming.close()
            incoming.path.unlink(missing_ok=True)

    def keep(self, incoming: Incoming, sha256: bytes) -> None:
        """Give settled bytes their name: from here on they survive a power cut."""
        target = self.path(sha256)
        if not target.parent.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sync_folder(self._folder)
        incoming.path.replace(target)
        _sync_folder(target.parent)

    def fetch(self, sha256: bytes, size: int, source: "Depot") -> bool:
        """Copy a file from another depot, unless it is here; False when the source does not have it whole."""
        if self.has(sha256, size):
            return True
        if not source.has(sha256, size):
            return False
        with self.incoming() as incoming, source.path(sha256).open("rb") as reading:
            while part := reading.read(_PART):
                incoming.write(part)
            if incoming.settle() != sha256:
                return False
            self.keep(incoming, sha256)
        return True

    def is_sound(self, sha256: bytes, size: int) -> bool:
        """Whether the bytes of a file are those that its name promises."""
        if not self.has(sha256, size):
            return False
        found = new_hash()
        with self.path(sha256).open("rb") as reading:
            while part := reading.read(_PART):
                found.update(part)
        return found.digest() == sha256

    def sweep(self) -> None:
        """Remove what a kill left half arrived. Only the process that serves may."""
        shutil.rmtree(self._folder / _INCOMING, ignore_errors=True)


def depot_beside(database: Path) -> Depot:
    """The files that belong to a database or a backup of it."""
    return Depot(database.parent / FILES)


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return  # a folder cannot be opened there; NTFS keeps its names in its journal
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
