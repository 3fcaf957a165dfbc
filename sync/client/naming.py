"""Which files a record or a change names: what has to be sent before it, and fetched after it (protocol rule 7)."""

from functools import cache
from typing import Any, get_type_hints

import msgspec

from sync.domain.files import Attachment, attachments_in
from sync.domain.kind import Kind
from sync.domain.kinds import KINDS
from sync.domain.merge import DELETED
from sync.domain.revisions import REVISION
from sync.protocol.messages import Create, Edit, Mutation

NAMING = frozenset(kind.number for kind in KINDS.values() if kind.files) | {REVISION.number}
"""Numbers of the kinds whose records may name files; a revision does by the value that it keeps."""


def named_in_body(number: int, body: bytes) -> tuple[Attachment, ...]:
    """The files that a record names. None when it is deleted, or of a newer program that decodes it otherwise."""
    if number not in NAMING or body == DELETED:
        return ()
    try:
        record = KINDS[number].decode(body)
        if number == REVISION.number:
            return _named_in_field(record.kind, record.field, record.value)
    except msgspec.MsgspecError:
        return ()
    return attachments_in(record)


def named_in_mutation(number: int, mutation: Mutation) -> tuple[Attachment, ...]:
    """The files that a change of a record of this kind names."""
    match mutation:
        case Create(body=body):
            return named_in_body(number, bytes(body))
        case Edit(changes=changes):
            found = (_named_in_field(number, field, bytes(raw)) for field, raw in changes.items())
            return tuple(attachment for field in found for attachment in field)
        case _:
            return ()


def _named_in_field(number: int, field: int, raw: bytes) -> tuple[Attachment, ...]:
    kind = KINDS.get(number)
    if kind is None or not kind.files or field >= len(kind.fields):
        return ()
    try:
        return attachments_in(_decoder(kind.number, field).decode(raw))
    except msgspec.MsgspecError:
        return ()


@cache
def _decoder(number: int, field: int) -> "msgspec.msgpack.Decoder[Any]":
    kind: Kind = KINDS[number]
    return msgspec.msgpack.Decoder(get_type_hints(kind.body)[kind.fields[field]])
