"""A learner's own notes beside a lesson or a video: nobody else reads them."""

import msgspec

from sync.domain.anchors import Anchor
from sync.domain.kind import Erase, Kind, Merge
from sync.domain.permissions import OWNER
from sync.domain.spaces import SpaceType


class Note(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A note. `anchor`: the words it is about, None: the whole page. `moment`: in a video, milliseconds from its start.

    `at` is device time in milliseconds. `restored_from`: the note that was deleted and that this one brings back.
    """

    activity: bytes
    text: str
    at: int
    anchor: Anchor | None = None
    moment: int | None = None
    restored_from: bytes = b""


NOTE = Kind(
    26, "note", Note, space=(SpaceType.OWN,), merge=Merge.EDITED, write=OWNER, erase=Erase.WIPE, search=("text",)
)
KINDS = (NOTE,)
