"""How a file lies on the disk: sealed chunk by chunk, so that no more than a chunk of it is ever in memory.

Eight bytes that name the form, then the chunks: nonce, content, tag. Each chunk is bound to the file's SHA-256, to its
place and to whether it is the last: none can be exchanged, left out or cut off unseen. What 0.2 wrote, one seal over
the whole file, is read as ever.
"""

import os
from collections.abc import Iterator
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from sync.protocol.parts import PART_BYTES

CHUNK: Final = PART_BYTES
"""Bytes of content a chunk: a part on the wire is a chunk on the disk."""
_FORM: Final = b"SPOCF\x02\r\n"
_NONCE: Final = 12
_SEAL: Final = _NONCE + 16
_SEALED: Final = CHUNK + _SEAL


class Broken(Exception):
    """The bytes are not as they were written."""


class Sealer:
    """Seals and opens with one key."""

    def __init__(self, key: bytes) -> None:
        self._cipher = ChaCha20Poly1305(key)

    def write(self, file: BinaryIO, digest: bytes, index: int, content: bytes, *, is_last: bool) -> None:
        """Put a chunk in its place, and cut off what lies behind it."""
        if index == 0:
            file.seek(0)
            file.write(_FORM)
        file.seek(_place(index))
        nonce = os.urandom(_NONCE)
        file.write(nonce + self._cipher.encrypt(nonce, content, _bound(digest, index, is_last=is_last)))
        file.truncate()

    def read(self, file: BinaryIO, digest: bytes) -> Iterator[bytes]:
        """The content, chunk after chunk. Broken."""
        size = size_of(file)
        if size is None:
            yield self._read_whole(file, digest)
            return
        for index in range(_chunks(size)):
            yield self._chunk(file, digest, index, size)

    def part(self, file: BinaryIO, digest: bytes, offset: int, size: int) -> bytes:
        """So many bytes of the content from a place on, fewer at its end. Broken."""
        whole = size_of(file)
        if whole is None:
            return self._read_whole(file, digest)[offset : offset + size]
        first, last = offset // CHUNK, min(_chunks(whole), (offset + size - 1) // CHUNK + 1)
        found = b"".join(self._chunk(file, digest, index, whole) for index in range(first, last))
        return found[offset - first * CHUNK :][:size]

    def _chunk(self, file: BinaryIO, digest: bytes, index: int, size: int) -> bytes:
        file.seek(_place(index))
        is_last = index == _chunks(size) - 1
        return self._open(file.read(_SEALED), _bound(digest, index, is_last=is_last))

    def _read_whole(self, file: BinaryIO, digest: bytes) -> bytes:
        file.seek(0)
        return self._open(file.read(), digest)

    def _open(self, sealed: bytes, bound: bytes) -> bytes:
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound)
        except (InvalidTag, ValueError) as error:
            raise Broken from error


def size_of(file: BinaryIO) -> int | None:
    """Bytes of content, None of a file that 0.2 wrote."""
    file.seek(0)
    if file.read(len(_FORM)) != _FORM:
        return None
    sealed = file.seek(0, os.SEEK_END) - len(_FORM)
    whole, rest = divmod(sealed, _SEALED)
    return whole * CHUNK + max(0, rest - _SEAL)


def chunks_of(file: BinaryIO) -> int:
    """Whole chunks of a file that is still coming: what a power cut left behind them does not count."""
    file.seek(0)
    if file.read(len(_FORM)) != _FORM:
        return 0
    return (file.seek(0, os.SEEK_END) - len(_FORM)) // _SEALED


def _chunks(size: int) -> int:
    return max(1, -(-size // CHUNK))


def _place(index: int) -> int:
    return len(_FORM) + index * _SEALED


def _bound(digest: bytes, index: int, *, is_last: bool) -> bytes:
    return digest + index.to_bytes(8, "big") + bytes([is_last])
