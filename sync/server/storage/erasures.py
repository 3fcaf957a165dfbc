"""The list of who was erased, in a file of its own beside the secrets (rule 13): ids and times, nothing else.

It is not in the database and so in no backup: whatever is restored, what was erased is erased again.
"""

import os
from pathlib import Path
from secrets import token_hex

import msgspec

from sync.server.lock import one_at_a_time
from sync.server.storage.depot import sync_folder

ERASURES = "erased.json"
_LOCK = "erased.lock"
"""A file of its own: the list is replaced whole, and a lock stays with the file that it was taken on."""


class Erasures(msgspec.Struct, frozen=True, kw_only=True):
    """`erased`: ids in hexadecimal, each with when. `scrubbed`: since when no file of the database holds remains."""

    erased: dict[str, int] = {}
    scrubbed: int = 0

    @property
    def people(self) -> tuple[bytes, ...]:
        """Their ids."""
        return tuple(bytes.fromhex(each) for each in self.erased)

    @property
    def is_clean(self) -> bool:
        """Whether nothing of them is left in the files of the database."""
        return max(self.erased.values(), default=0) < self.scrubbed or not self.erased


def read(data: Path) -> Erasures:
    """The list of a server's folder."""
    try:
        return msgspec.json.decode((data / ERASURES).read_bytes(), type=Erasures)
    except FileNotFoundError:
        return Erasures()


def note(data: Path, person: bytes, now: int) -> None:
    """Add somebody; on the disk before anything of theirs is touched, so that an erasure that is cut short goes on."""
    with one_at_a_time(data / _LOCK):
        found = read(data)
        _write(data, msgspec.structs.replace(found, erased=found.erased | {person.hex(): now}))


def note_scrubbed(data: Path, now: int) -> None:
    """Remember that the files of the database were written anew after `now`'s erasures."""
    with one_at_a_time(data / _LOCK):
        _write(data, msgspec.structs.replace(read(data), scrubbed=now + 1))


def _write(data: Path, erasures: Erasures) -> None:
    passing = data / f"{ERASURES}.{token_hex(8)}"
    handle = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.encode(erasures))
        file.flush()
        os.fsync(file.fileno())
    passing.replace(data / ERASURES)
    sync_folder(data)
