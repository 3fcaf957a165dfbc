"""Small steps on the disk that are whole or not done: folders of one's own, files replaced, renames that last.

A disk that is full, or that may not be written to, is told by name; a rename that an antivirus holds up for a moment is
tried again a bounded number of times (faults F6 and F7).
"""

import errno
import os
import stat
import time
from pathlib import Path
from typing import Final

from spoc_desktop.storage import errors

RENAME_TRIES: Final = 6
RENAME_PAUSE_SECONDS: Final = 0.05
_NOT_ALLOWED: Final = {errno.EACCES, errno.EPERM, errno.EROFS}


def named(error: OSError) -> errors.StoreError:
    """Our error for one of the system's while a file is written."""
    kind = errors.StoreReadOnly if error.errno in _NOT_ALLOWED else errors.DiskFull
    return kind(type(error).__name__)


def private_folder(folder: Path) -> None:
    """Make a folder that only this person can enter. StoreReadOnly when it cannot be made."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix" and stat.S_IMODE(folder.stat().st_mode) != 0o700:
            folder.chmod(0o700)
    except OSError as error:
        raise errors.StoreReadOnly(type(error).__name__) from error


def private_file(path: Path) -> None:
    """Make an empty file that only this person can read, where there is none."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def write_private(path: Path, content: bytes) -> None:
    """Write a small file that only this person can read: whole or not at all, on the disk when this returns.

    DiskFull, StoreReadOnly, StoreBusy.
    """
    fresh = path.with_name(path.name + ".new")
    try:
        descriptor = os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        put_in_place(fresh, path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise named(error) from error


def put_in_place(fresh: Path, path: Path) -> None:
    """Give a file that is on the disk its name, which lasts through a power cut.

    StoreBusy when another program holds it for longer than a moment.
    """
    for tried in range(1, RENAME_TRIES + 1):
        try:
            fresh.replace(path)
            break
        except PermissionError as error:
            if tried == RENAME_TRIES:
                raise errors.StoreBusy(type(error).__name__) from error
            time.sleep(RENAME_PAUSE_SECONDS)
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Wait until the bytes of a closed file are on the disk."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut; Windows has no such call and needs none."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
