"""What is inside an update of a shared text: read within bounds, before a CRDT library is given the bytes.

The wire form is that of Yjs, version 1, cut down to what a plain text needs: words, words that are gone, deletions.
Anything else, or more than one root, is refused, so that a hostile update can neither break nor swell a document.
"""

from typing import NamedTuple

ROOT = "text"
"""The name under which the CRDT keeps a document's text."""
EMPTY = b"\x00\x00"
"""The update that changes nothing."""
_MOST_CLOCK = 1 << 31
_MOST_CLIENT = 1 << 53
_MOST_BITS = 63
_ORIGIN, _RIGHT, _SUB, _CONTENT = 0x80, 0x40, 0x20, 0x1F
_GONE, _DELETED, _WORDS, _GAP = 0, 1, 4, 10


class Malformed(ValueError):
    """The bytes are no update of a plain text."""


class Inserted(NamedTuple):
    """What one client added: clocks `start` to `end`, which is the next free one; `texts`: the words still in it.

    `whole` False: some clocks between are left out, as in the state of a document in which they are missing.
    """

    client: int
    start: int
    end: int
    texts: tuple[str, ...]
    whole: bool = True


class Deleted(NamedTuple):
    """Clocks `start` to `end` of a client, taken out of the text."""

    client: int
    start: int
    end: int


class Content(NamedTuple):
    """What an update does."""

    inserted: tuple[Inserted, ...]
    deleted: tuple[Deleted, ...]

    @property
    def clocks(self) -> dict[int, int]:
        """The next free clock of each client that it speaks of."""
        found: dict[int, int] = {}
        ends = [(one.client, one.end) for one in self.inserted]
        ends += [(one.client, one.end) for one in self.deleted]
        for client, end in ends:
            found[client] = max(found.get(client, 0), end)
        return found

    @property
    def characters(self) -> int:
        """How many characters it adds."""
        return sum(len(text) for each in self.inserted for text in each.texts)

    @property
    def text(self) -> str:
        """The words that it adds, a line each piece: for who has to take them over by hand."""
        return "\n".join(text for each in self.inserted for text in each.texts)


def read(update: bytes) -> Content:
    """The content of an update. Malformed when it is none of a plain text; time and memory grow with its bytes only."""
    reader = _Reader(update)
    inserted = [reader.inserted() for _ in range(reader.count())]
    deleted = [each for _ in range(reader.count()) for each in reader.deleted()]
    reader.finish()
    if len({each.client for each in inserted}) != len(inserted):
        raise Malformed("a client is named twice")
    return Content(tuple(inserted), tuple(deleted))


def clocks(state: bytes) -> dict[int, int]:
    """The next free clock of each client in a state vector. Malformed."""
    reader = _Reader(state)
    found = {reader.client(): reader.clock() for _ in range(reader.count())}
    reader.finish()
    return found


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0

    def finish(self) -> None:
        if self._at != len(self._raw):
            raise Malformed("bytes behind the end")

    def byte(self) -> int:
        if self._at >= len(self._raw):
            raise Malformed("cut")
        self._at += 1
        return self._raw[self._at - 1]

    def number(self) -> int:
        found = shift = 0
        while True:
            byte = self.byte()
            found |= (byte & 0x7F) << shift
            if byte < 0x80:
                return found
            shift += 7
            if shift > _MOST_BITS:
                raise Malformed("a number without end")

    def count(self) -> int:
        """How many things follow; each takes a byte at least."""
        found = self.number()
        if found > len(self._raw) - self._at:
            raise Malformed("more things than bytes")
        return found

    def client(self) -> int:
        found = self.number()
        if found >= _MOST_CLIENT:
            raise Malformed("a client id has 53 bits")
        return found

    def clock(self) -> int:
        found = self.number()
        if found >= _MOST_CLOCK:
            raise Malformed("a clock out of bounds")
        return found

    def string(self) -> str:
        length = self.count()
        self._at += length
        try:
            return self._raw[self._at - length : self._at].decode()
        except UnicodeDecodeError as error:
            raise Malformed("no text") from error

    def inserted(self) -> Inserted:
        """The structs of one client: they follow each other."""
        count, client, start = self.count(), self.client(), self.clock()
        end, whole = start, True
        pieces: list[str] = []
        for _ in range(count):
            info = self.byte()
            whole = whole and info != _GAP
            length, words = (self.clock(), "") if info in {_GONE, _GAP} else self._item(info)
            end += length
            if length == 0 or end >= _MOST_CLOCK:
                raise Malformed("a length out of bounds")
            if words:
                pieces.append(words)
        if count == 0:
            raise Malformed("a client without structs")
        return Inserted(client, start, end, tuple(pieces), whole)

    def _item(self, info: int) -> tuple[int, str]:
        """The length of an item in clocks, and its words."""
        content = info & _CONTENT
        if content not in {_DELETED, _WORDS}:
            raise Malformed("more than plain text")
        for flag in (_ORIGIN, _RIGHT):
            if info & flag:
                self.client()
                self.clock()
        if not info & (_ORIGIN | _RIGHT):
            self._parent(info)
        if content == _DELETED:
            return self.clock(), ""
        words = self.string()
        return len(words.encode("utf-16-le")) // 2, words

    def _parent(self, info: int) -> None:
        if self.number() != 1 or self.string() != ROOT or info & _SUB:
            raise Malformed("another place than the text")

    def deleted(self) -> list[Deleted]:
        client = self.client()
        found = []
        for _ in range(self.count()):
            start, length = self.clock(), self.clock()
            if length == 0 or start + length >= _MOST_CLOCK:
                raise Malformed("a deletion out of bounds")
            found.append(Deleted(client, start, start + length))
        return found
