"""Power cuts: what a store writes is recorded below the encryption, and disks are made as a cut leaves them.

A write that was not synced before the cut is there, or not, or torn at a sector; one that was synced is there.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import apsw

from spoc_desktop.storage.engine import PRAGMAS

SECTOR = 512
_NAME = "spoc-recorder"


class Written(NamedTuple):
    """Bytes written to a file at a place."""

    file: str
    at: int
    content: bytes


class Truncated(NamedTuple):
    """A file cut to a size."""

    file: str
    size: int


class Synced(NamedTuple):
    """All that was written to a file is on the disk."""

    file: str


class Acknowledged(NamedTuple):
    """The person was told that so much was saved."""

    number: int


Event = Written | Truncated | Synced | Acknowledged


class _File(apsw.VFSFile):
    def __init__(self, name: Any, flags: list[int], log: list[Event]) -> None:
        self._file = Path(name.filename() if isinstance(name, apsw.URIFilename) else str(name)).name
        self._log = log
        super().__init__("unix", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's names
        super().xWrite(data, offset)
        self._log.append(Written(self._file, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        super().xTruncate(newsize)
        self._log.append(Truncated(self._file, newsize))

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self._log.append(Synced(self._file))


class _Recorder(apsw.VFS):
    def __init__(self, log: list[Event]) -> None:
        self._log = log
        super().__init__(_NAME, "unix")

    def xOpen(self, name: Any, flags: list[int]) -> _File:  # noqa: N802
        return _File(name, flags, self._log)


def recorded(path: Path, key: bytes, statements: list[str | int]) -> list[Event]:
    """Run statements on a store as its writer does; what reached the disk. A number: that much was acknowledged."""
    log: list[Event] = []
    recorder = _Recorder(log)
    connection = apsw.Connection(str(path), vfs=f"multipleciphers-{_NAME}")
    try:
        for pragma in ("cipher = 'sqlcipher'", "legacy = 4", f"key = \"x'{key.hex()}'\"", *PRAGMAS):
            connection.execute(f"PRAGMA {pragma}")
        for statement in statements:
            if isinstance(statement, int):
                log.append(Acknowledged(statement))
            else:
                connection.execute(statement).fetchall()
        taken = list(log)
    finally:
        connection.close()
        recorder.unregister()
    return taken


@dataclass
class Disk:
    """The files of a store as the disk has them, and what is on its way to it."""

    files: dict[str, bytearray]
    coming: dict[str, list[Written | Truncated]] = field(default_factory=dict)
    acknowledged: int = 0

    def take(self, event: Event) -> None:
        """One event more before the cut."""
        match event:
            case Acknowledged(number):
                self.acknowledged = number
            case Synced(file):
                for change in self.coming.pop(file, []):
                    self._do(change)
            case _:
                self.coming.setdefault(event.file, []).append(event)

    def cut(self, chance: random.Random) -> dict[str, bytes]:
        """The power goes: each write on its way is there, lost, or torn."""
        for changes in self.coming.values():
            for change in changes:
                match chance.randrange(3), change:
                    case 0, _:
                        continue
                    case 1, Written(file, at, content):
                        self._tear(file, at, content, chance)
                    case _:
                        self._do(change)
        return {name: bytes(content) for name, content in self.files.items()}

    def _do(self, change: Written | Truncated) -> None:
        content = self.files.setdefault(change.file, bytearray())
        if isinstance(change, Truncated):
            del content[change.size :]
            return
        if len(content) < change.at:
            content.extend(bytes(change.at - len(content)))
        content[change.at : change.at + len(change.content)] = change.content

    def _tear(self, file: str, at: int, content: bytes, chance: random.Random) -> None:
        """Some of the sectors of a write."""
        place, end = at, at + len(content)
        while place < end:
            stop = min(end, (place // SECTOR + 1) * SECTOR)
            if chance.random() < 0.5:
                self._do(Written(file, place, content[place - at : stop - at]))
            place = stop
