"""Locks between processes, held by the operating system, so that a killed process leaves none behind."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


class AlreadyServing(Exception):
    """Another process serves this folder: two writers would wait for each other, and count tries apart."""


def locked(path: Path) -> IO[bytes]:
    """The data folder's lock, held as long as the file is open. AlreadyServing when another process has it."""
    file = _opened(path)
    try:
        _lock(file, wait=False)
    except OSError as error:
        file.close()
        raise AlreadyServing(str(path.parent)) from error
    return file


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Wait until nobody else is in such a block of this file, in whatever process."""
    with _opened(path) as file:
        _lock(file, wait=True)
        yield


def _opened(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")


def _lock(file: IO[bytes], *, wait: bool) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
