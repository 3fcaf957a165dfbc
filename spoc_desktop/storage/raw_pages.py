"""Pages of a damaged store read without SQL: each is decrypted by itself, and believed when its own seal is right.

A page is 4,096 bytes of SQLCipher 4: ciphertext, 16 bytes of IV, 64 bytes of HMAC-SHA512 over both and the page number.
The file's first 16 bytes are the salt of the HMAC key. The log beside the file holds newer versions of pages.
"""

import hmac
from collections.abc import Iterator
from hashlib import pbkdf2_hmac
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE: Final = 4_096
USABLE: Final = PAGE - 80
_SALT: Final = 16
_IV: Final = 16
_SEAL: Final = 64
_LOG_HEADER: Final = 32
_FRAME_HEADER: Final = 24


def read(path: Path, key: bytes, salt: bytes = b"") -> dict[int, bytes]:
    """Every page that can be believed, by number, as the log leaves it; missing are the damaged ones.

    `salt`: as it was noted elsewhere, empty where it was not.
    """
    sealed = dict(enumerate(_split(path.read_bytes()), 1))
    if not sealed:
        return {}
    salt = _salt(sealed, key, salt)
    sealed |= _logged(path.with_name(path.name + "-wal"))
    seal = _seal_key(key, salt)
    opened = ((number, _opened(page, number, key, seal)) for number, page in sealed.items())
    return {number: page for number, page in opened if page is not None}


def _split(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content) - PAGE + 1, PAGE):
        yield content[start : start + PAGE]


def salt_of(path: Path) -> bytes:
    """What the seals of a file's pages depend on beside the key; no secret."""
    with path.open("rb") as file:
        return file.read(_SALT)


def _salt(sealed: dict[int, bytes], key: bytes, noted: bytes) -> bytes:
    """The salt, or the one noted, or with a turned bit turned back: without it no page could be believed."""
    salt = sealed[1][:_SALT]
    other, page = next(((number, page) for number, page in sealed.items() if number > 1), (1, sealed[1]))
    for tried in (salt, noted, *(_turned(salt, bit) for bit in range(_SALT * 8))):
        if _is_sealed(page, other, _seal_key(key, tried)):
            return tried
    return salt


def _turned(salt: bytes, bit: int) -> bytes:
    return (int.from_bytes(salt, "big") ^ (1 << bit)).to_bytes(_SALT, "big")


def _seal_key(key: bytes, salt: bytes) -> bytes:
    return pbkdf2_hmac("sha512", key, bytes(byte ^ 0x3A for byte in salt), 2, 32)


def _is_sealed(page: bytes, number: int, seal: bytes) -> bool:
    said = page[_SALT if number == 1 else 0 : -_SEAL] + number.to_bytes(4, "little")
    return hmac.compare_digest(hmac.digest(seal, said, "sha512"), page[-_SEAL:])


def _opened(page: bytes, number: int, key: bytes, seal: bytes) -> bytes | None:
    if not _is_sealed(page, number, seal):
        return None
    start = _SALT if number == 1 else 0
    decryptor = Cipher(algorithms.AES(key), modes.CBC(page[USABLE : USABLE + _IV])).decryptor()
    return bytes(start) + decryptor.update(page[start:USABLE]) + decryptor.finalize()


def _logged(log: Path) -> dict[int, bytes]:
    """The newest version of each page in committed transactions of the log."""
    content = log.read_bytes() if log.exists() else b""
    salts, found, coming = content[16:24], dict[int, bytes](), dict[int, bytes]()
    for start in range(_LOG_HEADER, len(content) - _FRAME_HEADER - PAGE + 1, _FRAME_HEADER + PAGE):
        header, page = content[start : start + _FRAME_HEADER], content[start + _FRAME_HEADER :][:PAGE]
        if header[8:16] != salts:
            break
        coming[int.from_bytes(header[:4], "big")] = page
        if any(header[4:8]):  # the size of the file after it: a transaction ends here
            found |= coming
            coming = {}
    return found
