"""Files on their way up: how far the server has each, then the parts that it lacks, small files several at a time.

Nothing is remembered here of a file that was cut: the server says where to go on (`sync.protocol.parts`).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256 as new_hash

from sync.client.ports import FileRef, FileTransport, Store
from sync.protocol.errors import AnswerCut, BadBatch, Failure, FileDamaged, FileTooLarge, NotOffered, Refusal
from sync.protocol.limits import MAX_IN_MEMORY
from sync.protocol.parts import MAX_PARTS, PART_BYTES, Held, Part

_TRIES = 3
"""Times that the same part is sent in a row."""
_NO_ROOM = {Failure.FILE_TOO_LARGE: Refusal.TOO_LARGE, Failure.OVER_QUOTA: Refusal.OVER_QUOTA}

Told = Callable[[FileRef, int], None]


class Uploads:
    """Sends files of one store."""

    def __init__(self, store: Store, transport: FileTransport, checkpoint: Callable[[str], None]) -> None:
        self._store = store
        self._transport = transport
        self._checkpoint = checkpoint

    def send(self, files: Sequence[FileRef], told: Told, sent: Counter[bytes]) -> dict[bytes, Refusal]:
        """Send files; those that can never go, and why. Those that went are counted in `sent`."""
        run = _Run(self._store, files, told, sent, self._checkpoint)
        if not files:
            return run.refused
        self._checkpoint("before_upload")
        try:
            if sum(file.size for file in files) > PART_BYTES:
                for first in range(0, len(files), MAX_PARTS):
                    some = [file for file in files[first : first + MAX_PARTS] if file.size]
                    self._exchange(run, [Part(file.sha256, file.size) for file in some])
            while parts := run.next_parts():
                self._exchange(run, parts)
        except NotOffered:
            self._send_whole(run)
        return run.refused

    def _exchange(self, run: "_Run", parts: Sequence[Part]) -> None:
        """Send parts until they arrive as they left."""
        for tried in range(1, _TRIES + 1):
            self._checkpoint("before_part")
            try:
                held = self._transport.send_parts(parts)
            except BadBatch as error:
                if tried == _TRIES:
                    raise AnswerCut(error.detail) from error  # the upload was cut: no entry is at fault
                continue
            self._checkpoint("after_part")
            if len(held) != len(parts):
                raise AnswerCut("not an answer to each part")
            run.note(parts, held)
            return

    def _send_whole(self, run: "_Run") -> None:
        """A server of 0.2 takes one whole file at a time."""
        for file in list(run.left.values()):
            if file.size > MAX_IN_MEMORY:
                run.refuse(file, Refusal.TOO_LARGE)
                continue
            content = self._store.read_part(file.sha256, 0, file.size)
            if content is None or len(content) != file.size:
                run.refuse(file, Refusal.FILE_MISSING)
                continue
            try:
                self._transport.put_file(file.sha256, content)
            except FileTooLarge:
                run.refuse(file, Refusal.TOO_LARGE)
            except BadBatch as error:
                raise AnswerCut(error.detail) from error
            else:
                run.arrived(file)


class _Run:
    """What is left to send in one go, and how far each file is."""

    def __init__(
        self,
        store: Store,
        files: Sequence[FileRef],
        told: Told,
        sent: Counter[bytes],
        checkpoint: Callable[[str], None],
    ) -> None:
        self._store = store
        self._told = told
        self._sent = sent
        self._checkpoint = checkpoint
        self.left = {file.sha256: file for file in files}
        self.refused: dict[bytes, Refusal] = {}
        self._offsets: Counter[bytes] = Counter()
        self._tries: Counter[bytes] = Counter()

    def next_parts(self) -> list[Part]:
        """As many parts as one request holds, none when all is done; what cannot be read here is refused."""
        parts: list[Part] = []
        room = PART_BYTES
        for file in list(self.left.values()):
            offset = self._offsets[file.sha256]
            size = min(file.size - offset, PART_BYTES)
            if size > room or len(parts) == MAX_PARTS:
                break
            content = self._store.read_part(file.sha256, offset, size)
            if content is None or len(content) != size:
                self.refuse(file, Refusal.FILE_MISSING)
                continue
            parts.append(Part(file.sha256, file.size, offset, new_hash(content).digest(), content))
            room -= size
        return parts

    def note(self, parts: Sequence[Part], held: Sequence[Held]) -> None:
        """What the server says of parts. FileDamaged when one does not get through however often it is sent."""
        arrived = []
        for part, one in zip(parts, held, strict=True):
            file = self.left[part.sha256]
            if (failure := Failure(one.failure)) in _NO_ROOM:
                self.refuse(file, _NO_ROOM[failure])
                continue
            is_further = one.offset > self._offsets[file.sha256] or one.offset == file.size
            self._offsets[file.sha256] = min(one.offset, file.size)
            self._told(file, one.offset)
            if one.failure == 0 and one.offset == file.size:
                arrived.append(file)
            elif part.content:
                self._tries[file.sha256] = 0 if is_further and not one.failure else self._tries[file.sha256] + 1
                if self._tries[file.sha256] == _TRIES:
                    self._give_up(file)
        self.arrived(*arrived)

    def arrived(self, *files: FileRef) -> None:
        """The server has all of these."""
        if not files:
            return
        self._checkpoint("after_upload")
        names = [file.sha256 for file in files]
        self._store.file_sent(*names)
        self._sent.update(names)
        for name in names:
            del self.left[name]

    def refuse(self, file: FileRef, refusal: Refusal) -> None:
        """It never goes."""
        del self.left[file.sha256]
        self.refused[file.sha256] = refusal

    def _give_up(self, file: FileRef) -> None:
        """It arrives otherwise than it should: the way is bad, or the bytes here are not those of the name."""
        found = new_hash()
        for part in self._parts(file):
            found.update(part)
        if found.digest() == file.sha256:
            raise FileDamaged("other bytes arrive than were sent")
        self.refuse(file, Refusal.FILE_MISSING)

    def _parts(self, file: FileRef) -> Iterator[bytes]:
        for offset in range(0, file.size, PART_BYTES):
            yield self._store.read_part(file.sha256, offset, PART_BYTES) or b""
