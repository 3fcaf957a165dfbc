"""The bytes of files, beside the database: named by their SHA-256, whole or not there at all (protocol rule 7).

A file is written under a passing name on this computer's disk, checked, put on the disk, and only then given its name.
It is never changed. It is removed with a person who is erased, or a week after the database forgot it (`sync.unnamed`):
a copy of the database and the files beside it fit together when the files are read second, and within a week. What a
depot is made of, a folder or somebody's object store, is known to its own class alone.
"""

import contextlib
import os
import shutil
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from hashlib import sha256 as new_hash
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

from sync.domain.files import SHA256_BYTES

FILES = "files"
"""The folder of files, beside the database and beside each backup."""
_INCOMING = "incoming"
_PART = 1024 * 1024
_HEX = "[0-9a-f]"


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


class Depot(ABC):
    """Files by hash. `staging`: the folder on this computer's disk where they arrive.

    `is_remote`: they are kept elsewhere, by others who see to it that they last; a backup names them and copies none.
    """

    is_remote = False

    def __init__(self, staging: Path) -> None:
        self.staging = staging

    @abstractmethod
    def has(self, sha256: bytes, size: int) -> bool:
        """Whether a file of that name and size is there."""

    @abstractmethod
    def read(self, sha256: bytes, offset: int, size: int) -> bytes:
        """At most so many bytes of a file from a place on, fewer at its end. FileNotFoundError when it is not there."""

    @abstractmethod
    def put(self, path: Path, sha256: bytes) -> None:
        """Give a checked file on the disk its name; it leaves `path`. From here on it survives a power cut. OSError."""

    @abstractmethod
    def remove(self, sha256: bytes) -> None:
        """Take a file away for good: a person was erased, and nobody else has it. Nothing where there is none."""

    def keep(self, incoming: Incoming, sha256: bytes) -> None:
        """Give settled bytes their name."""
        self.put(incoming.path, sha256)

    def parts(self, sha256: bytes, size: int) -> Iterator[bytes]:
        """The bytes of a file of that size, part after part."""
        for offset in range(0, size, _PART):
            yield self.read(sha256, offset, _PART)

    @contextlib.contextmanager
    def incoming(self) -> Iterator[Incoming]:
        """A place for bytes that arrive; what is not kept at the end is gone."""
        folder = self.staging / _INCOMING
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        incoming = Incoming(folder / token_hex(16))
        try:
            yield incoming
        finally:
            incoming.close()
            incoming.path.unlink(missing_ok=True)

    def fetch(self, sha256: bytes, size: int, source: "Depot") -> bool:
        """Copy a file from another depot, unless it is here; False when the source does not have it whole."""
        if self.has(sha256, size):
            return True
        if not source.has(sha256, size):
            return False
        with self.incoming() as incoming:
            for part in source.parts(sha256, size):
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
        for part in self.parts(sha256, size):
            found.update(part)
        return found.digest() == sha256

    def sweep(self) -> None:
        """Remove what a kill left half arrived. Only the process that serves may."""
        shutil.rmtree(self.staging / _INCOMING, ignore_errors=True)


class Lying(NamedTuple):
    """A file as it lies in a folder; `at`: when it came or was touched, in seconds since 1970."""

    sha256: bytes
    size: int
    at: float


class FolderDepot(Depot):
    """Files in a folder of this computer, the default."""

    def path(self, sha256: bytes) -> Path:
        """Where a file lies, whether or not it is there."""
        name = sha256.hex()
        return self.staging / name[:2] / name

    def has(self, sha256: bytes, size: int) -> bool:
        """Whether a file of that name and size is there."""
        path = self.path(sha256)
        return path.is_file() and path.stat().st_size == size

    def read(self, sha256: bytes, offset: int, size: int) -> bytes:
        """At most so many bytes of a file from a place on: it is open only while they are read."""
        with self.path(sha256).open("rb") as reading:
            reading.seek(offset)
            return reading.read(size)

    def put(self, path: Path, sha256: bytes) -> None:
        """Give a checked file on the disk its name."""
        target = self.path(sha256)
        if not target.parent.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_folder(self.staging)
        path.replace(target)
        sync_folder(target.parent)

    def remove(self, sha256: bytes) -> None:
        """Take a file of the folder away."""
        path = self.path(sha256)
        path.unlink(missing_ok=True)
        if path.parent.exists():
            sync_folder(path.parent)

    def lying(self) -> Iterator[list[Lying]]:
        """Everything that lies here, some at a time, whether or not the database knows of it."""
        for folder in sorted(self.staging.glob(_HEX * 2)):
            found = []
            for path in folder.glob(_HEX * 2 * SHA256_BYTES):
                with contextlib.suppress(FileNotFoundError):
                    seen = path.stat()
                    found.append(Lying(bytes.fromhex(path.name), seen.st_size, seen.st_mtime))
            yield found

    def touch(self, sha256: bytes, at: float) -> None:
        """Let a file look as if it came at a moment, in seconds since 1970."""
        with contextlib.suppress(FileNotFoundError):
            os.utime(self.path(sha256), (at, at))

    def drop(self, sha256: bytes, before: float) -> None:
        """Remove a file that came before a moment. Bytes that come again at this very moment are kept."""
        folder = self.staging / _INCOMING
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = self.path(sha256).rename(folder / token_hex(16))
        if aside.stat().st_mtime < before:
            aside.unlink()
        else:
            self.put(aside, sha256)


def depot_beside(database: Path) -> FolderDepot:
    """The files that belong to a database or a backup of it."""
    return FolderDepot(database.parent / FILES)


def sync_folder(folder: Path) -> None:
    """Make names in a folder last through a power cut."""
    if sys.platform == "win32":
        return  # a folder cannot be opened there; NTFS keeps its names in its journal
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
