"""Where the files of a course are read from: a folder on the disk, or a package whose files lie aside under numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from spoc_desktop.interchange.folder_files import Entry, entries
from spoc_desktop.interchange.problems import Report


class Source(Protocol):
    """What lies in a course, folder by folder."""

    def entries(self, name: str, report: Report) -> list[Entry]:
        """What lies in one of its folders ("" is the course itself), by name, without hidden files."""
        ...


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A course folder on the disk."""

    root: Path

    def entries(self, name: str, report: Report) -> list[Entry]:
        """What lies in a folder now; links, devices and what cannot be read are reported."""
        return entries(self.root / name, name, report)
