"""Files that arrive in parts and are not whole yet: each person's apart, on the disk before a part is acknowledged.

How far a file has come is what the database says; what lies beyond it here was never acknowledged and is written over.
"""

import contextlib
import os
import shutil
from hashlib import sha256 as new_hash
from pathlib import Path

from sync.server.storage.depot import sync_folder

_ARRIVING = "arriving"
_PART = 1024 * 1024


class Arrivals:
    """A folder a person, a file an upload."""

    def __init__(self, staging: Path) -> None:
        self._folder = staging / _ARRIVING

    def path(self, person_no: int, sha256: bytes) -> Path:
        """Where an upload lies, whether or not it is there."""
        return self._folder / str(person_no) / sha256.hex()

    def size(self, person_no: int, sha256: bytes) -> int:
        """Bytes that lie there: after a restore, or on a new disk, fewer than the database says."""
        try:
            return self.path(person_no, sha256).stat().st_size
        except FileNotFoundError:
            return 0

    def write(self, person_no: int, sha256: bytes, offset: int, content: bytes) -> None:
        """Put a part in its place: on the disk when this returns. Two laptops that send the same write the same."""
        path = self.path(person_no, sha256)
        is_new = not path.exists()
        if is_new:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            file.seek(offset)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            sync_folder(path.parent)
            sync_folder(self._folder)

    def is_whole(self, person_no: int, sha256: bytes, size: int) -> bool:
        """Whether the bytes are those that the name promises."""
        found, path = new_hash(), self.path(person_no, sha256)
        try:
            with path.open("rb") as reading:
                while part := reading.read(_PART):
                    found.update(part)
                length = reading.tell()
        except FileNotFoundError:
            return False  # another laptop of this person ended it a moment ago
        return found.digest() == sha256 and length == size

    def drop(self, person_no: int, sha256: bytes) -> None:
        """Let go of an upload."""
        self.path(person_no, sha256).unlink(missing_ok=True)

    def sweep(self, before: float) -> None:
        """Let go of what nobody added to since a moment, in seconds since 1970."""
        if not self._folder.exists():
            return
        for path in self._folder.glob("*/*"):
            with contextlib.suppress(FileNotFoundError):  # it was ended meanwhile
                if path.stat().st_mtime < before:
                    path.unlink()

    def forget(self, person_no: int) -> None:
        """All that a person has begun to send goes: they were erased."""
        shutil.rmtree(self._folder / str(person_no), ignore_errors=True)
