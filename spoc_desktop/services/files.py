"""Files that records name: taken from this computer, kept encrypted, saved again or opened only when it is safe.

What is shown is decrypted into memory. A file becomes a plain file only where the person asks for it: where they save
it, or in a private folder that goes at the end of the program when another program has to open it. A program, a
shortcut or a document with macros is only ever saved (attack A15): what opens is what stands in a list of harmless
kinds, whatever the rest of the name says.
"""

import mimetypes
import sys
import tempfile
from enum import Enum, auto
from functools import lru_cache
from pathlib import Path, PurePath, PureWindowsPath

from spoc_desktop.services.desk import Desk
from spoc_desktop.services.errors import FileUnreadable, NotHereYet
from spoc_desktop.storage.errors import FileTooLarge
from sync.domain.files import TURNING, Attachment
from sync.protocol.limits import MAX_FILE

_OPENED = frozenset(
    (
        *("pdf", "txt", "md", "docx", "xlsx", "pptx", "odt", "ods", "odp"),
        *("png", "jpg", "jpeg", "gif", "webp", "bmp", "tif", "tiff"),
        *("mp3", "ogg", "opus", "wav", "flac", "m4a", "mp4", "webm", "mov", "mkv"),
    )
)
_MACROS = frozenset(
    (
        *("doc", "docm", "dot", "dotm", "xls", "xlsm", "xlt", "xltm", "xlsb", "xlam"),
        *("ppt", "pptm", "pps", "ppsm", "potm", "odb"),
    )
)
_FORBIDDEN = str.maketrans('<>:"|?*', "_______")
"""No disk of Windows takes them; behind a colon a second content could hide."""
_LONGEST = 150
_LONGEST_KIND = 20


class Danger(Enum):
    """Why a file is only saved, never opened from here."""

    PROGRAM = auto()
    """A program, a shortcut, a page with scripts, or a kind that is not known to be harmless."""
    MACROS = auto()
    """An office document that may carry programs."""
    DISGUISED = auto()
    """The name pretends another kind than the file has."""


def danger_of(name: str) -> Danger | None:
    """Why a file of this name may not be opened from here; None when it may."""
    if any(letter in TURNING for letter in name):
        return Danger.DISGUISED
    parts = [part.strip().lower() for part in name.rstrip(" .").split(".")]
    kind = parts[-1] if len(parts) > 1 else ""
    if kind in _OPENED:
        return None
    if kind in _MACROS:
        return Danger.MACROS
    if len(parts) > 2 and parts[-2] in _OPENED | _MACROS:
        return Danger.DISGUISED
    return Danger.PROGRAM


def may_open(name: str) -> bool:
    """Whether a file may be handed to the program that the system has for it."""
    return danger_of(name) is None


def safe_name(name: str) -> str:
    """A name to save under: no path, no hidden file, nothing that would hide the true ending, never empty."""
    bare = PurePath(name.replace("\\", "/")).name.translate(_FORBIDDEN)
    kept = "".join(letter for letter in bare if letter.isprintable() and letter not in TURNING).strip(" .")
    stem, dot, kind = kept.rpartition(".")
    cut = f"{_shortened(stem, _LONGEST)}{dot}{_shortened(kind, _LONGEST_KIND)}" if dot else _shortened(kept, _LONGEST)
    return (f"_{cut}" if PureWindowsPath(cut).is_reserved() else cut) or "document"


def _shortened(text: str, most: int) -> str:
    """At most so many letters, in a room that every disk has: in some scripts a letter takes three or four bytes."""
    return text[:most].encode()[: most + most // 4].decode(errors="ignore")


def take(desk: Desk, path: Path) -> Attachment:
    """Keep a file of this computer. FileTooLarge, FileUnreadable (no file, or not to be read): nothing is kept."""
    try:
        if not path.is_file():
            raise FileUnreadable(path.name)
        if path.stat().st_size > MAX_FILE:
            raise FileTooLarge(path.name)
        with path.open("rb") as source:
            return desk.store.files.keep_from(source, safe_name(path.name), mimetypes.guess_type(path.name)[0] or "")
    except OSError as error:
        raise FileUnreadable(path.name) from error


class CourseFiles:
    """The bytes that the records of a course name. `read` decrypts: call it in the database worker."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def read(self, sha256: bytes) -> bytes | None:
        """The bytes of a file that is shown or played, None before it has come, or when it is too large for that."""
        return self._desk.store.files.read(sha256)

    def has(self, sha256: bytes) -> bool:
        """Whether a file is on this laptop."""
        return self._desk.store.files.has(sha256)

    def save(self, file: Attachment, place: Path) -> None:
        """Write a file where the person chose. NotHereYet before its bytes have come; OSError."""
        if not self.has(file.sha256):
            raise NotHereYet
        try:
            with place.open("wb") as writing:
                for part in self._desk.store.files.parts(file.sha256):
                    writing.write(part)
        except FileNotFoundError as error:
            raise NotHereYet from error
        _mark_as_foreign(place)

    def lend(self, file: Attachment) -> Path:
        """A copy in a folder that only this person reads, for the program that shows it; it goes when this one ends.

        ValueError for a file that may only be saved; NotHereYet before its bytes have come.
        """
        if not may_open(file.name):
            raise ValueError("a file of this kind is saved, never opened")
        place = Path(tempfile.mkdtemp(dir=_copies().name)) / safe_name(file.name)
        self.save(file, place)
        place.chmod(0o400)
        return place


@lru_cache(maxsize=1)
def _copies() -> "tempfile.TemporaryDirectory[str]":
    """The private folder of the copies, removed when the program ends."""
    return tempfile.TemporaryDirectory(prefix="spoc-", ignore_cleanup_errors=True)


def _mark_as_foreign(place: Path) -> None:
    """Windows asks before it opens what came from elsewhere."""
    if sys.platform == "win32":
        place.with_name(f"{place.name}:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=3\n", encoding="ascii")
