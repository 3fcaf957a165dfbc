"""What third parties send: JSON of the shape of a sync request, turned into our own form before it is hashed (rule 2).

Only new records of kinds that never change: whoever edits must know what stands there, and that is what a sync is for.
Byte strings are base64, bodies are arrays of the kind's fields in their order.
"""

import zlib
from typing import Any

import msgspec

from sync.domain.kind import Merge, encode
from sync.domain.kinds import KINDS
from sync.protocol import version, wire
from sync.protocol.errors import UpdateNeeded
from sync.protocol.messages import Batch, Create, SyncRequest
from sync.protocol.wire import Damaged

_GZIP = 16 + zlib.MAX_WBITS
_CREATE: "msgspec.json.Decoder[Create]" = msgspec.json.Decoder(Create)


class NotForeign(ValueError):
    """An entry that is not taken this way: nothing of the request is done. Its text says which entry, and why."""


def inflate(packed: bytes, most: int) -> bytes:
    """Unpack gzip within a bound. Damaged."""
    unpacker = zlib.decompressobj(_GZIP)
    try:
        raw = unpacker.decompress(packed, most + 1)
    except zlib.error as error:
        raise Damaged("no gzip") from error
    if len(raw) > most or not unpacker.eof or unpacker.unused_data:
        raise Damaged(f"cut, or more than {most} bytes when unpacked")
    return raw


def message_in(type_: type[Any], raw: bytes) -> Any:
    """A message from JSON. Damaged when it is none; UpdateNeeded when it is of a protocol not spoken here."""
    try:
        found = msgspec.json.decode(raw, type=type_)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Damaged(str(error)) from error
    if not version.speaks(found.protocol, found.protocol):
        raise UpdateNeeded
    return found


def request_in(raw: bytes) -> SyncRequest:
    """The push in a JSON request, in our own form. NotForeign, Damaged, UpdateNeeded."""
    found: SyncRequest = message_in(SyncRequest, raw)
    plain = SyncRequest(found.protocol, found.rules, found.writer, batches=found.batches)
    if found != plain:
        raise NotForeign("a request that comes as JSON pushes and does nothing else")
    batches = tuple(Batch(batch.space, batch.claim, _entries(batch)) for batch in found.batches)
    return SyncRequest(found.protocol, found.rules, found.writer, batches=batches)


def _entries(batch: Batch) -> tuple[msgspec.Raw, ...]:
    return tuple(_entry(place, bytes(raw)) for place, raw in enumerate(batch.entries))


def _entry(place: int, raw: bytes) -> msgspec.Raw:
    """One entry in the form in which it is hashed, so that a retry is known again."""
    try:
        created = _CREATE.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise NotForeign(f"entry {place} makes no record: {error}") from error
    kind = KINDS.get(created.kind)
    if kind is None or kind.merge is not Merge.APPEND:
        raise NotForeign(f"entry {place}: records of kind {created.kind} do not come this way")
    try:
        body = encode(msgspec.json.decode(bytes(created.body), type=kind.body))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError) as error:
        raise NotForeign(f"entry {place} is no {kind.name}: {error}") from error
    return msgspec.Raw(wire.encode(Create(created.n, created.kind, created.id, msgspec.Raw(body))))
