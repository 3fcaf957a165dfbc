"""The text of a shared document as a CRDT, so that what several people wrote offline joins by place (protocol rule 6).

The library is imported when a document is opened, never before the first paint. It is given only updates that
`sync.domain.updates` has read; what that refuses changes nothing here, on no laptop.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sync.domain import updates
from sync.domain.text_edits import Splice
from sync.domain.updates import Content, Malformed

_PIECE = 8_000
"""Characters of one insertion: at 4 bytes each, an update stays well within the bound of a body."""


class Written(NamedTuple):
    """An update as it came, and what is in it."""

    raw: bytes
    content: Content


def read(raw: bytes) -> Written | None:
    """An update, None when it is none of a plain text."""
    try:
        return Written(raw, updates.read(raw))
    except Malformed:
        return None


class SharedText:
    """A text made of updates. For one thread; cheap to make again from its updates.

    `client`: under which id it is changed here (`documents.client_of`); a text that is only read needs none.
    """

    def __init__(self, raws: Iterable[bytes] = (), client: int = 0) -> None:
        from pycrdt import Doc, Text

        self._client = client
        self._doc: Doc[Text] = Doc(client_id=client)
        self._text = self._doc.get(updates.ROOT, type=Text)
        for raw in raws:
            self.take(raw)

    @property
    def text(self) -> str:
        """The text as it stands."""
        return str(self._text)

    @property
    def state(self) -> bytes:
        """All of it as one update."""
        return self._doc.get_update()

    @property
    def clocks(self) -> dict[int, int]:
        """The next free clock of each client."""
        return updates.clocks(self._doc.get_state())

    def take(self, raw: bytes) -> bool:
        """Join an update; False when it is hostile or damaged: then nothing has changed."""
        if raw == updates.EMPTY:
            return True
        if read(raw) is None:
            return False
        try:
            self._doc.apply_update(raw)
        except ValueError:
            return False
        return True

    def holds(self, content: Content) -> bool:
        """Whether everything that an update says is in: nothing of it waits for another one to come first."""
        known = self.clocks
        return all(known.get(client, 0) >= clock for client, clock in content.clocks.items())

    def change(self, splices: Iterable[Splice]) -> list[bytes]:
        """Change the text; the updates that say so, each small enough for a row.

        Places are those before the first splice, in order.
        """
        found = []
        for splice in reversed(tuple(splices)):  # from the end: earlier places do not move
            pieces = [splice.text[start : start + _PIECE] for start in range(0, len(splice.text), _PIECE)] or [""]
            for number, piece in enumerate(pieces):
                at = splice.at + number * _PIECE
                found.append(self._splice(Splice(at, splice.gone if number == 0 else 0, piece)))
        return found

    def _splice(self, splice: Splice) -> bytes:
        text = self.text
        start = len(text[: splice.at].encode())
        end = start + len(text[splice.at : splice.at + splice.gone].encode())
        said: list[bytes] = []  # what this change says alone: the difference of two states repeats all deletions
        listening = self._doc.observe(lambda event: said.append(event.update))
        with self._doc.transaction():
            if end > start:
                del self._text[start:end]
            if splice.text:
                self._text.insert(start, splice.text)
        self._doc.unobserve(listening)
        return joined(said)


def joined(raws: Iterable[bytes]) -> bytes:
    """Several updates as one."""
    from pycrdt import merge_updates

    wanted = [raw for raw in raws if raw != updates.EMPTY]
    if len(wanted) < 2:
        return wanted[0] if wanted else updates.EMPTY
    return merge_updates(*wanted)
