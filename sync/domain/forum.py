"""The forum of a cohort or a group: written offline by both sides, edited by field; and how far each has read."""

import msgspec

from sync.domain.files import Attachment
from sync.domain.ids import derived
from sync.domain.kind import Erase, Kind, Merge
from sync.domain.permissions import MEMBER, OWNER, TRAINER
from sync.domain.spaces import SpaceType


class Post(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A message. `thread` is the id of the post that opened the discussion, empty on that post itself.

    `wants_help` and `solved` are said of a discussion, on the post that opened it. `restored_from`: the message that
    was deleted and that this one brings back.
    """

    text: str
    title: str = ""
    thread: bytes = b""
    activity: bytes = b""
    hidden: bool = False
    files: tuple[Attachment, ...] = ()
    wants_help: bool = False
    solved: bool = False
    restored_from: bytes = b""


class ReadMark(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """How far a person has read a discussion: `seq` of its newest record seen, in the space that it lies in."""

    thread: bytes
    seq: int


class Unsent(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What a person is writing and has not sent: kept at each pause, in their own space, empty once it was sent.

    `place`: the discussion, the private thread, or the cohort for a new discussion.
    """

    place: bytes
    text: str = ""
    title: str = ""
    files: tuple[Attachment, ...] = ()


def unsent_id(place: bytes) -> bytes:
    """The id of what a person is writing in a place: their laptops meet in one record."""
    return derived("unsent", place)


def read_mark_id(thread: bytes) -> bytes:
    """The id of a person's mark in a discussion: their laptops meet in one record."""
    return derived("read_mark", thread)


POST = Kind(
    40,
    "post",
    Post,
    space=(SpaceType.COHORT, SpaceType.GROUP),
    merge=Merge.EDITED,
    write=MEMBER,
    others=TRAINER,
    erase=Erase.PSEUDONYM,
    evidence=True,
    search=("text", "title"),
    files=True,
)
ANNOUNCEMENT = Kind(
    41,
    "announcement",
    Post,
    space=(SpaceType.COHORT, SpaceType.GROUP),
    merge=Merge.EDITED,
    write=TRAINER,
    others=TRAINER,
    erase=Erase.PSEUDONYM,
    evidence=True,
    search=("text", "title"),
    files=True,
)
READ_MARK = Kind(42, "read_mark", ReadMark, space=(SpaceType.OWN,), merge=Merge.EDITED, write=OWNER, erase=Erase.WIPE)
UNSENT = Kind(
    43, "unsent", Unsent, space=(SpaceType.OWN,), merge=Merge.EDITED, write=OWNER, erase=Erase.WIPE, files=True
)
KINDS = (POST, ANNOUNCEMENT, READ_MARK, UNSENT)
