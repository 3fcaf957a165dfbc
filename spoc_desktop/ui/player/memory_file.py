"""Bytes in memory that Qt reads as a file, under an address of the scheme "qrc".

A QIODevice made in Python would not do: the player reads from a thread of its own, each of its first calls would need
Python's lock, and the window, which holds it while it waits for that thread to stop, would stand still for ever.
"""

from __future__ import annotations

from itertools import count

from PySide6.QtCore import QUrl, qRegisterResourceData, qUnregisterResourceData

_VERSION = 1
_FOLDER = 2
_numbers = count(1)


class MemoryFile:
    """Alive until `close`. The bytes are held once more in the form of Qt's resources."""

    def __init__(self, content: bytes) -> None:
        self.name = f"film{next(_numbers)}"
        self._parts = (_tree(), _name(self.name), _number(len(content)) + content)
        qRegisterResourceData(_VERSION, *self._parts)

    @property
    def url(self) -> QUrl:
        """Where Qt finds it."""
        return QUrl(f"qrc:/{self.name}")

    def close(self) -> None:
        """Let go of the bytes; whoever reads them has to have stopped."""
        qUnregisterResourceData(_VERSION, *self._parts)


def _number(value: int, octets: int = 4) -> bytes:
    return value.to_bytes(octets, "big")


def _tree() -> bytes:
    """A root folder with one file: name, flags, children and first child; name, flags, country, language, data."""
    root = _number(0) + _number(_FOLDER, 2) + _number(1) + _number(1)
    return root + _number(0) + _number(0, 2) + _number(0, 2) + _number(1, 2) + _number(0)


def _name(name: str) -> bytes:
    """Length, hash and letters as Qt's resource compiler writes them."""
    found = 0
    for letter in name:
        found = (found << 4) + ord(letter)
        found ^= (found & 0xF0000000) >> 23
        found &= 0x0FFFFFFF
    return _number(len(name), 2) + _number(found) + name.encode("utf-16-be")
