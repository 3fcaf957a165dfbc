"""What a picture is, from its first bytes alone: nothing is decoded before its size is known (attack A16)."""

from __future__ import annotations

import struct
from typing import NamedTuple

MAX_SIDE = 12_000
MAX_PIXELS = 40_000_000
"""A picture of this size takes 160 MB decoded; a photograph of 24 million points passes."""


class Picture(NamedTuple):
    """The media type, the size in points, and whether it moves."""

    type: str
    width: int
    height: int
    moves: bool = False

    @property
    def too_large(self) -> bool:
        """Whether decoding it would take more memory than a laptop should give."""
        return max(self.width, self.height) > MAX_SIDE or self.width * self.height > MAX_PIXELS


def read_picture(raw: bytes) -> Picture | None:
    """What the bytes of a PNG, JPEG, GIF or WebP file say of themselves; None for anything else or a broken one."""
    try:
        for start, reader in _READERS.items():
            if raw.startswith(start):
                return reader(raw)
    except (struct.error, IndexError):
        return None
    return None


def _png(raw: bytes) -> Picture | None:
    length, kind, width, height = struct.unpack_from(">I4sII", raw, 8)
    if kind != b"IHDR" or length != 13:
        return None
    return Picture("image/png", width, height, b"acTL" in raw[33:200])


def _jpeg(raw: bytes) -> Picture | None:
    place = 2
    while place + 4 <= len(raw):
        if raw[place] != 0xFF:
            return None
        marker = raw[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack_from(">HH", raw, place + 5)
            return Picture("image/jpeg", width, height)
        place += 2 + struct.unpack_from(">H", raw, place + 2)[0]
    return None


def _gif(raw: bytes) -> Picture | None:
    width, height, flags = struct.unpack_from("<HHB", raw, 6)
    place = 13 + _table(flags)
    frames = 0
    while frames < 2:
        sign = raw[place]
        if sign == 0x3B:
            break
        if sign == 0x2C:
            frames += 1
            inner = struct.unpack_from("<HH", raw, place + 5)
            width, height = max(width, inner[0]), max(height, inner[1])
            place = _after_parts(raw, place + 11 + _table(raw[place + 9]))
        elif sign == 0x21:
            place = _after_parts(raw, place + 2)
        else:
            return None
    return Picture("image/gif", width, height, frames > 1)


def _table(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_parts(raw: bytes, place: int) -> int:
    while raw[place]:
        place += raw[place] + 1
    return place + 1


def _webp(raw: bytes) -> Picture | None:
    kind = raw[12:16]
    if raw[8:12] != b"WEBP":
        return None
    if kind == b"VP8X":
        width, height = (int.from_bytes(raw[at : at + 3], "little") + 1 for at in (24, 27))
        return Picture("image/webp", width, height, bool(raw[20] & 2))
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", raw, 21)[0]
        return Picture("image/webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", raw, 26)
        return Picture("image/webp", width & 0x3FFF, height & 0x3FFF)
    return None


_READERS = {
    b"\x89PNG\r\n\x1a\n": _png,
    b"\xff\xd8\xff": _jpeg,
    b"GIF87a": _gif,
    b"GIF89a": _gif,
    b"RIFF": _webp,
}
