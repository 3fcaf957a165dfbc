"""Packages made for a test: the good course as a zip, and ways to spoil it byte by byte."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

from spoc_desktop.interchange.course_folder import Refused, Understood
from spoc_desktop.interchange.package import read_course
from tests.unit.interchange.course_files import GOOD

END = 22


def packed(files: Mapping[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these files, in this order."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", method) as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name), content, method)
    return raw.getvalue()


def good(**more: str | bytes) -> bytes:
    """The good course, with more files."""
    return packed({**GOOD, **more})


def with_entry(info: zipfile.ZipInfo, content: bytes = b"x") -> bytes:
    """The good course and one entry more, as its header says."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in GOOD.items():
            package.writestr(name, text)
        package.writestr(info, content)
    return raw.getvalue()


def renamed(raw: bytes, before: str, after: bytes) -> bytes:
    """A name changed in both headers to one of the same length."""
    assert len(before) == len(after)
    assert raw.count(before.encode()) == 2
    return raw.replace(before.encode(), after)


def directory_entry(raw: bytes, name: str) -> int:
    """Where the entry of a name begins in the directory at the end."""
    return raw.rindex(name.encode()) - 46


def patched(raw: bytes, at: int, form: str, value: int) -> bytes:
    """The same bytes with a number written over those at a place."""
    piece = struct.pack(form, value)
    return raw[:at] + piece + raw[at + len(piece) :]


def read(raw: bytes, folder: Path) -> Understood | Refused:
    """Read a package as the program does, with a canary beside the place where its files are kept aside."""
    path, aside = folder / "cours.zip", folder / "aside"
    path.write_bytes(raw)
    aside.mkdir(exist_ok=True)
    return read_course(path, aside)


def kinds(result: Understood | Refused) -> set[str]:
    """The kinds of all that stops."""
    return {problem.kind.value for problem in result.problems} if isinstance(result, Refused) else set()
