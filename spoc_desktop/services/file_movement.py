"""Files on their way, for the sync page and the chip: what has still to come or to go, and how far it is."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sync.client.blobs import Moved

if TYPE_CHECKING:
    from spoc_desktop.storage.store import LocalStore

FILES_SHOWN = 20
_TELL_MS = 250


class FileWaiting(NamedTuple):
    """A file that is still to come, or to go (`outgoing`). `size` and `done` in bytes."""

    sha256: bytes
    name: str
    size: int
    done: int
    outgoing: bool


@dataclass(frozen=True, slots=True)
class FilesWaiting:
    """All files on their way: how many, how many bytes; `first` are those that move next, at most `FILES_SHOWN`."""

    count: int = 0
    size: int = 0
    first: tuple[FileWaiting, ...] = ()


NO_FILES = FilesWaiting()


class Movement:
    """What moves between one store and the server. Any thread may call."""

    def __init__(self, store: "LocalStore") -> None:
        self._store = store
        self._moved: Moved | None = None
        self._told_at: int | None = None

    def waiting(self) -> FilesWaiting:
        """What is on its way, the outgoing first: without it records wait."""
        going = {outgoing.file.sha256: outgoing.file for outgoing in self._store.files_to_send()}
        coming = {file.sha256: file for file in self._store.files_wanted() if file.sha256 not in going}
        files = [(file, True) for file in going.values()] + [(file, False) for file in coming.values()]
        moved = self._moved
        done = {} if moved is None else {moved.file.sha256: moved.done}
        first = [FileWaiting(*file, done.get(file.sha256, 0), out) for file, out in files[:FILES_SHOWN]]
        return FilesWaiting(len(files), sum(file.size for file, _ in files), tuple(first))

    def moved(self, moved: Moved | None, now: int) -> bool:
        """Note how far a file has come, None when none moves; whether to tell of it: not of every part."""
        self._moved = moved
        if moved is not None and self._told_at is not None and now - self._told_at < _TELL_MS:
            return False
        self._told_at = now
        return True
