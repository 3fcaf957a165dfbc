"""The one declaration that a feature's record ends with.

The wire, the permission table, the server's log, export, erasure, evidence, search and the matrix tests walk the list
of these declarations (``kinds.py``), so a new kind needs no line anywhere else.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import Any

import msgspec

from sync.domain import newer
from sync.domain.permissions import Operation, Role
from sync.domain.spaces import SpaceType


class Merge(IntEnum):
    """How two laptops' changes of one record join (protocol rule 6)."""

    APPEND = 1
    EDITED = 2


class Erase(IntEnum):
    """What the erasure of a person does to a record of theirs."""

    WIPE = 1
    PSEUDONYM = 2
    KEEP = 3


@dataclass(frozen=True)
class Kind:
    """A kind of record: its number on the wire (never reused), its body and its rules."""

    number: int
    name: str
    body: type[msgspec.Struct]
    space: tuple[SpaceType, ...]
    merge: Merge
    write: frozenset[Role]
    erase: Erase
    others: frozenset[Role] = field(default_factory=frozenset)
    """Who may edit or delete a record of another author: moderators, co-authors."""
    evidence: bool = False
    search: tuple[str, ...] = ()
    files: bool = False
    """Whether its bodies name files (`files.attachments_in`): they travel before the record that names them."""

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Field names in wire order: the number of a field is its place here."""
        return self.body.__struct_fields__

    @cached_property
    def decoder(self) -> "msgspec.msgpack.Decoder[Any]":
        """Decodes and validates a body."""
        return msgspec.msgpack.Decoder(self.body)

    def decode(self, body: bytes) -> Any:
        """The record in a body; blocks of a newer program are `Unknown` in it.

        msgspec.ValidationError or DecodeError when it is none of this kind.
        """
        try:
            return self.decoder.decode(body)
        except msgspec.ValidationError:
            return self.decoder.decode(newer.with_unknown(self.body, body))

    def decode_known(self, body: bytes) -> Any:
        """The record in a body in which this program knows everything: what a server takes. Else msgspec's errors."""
        if newer.holds_unknown(body):
            raise msgspec.ValidationError("a block that was not known is sent as if it were")
        return self.decoder.decode(body)

    def number_of(self, name: str) -> int:
        """The wire number of a field."""
        return self.fields.index(name)

    def permits(self, space: SpaceType, role: Role, operation: Operation, *, is_author: bool) -> bool:
        """Whether a role may do this to a record of this kind in a space of that type."""
        if space not in self.space or role not in self.write:
            return False
        if operation is Operation.CREATE:
            return True
        return self.merge is Merge.EDITED and (is_author or role in self.others)


_ENCODER = msgspec.msgpack.Encoder()


def encode(body: Any) -> bytes:
    """The wire form of a record's body, or of the value of a field; blocks of a newer program go out as they came."""
    return newer.restored(_ENCODER.encode(body))
