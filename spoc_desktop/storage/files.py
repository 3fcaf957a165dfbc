"""The bytes of files on this laptop: each encrypted beside the store, on the disk before a record names it (fault F5).

A file's name on the disk is a keyed hash, so that a stolen laptop does not tell which well-known documents it holds.
"""

import contextlib
import hmac
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from spoc_desktop.storage.disk import named, private_folder, put_in_place, sync_folder
from spoc_desktop.storage.errors import FileTooLarge
from spoc_desktop.storage.sealed import CHUNK, Broken, Sealer, chunks_of
from sync.domain.files import Attachment
from sync.protocol.limits import MAX_FILE, MAX_IN_MEMORY

_COMING: Final = ".coming"
_FRESH: Final = ".new"
_SIDE_BY_SIDE: Final = 8


class ChangedMeanwhile(OSError):
    """A file of this computer was written to while it was read."""


class Files:
    """The files beside one store. `folder` None: in memory, for tests. Any thread may call."""

    def __init__(self, folder: Path | None, key: bytes) -> None:
        self._folder = folder
        self._sealer = Sealer(_derived(key, b"spoc file contents"))
        self._names = _derived(key, b"spoc file names")
        self._memory: dict[bytes, bytes] = {}
        self._coming: dict[bytes, bytes] = {}
        self._attached: set[bytes] = set()
        """Kept by the person since the start: a record may be about to name them."""
        self.on_lost: Callable[[bytes], None] = _nobody
        """Told of a file that is here no longer, or no longer what it was."""
        self._clear_halves()

    def keep(self, content: bytes, name: str, type_: str = "") -> Attachment:
        """Keep a file; what a record may name it by. FileTooLarge, DiskFull, StoreReadOnly: nothing is kept."""
        return self.keep_from(BytesIO(content), name, type_)

    def keep_from(self, source: BinaryIO, name: str, type_: str = "") -> Attachment:
        """Keep what a file of this computer holds, part after part.

        FileTooLarge, DiskFull, StoreReadOnly, OSError (it cannot be read, or changes meanwhile): nothing is kept.
        """
        digest, size = _digest_of(source, name)
        self._attached.add(digest)
        if not self.has(digest):
            self._copy(source, digest, size)
        return Attachment(sha256=digest, name=name, size=size, type=type_)

    def put(self, digest: bytes, content: bytes) -> None:
        """Keep the bytes of a file whose SHA-256 was checked."""
        if not self.has(digest):
            self._copy(BytesIO(content), digest, len(content))

    def put_from(self, source: BinaryIO, digest: bytes, size: int) -> None:
        """Keep a file, part after part, if its bytes are those of its name; ChangedMeanwhile: they are not."""
        if not self.has(digest):
            self._copy(source, digest, size)
        if (path := self._path(digest)) is not None:
            _coming(path).unlink(missing_ok=True)  # what had come of it over the network

    def put_all(self, contents: Mapping[bytes, bytes]) -> None:
        """The same of several, side by side: a disk puts several on it in the time of one."""
        with ThreadPoolExecutor(_SIDE_BY_SIDE, "spoc-files") as threads:
            list(threads.map(self.put, contents, contents.values()))

    def read(self, digest: bytes) -> bytes | None:
        """All bytes of a file; None when they are not here, or no longer what they were (they are fetched again).

        None, too, of a file that is too large to be held in memory: `parts` gives it piece by piece.
        """
        found = bytearray()
        try:
            for part in self.parts(digest):
                found += part
                if len(found) > MAX_IN_MEMORY:
                    return None
        except FileNotFoundError:
            return None
        return bytes(found)

    def parts(self, digest: bytes) -> Iterator[bytes]:
        """The bytes of a file, part after part. FileNotFoundError when they are not here, or damaged."""
        path = self._path(digest)
        if path is None:
            yield self._memory_of(digest)
            return
        with self._noticed(digest), path.open("rb") as file:
            yield from self._sealer.read(file, digest)

    def part(self, digest: bytes, offset: int, size: int) -> bytes | None:
        """So many bytes of a file from a place on, fewer at its end; None as `read` says."""
        path = self._path(digest)
        try:
            if path is None:
                return self._memory_of(digest)[offset : offset + size]
            with self._noticed(digest), path.open("rb") as file:
                return self._sealer.part(file, digest, offset, size)
        except FileNotFoundError:
            return None

    # Files that come in parts.

    def come(self, digest: bytes) -> int:
        """Bytes that have come of a file that is not whole yet."""
        path = self._path(digest)
        if path is None:
            return len(self._coming.get(digest, b""))
        try:
            with _coming(path).open("rb") as file:
                return chunks_of(file) * CHUNK
        except FileNotFoundError:
            return 0

    def add(self, digest: bytes, offset: int, content: bytes, *, is_last: bool) -> None:
        """Keep the next part, of `CHUNK` bytes but the last: on the disk when this returns. DiskFull, StoreReadOnly."""
        path = self._path(digest)
        if path is None:
            self._coming[digest] = self._coming.get(digest, b"")[:offset] + content
            return
        private_folder(path.parent)
        try:
            descriptor = os.open(_coming(path), os.O_CREAT | os.O_RDWR, 0o600)
            with os.fdopen(descriptor, "r+b") as file:
                self._sealer.write(file, digest, offset // CHUNK, content, is_last=is_last)
                file.flush()
                os.fsync(file.fileno())
            if offset == 0:
                sync_folder(path.parent)
        except OSError as error:
            raise named(error) from error

    def end(self, digest: bytes) -> bool:
        """All parts have come: keep the file if its bytes are those of its name, else let go of them all and say so."""
        path = self._path(digest)
        if path is None:
            content = self._coming.pop(digest, b"")
            if sha256(content).digest() == digest:
                self._memory[digest] = content
            return digest in self._memory
        found = sha256()
        with contextlib.suppress(Broken, FileNotFoundError), _coming(path).open("rb") as file:
            for part in self._sealer.read(file, digest):
                found.update(part)
        if found.digest() != digest:
            _coming(path).unlink(missing_ok=True)
            return False
        put_in_place(_coming(path), path)
        return True

    def has(self, digest: bytes) -> bool:
        """Whether the file is here."""
        path = self._path(digest)
        return digest in self._memory if path is None else path.exists()

    def drop(self, digest: bytes) -> None:
        """Let go of a file that nothing names any more, and of what has come of it."""
        path = self._path(digest)
        if path is None:
            self._memory.pop(digest, None)
            self._coming.pop(digest, None)
        else:
            path.unlink(missing_ok=True)
            _coming(path).unlink(missing_ok=True)

    def drop_unused(self, digest: bytes) -> bool:
        """Let go of a file that no record names, unless the person attached it just now."""
        if digest in self._attached:
            return False
        self.drop(digest)
        return True

    def sweep(self, named: Iterable[bytes]) -> None:
        """At start: let go of files that nothing names, such as those of an import that was cut before its records."""
        if self._folder is None or not self._folder.exists():
            return
        wanted = {self._name(digest) for digest in named}
        for file in self._folder.iterdir():
            if file.name.removesuffix(_COMING) not in wanted:
                with contextlib.suppress(OSError):  # held by an antivirus: the next start's turn
                    file.unlink()

    def _copy(self, source: BinaryIO, digest: bytes, size: int) -> None:
        path = self._path(digest)
        if path is None:
            content = source.read(size + 1)
            if sha256(content).digest() != digest:
                raise ChangedMeanwhile
            self._memory[digest] = content
            return
        private_folder(path.parent)
        fresh, found = path.with_name(f"{path.name}.{token_hex(4)}{_FRESH}"), sha256()
        try:
            with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "r+b") as file:
                for index in range(max(1, -(-size // CHUNK))):
                    content = source.read(CHUNK)
                    found.update(content)
                    self._sealer.write(file, digest, index, content, is_last=(index + 1) * CHUNK >= size)
                file.flush()
                os.fsync(file.fileno())
            if found.digest() == digest:
                put_in_place(fresh, path)
        except OSError as error:
            raise named(error) from error
        finally:
            fresh.unlink(missing_ok=True)
        if found.digest() != digest:
            raise ChangedMeanwhile

    @contextlib.contextmanager
    def _noticed(self, digest: bytes) -> Iterator[None]:
        """Tell of a file that turns out to be gone or damaged. FileNotFoundError then."""
        try:
            yield
        except FileNotFoundError:
            self.on_lost(digest)
            raise
        except Broken as error:
            self.drop(digest)
            self.on_lost(digest)
            raise FileNotFoundError from error

    def _memory_of(self, digest: bytes) -> bytes:
        if digest not in self._memory:
            raise FileNotFoundError
        return self._memory[digest]

    def _name(self, digest: bytes) -> str:
        return hmac.digest(self._names, digest, "sha256")[:20].hex()

    def _clear_halves(self) -> None:
        """What a crash left of files that were being written was never theirs."""
        if self._folder is not None and self._folder.exists():
            for half in self._folder.glob(f"*{_FRESH}"):
                half.unlink(missing_ok=True)

    def _path(self, digest: bytes) -> Path | None:
        return None if self._folder is None else self._folder / self._name(digest)


def _digest_of(source: BinaryIO, name: str) -> tuple[bytes, int]:
    """The SHA-256 and the size of what is there; it is read from its start again afterwards. FileTooLarge."""
    found, size = sha256(), 0
    while part := source.read(CHUNK):
        found.update(part)
        size += len(part)
        if size > MAX_FILE:
            raise FileTooLarge(name)
    source.seek(0)
    return found.digest(), size


def _coming(path: Path) -> Path:
    """Where a file lies while it comes."""
    return path.with_name(path.name + _COMING)


def _nobody(_: bytes) -> None:
    """Nobody is told."""


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=purpose).derive(key)
