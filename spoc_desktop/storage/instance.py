"""One running program a data folder (fault F25): a second start finds the lock held and lets the first show itself.

The lock is the operating system's: it goes with the process, a crash included. Telling the first is the window's work,
by a local socket named `channel(root)`.
"""

import os
import sys
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Self

from spoc_desktop.storage.disk import private_folder
from spoc_desktop.storage.errors import AlreadyRunning


class InstanceLock:
    """Held while the program runs. AlreadyRunning when another process holds it."""

    def __init__(self, path: Path) -> None:
        private_folder(path.parent)
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            raise AlreadyRunning(path.name) from error

    def release(self) -> None:
        """Let the next start in. The file stays: removing it would let two in."""
        os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def channel(root: Path) -> str:
    """The name of the local socket on which the running window of this root listens for a second start."""
    return "spoc-" + blake2b(os.fsencode(root.resolve()), digest_size=8).hexdigest()


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
