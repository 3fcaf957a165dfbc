"""Files of a course folder as text: bounded, of the folder itself, in UTF-8. Whatever else lies there is a problem."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from spoc_desktop.interchange.problems import FileReport, ProblemKind, Report
from sync.content.clean import hidden_characters

MAX_FILE_BYTES = 128 * 1024
MAX_ENTRIES = 1_000
# Opening a pipe would wait for a writer for ever; a link is refused even when it appears after the look at the folder.
_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or a folder of the course folder; `name` is its path from there, with slashes."""

    path: Path
    name: str
    is_folder: bool


def entries(folder: Path, name: str, report: Report) -> list[Entry]:
    """What lies in a folder, by name, without hidden files; links and devices are problems and left out."""
    try:
        with os.scandir(folder) as listed:
            found = sorted((entry.name for entry, _ in zip(listed, range(MAX_ENTRIES + 1), strict=False)), key=str)
    except OSError as error:
        report.of(name).add(0, ProblemKind.UNREADABLE, error.strerror or "")
        return []
    if len(found) > MAX_ENTRIES:
        report.of(name).add(0, ProblemKind.TOO_MANY_FILES, expected=str(MAX_ENTRIES))
        return []
    prefix = f"{name}/" if name else ""
    shown = (each for each in found if not each.startswith("."))
    return list(_usable(folder, prefix, shown, report))


def _usable(folder: Path, prefix: str, names: Iterator[str], report: Report) -> Iterator[Entry]:
    for each in names:
        here = report.of(prefix + each)
        mode = (folder / each).lstat().st_mode
        if stat.S_ISLNK(mode):
            here.add(0, ProblemKind.LINKED_FILE)
        elif stat.S_ISDIR(mode) or stat.S_ISREG(mode):
            yield Entry(folder / each, prefix + each, stat.S_ISDIR(mode))
        else:
            here.add(0, ProblemKind.NOT_A_FILE)


def read_text(path: Path, here: FileReport) -> str | None:
    """The text of a file with plain newlines and without a byte order mark, or None after saying why."""
    raw = _read(path, here)
    if raw is None:
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        here.add(raw.count(b"\n", 0, error.start) + 1, ProblemKind.NOT_UTF8)
        return None
    text = text.replace("\r\n", "\n")
    hidden = hidden_characters(text)
    here.add_troubles(hidden)
    return None if hidden else text


def opened(path: Path) -> BinaryIO:
    """A file of the folder open for reading. OSError for a link, a pipe, a device, even one put in place just now."""
    file = open(os.open(path, _OPEN), "rb")  # noqa: PTH123, SIM115  # only a descriptor can refuse links
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise NotOrdinaryError(path)
    return file


class NotOrdinaryError(OSError):
    """A pipe, a socket or a device stands where a file was."""


def _read(path: Path, here: FileReport) -> bytes | None:
    try:
        with opened(path) as file:
            raw = file.read(MAX_FILE_BYTES + 1)
    except NotOrdinaryError:
        here.add(0, ProblemKind.NOT_A_FILE)
        return None
    except OSError as error:
        here.add(0, ProblemKind.UNREADABLE, error.strerror or "")
        return None
    if len(raw) > MAX_FILE_BYTES:
        here.add(0, ProblemKind.FILE_TOO_BIG, expected=str(MAX_FILE_BYTES // 1024))
        return None
    return raw
