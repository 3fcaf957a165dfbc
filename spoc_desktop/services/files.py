"""The files of a course on this laptop: pictures to show, documents to keep or to open after a click.

A file is decrypted into memory. It becomes a plain file only where the person asks for it: where they save it, or in a
private folder that goes at the end of the program when another program has to open it.
"""

import atexit
import shutil
import tempfile
from pathlib import Path, PurePath

from spoc_desktop.services.desk import Desk
from spoc_desktop.services.errors import NotHereYet
from sync.domain.files import Attachment

OPENED_BY_OTHERS = frozenset(
    f".{ending}"
    for ending in "pdf txt csv md odt ods odp docx xlsx pptx png jpg jpeg gif webp mp3 ogg opus wav mp4 webm".split()
)
"""Endings of documents that cannot start a program by themselves. Everything else is only saved (attack A15)."""


class CourseFiles:
    """The bytes that records name. `read` decrypts: call it in the database worker."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._opened: Path | None = None

    def read(self, sha256: bytes) -> bytes | None:
        """The bytes of a file, None before it has come."""
        return self._desk.store.files.read(sha256)

    def has(self, sha256: bytes) -> bool:
        """Whether a file is on this laptop."""
        return self._desk.store.files.has(sha256)

    def save(self, file: Attachment, place: Path) -> None:
        """Write a file where the person chose. NotHereYet; OSError when the disk will not take it."""
        content = self.read(file.sha256)
        if content is None:
            raise NotHereYet
        place.write_bytes(content)

    def lend(self, file: Attachment) -> Path:
        """A plain copy for another program to open, until this one ends. NotHereYet, or ValueError: save it instead."""
        if not may_open(file.name):
            raise ValueError("a file of this kind is never opened from a course")
        if self._opened is None:
            self._opened = Path(tempfile.mkdtemp(prefix="spoc-"))
            atexit.register(shutil.rmtree, self._opened, ignore_errors=True)
        folder = self._opened / file.sha256.hex()[:16]
        folder.mkdir(exist_ok=True)
        place = folder / safe_name(file.name)
        self.save(file, place)
        return place


def may_open(name: str) -> bool:
    """Whether a file may be handed to the program that the system has for it."""
    return PurePath(safe_name(name)).suffix.lower() in OPENED_BY_OTHERS


def safe_name(name: str) -> str:
    """A name to save under: no path, no direction marks that would hide the true ending, never empty."""
    bare = "".join(letter for letter in PurePath(name.replace("\\", "/")).name if letter.isprintable())
    return bare.strip(" .") or "document"
