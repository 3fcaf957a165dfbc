"""Which files a record names: by its own body, or, a revision, by the value that it keeps (protocol rule 7)."""

from functools import cache
from typing import Any, get_type_hints

import msgspec

from sync.domain.files import Attachment, attachments_in
from sync.domain.kinds import KINDS
from sync.domain.revisions import REVISION

NAMING = frozenset(kind.number for kind in KINDS.values() if kind.files) | {REVISION.number}
"""Numbers of the kinds whose records may name files."""


_HASH_HEADS = (b"\xc4\x20", b"\x00\x20")
"""How 32 bytes begin in MessagePack, in the shortest form and in the longer ones, which nobody has to write."""


def named_in_body(number: int, body: bytes) -> tuple[Attachment, ...]:
    """The files that a record names. None when it is deleted, or of a newer program that decodes it otherwise."""
    if number not in NAMING or not any(head in body for head in _HASH_HEADS):
        return ()  # most records name none; looking for a hash is much less than decoding
    try:
        record = KINDS[number].decode(body)
    except msgspec.MsgspecError:
        return ()
    if number == REVISION.number:
        return named_in_field(record.kind, record.field, record.value)
    return attachments_in(record)


def named_in_field(number: int, field: int, raw: bytes) -> tuple[Attachment, ...]:
    """The files that the wire form of one field of a kind names."""
    kind = KINDS.get(number)
    if kind is None or not kind.files or not 0 <= field < len(kind.fields):
        return ()
    try:
        return attachments_in(_decoder(number, field).decode(raw))
    except msgspec.MsgspecError:
        return ()


@cache
def _decoder(number: int, field: int) -> "msgspec.msgpack.Decoder[Any]":
    kind = KINDS[number]
    return msgspec.msgpack.Decoder(get_type_hints(kind.body)[kind.fields[field]])
