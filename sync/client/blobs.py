"""Files on their way, in parts (protocol rule 7): up before the record that names them, down after the records.

A file is in place before anything says that it is there, and only when its bytes are those that its name promises.
One that cannot come stops nothing: records go on, and it is asked for again later.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from sync.client.downloading import Downloads
from sync.client.ports import Changes, Clock, FileRef, FileTransport, Store, Waiting
from sync.client.uploading import Uploads

TRIES = 3
"""Times that a lost file is sent in one run."""


class Moved(NamedTuple):
    """How far one file has come: `done` of `file.size` bytes."""

    file: FileRef
    done: int


class Stopped(Exception):
    """The run was ended in the middle of a file."""


class Blobs:
    """Moves files for one engine. `stopped` is asked between parts of a file, `checkpoint` called with its names."""

    def __init__(
        self,
        store: Store,
        transport: FileTransport,
        clock: Clock,
        *,
        checkpoint: Callable[[str], None],
        stopped: Callable[[], bool],
    ) -> None:
        self._store = store
        self._stopped = stopped
        self._up = Uploads(store, transport, checkpoint)
        self._down = Downloads(store, transport, clock, checkpoint)

    def send(self, waiting: Collection[Waiting], told: Callable[[Moved], None], sent: Counter[bytes]) -> Changes | None:
        """Send the files that these entries name; None when nothing was changed by it.

        An entry whose file cannot be read here any more, or has no room on the server, is set aside: Changes. Files
        that went up are counted in `sent`.
        """
        names = {(entry.writer, entry.n) for entry in waiting}
        outgoing = [each for each in self._store.files_to_send() if (each.writer, each.n) in names]
        files = {each.file.sha256: each.file for each in outgoing}
        refused = self._up.send(list(files.values()), self._watch(told), sent)
        changes: Changes | None = None
        aside: set[tuple[int, int]] = set()
        for each in outgoing:
            name = each.writer, each.n
            if each.file.sha256 in refused and name not in aside:
                aside.add(name)
                changed = self._store.set_aside(*name, refused[each.file.sha256])
                changes = changed if changes is None else changes | changed
        return changes

    def has_to_send(self, waiting: Collection[Waiting]) -> bool:
        """Whether these entries name files that have to go before them."""
        outgoing = {(each.writer, each.n) for each in self._store.files_to_send()} if waiting else set()
        return bool(outgoing) and any((entry.writer, entry.n) in outgoing for entry in waiting)

    def lost(self, refused: Sequence[Waiting], sent: Counter[bytes]) -> set[int]:
        """Of entries that the server refused for want of a file: those whose files were not sent often enough.

        It had them and was restored from a backup, say. They count as not sent, so that they go up once more.
        """
        again = set()
        for entry in refused:
            files = self._store.files_of(entry)
            if any(sent[file] < TRIES for file in files):
                again.add(entry.n)
                for file in files:
                    self._store.file_lacking(file)
        return again

    def fetch(self, told: Callable[[Moved], None]) -> Changes | None:
        """Fetch the file, or the few small ones, that come next; None when there is none that may be asked for now.

        A large one stops after a part when something of the person's waits: Changes without it.
        """
        return self._down.fetch(self._watch(told))

    def _watch(self, told: Callable[[Moved], None]) -> Callable[[FileRef, int], None]:
        def moved(file: FileRef, done: int) -> None:
            told(Moved(file, done))
            if self._stopped():
                raise Stopped

        return moved
