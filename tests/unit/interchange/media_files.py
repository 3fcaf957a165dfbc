"""Small real files for a course: each made here, none a copy of anything."""

from __future__ import annotations

import struct
import zlib

VTT = b"WEBVTT\n\n00:00.000 --> 00:02.000\nBonjour.\n"
PDF = b"%PDF-1.4\n%%EOF\n"
DOCX = b"PK\x03\x04" + bytes(26)


def png(width: int = 2, height: int = 2, *, shade: int = 0) -> bytes:
    """A grey picture; a size of more than a few points has no pixels behind it."""
    rows = b"".join(b"\x00" + bytes([shade]) * width for _ in range(height)) if width * height < 10_000 else b""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def gif(frames: int = 1, width: int = 2, height: int = 2) -> bytes:
    """A picture that moves when it has more than one frame."""
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x4c\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0, 0, 0) + frame * frames + b"\x3b"


def mp4(milliseconds: int = 125_000) -> bytes:
    """The boxes that say how long a video is, without a picture in it."""
    mvhd = _box(b"mvhd", bytes(12) + struct.pack(">II", 1000, milliseconds) + bytes(80))
    return _box(b"ftyp", b"isom\x00\x00\x02\x00isom") + _box(b"free", bytes(10)) + _box(b"moov", mvhd)


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def webm(milliseconds: int = 125_000) -> bytes:
    """The elements that say how long a video is."""
    duration = _element(b"\x44\x89", struct.pack(">d", float(milliseconds)))
    info = _element(b"\x15\x49\xa9\x66", _element(b"\x2a\xd7\xb1", (1_000_000).to_bytes(3, "big")) + duration)
    return _element(b"\x1a\x45\xdf\xa3", bytes(8)) + _element(b"\x18\x53\x80\x67", info)


def _element(identity: bytes, body: bytes) -> bytes:
    return identity + (0x4000 | len(body)).to_bytes(2, "big") + body


def files_of_the_guide() -> dict[str, bytes]:
    """The files that the examples of the guides name."""
    return {
        "media/faux-courriel.png": png(),
        "media/forged-mail.png": png(),
        "media/fiche-reflexe.pdf": PDF,
        "media/first-steps.pdf": PDF,
        "media/modele-de-fiche.docx": DOCX,
        "media/template.docx": DOCX,
        "media/l-appel.mp4": mp4(),
        "media/the-call.mp4": mp4(),
        "media/l-appel.fr.vtt": VTT,
        "media/the-call.en.vtt": VTT,
    }
