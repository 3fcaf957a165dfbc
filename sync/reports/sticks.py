"""A course on a stick: a folder with a manifest and the files, each under the hash of its bytes.

`course.spoc` holds the signed statement and the list that it vouches for; `files/<64 hex digits>` are the bytes. A
folder and not one archive: a stick formatted as FAT32 takes no file of 4 GB, and an update adds what is new.
"""

import os
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

import msgspec

from sync.domain.kind import encode
from sync.domain.manifests import ListedFile, Listing, Manifest

MANIFEST_FILE = "course.spoc"
FILES_FOLDER = "files"
MAX_MANIFEST = 4 * 1024 * 1024
"""Bytes of `course.spoc`; some 100,000 files."""
FORMAT = 1


class Carried(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What `course.spoc` holds. `title` and `organisation` are for people, nothing is decided by them."""

    format: int
    manifest: Manifest
    listing: Listing
    title: str
    organisation: str


class NoManifest(ValueError):
    """Bytes in which no manifest of a course can be read."""


class Lacking(ValueError):
    """A file of the course is not at hand: nothing whole could be carried. `file` says which."""

    def __init__(self, file: ListedFile) -> None:
        super().__init__(file.sha256.hex())
        self.file = file


_CARRIED = msgspec.msgpack.Decoder(Carried)
_SHA256 = 32


def read(raw: bytes) -> Carried:
    """The manifest in these bytes, every hash and size of possible form; nothing of it is believed yet. NoManifest."""
    try:
        carried = _CARRIED.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise NoManifest("no manifest") from error
    hashes = [*(one.sha256 for one in carried.listing.records), *(one.sha256 for one in carried.listing.files)]
    if carried.format != FORMAT or any(len(each) != _SHA256 for each in hashes):
        raise NoManifest("another format")
    if any(one.size < 0 for one in carried.listing.files):
        raise NoManifest("a size below nothing")
    return carried


def place_of(folder: Path, file: ListedFile) -> Path:
    """Where the bytes of a file lie; the name is worked out from the hash, never read from the stick."""
    return folder / FILES_FOLDER / file.sha256.hex()


def write(
    folder: Path, carried: Carried, content: Callable[[ListedFile], Iterable[bytes]], told: Callable[[int], bool]
) -> None:
    """Write a course into a folder; a file that is there whole is left, so an update writes what is new.

    `told` hears the bytes done and says whether to go on. The manifest comes last: a stick pulled out too early has
    none, or the old one. Stopped, Lacking, OSError.
    """
    (folder / FILES_FOLDER).mkdir(parents=True, exist_ok=True)
    done = 0
    for file in carried.listing.files:
        place = place_of(folder, file)
        if not _is_whole(place, file):
            try:
                _put(place, content(file), file.sha256)
            except (FileNotFoundError, _Other) as error:
                raise Lacking(file) from error
        done += file.size
        if not told(done):
            raise Stopped
    raw = encode(carried)
    _put(folder / MANIFEST_FILE, [raw], sha256(raw).digest())


class Stopped(Exception):
    """The person ended it in the middle."""


def _is_whole(place: Path, file: ListedFile) -> bool:
    """Whether a file was written before, by its bytes: a copy that was cut is not taken for one."""
    try:
        return not place.is_symlink() and place.stat().st_size == file.size and _hash(place) == file.sha256
    except OSError:
        return False


def _hash(place: Path) -> bytes:
    with place.open("rb") as file:
        digest = sha256()
        while piece := file.read(1024 * 1024):
            digest.update(piece)
    return digest.digest()


class _Other(ValueError):
    """The bytes are not those of the name."""


def _put(place: Path, content: Iterable[bytes], name: bytes) -> None:
    """Write whole or not at all, through to the stick; only bytes whose SHA-256 is `name`."""
    half = place.with_name(f"{place.name}.new")
    half.unlink(missing_ok=True)
    try:
        with half.open("xb") as file:
            digest = sha256()
            for part in content:
                digest.update(part)
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        if digest.digest() != name:
            raise _Other
        half.replace(place)
    finally:
        half.unlink(missing_ok=True)
