"""What an edit at the same time overtook: kept and shown, never lost (protocol rule 6)."""

import msgspec

from sync.domain.kind import Erase, Kind, Merge
from sync.domain.permissions import SERVER
from sync.domain.spaces import SpaceType


class Revision(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A field's value that another writer's edit replaced without having seen it.

    `value` is the raw wire form of the field; `author` wrote it, under the name `(writer, n)`.
    """

    record: bytes
    kind: int
    field: int
    value: bytes
    author: bytes
    writer: int
    n: int


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
KINDS = (REVISION,)
