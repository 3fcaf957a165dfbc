"""What an edit at the same time overtook: kept and shown, never lost (protocol rule 6)."""

import msgspec

from sync.domain.ids import derived
from sync.domain.kind import Erase, Kind, Merge
from sync.domain.permissions import OWNER, SERVER
from sync.domain.spaces import SpaceType


class Revision(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A field's value that another writer's edit replaced without having seen it.

    `value` is the raw wire form of the field; `author` wrote it, under the name `(writer, n)`. `by` wrote what stands
    in its place: both may settle it.
    """

    record: bytes
    kind: int
    field: int
    value: bytes
    author: bytes
    writer: int
    n: int
    by: bytes = b""


class Settled(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """That a person has seen a revision and settled it: it leaves their list on all their laptops."""

    revision: bytes
    at: int


def settled_id(revision: bytes) -> bytes:
    """The id of a person's settlement of a revision."""
    return derived("settled", revision)


REVISION = Kind(
    90,
    "revision",
    Revision,
    space=tuple(SpaceType),
    merge=Merge.APPEND,
    write=SERVER,
    erase=Erase.PSEUDONYM,
    evidence=True,
)
SETTLED = Kind(91, "settled", Settled, space=(SpaceType.OWN,), merge=Merge.EDITED, write=OWNER, erase=Erase.WIPE)
KINDS = (REVISION, SETTLED)
