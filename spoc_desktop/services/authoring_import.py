"""A course from files in steps that a window shows: read it, compare it with the draft, keep its files, save it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from spoc_desktop.interchange.copying import as_copy
from spoc_desktop.interchange.course_folder import CourseText, Refused, Understood
from spoc_desktop.interchange.package import read_course
from spoc_desktop.services.authoring import Authoring, Written
from spoc_desktop.services.authoring_changes import Differences, between
from spoc_desktop.services.desk import Desk
from sync.domain.files import Attachment, attachments_in

Told = Callable[[int, int], bool]
"""Told how far it is, in bytes and of how many; False stops it."""


class Stopped(Exception):  # it is no error: the person asked for it
    """The person stopped an import: no record was written."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A course as it would come in: under its own id, or as another course of the person. `differences`: against it."""

    text: CourseText
    differences: Differences
    is_copy: bool


class CourseImport:
    """`read` and `keep_files` take time and work on files; `compare` and `save` work on the store."""

    def __init__(self, desk: Desk, authoring: Authoring) -> None:
        self._desk = desk
        self._authoring = authoring

    @staticmethod
    def read(path: Path, aside: Path) -> Understood | Refused:
        """Read a folder or a .zip; `aside`: an empty private folder that outlives what is returned."""
        return read_course(path, aside)

    def compare(self, text: CourseText, into: bytes) -> Compared:
        """What the course would change in the course `into`, as a copy where its own id is another."""
        is_copy = text.course_id != into
        coming = as_copy(text, into) if is_copy else text
        standing = self._authoring.text(into)
        differences = between(standing.drafts if standing is not None else None, coming.drafts)
        return Compared(coming, differences, is_copy)

    def save(self, text: CourseText, told: Told) -> Written:
        """Keep the files one by one, then write all drafts in one transaction.

        Stopped: some files may be here, no record is. What `Authoring.write` raises.
        """
        files = self._missing(text)
        whole, done = sum(file.size for file in files), 0
        for file in files:
            if not told(done, whole):
                raise Stopped
            self._authoring.keep_file(text, file)
            done += file.size
        if not told(done, whole):
            raise Stopped
        return self._authoring.write(text)

    def _missing(self, text: CourseText) -> list[Attachment]:
        bodies = (text.course, *text.lessons.values(), *text.quizzes.values(), *text.exercises.values())
        files = {file.sha256: file for file in attachments_in(bodies) if file.sha256 in text.files}
        return [file for sha256, file in files.items() if not self._desk.store.files.has(sha256)]
