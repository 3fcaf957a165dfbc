"""Shared documents: several people write one text, with or without a network, and what they wrote joins by place.

What a person types becomes an update beside those of the others; nothing overtakes anything. Every version of the last
30 days can be read and brought back, and who wrote what is known by the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from spoc_desktop.services.desk import Desk, Edited, New, Seen
from spoc_desktop.services.errors import NotHereYet
from spoc_desktop.storage.changes import Listed
from spoc_desktop.storage.errors import HasLeft
from sync.client.ports import Changes
from sync.client.view import State
from sync.content.shared_text import SharedText, Written, joined, read
from sync.domain.documents import DOCUMENT, SNAPSHOT, UPDATE, Document, Share, Snapshot, Update, client_of, snapshot_id
from sync.domain.text_edits import moved, splices
from sync.domain.updates import EMPTY
from sync.protocol.errors import Refusal

_MOST = 48 * 1024
"""Bytes up to which what is typed joins one update."""
_ONE_VERSION_MS = 10 * 60_000
"""What one person writes within this time is one version in the list."""


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document in the list of its space. `at`: when it was last changed; `people`: who wrote in it."""

    id: bytes
    space: bytes
    title: str
    author: bytes
    at: int
    people: tuple[bytes, ...]
    waiting: bool
    archived: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """Words of the person that did not go into a document: refused, in quarantine, or without what they build on.

    `name`: for `withdraw`, None while they may still go in by themselves. `refusal` None: access was lost.
    """

    document: bytes
    text: str
    at: int
    name: tuple[int, int] | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """A document as it is read. `offered`: own words that are not in the text, to be taken over by hand.

    `complete` False: its older part has not come yet; it can be read and not changed.
    """

    row: DocumentRow
    text: str
    complete: bool
    offered: tuple[Offered, ...]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in the list: how the document stood after the update `id`, by whom, when."""

    id: bytes
    author: bytes
    at: int
    waiting: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """A document that was begun: what the pages hear, and its id."""

    changes: Changes
    id: bytes


class Documents:
    """Reads and writes the store at once: call it in the database worker."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # -- reading

    def documents(self, space: bytes) -> tuple[DocumentRow, ...]:
        """The documents of a cohort or a group, the last changed first."""
        updates: dict[bytes, list[Seen]] = {}
        for seen in self._desk.store.view(UPDATE, space):
            updates.setdefault(seen.body.document, []).append(seen)
        snapshots = {seen.body.document: seen.body for seen in self._desk.store.view(SNAPSHOT, space)}
        rows = [
            _row(seen, updates.get(seen.id, []), snapshots.get(seen.id))
            for seen in self._desk.store.view(DOCUMENT, space)
        ]
        return tuple(sorted(rows, key=lambda row: (-row.at, row.id)))

    def open(self, document: bytes) -> OpenDocument:
        """A document with its text. NotHereYet when it is not on this laptop."""
        reading = self._reading(document)
        return OpenDocument(reading.row, reading.text.text, reading.complete, self._offered(reading))

    def versions(self, document: bytes) -> tuple[VersionRow, ...]:
        """The versions that can be brought back, the newest first."""
        found: list[VersionRow] = []
        for seen in self._reading(document).updates:
            row = VersionRow(seen.id, seen.author, seen.at, seen.waiting)
            last = found[-1] if found else None
            if last is not None and last.author == row.author and row.at - last.at < _ONE_VERSION_MS:
                found[-1] = row
            else:
                found.append(row)
        return tuple(reversed(found))

    def version(self, document: bytes, id_: bytes) -> str:
        """The text as it stood after an update. NotHereYet when it is not on this laptop."""
        return self._reading(document).text_after(id_)

    def shares(self, document: bytes) -> tuple[Share, ...]:
        """What each person wrote in a document, since it was begun."""
        reading = self._reading(document)
        of = {share.person: share for share in (reading.snapshot.shares if reading.snapshot else ())}
        for seen in reading.updates:
            written = read(seen.body.update)
            count = written.content.characters if written else 0
            before = of.get(seen.author) or Share(person=seen.author, updates=0, characters=0, last=0)
            of[seen.author] = Share(
                person=seen.author,
                updates=before.updates + 1,
                characters=before.characters + count,
                last=max(before.last, seen.at),
            )
        return tuple(of[person] for person in sorted(of))

    # -- writing

    def begin(self, space: bytes, title: str, text: str = "") -> Begun:
        """Begin a document in a cohort or a group."""
        id_ = self._desk.new_id()
        changes = self._desk.store.write([New(DOCUMENT, space, id_, Document(title=title))])
        return Begun(changes | self.write(id_, "", text), id_)

    def rename(self, document: bytes, title: str) -> Changes:
        """Change the title: its author and trainers may."""
        return self._desk.store.write([Edited(DOCUMENT, document, {"title": title})])

    def archive(self, document: bytes, *, archived: bool) -> Changes:
        """Say that a document is no longer worked on, or that it is again."""
        return self._desk.store.write([Edited(DOCUMENT, document, {"archived": archived})])

    def write(self, document: bytes, before: str, after: str) -> Changes:
        """Keep what a person changed: `before` is the text that they had on the screen, `after` what they made of it.

        What came from others meanwhile stays; the change goes to its place among it. NotHereYet.
        """
        reading = self._reading(document)
        if not reading.complete:
            raise NotHereYet
        client = client_of(self._desk.store.state().writer)
        text = SharedText(reading.raws, client)
        raws = text.change(moved(splices(before, after), before, text.text))
        if not raws:
            return Changes()
        target = _unsent(reading.updates, client)
        if target is not None:
            try:
                return self._save(reading, raws, target)
            except HasLeft:  # while this was worked out, a sync took it along
                pass
        return self._save(reading, raws)

    def bring_back(self, document: bytes, id_: bytes) -> Changes:
        """Make the text again what it was after an update, by a new one: what was written since stays in the list."""
        reading = self._reading(document)
        return self.write(document, reading.text.text, reading.text_after(id_))

    def _save(self, reading: "_Reading", raws: Sequence[bytes], target: Seen | None = None) -> Changes:
        now, document = self._desk.now(), reading.row.id
        bodies = _packed(([] if target is None else [target.body.update]) + list(raws))
        changes: list[New | Edited] = []
        if target is not None:
            changes.append(Edited(UPDATE, target.id, {"update": bodies.pop(0), "at": now}, target.space))
        for body in bodies:
            made = Update(document=document, update=body, at=now)
            changes.append(New(UPDATE, reading.row.space, self._desk.new_id(), made))
        return self._desk.store.write(changes)

    def _offered(self, reading: "_Reading") -> tuple[Offered, ...]:
        """Own words beside the text: what the server did not take, and what hangs in the air here."""
        document = reading.row.id
        found = [one for one in offered(self._desk.store.outbox_list()) if one.document == document]
        for seen in reading.updates:
            written = read(seen.body.update) if seen.author == self._desk.person else None
            if written is not None and not _is_in(written, reading.text):
                found.append(Offered(document, written.content.text, seen.at))
        return tuple(found)

    def _reading(self, document: bytes) -> "_Reading":
        seen = self._desk.store.one(DOCUMENT, document)
        if seen is None:
            raise NotHereYet
        return _Reading(self._desk, seen)


