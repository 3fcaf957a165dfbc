"""One line a request, for IT and for tests: when, what, which device, how much. No person, no body, no address."""

import threading
from collections.abc import Callable
from pathlib import Path

import msgspec


class Line(msgspec.Struct, frozen=True):
    """A request: `at` in milliseconds since 1970, `up` and `down` in bytes of body, `ms` the time it took.

    `request`: its id, which the server's log and a reply that failed name, too.
    """

    at: int
    method: str
    path: str
    status: int
    device: str
    up: int
    down: int
    ms: float
    request: str = ""


def _nobody(_line: Line) -> None:
    """Who listens when nobody does."""


class RequestLog:
    """Appends lines of JSON to a file; without a file it keeps nothing. `heard` is called with each line."""

    def __init__(self, path: Path | None) -> None:
        self.heard: Callable[[Line], None] = _nobody
        self._lock = threading.Lock()
        self._file = None if path is None else path.open("ab", buffering=0)

    def write(self, line: Line) -> None:
        """Add a line."""
        self.heard(line)
        if self._file is not None:
            with self._lock:
                self._file.write(msgspec.json.encode(line) + b"\n")

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
