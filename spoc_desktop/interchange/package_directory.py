"""The directory at the end of a zip, looked at before the standard library builds anything from it (attacks A22, A23).

`zipfile` makes an object for each entry that the directory claims: a million of them is the bomb. So its size and its
place are read here first, and everything that a course never needs (a second disk, ZIP64, bytes before or behind) is
refused.
"""

from __future__ import annotations

import os
import stat
import struct
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

from spoc_desktop.interchange.package_names import is_plain, same
from spoc_desktop.interchange.problems import ProblemKind
from sync.protocol.limits import MAX_PACKAGE, MAX_PACKAGE_ENTRIES, MAX_PACKAGE_RATIO

_END = struct.Struct("<4s4H2LH")
_ZIP64_LOCATOR = 20
_LOCAL_HEADER, _DIRECTORY_ENTRY = 30, 46
_LONGEST_COMMENT = 0xFFFF
_MAX_DIRECTORY = MAX_PACKAGE_ENTRIES * (_DIRECTORY_ENTRY + 512)
_SMALL = 1024 * 1024
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_UTF8 = 0x800
_UNIX_EXTRAS = {0x000D, 0x756E}


class Damaged(Exception):
    """The package is no whole zip, or not one that a course needs. `kind` says which sentence fits."""

    def __init__(self, kind: ProblemKind, name: str = "", detail: str = "") -> None:
        super().__init__(kind.value, name, detail)
        self.kind = kind
        self.name = name
        self.detail = detail


def check_end(file: BinaryIO) -> None:
    """Look at the end of a zip: one directory of bearable size, right before its end record. Raises Damaged."""
    size = file.seek(0, os.SEEK_END)
    if size > MAX_PACKAGE:
        raise Damaged(ProblemKind.PACKAGE_TOO_BIG, detail=str(MAX_PACKAGE // (1024 * 1024)))
    start = max(0, size - _END.size - _LONGEST_COMMENT)
    file.seek(start)
    tail = file.read()
    # As `zipfile` looks for it: at the very end, else the last one in sight.
    place = len(tail) - _END.size
    if place < 0 or not tail.startswith(b"PK\x05\x06", place) or tail[-2:] != b"\x00\x00":
        place = tail.rfind(b"PK\x05\x06")
    if place < 0 or place + _END.size > len(tail):
        raise Damaged(ProblemKind.PACKAGE_DAMAGED)
    _, disk, first_disk, here, count, length, offset, comment = _END.unpack_from(tail, place)
    if count > MAX_PACKAGE_ENTRIES or length > _MAX_DIRECTORY:
        raise Damaged(ProblemKind.PACKAGE_ENTRIES, detail=str(MAX_PACKAGE_ENTRIES))
    whole = offset + length == start + place and place + _END.size + comment == len(tail)
    zip64 = tail.startswith(b"PK\x06\x07", place - _ZIP64_LOCATOR) if place >= _ZIP64_LOCATOR else False
    if disk or first_disk or here != count or zip64 or not whole:
        raise Damaged(ProblemKind.PACKAGE_DAMAGED)
    file.seek(0)


def check_entries(found: list[ZipInfo], directory: int) -> None:
    """Look at every entry before one is read; `directory` is where the entries end. Raises Damaged for the first."""
    if len(found) > MAX_PACKAGE_ENTRIES:
        raise Damaged(ProblemKind.PACKAGE_ENTRIES, detail=str(MAX_PACKAGE_ENTRIES))
    names: set[str] = set()
    for info in found:
        _check_entry(info)
        if same(info.filename) in names:
            raise Damaged(ProblemKind.PACKAGE_TWICE, info.filename)
        names.add(same(info.filename))
    if sum(info.file_size for info in found) > MAX_PACKAGE:
        raise Damaged(ProblemKind.PACKAGE_TOO_BIG, detail=str(MAX_PACKAGE // (1024 * 1024)))
    _check_places(found, directory)


def _check_entry(info: ZipInfo) -> None:
    # The library cuts a name at a NUL and turns separators round: what stands in the file is `orig_filename`.
    if not is_plain(info.orig_filename) or info.filename != info.orig_filename:
        raise Damaged(ProblemKind.PACKAGE_NAME, info.orig_filename)
    if info.flag_bits & _ENCRYPTED:
        raise Damaged(ProblemKind.PACKAGE_ENCRYPTED, info.filename)
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR} or _UNIX_EXTRAS & _extras(info):
        raise Damaged(ProblemKind.PACKAGE_LINK, info.filename)
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED} or (info.is_dir() and info.file_size):
        raise Damaged(ProblemKind.PACKAGE_DAMAGED, info.filename)
    if info.file_size > max(_SMALL, info.compress_size * MAX_PACKAGE_RATIO):
        raise Damaged(ProblemKind.PACKAGE_RATIO, info.filename)


def _extras(info: ZipInfo) -> set[int]:
    """The kinds of the extra fields: two of them can make an entry a link whatever its mode says."""
    kinds, place = set(), 0
    while place + 4 <= len(info.extra):
        kind, length = struct.unpack_from("<HH", info.extra, place)
        kinds.add(kind)
        place += 4 + length
    return kinds


def _check_places(found: list[ZipInfo], directory: int) -> None:
    """Entries that share bytes let a small package unpack to a huge one."""
    end = 0
    for info in sorted(found, key=lambda each: each.header_offset):
        if info.header_offset < end:
            raise Damaged(ProblemKind.PACKAGE_OVERLAP, info.filename)
        end = info.header_offset + _LOCAL_HEADER + _length_of_name(info) + info.compress_size
    if end > directory:
        raise Damaged(ProblemKind.PACKAGE_OVERLAP)


def _length_of_name(info: ZipInfo) -> int:
    return len(info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437"))
