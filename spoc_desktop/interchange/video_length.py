"""How long a video is, from its own header: MP4's `mvhd`, WebM's segment information. No frame is decoded."""

from __future__ import annotations

import struct
from typing import BinaryIO

_LARGEST_HEADER = 1024 * 1024
_MOST_BOXES = 200
_SEGMENT, _INFO, _SCALE, _DURATION = 0x18538067, 0x1549A966, 0x2AD7B1, 0x4489
_LONGEST = 24 * 3_600_000


def read_length(file: BinaryIO) -> int | None:
    """Milliseconds, or None when the header does not say. The file stands at its start and can be sought."""
    start = file.read(4)
    file.seek(0)
    try:
        length = _webm(file) if start == b"\x1a\x45\xdf\xa3" else _mp4(file)
    except (struct.error, IndexError, OverflowError, ValueError):
        return None
    return length if length is not None and 0 < length <= _LONGEST else None


def _mp4(file: BinaryIO) -> int | None:
    end: int | None = None
    for _ in range(_MOST_BOXES):
        place = file.tell()
        if end is not None and place >= end:
            return None
        size, kind = struct.unpack(">I4s", file.read(8))
        header = 8
        if size == 1:
            size, header = struct.unpack(">Q", file.read(8))[0], 16
        if kind == b"moov":
            end = place + size
            continue
        if kind == b"mvhd":
            return _mvhd(file.read(32))
        if size < header:
            return None
        file.seek(place + size)
    return None


def _mvhd(body: bytes) -> int | None:
    if body[0] == 1:
        scale, duration = struct.unpack_from(">IQ", body, 20)
    else:
        scale, duration = struct.unpack_from(">II", body, 12)
    return round(duration * 1000 / scale) if scale else None


def _webm(file: BinaryIO) -> int | None:
    for _ in range(_MOST_BOXES):
        identity = _number(file, keep_mark=True)
        size = _number(file, keep_mark=False)
        if identity == _SEGMENT:
            continue
        if identity == _INFO:
            return _info(file.read(min(size, _LARGEST_HEADER)))
        file.seek(size, 1)
    return None


def _info(body: bytes) -> int | None:
    scale, duration, place = 1_000_000, 0.0, 0
    while place < len(body):
        identity, place = _number_in(body, place, keep_mark=True)
        size, place = _number_in(body, place, keep_mark=False)
        value = body[place : place + size]
        if identity == _SCALE:
            scale = int.from_bytes(value, "big")
        elif identity == _DURATION:
            duration = struct.unpack(">f" if size == 4 else ">d", value)[0]
        place += size
    return round(duration * scale / 1_000_000)


def _number(file: BinaryIO, *, keep_mark: bool) -> int:
    first = file.read(1)
    rest = file.read(_width(first[0]) - 1)
    return _number_in(first + rest, 0, keep_mark=keep_mark)[0]


def _number_in(raw: bytes, place: int, *, keep_mark: bool) -> tuple[int, int]:
    """A number of EBML: the leading zeros of its first byte say in how many bytes it stands."""
    width = _width(raw[place])
    value = int.from_bytes(raw[place : place + width], "big")
    return value if keep_mark else value & ((1 << 7 * width) - 1), place + width


def _width(first: int) -> int:
    width = 9 - first.bit_length()
    if width > 8:
        raise ValueError
    return width
