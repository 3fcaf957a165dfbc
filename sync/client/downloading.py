"""Files on their way down: small ones several at a time, a large one part after part onto the disk.

What has come of a large one stays through cuts and restarts; pages see it when all of it is there and is what its name
says.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from hashlib import sha256 as new_hash
from itertools import takewhile

from sync.client.ports import Changes, Clock, FileRef, FileTransport, Store
from sync.protocol.errors import AnswerCut, FileDamaged, FileMissing, NotOffered
from sync.protocol.limits import MAX_FILE
from sync.protocol.parts import MAX_PARTS, PART_BYTES, SMALL_FILE

_TRIES = 3
"""Times that bytes which arrive damaged are asked for in a row."""
_FIRST_WAIT_MS = 60_000
_LONGEST_WAIT_MS = 3_600_000

Told = Callable[[FileRef, int], None]


class _GiveWay(Exception):
    """Something of the person's waits to leave: the rest of a large file comes afterwards."""


class Downloads:
    """Fetches files for one store."""

    def __init__(self, store: Store, transport: FileTransport, clock: Clock, checkpoint: Callable[[str], None]) -> None:
        self._store = store
        self._transport = transport
        self._clock = clock
        self._checkpoint = checkpoint
        self._together = True
        """Whether the server gives small files together; one of 0.2 does not."""
        self._damaged: Counter[bytes] = Counter()
        self._refused: dict[bytes, tuple[int, int]] = {}
        """Files that the server did not give: when to ask again, and how long to wait the time after."""

    def fetch(self, told: Told) -> Changes | None:
        """Fetch what comes next; None when there is nothing that may be asked for now."""
        while askable := [file for file in self._store.files_wanted() if self._may_ask(file)]:
            small = _first_small(askable) if self._together else []
            changes = self._fetch_together(small, told) if small else self._fetch_one(askable[0], told)
            if changes is not None:
                return changes
        return None

    def _may_ask(self, file: FileRef) -> bool:
        return 0 <= file.size <= MAX_FILE and self._refused.get(file.sha256, (0, 0))[0] <= self._clock.monotonic()

    def _fetch_together(self, files: Sequence[FileRef], told: Told) -> Changes | None:
        self._checkpoint("before_download")
        try:
            contents = self._transport.fetch_files([file.sha256 for file in files])
        except NotOffered:
            self._together = False
            return None
        self._checkpoint("after_download")
        if not contents or len(contents) > len(files):
            raise AnswerCut("not what was asked for")
        came: dict[bytes, bytes] = {}
        for file, content in zip(files, contents, strict=False):
            if content is None:
                self._ask_later(file)
            elif new_hash(content).digest() != file.sha256:
                self._note_damage(file)
            else:
                came[file.sha256] = content
                told(file, file.size)
        return self._came(list(came), self._store.files_came(came)) if came else None

    def _fetch_one(self, file: FileRef, told: Told) -> Changes | None:
        """Fetch a file, or go on with it; None when it does not come now."""
        self._checkpoint("before_download")
        try:
            self._fetch_rest(file, told)
        except _GiveWay:
            return Changes()
        except FileMissing:
            self._ask_later(file)
            return None
        except FileDamaged:
            self._note_damage(file)
            return None
        self._checkpoint("after_download")
        changes = self._store.file_ended(file.sha256)
        if changes is None:
            self._note_damage(file)
            return None
        return self._came([file.sha256], changes)

    def _fetch_rest(self, file: FileRef, told: Told) -> None:
        offset = self._store.part_kept(file.sha256)
        if offset == file.size and offset:
            return
        if offset > file.size:
            offset = 0

        def came(part: bytes) -> None:
            nonlocal offset
            is_last = offset + len(part) == file.size
            self._store.keep_part(file.sha256, offset, part, is_last=is_last)
            self._checkpoint("part_kept")
            offset += len(part)
            told(file, offset)
            if not is_last and self._store.waiting(1, 1):
                raise _GiveWay

        self._transport.get_file(file.sha256, offset, file.size, came)

    def _came(self, names: Sequence[bytes], changes: Changes) -> Changes:
        for name in names:
            self._refused.pop(name, None)
            self._damaged.pop(name, None)
        self._checkpoint("after_file")
        return changes

    def _note_damage(self, file: FileRef) -> None:
        """It is asked for again at once, a few times."""
        self._damaged[file.sha256] += 1
        if self._damaged[file.sha256] >= _TRIES:
            del self._damaged[file.sha256]
            self._ask_later(file)

    def _ask_later(self, file: FileRef) -> None:
        wait = min(2 * self._refused.get(file.sha256, (0, _FIRST_WAIT_MS // 2))[1], _LONGEST_WAIT_MS)
        self._refused[file.sha256] = (self._clock.monotonic() + wait, wait)


def _first_small(files: Sequence[FileRef]) -> list[FileRef]:
    """The small files that come next, as many as one reply holds; none when a large one is first."""
    found: list[FileRef] = []
    size = 0
    for file in takewhile(lambda each: each.size <= SMALL_FILE, files):
        size += file.size
        if size > PART_BYTES or len(found) == MAX_PARTS:
            break
        found.append(file)
    return found
