"""Plain values that a person would not miss for long: the window's place, who signed in here, the last sync.

One JSON file each, replaced whole or not at all. A file that cannot be read counts as empty.
"""

import contextlib
import json
import os
import threading
from pathlib import Path


class KeptValues:
    """Values by name in one file; each change is written at once."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._values = read_values(file)

    def get(self, name: str) -> object:
        """The value kept under a name, or None."""
        return self._values.get(name)

    def set(self, name: str, value: object) -> None:
        """Keep a value that JSON knows."""
        with self._lock:
            if self._values.get(name) == value:
                return
            self._values[name] = value
            with contextlib.suppress(OSError):  # a full disk must not stop somebody who moved a window
                write_values(self._file, self._values)


def read_values(file: Path) -> dict[str, object]:
    """The values of a file, none when it is missing or damaged."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_values(file: Path, values: dict[str, object]) -> None:
    """Write a file whole: the old one stays until the new one is on the disk."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.new")
    with fresh.open("w", encoding="utf-8") as stream:
        json.dump(values, stream, ensure_ascii=False, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)
