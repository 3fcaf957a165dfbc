"""The private thread between a learner and the trainers of a cohort."""

import msgspec

from sync.domain.files import Attachment
from sync.domain.kind import Erase, Kind, Merge
from sync.domain.permissions import Role
from sync.domain.spaces import SpaceType


class Message(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A message of the thread; it never changes. `at` is device time.

    `about`: the id of an activity, a hand-in or a returned review that it speaks of; `remark`: the number of the remark
    that it answers, 0 for none.
    """

    text: str
    at: int
    about: bytes = b""
    remark: int = 0
    files: tuple[Attachment, ...] = ()


MESSAGE = Kind(
    45,
    "message",
    Message,
    space=(SpaceType.PERSONAL,),
    merge=Merge.APPEND,
    write=frozenset({Role.OWNER, Role.TRAINER}),
    erase=Erase.PSEUDONYM,
    evidence=True,
    search=("text",),
    files=True,
)
KINDS = (MESSAGE,)
