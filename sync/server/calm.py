"""What can wait lets pushes pass: two kinds of work in one process take each other's time."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_QUIET_S = 0.1
"""Nobody pushed for so long: between two requests of one laptop lies less."""
_AT_MOST_S = 2.0


class Calm:
    """Who pushes says so; who can wait does, for two seconds at most: a server that is never calm goes on, too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._busy = 0
        self._ended = 0.0

    @contextmanager
    def disturbed(self) -> Iterator[None]:
        """A push is under way."""
        with self._lock:
            self._busy += 1
        try:
            yield
        finally:
            with self._lock:
                self._busy -= 1
                self._ended = time.monotonic()

    def wait(self) -> None:
        """Let what is under way pass."""
        until = time.monotonic() + _AT_MOST_S
        while (left := self._restless_for()) and time.monotonic() < until:
            time.sleep(left)

    def _restless_for(self) -> float:
        """Seconds until it may be calm; 0: it is."""
        with self._lock:
            if self._busy:
                return _QUIET_S / 2
            return max(0.0, self._ended + _QUIET_S - time.monotonic())
