"""Steps of a program at which a test may end it: what it does to files of a folder, and what its caller adds."""

from __future__ import annotations

import mmap
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

_EVENTS = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.copyfile", "shutil.rmtree"}
_NUMBER = 8


class Fuse:
    """Counts the steps of a child process where its parent sees them, and ends it at one of them."""

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, 2 * _NUMBER)

    def set(self, last: int) -> None:
        """Begin to count; the process is killed at the step of this number, at none for 0."""
        self._shared[:] = bytes(_NUMBER) + last.to_bytes(_NUMBER, "big")

    @property
    def done(self) -> int:
        """Steps so far."""
        return int.from_bytes(self._shared[:_NUMBER], "big")

    def step(self) -> None:
        """One more."""
        done = self.done + 1
        self._shared[:_NUMBER] = done.to_bytes(_NUMBER, "big")
        if self._shared[_NUMBER:] == self._shared[:_NUMBER]:
            os.kill(os.getpid(), signal.SIGKILL)


def at_each_step(folder: Path, step: Callable[[], None]) -> None:
    """Call `step` before each file of a folder is opened, renamed or removed, and each `fsync`, in this process."""

    def heard(event: str, values: tuple[Any, ...]) -> None:
        if event in _EVENTS and str(values[0]).startswith(str(folder)):
            step()

    def sync(descriptor: int, fsync: Callable[[int], None] = os.fsync) -> None:
        step()
        fsync(descriptor)

    setattr(os, "fsync", sync)  # noqa: B010 - a call put in place of another
    sys.addaudithook(heard)


def at_each_statement(step: Callable[[], None]) -> None:
    """Call `step` before each statement that changes a laptop's store, in this process."""
    from spoc_desktop.storage.transaction import Transaction

    def run(
        self: Transaction, sql: str, values: tuple[Any, ...] = (), run: Callable[..., int] = Transaction.run
    ) -> int:
        step()
        return run(self, sql, values)

    setattr(Transaction, "run", run)  # noqa: B010 - a method put in place of another
