"""Edited at the same time: both texts side by side until the person settles it (protocol rule 6).

Both who wrote the overtaken value and who wrote the one that stands see it; each settles for themselves.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_type_hints

import msgspec

from spoc_desktop.services.desk import Desk, Edited, New, Seen
from spoc_desktop.services.writers import Writers
from sync.client.ports import Changes
from sync.domain import spaces
from sync.domain.forum import READ_MARK, UNSENT
from sync.domain.kind import Kind
from sync.domain.kinds import KINDS
from sync.domain.people import SETTINGS
from sync.domain.quizzes import ANSWERS
from sync.domain.revisions import REVISION, SETTLED, Revision, Settled, settled_id
from sync.domain.spaces import SpaceType

if TYPE_CHECKING:
    from spoc_desktop.storage.store import LocalStore

Keep = Literal["overtaken", "standing", "both"]

_SILENT = frozenset({ANSWERS.number, SETTINGS.number, READ_MARK.number, UNSENT.number})
"""Kinds that merge by themselves: nobody has to choose between two of their values."""


@dataclass(frozen=True, slots=True)
class Version:
    """One of two values. `name` is "" where the author is the person themselves or has no card here."""

    text: str
    name: str
    is_mine: bool
    is_this_laptop: bool


@dataclass(frozen=True, slots=True)
class Split:
    """A field that two edits changed without seeing each other. `at`: when the later one arrived, in milliseconds.

    `is_text`: both values are words, so that they can be joined or written anew.
    """

    revision: bytes
    kind: Kind
    record: bytes
    space: bytes
    field: str
    overtaken: Version
    standing: Version
    at: int
    is_text: bool


class Revisions:
    """Reads and writes the store at once: call it in the database worker."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def open(self) -> tuple[Split, ...]:
        """What the person has to settle, the newest first."""
        return open_splits(self._desk.store)

    def keep(self, split: Split, which: Keep) -> Changes:
        """Keep one of the two values, or both one below the other; the other side is told by the edit."""
        store = self._desk.store
        if which == "standing":
            return store.write([*self._settled(split)])
        if which == "both":
            return self.write_common(split, f"{split.standing.text}\n\n{split.overtaken.text}")
        seen = store.one(REVISION, split.revision, split.space)
        if seen is None:
            return store.write([*self._settled(split)])
        value = _value(split.kind, split.field, seen.body.value)
        return store.write([self._edit(split, value), *self._settled(split)])

    def write_common(self, split: Split, text: str) -> Changes:
        """Put a text that the person made from both in the place of the two."""
        return self._desk.store.write([self._edit(split, text), *self._settled(split)])

    def _edit(self, split: Split, value: Any) -> Edited:
        return Edited(split.kind, split.record, {split.field: value}, space=split.space)

    def _settled(self, split: Split) -> list[New]:
        id_ = settled_id(split.revision)
        if self._desk.store.one(SETTLED, id_) is not None:
            return []
        body = Settled(revision=split.revision, at=self._desk.now())
        return [New(SETTLED, spaces.own(self._desk.person), id_, body)]


def open_splits(store: "LocalStore") -> tuple[Split, ...]:
    """What the person of a store has to settle, the newest first."""
    found = [seen for seen in store.view(REVISION) if _concerns(seen.body, store.person)]
    if not found:
        return ()
    mine = {seen.body.revision for seen in store.view(SETTLED)}
    writer = store.state().writer
    splits = (_split(store, seen, writer) for seen in found if seen.id not in mine)
    return tuple(sorted((split for split in splits if split is not None), key=lambda split: -split.at))


def _concerns(revision: Revision, person: bytes) -> bool:
    return person in (revision.author, revision.by) and revision.kind not in _SILENT


def _split(store: "LocalStore", seen: Seen, this_writer: int) -> Split | None:
    """The two values; None where nothing is left to choose: the record is gone, or it holds that value again."""
    revision: Revision = seen.body
    kind = KINDS.get(revision.kind)
    if kind is None or revision.field >= len(kind.fields):
        return None
    record = store.one(kind, revision.record, seen.space)
    field = kind.fields[revision.field]
    if record is None:
        return None
    stands, value = getattr(record.body, field), _value(kind, field, revision.value)
    if stands == value or isinstance(value, bool):
        return None
    writers = _writers(store, seen.space)
    overtaken = _version(store.person, writers, value, revision.author, is_this_laptop=revision.writer == this_writer)
    standing = _version(store.person, writers, stands, revision.by or record.author, is_this_laptop=False)
    is_text = isinstance(value, str)
    return Split(seen.id, kind, revision.record, seen.space, field, overtaken, standing, seen.at, is_text)


def _version(me: bytes, writers: Writers | None, value: Any, author: bytes, *, is_this_laptop: bool) -> Version:
    is_mine = author == me
    name = writers.of(author).name if writers is not None and not is_mine else ""
    return Version(_words(value), name, is_mine, is_this_laptop)


def _writers(store: "LocalStore", space: bytes) -> Writers | None:
    """The people who may have written there, where the space belongs to a cohort."""
    if spaces.type_of(space) in (SpaceType.COHORT, SpaceType.PERSONAL, SpaceType.STAFF):
        return Writers(store, spaces.ids_of(space)[0])
    return None


def _value(kind: Kind, field: str, raw: bytes) -> Any:
    return msgspec.msgpack.decode(raw, type=get_type_hints(kind.body)[field])


def _words(value: Any) -> str:
    """All words of a value, a line each."""
    return value if isinstance(value, str) else "\n".join(_all_words(msgspec.to_builtins(value)))


def _all_words(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [word for part in value for word in _all_words(part)]
    return [] if value is None or isinstance(value, bool) else [str(value)] if isinstance(value, int | float) else []
