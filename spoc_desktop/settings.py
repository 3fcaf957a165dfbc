"""What this computer remembers between two starts: window, language, colours. Nothing secret, nobody's work.

Plain values by name in one JSON file. A file that cannot be read counts as empty: it is only comfort.
"""

import contextlib
import json
import os
import threading
from pathlib import Path

PLAIN = (str, int, float, bool, list, dict, type(None))


class Settings:
    """The values of one settings file; each change is written at once, whole or not at all."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._values = read_values(file)

    def get(self, name: str) -> object:
        """The value kept under a name, or None."""
        return self._values.get(name)

    def set(self, name: str, value: object) -> None:
        """Keep a plain value. TypeError for anything that JSON does not know."""
        if not isinstance(value, PLAIN):
            raise TypeError(f"{name} is no plain value")
        with self._lock:
            if self._values.get(name) == value:
                return
            self._values[name] = value
            with contextlib.suppress(OSError):  # a full disk must not stop somebody who moved a window
                write_values(self._file, self._values)


def read_values(file: Path) -> dict[str, object]:
    """The values of a JSON file, none when it is missing or is no such file."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_values(file: Path, values: dict[str, object]) -> None:
    """Write a JSON file whole: the old one stays until the new one is on the disk."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    with new.open("w", encoding="utf-8") as stream:
        json.dump(values, stream, ensure_ascii=False, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(file)
