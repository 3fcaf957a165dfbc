"""The bytes of files on this laptop: each encrypted beside the store, on the disk before a record names it (fault F5).

A file's name on the disk is a keyed hash, so that a stolen laptop does not tell which well-known documents it holds.
"""

import contextlib
import hmac
import os
import threading
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from spoc_desktop.storage.disk import private_folder, write_private
from spoc_desktop.storage.errors import FileTooLarge
from sync.domain.files import Attachment
from sync.protocol.limits import MAX_FILE

_NONCE: Final = 12


class Files:
    """The files beside one store. `folder` None: in memory, for tests. Any thread may call."""

    def __init__(self, folder: Path | None, key: bytes) -> None:
        self._folder = folder
        self._cipher = ChaCha20Poly1305(_derived(key, b"spoc file contents"))
        self._names = _derived(key, b"spoc file names")
        self._memory: dict[bytes, bytes] = {}
        self._guard = threading.Lock()
        self._attached: set[bytes] = set()
        """Kept by the person since the start: a record may be about to name them."""
        self.on_lost: Callable[[bytes], None] = _nobody
        """Told of a file that is here no longer, or no longer what it was."""
        self._clear_halves()

    def keep(self, content: bytes, name: str, type_: str = "") -> Attachment:
        """Keep a file; what a record may name it by. FileTooLarge, DiskFull, StoreReadOnly: nothing is kept."""
        if len(content) > MAX_FILE:
            raise FileTooLarge(name)
        digest = sha256(content).digest()
        self._attached.add(digest)
        self.put(digest, content)
        return Attachment(sha256=digest, name=name, size=len(content), type=type_)

    def put(self, digest: bytes, content: bytes) -> None:
        """Keep the bytes of a file whose SHA-256 was checked."""
        path = self._path(digest)
        if path is None:
            self._memory[digest] = content
            return
        with self._guard:
            private_folder(path.parent)
            if not path.exists():
                nonce = os.urandom(_NONCE)
                write_private(path, nonce + self._cipher.encrypt(nonce, content, digest))

    def read(self, digest: bytes) -> bytes | None:
        """The bytes of a file; None when they are not here, or no longer what they were (they are fetched again)."""
        path = self._path(digest)
        if path is None:
            return self._memory.get(digest)
        try:
            sealed = path.read_bytes()
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], digest)
        except FileNotFoundError:
            self.on_lost(digest)
        except (InvalidTag, ValueError):
            self.drop(digest)
            self.on_lost(digest)
        return None

    def has(self, digest: bytes) -> bool:
        """Whether the file is here."""
        path = self._path(digest)
        return digest in self._memory if path is None else path.exists()

    def drop(self, digest: bytes) -> None:
        """Let go of a file that nothing names any more."""
        path = self._path(digest)
        if path is None:
            self._memory.pop(digest, None)
        else:
            path.unlink(missing_ok=True)

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
            if file.name not in wanted:
                with contextlib.suppress(OSError):  # held by an antivirus: the next start's turn
                    file.unlink()

    def _name(self, digest: bytes) -> str:
        return hmac.digest(self._names, digest, "sha256")[:20].hex()

    def _clear_halves(self) -> None:
        """What a crash left of files that were being written was never theirs."""
        if self._folder is not None and self._folder.exists():
            for half in self._folder.glob("*.new"):
                half.unlink(missing_ok=True)

    def _path(self, digest: bytes) -> Path | None:
        return None if self._folder is None else self._folder / self._name(digest)


def _nobody(_: bytes) -> None:
    """Nobody is told."""


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=purpose).derive(key)
