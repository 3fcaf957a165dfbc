"""How an edit joins what is there: by field, in the server's order, on the raw array (protocol rule 6).

The raw array is edited so that fields that a newer program added survive an older one.
"""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from sync.domain.kind import Kind, encode

DELETED = b"\xc0"
"""The body of a record that a person deleted: msgpack's nil, which no record encodes to."""
ERASED = b"\xc2"
"""The body of a record that the server erased with its person (rule 13): msgpack's false."""
FOLDED = b"\xc3"
"""The body of a record whose content went into a snapshot (rule 6, shared documents): msgpack's true."""
GONE = frozenset({DELETED, ERASED, FOLDED})
"""Bodies of records that are no more. The wipe guard counts the deleted ones alone: the others are the server's own
operations (rule 9)."""

_ARRAY = msgspec.msgpack.Decoder(list[msgspec.Raw])
_ENCODER = msgspec.msgpack.Encoder()


class FieldStamp(msgspec.Struct, frozen=True, array_like=True):
    """Who last wrote a field, and when: seq of the space, name of the mutation, author."""

    seq: int
    writer: int
    n: int
    author: bytes


class Overtaken(NamedTuple):
    """A value replaced by somebody who had not seen it."""

    field: int
    value: bytes
    stamp: FieldStamp


class Merged(NamedTuple):
    """A body after an edit, the stamps of its fields, and what was overtaken."""

    body: bytes
    stamps: dict[int, FieldStamp]
    overtaken: tuple[Overtaken, ...]


def changed(body: bytes, changes: Mapping[int, bytes], kind: Kind) -> bytes:
    """A body with some fields replaced. Shorter arrays are padded with the kind's defaults, longer tails are kept.

    ValueError when the changes name a field beyond what the kind knows, msgspec's errors when the result is no record
    of it.
    """
    if not changes or max(changes) >= len(kind.fields) or min(changes) < 0:
        raise ValueError(f"an edit of {kind.name} names fields that it does not have")
    values = [bytes(value) for value in _ARRAY.decode(body)]
    if len(values) < len(kind.fields):
        whole = _ARRAY.decode(encode(kind.decode(body)))
        values += [bytes(value) for value in whole[len(values) :]]
    for number, value in changes.items():
        values[number] = value
    edited = _ENCODER.encode([msgspec.Raw(value) for value in values])
    kind.decode(edited)
    return edited


def merge(
    kind: Kind,
    body: bytes,
    changes: Mapping[int, bytes],
    *,
    stamps: Mapping[int, FieldStamp],
    created: FieldStamp,
    base: int,
    by: FieldStamp,
) -> Merged:
    """Apply an edit made on top of what its author had seen at seq `base`.

    The new value always stands. A field that another writer changed after `base` was edited at the same time: its
    value is handed back as overtaken. `created` stamps the fields that nobody edited since the record was made.
    """
    before = _ARRAY.decode(body)
    overtaken = []
    for number, value in sorted(changes.items()):
        last = stamps.get(number, created)
        unseen = last.seq > base and last.writer != by.writer
        if unseen and number < len(before) and bytes(before[number]) != value:
            overtaken.append(Overtaken(number, bytes(before[number]), last))
    after = dict(stamps) | dict.fromkeys(changes, by)
    return Merged(changed(body, changes, kind), after, tuple(overtaken))
