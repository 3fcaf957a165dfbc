"""What others deleted all at once: kept for 30 days, brought back with one click, or exported (protocol rule 9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import msgspec

from spoc_desktop.i18n import _, day_with_year, moment, ngettext
from spoc_desktop.services.desk import Desk, New
from spoc_desktop.services.exporting import export_words
from spoc_desktop.services.files import CourseFiles
from spoc_desktop.services.writers import Writers
from spoc_desktop.storage.changes import words_in
from spoc_desktop.storage.trash import KEEP_MS, Deleted
from sync.client.ports import Changes
from sync.domain import spaces
from sync.domain.cohorts import COHORT
from sync.domain.files import Attachment, attachments_in
from sync.domain.forum import ANNOUNCEMENT, POST
from sync.domain.ids import ID_BYTES, derived
from sync.domain.kind import Kind
from sync.domain.kinds import KINDS
from sync.domain.notes import NOTE
from sync.domain.permissions import Operation, Role
from sync.domain.spaces import SpaceType

_AN_ID = b"\xc4\x10"
"""What stands before 16 bytes on the wire."""
_MESSAGES = (POST.number, ANNOUNCEMENT.number)


@dataclass(frozen=True, slots=True)
class Heap:
    """What was deleted in one space within a day. `noticed`: since when it is kept, in milliseconds; `until`: how long.

    `who`: the person who deleted it, empty for somebody unknown or for several. `mine`: it was the person themselves,
    on another laptop. `place`: the title of the session, empty elsewhere. `may_write`: whether it may be brought back.
    """

    space: bytes
    noticed: int
    until: int
    what: str
    count: int
    who: str
    mine: bool
    place: str
    may_write: bool
    records: tuple[Deleted, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The words in it, to be exported."""
        return tuple(text for one in self.records for text in words_in(one.body))

    @property
    def files(self) -> tuple[Attachment, ...]:
        """What was attached."""
        bodies = ((KINDS.get(one.kind), one.body) for one in self.records)
        return tuple(file for kind, body in bodies if kind is not None for file in attachments_in(kind.decode(body)))


class TrashBin:
    """The trash of one person's laptop."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def heaps(self) -> tuple[Heap, ...]:
        """All heaps, the newest first."""
        listed = self._desk.store.trash.listed()
        return tuple(self._heap(tuple(some)) for _key, some in groupby(listed, lambda one: (one.noticed, one.space)))

    def bring_back(self, heap: Heap) -> Changes:
        """Write all of a heap anew, so that everybody has it again. The errors of `LocalStore.write`.

        A new id is worked out of the old one, in every record of the heap that names it: an answer stays in its
        discussion, and what two people bring back at once is one record.
        """
        names = {one.id: derived("restored", one.id) for one in heap.records}
        records = [
            New(kind, one.space, names[one.id], self._anew(kind, one, names))
            for one in heap.records
            if (kind := KINDS.get(one.kind)) is not None
        ]
        return self._desk.store.trash.bring_back(records, heap.records)

    def export(self, heap: Heap, files: CourseFiles, folder: Path) -> Path:
        """Write the words of a heap and what was attached into a new folder; where they are. OSError."""
        return export_words(files, heap.what, heap.texts, heap.files, folder)

    def _heap(self, records: tuple[Deleted, ...]) -> Heap:
        first, store = records[0], self._desk.store
        type_, deleters = spaces.type_of(first.space), {one.deleter for one in records}
        kinds = {one.kind for one in records}
        cohort = spaces.ids_of(first.space)[0] if type_ is SpaceType.COHORT else b""
        seen = next(iter(store.view(COHORT, first.space)), None) if cohort else None
        who = Writers(store, cohort).of(next(iter(deleters))).name if cohort and len(deleters) == 1 else ""
        return Heap(
            space=first.space,
            noticed=first.noticed,
            until=first.noticed + KEEP_MS,
            what=_counted(kinds, len(records)),
            count=len(records),
            who=who,
            mine=deleters == {store.person},
            place=seen.body.title if seen is not None else "",
            may_write=all(self._may_write(one) for one in {(one.space, one.kind) for one in records}),
            records=records,
        )

    def _may_write(self, place: tuple[bytes, int]) -> bool:
        space, number = place
        kind, type_ = KINDS.get(number), spaces.type_of(space)
        return kind is not None and kind.permits(type_, self._role(space, type_), Operation.CREATE, is_author=True)

    def _role(self, space: bytes, type_: SpaceType) -> Role:
        """What the person is there, by what this laptop knows; the server judges."""
        match type_:
            case SpaceType.OWN:
                return Role.OWNER
            case SpaceType.AUTHORING:
                return Role.AUTHOR
            case SpaceType.COHORT:
                teaches = Writers(self._desk.store, spaces.ids_of(space)[0]).i_teach
                return Role.TRAINER if teaches else Role.MEMBER
            case _:
                return Role.MEMBER

    def _anew(self, kind: Kind, one: Deleted, names: Mapping[bytes, bytes]) -> msgspec.Struct:
        body: msgspec.Struct = kind.decode(_renamed(one.body, names))
        if "restored_from" in kind.fields:
            body = msgspec.structs.replace(body, restored_from=one.id)
        if kind.number in _MESSAGES and one.author != self._desk.store.person:
            body = msgspec.structs.replace(body, text=f"{self._by(one)}\n\n{body.text}")  # type: ignore[attr-defined]
        return body

    def _by(self, one: Deleted) -> str:
        """The first line of another person's message: it comes back under the name of who brings it back."""
        name = Writers(self._desk.store, spaces.ids_of(one.space)[0]).of(one.author).name
        day = day_with_year(moment(one.written).date())
        return _("Message of {name}, {day}, brought back.").format(name=name or _("a former member"), day=day)


def _renamed(body: bytes, names: Mapping[bytes, bytes]) -> bytes:
    """A body in which ids give way to others of the same length, which leaves its form as it is."""
    fresh, at = bytearray(body), body.find(_AN_ID)
    while at >= 0:
        first = at + len(_AN_ID)
        old = body[first : first + ID_BYTES]
        fresh[first : first + ID_BYTES] = names.get(old, old)
        at = body.find(_AN_ID, at + 1)
    return bytes(fresh)


def _counted(kinds: set[int], count: int) -> str:
    if kinds <= {*_MESSAGES}:
        return ngettext("{count} message", "{count} messages", count).format(count=count)
    if kinds == {NOTE.number}:
        return ngettext("{count} note", "{count} notes", count).format(count=count)
    return ngettext("{count} record", "{count} records", count).format(count=count)
