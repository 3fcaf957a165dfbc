"""What other processes change while the server runs: the command line over SQLite writes it into a file beside it.

The file is there while a server runs, so a command that finds none has nobody to tell. A line is one transaction; one
that a kill kept from being written is found by the laptops themselves when their wait is over.
"""

import contextlib
import os
from abc import ABC, abstractmethod
from pathlib import Path

import msgspec

from sync.server.storage.touched import Touched

_DECODER = msgspec.json.Decoder(Touched)


class Elsewhere(ABC):
    """What processes that share a database tell each other."""

    @abstractmethod
    def tell(self, touched: Touched) -> None:
        """Let the others know."""

    @abstractmethod
    def open(self) -> None:
        """Begin to hear."""

    @abstractmethod
    def heard(self) -> list[Touched]:
        """What was told since the last time."""

    @abstractmethod
    def close(self) -> None:
        """Hear no more."""


class FileElsewhere(Elsewhere):
    """The two ends of the file: a command tells, the server hears."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0

    def tell(self, touched: Touched) -> None:
        """Let the server know, if one runs. What cannot be told is found all the same, when a wait is over."""
        with contextlib.suppress(OSError):
            handle = os.open(self._path, os.O_WRONLY | os.O_APPEND)
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.encode(touched) + b"\n")

    def open(self) -> None:
        """Begin to hear: what was told before is over."""
        os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        self._read = 0

    def heard(self) -> list[Touched]:
        """What was told since the last time, whole lines only."""
        try:
            if self._path.stat().st_size <= self._read:
                return []
            with self._path.open("rb") as file:
                file.seek(self._read)
                told = file.read()
        except FileNotFoundError:
            return []
        whole = told[: told.rfind(b"\n") + 1]
        self._read += len(whole)
        return [_DECODER.decode(line) for line in whole.splitlines()]

    def close(self) -> None:
        """Hear no more."""
        self._path.unlink(missing_ok=True)
