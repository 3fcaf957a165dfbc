"""A course folder as one .zip, read without ever extracting it (attacks A21 to A23).

What it holds is counted while it is read, and kept aside under numbers: no name of the package reaches the disk.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from spoc_desktop.interchange.course_folder import COURSE_FILE, Refused, Understood, read_folder, read_source
from spoc_desktop.interchange.folder_files import Entry, opened
from spoc_desktop.interchange.media import TYPES
from spoc_desktop.interchange.package_directory import Damaged, check_end, check_entries
from spoc_desktop.interchange.problems import ProblemKind, Report
from spoc_desktop.interchange.sniffing import HEAD_BYTES, is_risky, kind_of, package_kind
from sync.protocol.limits import MAX_IN_MEMORY, MAX_PACKAGE

_ENDINGS = ("md", *TYPES)
_PIECE = 256 * 1024


def read_course(path: Path, aside: Path) -> Understood | Refused:
    """Read a course folder, or a .zip of one; `aside`: an empty private folder that outlives the answer's files.

    Never raises for what the course holds: every problem is named.
    """
    if path.is_dir():
        return read_folder(path)
    report = Report()
    try:
        source = _unpacked(path, aside)
    except Damaged as error:
        report.of(_shown(error.name)).add(0, error.kind, error.detail)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError):
        report.of("").add(0, ProblemKind.PACKAGE_DAMAGED)
    except OSError as error:
        report.of("").add(0, ProblemKind.UNREADABLE, error.strerror or "")
    else:
        return read_source(source, report)
    return Refused(report.problems(), ())


def _unpacked(path: Path, aside: Path) -> PackageSource:
    with opened(path) as file:
        head = file.read(HEAD_BYTES)
        if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            raise _no_package(kind_of(head))
        check_end(file)
        with ZipFile(file) as package:
            found = package.infolist()
            check_entries(found, package.start_dir)
            other = package_kind(info.filename for info in found)
            if other:
                raise Damaged(ProblemKind.PACKAGE_LATER, detail=other)
            return PackageSource(_kept(package, found, aside))


def _no_package(kind: str) -> Damaged:
    if is_risky(kind):
        return Damaged(ProblemKind.PACKAGE_NEVER, detail=kind)
    return Damaged(ProblemKind.PACKAGE_LATER if kind else ProblemKind.NOT_A_PACKAGE, detail=kind)


def _kept(package: ZipFile, found: list[ZipInfo], aside: Path) -> dict[str, Path]:
    """The bytes of every entry that a course may hold, under a number, by its name below the course's own folder."""
    names = [info.filename for info in found if not info.is_dir() and not info.filename.startswith("__MACOSX/")]
    above = _folder_above(names)
    kept: dict[str, Path] = {}
    left = MAX_PACKAGE
    for number, info in enumerate(found):
        name = info.filename.removeprefix(above)
        if info.filename not in names or name.startswith("."):
            continue
        target = aside / str(number)
        if name.rpartition(".")[2].lower() in _ENDINGS:
            left -= _copy(package, info, target, min(left, MAX_IN_MEMORY))
        else:
            target.touch()  # named in the report, never read: what lies in it is not opened either
        kept[name] = target
    return kept


def _folder_above(names: list[str]) -> str:
    """The folder that holds the course, where the whole package is one: "phishing/"."""
    if COURSE_FILE in names:
        return ""
    tops = {name.partition("/")[0] for name in names}
    top = next(iter(tops)) + "/" if len(tops) == 1 else ""
    return top if f"{top}{COURSE_FILE}" in names else ""


def _copy(package: ZipFile, info: ZipInfo, target: Path, most: int) -> int:
    """Copy an entry, counting what comes out: what the directory says of its size is a claim."""
    size = 0
    with package.open(info) as packed, target.open("xb") as file:
        while piece := packed.read(_PIECE):
            size += len(piece)
            if size > most:
                raise Damaged(ProblemKind.PACKAGE_TOO_BIG, info.filename, str(most // (1024 * 1024)))
            file.write(piece)
    if size != info.file_size:
        raise Damaged(ProblemKind.PACKAGE_DAMAGED, info.filename)
    return size


def _shown(name: str) -> str:
    """A hostile name as it may stand in a report: on one line, without a sign that nobody sees."""
    return "".join(letter if letter.isprintable() else "�" for letter in name)[:100]


@dataclass(frozen=True, slots=True)
class PackageSource:
    """What lies in a package, by name; the bytes are in files that its names did not choose."""

    files: dict[str, Path] = field(default_factory=dict)

    def entries(self, name: str, report: Report) -> list[Entry]:  # a folder on the disk has troubles
        """What lies in one of its folders, by name, without hidden files."""
        prefix = f"{name}/" if name else ""
        found: dict[str, Entry] = {}
        for path, kept in self.files.items():
            if not path.startswith(prefix):
                continue
            own, slash, _ = path[len(prefix) :].partition("/")
            if not own.startswith("."):
                found.setdefault(own, Entry(kept, prefix + own, bool(slash)))
        return [found[own] for own in sorted(found)]
