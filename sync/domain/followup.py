"""Follow-up: who is late, silent or stuck, each reason by a rule; and what trainers keep about a learner."""

import msgspec

from sync.domain.kind import Erase, Kind, Merge
from sync.domain.permissions import TRAINER
from sync.domain.spaces import SpaceType


class PrivateNote(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What a trainer notes about a learner; the trainers of the cohort read it, the learner does not."""

    text: str
    at: int


class NextAction(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What a trainer means to do next for a learner. `remind_at` 0: no reminder. Times are device milliseconds."""

    text: str
    at: int
    remind_at: int = 0
    done_at: int = 0


PRIVATE_NOTE = Kind(
    70,
    "private_note",
    PrivateNote,
    space=(SpaceType.STAFF,),
    merge=Merge.EDITED,
    write=TRAINER,
    erase=Erase.WIPE,
    search=("text",),
)
NEXT_ACTION = Kind(
    71,
    "next_action",
    NextAction,
    space=(SpaceType.STAFF,),
    merge=Merge.EDITED,
    write=TRAINER,
    others=TRAINER,
    erase=Erase.WIPE,
)
KINDS = (PRIVATE_NOTE, NEXT_ACTION)
