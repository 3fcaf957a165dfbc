"""A course on a stick, read as what it is: a stranger's folder (attacks A21 to A23).

First the manifest: it must be signed by a key of this organisation, and the list must be the one that was signed. Then
each file that is lacking here, by the name that its hash gives: links and devices are refused, sizes are counted while
reading, bytes are hashed before anybody takes them. The stick's own names are never looked at.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from spoc_desktop.interchange.folder_files import opened
from sync.domain.manifests import ListedFile, Listing, Statement
from sync.protocol.limits import MAX_FILE
from sync.reports import manifests, sticks

MAX_FILES = 20_000
PIECE = 1024 * 1024
MAX_SIZE = 256 * 1024**3


class Fault(Enum):
    """Why nothing is taken from a stick."""

    NO_COURSE = auto()
    """No manifest, or none that can be read."""
    FORGED = auto()
    """Signed by none of the keys that this laptop knows: altered, or of another organisation."""
    ALTERED = auto()
    """The list, or the bytes of a file, are not those that were signed."""
    INCOMPLETE = auto()
    """A file is missing or shorter than it should be."""
    TOO_LARGE = auto()
    UNREADABLE = auto()
    """The stick gives an error, or something that is no ordinary file stands there."""


class StickRefused(Exception):
    """Nothing is taken. `fault` says why, `count` how many files are concerned."""

    def __init__(self, fault: Fault, count: int = 0) -> None:
        super().__init__(fault.name)
        self.fault = fault
        self.count = count


@dataclass(frozen=True, slots=True)
class Stick:
    """A course that this organisation signed. `folder`: where it lies."""

    folder: Path
    title: str
    statement: Statement
    listing: Listing


def find(chosen: Path) -> Path:
    """The folder of the course: what was chosen, or the only course in the first level below. StickRefused."""
    if (chosen / sticks.MANIFEST_FILE).is_file():
        return chosen
    try:
        below = [one for one in sorted(chosen.iterdir())[:MAX_FILES] if (one / sticks.MANIFEST_FILE).is_file()]
    except OSError as error:
        raise StickRefused(Fault.UNREADABLE) from error
    if len(below) != 1:
        raise StickRefused(Fault.NO_COURSE)
    return below[0]


def read_stick(chosen: Path, keys: list[Ed25519PublicKey]) -> Stick:
    """Read and check the manifest; no file is read yet. StickRefused."""
    folder = find(chosen)
    try:
        carried = sticks.read(_manifest(folder / sticks.MANIFEST_FILE))
        statement = manifests.check(carried.manifest, keys)
    except sticks.NoManifest as error:
        raise StickRefused(Fault.NO_COURSE) from error
    except manifests.Forged as error:
        raise StickRefused(Fault.FORGED) from error
    if carried.listing.digest != statement.digest:
        raise StickRefused(Fault.ALTERED)
    files = carried.listing.files
    if len(files) > MAX_FILES or carried.listing.size > MAX_SIZE or any(one.size > MAX_FILE for one in files):
        raise StickRefused(Fault.TOO_LARGE)
    return Stick(folder, carried.title, statement, carried.listing)


def check_there(stick: Stick, wanted: list[ListedFile]) -> None:
    """Whether these files lie on the stick at their full length, before the first is read. StickRefused."""
    short = sum(not _has_length(sticks.place_of(stick.folder, file), file.size) for file in wanted)
    if short:
        raise StickRefused(Fault.INCOMPLETE, short)


@contextmanager
def read_file(stick: Stick, file: ListedFile, told: Callable[[int], None]) -> Iterator[BinaryIO]:
    """One file to read from its start: no byte more than it has; whoever reads it checks its hash.

    `told` hears the bytes read so far, and may raise to end it. StickRefused, while it is read too.
    """
    with _opened(sticks.place_of(stick.folder, file)) as raw:
        yield BufferedReader(_Counted(raw, file.size, told), PIECE)


class _Counted(RawIOBase):
    """A file of the stick whose bytes are counted. A stick that is pulled out is no full disk."""

    def __init__(self, file: BinaryIO, size: int, told: Callable[[int], None]) -> None:
        super().__init__()
        self._file, self._left, self._told = file, size, told
        self._size = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            piece = self._file.read(len(buffer))
        except OSError as error:
            raise StickRefused(Fault.UNREADABLE) from error
        self._left -= len(piece)
        if self._left < 0:
            raise StickRefused(Fault.ALTERED, 1)
        if not piece and self._left:
            raise StickRefused(Fault.INCOMPLETE, 1)
        buffer[: len(piece)] = piece
        self._told(self._size - self._left)
        return len(piece)


def _manifest(path: Path) -> bytes:
    with _opened(path) as file:
        try:
            raw = file.read(sticks.MAX_MANIFEST + 1)
        except OSError as error:
            raise StickRefused(Fault.UNREADABLE) from error
    if len(raw) > sticks.MAX_MANIFEST:
        raise StickRefused(Fault.TOO_LARGE)
    return raw


def _has_length(path: Path, size: int) -> bool:
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == size


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """An ordinary file of the stick, never one behind a link. StickRefused."""
    try:
        if path.parent.name == sticks.FILES_FOLDER and path.parent.is_symlink():
            raise StickRefused(Fault.UNREADABLE)
        file = opened(path)
    except FileNotFoundError as error:
        raise StickRefused(Fault.INCOMPLETE, 1) from error
    except OSError as error:
        raise StickRefused(Fault.UNREADABLE) from error
    with file:
        yield file
