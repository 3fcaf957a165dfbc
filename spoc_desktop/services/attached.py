"""Files that people attach: taken from this computer, kept encrypted, saved again or opened only when it is safe.

An attachment is never opened by itself, and a program, a shortcut or a document with macros only ever saved (attack
A15): what opens is what stands in a list of harmless kinds, whatever the rest of the name says.
"""

import mimetypes
import sys
import tempfile
from enum import Enum, auto
from functools import lru_cache
from pathlib import Path

from spoc_desktop.services.desk import Desk
from spoc_desktop.services.errors import FileUnreadable, NotHereYet
from spoc_desktop.storage.errors import FileTooLarge
from sync.domain.files import Attachment
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
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
"""Letters that turn the direction of writing: with them `exe.pdf` can be read where `fdp.exe` stands."""
_LONGEST = 150


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
    if any(letter in _TURNING for letter in name):
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


def plain_name(name: str) -> str:
    """A name to write on this computer: no path, no hidden file, nothing that turns its direction."""
    kept = "".join(letter for letter in name if letter.isprintable() and letter not in _TURNING)
    kept = kept.replace("/", "_").replace("\\", "_").replace(":", "_").strip(" .")
    stem, dot, kind = kept.rpartition(".")
    return f"{stem[:_LONGEST]}{dot}{kind[:20]}" if dot else kept[:_LONGEST] or "fichier"


def take(desk: Desk, path: Path) -> Attachment:
    """Keep a file of this computer. FileTooLarge, FileUnreadable (no file, or not to be read): nothing is kept."""
    try:
        if not path.is_file():
            raise FileUnreadable(path.name)
        if path.stat().st_size > MAX_FILE:
            raise FileTooLarge(path.name)
        content = path.read_bytes()
    except OSError as error:
        raise FileUnreadable(path.name) from error
    return desk.store.files.keep(content, plain_name(path.name), mimetypes.guess_type(path.name)[0] or "")


def save(desk: Desk, file: Attachment, target: Path) -> None:
    """Write a file where the person said. NotHereYet before its bytes have come; OSError."""
    content = desk.store.files.read(file.sha256)
    if content is None:
        raise NotHereYet
    target.write_bytes(content)
    _mark_as_foreign(target)


def copy_to_open(desk: Desk, file: Attachment) -> Path:
    """A copy in a folder that only this person reads, for the program that shows it; it goes when this program ends.

    ValueError for a file that may only be saved; NotHereYet before its bytes have come.
    """
    if danger_of(file.name) is not None:
        raise ValueError("a file of this kind is saved, never opened")
    place = Path(tempfile.mkdtemp(dir=_copies().name)) / plain_name(file.name)
    save(desk, file, place)
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