class _Reading:
    """One look at a document: its snapshot and its updates in the server's order, own ones that wait at the end."""

    def __init__(self, desk: Desk, seen: Seen) -> None:
        store = desk.store
        mine = [one for one in store.view(UPDATE, seen.space) if one.body.document == seen.id]
        self.updates = sorted(mine, key=lambda one: (not one.seq, one.seq, one.at, one.id))
        kept = store.one(SNAPSHOT, snapshot_id(seen.id), seen.space)
        self.snapshot: Snapshot | None = None if kept is None else kept.body
        self.row = _row(seen, self.updates, self.snapshot)
        file = None if self.snapshot is None else self.snapshot.file
        content = None if file is None else store.files.read(file.sha256)
        self.complete = file is None or content is not None
        self._base = content or (EMPTY if self.snapshot is None else self.snapshot.state)

    @property
    def raws(self) -> list[bytes]:
        """All that the text is made of."""
        return [self._base, *(seen.body.update for seen in self.updates)]

    @cached_property
    def text(self) -> SharedText:
        return SharedText(self.raws)

    def text_after(self, id_: bytes) -> str:
        place = next((place for place, seen in enumerate(self.updates) if seen.id == id_), None)
        if place is None or not self.complete:
            raise NotHereYet
        return SharedText([self._base, *(seen.body.update for seen in self.updates[: place + 1])]).text


def offered(entries: Sequence[Listed]) -> tuple[Offered, ...]:
    """Updates that the server did not take, or that wait for access, as text."""
    found = []
    for entry in entries:
        body = entry.body() if entry.kind == UPDATE.number else None
        if body is None or entry.state not in {State.REFUSED, State.QUARANTINED}:
            continue
        refusal = entry.refusal if entry.state is State.REFUSED else None
        found.append(Offered(body.document, _words(read(body.update)), entry.at, (entry.writer, entry.n), refusal))
    return tuple(found)


def words_of(entry: Listed) -> tuple[str, ...]:
    """The words in a change of a shared document, none for other changes."""
    body = entry.body() if entry.kind == UPDATE.number else None
    words = "" if body is None else _words(read(body.update))
    return (words,) if words else ()


def _is_in(written: Written, text: SharedText) -> bool:
    """Whether the words of an update are in the text, or were and were taken out by somebody."""
    lines = written.content.text.split("\n")
    return text.holds(written.content) or all(line in text.text for line in lines)


def _words(written: Written | None) -> str:
    return written.content.text if written is not None else ""


def _row(seen: Seen, updates: Sequence[Seen], snapshot: Snapshot | None) -> DocumentRow:
    older = [] if snapshot is None else [share.person for share in snapshot.shares]
    return DocumentRow(
        id=seen.id,
        space=seen.space,
        title=seen.body.title,
        author=seen.author,
        at=max([seen.at, *([] if snapshot is None else [snapshot.at]), *(one.at for one in updates)]),
        people=tuple(dict.fromkeys([*older, *(one.author for one in updates)])),
        waiting=seen.waiting or any(one.waiting for one in updates),
        archived=seen.body.archived,
    )


def _unsent(updates: Sequence[Seen], client: int) -> Seen | None:
    """The update that goes on being written: the last one here of this client that the server has not answered."""
    found: tuple[int, int, Seen] | None = None
    for place, seen in enumerate(updates):
        written = read(seen.body.update) if seen.waiting and not seen.seq else None
        if written is None or any(one.client != client for one in written.content.inserted):
            continue
        end = max((one.end for one in written.content.inserted), default=0)
        if found is None or (end, place) >= found[:2]:
            found = (end, place, seen)
    return None if found is None else found[2]


def _packed(raws: Sequence[bytes]) -> list[bytes]:
    """Updates joined in their order, each result small enough for a row."""
    found: list[list[bytes]] = [[raws[0]]]
    size = len(raws[0])
    for raw in raws[1:]:
        size += len(raw)
        if size > _MOST:
            found.append([])
            size = len(raw)
        found[-1].append(raw)
    return [joined(some) for some in found]
