"""Posts of a cohort or a group: written offline by both sides, edited by field."""

import msgspec

from sync.domain.kind import Erase, Kind, Merge
from sync.domain.permissions import MEMBER, TRAINER
from sync.domain.spaces import SpaceType


class Post(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A message. `thread` is the id of the post that opened the discussion, empty on that post itself."""

    text: str
    title: str = ""
    thread: bytes = b""
    activity: bytes = b""
    hidden: bool = False


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
)
KINDS = (POST,)
