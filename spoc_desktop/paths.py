"""Where this program keeps its files on this computer: one folder for people's stores, one for settings.

May import platformdirs and the standard library only.
"""

from dataclasses import dataclass
from pathlib import Path

import platformdirs

APPLICATION = "spoc-desktop"


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of one computer account. Only its owner may read them (0700)."""

    data: Path
    settings: Path

    @property
    def settings_file(self) -> Path:
        """Window, language and colours of this computer."""
        return self.settings / "settings.json"

    @property
    def people_file(self) -> Path:
        """Who has signed in here, and to which server; nothing secret."""
        return self.data / "people.json"

    def of_person(self, server: bytes, person: bytes) -> Path:
        """The folder of one person's store; each person of a shared computer has their own."""
        return self.data / "people" / server.hex() / person.hex()

    def make(self) -> "Paths":
        """Create the folders where they are missing."""
        for folder in (self.data, self.settings):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self


def usual() -> Paths:
    """The folders that the system gives a program of this name."""
    return Paths(
        data=platformdirs.user_data_path(APPLICATION, appauthor=False),
        settings=platformdirs.user_config_path(APPLICATION, appauthor=False),
    )


def inside(home: Path) -> Paths:
    """All folders inside one, for a demonstration or a second identity on one computer account."""
    return Paths(data=home / "data", settings=home / "settings")
