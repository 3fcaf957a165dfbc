"""What a person is writing and has not sent, and how far they have read: both in their own space, on all laptops."""

from dataclasses import dataclass

from spoc_desktop.services.desk import Desk, Edited, New
from sync.client.ports import Changes
from sync.domain import spaces
from sync.domain.files import Attachment
from sync.domain.forum import READ_MARK, UNSENT, ReadMark, Unsent, read_mark_id, unsent_id

NOTHING = Changes()


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that was written: what changed, and its id."""

    changes: Changes
    id: bytes


def unsent(desk: Desk, place: bytes) -> Unsent:
    """What stands unfinished in a place; empty when there is nothing."""
    seen = desk.store.one(UNSENT, unsent_id(place))
    return Unsent(place=place) if seen is None else seen.body


def keep_unsent(desk: Desk, place: bytes, text: str, title: str = "", files: tuple[Attachment, ...] = ()) -> Changes:
    """Keep what is being written; nothing is written when it stands so already."""
    wanted = Unsent(place=place, text=text, title=title, files=files)
    if unsent(desk, place) == wanted:
        return NOTHING
    return desk.store.write([_unsent_change(desk, wanted)])


def emptied(desk: Desk, place: bytes) -> list[New | Edited]:
    """The change that goes with a message sent: what was unfinished is finished."""
    if unsent(desk, place) == Unsent(place=place):
        return []
    return [_unsent_change(desk, Unsent(place=place))]


def _unsent_change(desk: Desk, wanted: Unsent) -> New | Edited:
    id_ = unsent_id(wanted.place)
    if desk.store.one(UNSENT, id_) is None:
        return New(UNSENT, spaces.own(desk.person), id_, wanted)
    return Edited(UNSENT, id_, {"text": wanted.text, "title": wanted.title, "files": wanted.files})


def marks(desk: Desk) -> dict[bytes, int]:
    """How far the person has read, by discussion."""
    return {seen.body.thread: seen.body.seq for seen in desk.store.view(READ_MARK)}


def mark_read(desk: Desk, thread: bytes, seq: int) -> Changes:
    """The person has seen a discussion up to a place of its space; going back is no change."""
    seen = desk.store.one(READ_MARK, read_mark_id(thread))
    if seq <= (0 if seen is None else seen.body.seq):
        return NOTHING
    if seen is None:
        body = ReadMark(thread=thread, seq=seq)
        return desk.store.write([New(READ_MARK, spaces.own(desk.person), read_mark_id(thread), body)])
    return desk.store.write([Edited(READ_MARK, seen.id, {"seq": seq})])
