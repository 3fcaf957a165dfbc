"""The lock on a data folder: held by the operating system, so that a killed process leaves none behind."""

import os
import sys
from pathlib import Path
from typing import IO


class AlreadyServing(Exception):
    """Another process serves this folder: two writers would wait for each other, and count tries apart."""


def locked(path: Path) -> IO[bytes]:
    """The data folder's lock, held as long as the file is open, also by a process that is killed."""
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise AlreadyServing(str(path.parent)) from error
    return file
