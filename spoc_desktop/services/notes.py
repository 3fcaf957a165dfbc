"""A learner's own notes beside a lesson or a video. Nobody else reads them."""

from collections.abc import Sequence
from dataclasses import dataclass

from spoc_desktop.services.desk import Desk, Edited, New, Removed
from sync.client.ports import Changes
from sync.domain import spaces
from sync.domain.anchors import Anchor, locate
from sync.domain.notes import NOTE, Note


@dataclass(frozen=True, slots=True)
class OwnNote:
    """A note and the id of its record."""

    id: bytes
    note: Note


@dataclass(frozen=True, slots=True)
class Placed:
    """A note of a lesson with the letters it speaks of: `start` to `end` of the plain text of `part`.

    `part` None: about the whole lesson, or (`lost`) about words that are no longer there.
    """

    id: bytes
    note: Note
    part: int | None = None
    start: int = 0
    end: int = 0

    @property
    def lost(self) -> bool:
        """Whether its words have gone from the lesson."""
        return self.part is None and self.note.anchor is not None


class Notes:
    """Every method reads or writes the store at once: call it in the database worker."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of(self, activity: bytes) -> tuple[OwnNote, ...]:
        """The notes of a lesson or a video, in the order in which they were begun."""
        own = self._desk.store.view(NOTE, spaces.own(self._desk.person))
        found = [OwnNote(seen.id, seen.body) for seen in own if seen.body.activity == activity]
        return tuple(sorted(found, key=lambda one: one.id))

    def add(
        self, activity: bytes, text: str, *, anchor: Anchor | None = None, moment: int | None = None
    ) -> tuple[bytes, Changes]:
        """Begin a note; its id and what the write changed."""
        note = Note(activity=activity, text=text, at=self._desk.now(), anchor=anchor, moment=moment)
        id_ = self._desk.new_id()
        return id_, self._write(id_, note)

    def say(self, id_: bytes, text: str) -> Changes:
        """Give a note other words; the same words write nothing."""
        seen = self._desk.store.one(NOTE, id_)
        if seen is not None and seen.body.text == text:
            return Changes()
        return self._desk.store.write([Edited(NOTE, id_, {"text": text, "at": self._desk.now()})])

    def remove(self, id_: bytes) -> Changes:
        """Delete a note; `restore` with what it was undoes it."""
        return self._desk.store.write([Removed(NOTE, id_)])

    def restore(self, note: Note) -> Changes:
        """Bring a deleted note back, under a new id: a name is never used twice."""
        return self._write(self._desk.new_id(), note)

    def _write(self, id_: bytes, note: Note) -> Changes:
        return self._desk.store.write([New(NOTE, spaces.own(self._desk.person), id_, note)])


def place(notes: Sequence[OwnNote], texts: Sequence[str]) -> tuple[Placed, ...]:
    """Find the words of notes again in the parts of a lesson, also after it was published anew; in reading order."""
    found = [_placed(one, texts) for one in notes]
    return tuple(sorted(found, key=lambda one: (one.part is None, one.part or 0, one.start, one.id)))


def _placed(one: OwnNote, texts: Sequence[str]) -> Placed:
    anchor = one.note.anchor
    if anchor is None:
        return Placed(one.id, one.note)
    nearest = sorted(range(len(texts)), key=lambda part: (abs(part - anchor.part), part))
    for part in nearest:
        if (span := locate(anchor, texts[part])) is not None:
            return Placed(one.id, one.note, part, *span)
    return Placed(one.id, one.note)
