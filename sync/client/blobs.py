"""Files on their way, whole (protocol rule 7): up before the record that names them, down after the records.

A file is in place before anything says that it is there, and only when its bytes are those that its name promises.
One that cannot come stops nothing: records go on, and it is asked for again later.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from hashlib import sha256
from typing import NamedTuple, Protocol, TypeVar

from sync.client.ports import Changes, Clock, FileRef, Outgoing, Store, Waiting
from sync.protocol.errors import AnswerCut, BadBatch, FileDamaged, FileMissing, FileTooLarge, Refusal

_Result = TypeVar("_Result")
_TRIES = 3
"""Times that bytes which arrive damaged are sent or asked for in a row, and that a lost file is sent in one run."""
_FIRST_WAIT_MS = 60_000
_LONGEST_WAIT_MS = 3_600_000


class Moved(NamedTuple):
    """How far one file has come: `done` of `file.size` bytes."""

    file: FileRef
    done: int


class Stopped(Exception):
    """The run was ended in the middle of a file."""


class FileTransport(Protocol):
    """The way of files to the server and back. `moved` is called with the bytes done so far, now and then."""

    def put_file(self, sha256: bytes, content: bytes, moved: Callable[[int], None]) -> None:
        """Send a file. FileDamaged, FileTooLarge."""

    def get_file(self, sha256: bytes, moved: Callable[[int], None]) -> bytes:
        """Fetch a file. FileMissing."""


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
        self._transport = transport
        self._clock = clock
        self._checkpoint = checkpoint
        self._stopped = stopped
        self._refused: dict[bytes, tuple[int, int]] = {}
        """Files that the server did not give: when to ask again, and how long to wait the time after."""

    def send(self, waiting: Collection[Waiting], told: Callable[[Moved], None], sent: Counter[bytes]) -> Changes | None:
        """Send the files that these entries name; None when nothing was changed by it.

        An entry whose file cannot be read here any more, or is too large for the server, is set aside: Changes.
        Files that went up are counted in `sent`.
        """
        names = {(entry.writer, entry.n) for entry in waiting}
        changes: Changes | None = None
        gone: set[bytes] = set()
        for outgoing in self._store.files_to_send():
            if (outgoing.writer, outgoing.n) not in names or outgoing.file.sha256 in gone:
                continue
            refusal = self._put(outgoing, told)
            if refusal is None:
                gone.add(outgoing.file.sha256)
                sent[outgoing.file.sha256] += 1
            else:
                names.discard((outgoing.writer, outgoing.n))
                aside = self._store.set_aside(outgoing.writer, outgoing.n, refusal)
                changes = aside if changes is None else changes | aside
        return changes

    def _put(self, outgoing: Outgoing, told: Callable[[Moved], None]) -> Refusal | None:
        """Send one file; the reason when it can never go."""
        file = outgoing.file
        content = self._store.read_file(file.sha256)
        if content is None or sha256(content).digest() != file.sha256:
            return Refusal.FILE_MISSING
        self._checkpoint("before_upload")
        try:
            self._repeat(lambda: self._transport.put_file(file.sha256, content, self._watch(file, told)))
        except FileTooLarge:
            return Refusal.TOO_LARGE
        except BadBatch as error:
            raise AnswerCut(error.detail) from error  # the upload was cut: no entry is at fault
        self._checkpoint("after_upload")
        self._store.file_sent(file.sha256)
        return None

    def lost(self, refused: Sequence[Waiting], sent: Counter[bytes]) -> set[int]:
        """Of entries that the server refused for want of a file: those whose files were not sent often enough.

        It had them and was restored from a backup, say. They count as not sent, so that they go up once more.
        """
        again = set()
        for entry in refused:
            files = self._store.files_of(entry)
            if any(sent[file] < _TRIES for file in files):
                again.add(entry.n)
                for file in files:
                    self._store.file_lacking(file)
        return again

    def fetch(self, told: Callable[[Moved], None]) -> Changes | None:
        """Fetch the smallest file that is still to come; None when there is none that may be asked for now."""
        for file in self._store.files_wanted():
            if self._refused.get(file.sha256, (0, 0))[0] <= self._clock.monotonic():
                try:
                    return self._get(file, told)
                except (FileMissing, FileDamaged):
                    self._ask_later(file)
        return None

    def _get(self, file: FileRef, told: Callable[[Moved], None]) -> Changes:
        self._checkpoint("before_download")
        content = self._repeat(lambda: self._checked(file, told))
        self._checkpoint("after_download")
        changes = self._store.file_came(file.sha256, content)
        self._refused.pop(file.sha256, None)
        self._checkpoint("after_file")
        return changes

    def _checked(self, file: FileRef, told: Callable[[Moved], None]) -> bytes:
        content = self._transport.get_file(file.sha256, self._watch(file, told))
        if sha256(content).digest() != file.sha256:
            raise FileDamaged("other bytes than the name promises")
        return content

    def _repeat(self, move: Callable[[], _Result]) -> _Result:
        """Move a file; bytes that were damaged on the way are moved again."""
        for _ in range(_TRIES - 1):
            try:
                return move()
            except FileDamaged:
                continue
        return move()

    def _watch(self, file: FileRef, told: Callable[[Moved], None]) -> Callable[[int], None]:
        def moved(done: int) -> None:
            if self._stopped():
                raise Stopped
            told(Moved(file, done))

        return moved

    def _ask_later(self, file: FileRef) -> None:
        wait = min(2 * self._refused.get(file.sha256, (0, _FIRST_WAIT_MS // 2))[1], _LONGEST_WAIT_MS)
        self._refused[file.sha256] = (self._clock.monotonic() + wait, wait)
