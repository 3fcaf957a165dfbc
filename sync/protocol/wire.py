"""Packing of messages: zstd(msgpack(message)), unpacked within bounds (rule 14)."""

from typing import Any, TypeVar

import msgspec
import zstandard

Message = TypeVar("Message", bound=msgspec.Struct)

_ENCODER = msgspec.msgpack.Encoder()
_DECODERS: dict[type, "msgspec.msgpack.Decoder[Any]"] = {}
_LEVEL = 3
_WINDOW_LOG_MAX = 23
"""A frame may ask for at most 8 MiB of window: more is an attack or a fault."""


class Damaged(ValueError):
    """Bytes that are no message: damaged on the way, too large when unpacked, or hostile."""


def encode(message: msgspec.Struct) -> bytes:
    """The msgpack form of a message or a mutation, unpacked."""
    return _ENCODER.encode(message)


def decode(type_: type[Message], raw: bytes) -> Message:
    """A message from its msgpack form. Damaged when it is none of that type."""
    decoder = _DECODERS.get(type_)
    if decoder is None:
        decoder = _DECODERS[type_] = msgspec.msgpack.Decoder(type_)
    try:
        found: Message = decoder.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Damaged(str(error)) from error
    return found


def pack(message: msgspec.Struct) -> bytes:
    """The bytes that travel."""
    compressor = zstandard.ZstdCompressor(level=_LEVEL, write_content_size=True, write_checksum=True)
    return compressor.compress(_ENCODER.encode(message))


def unpack(type_: type[Message], packed: bytes, most: int) -> Message:
    """A message from bytes that travelled. Damaged when it is none, or would unpack to more than `most` bytes."""
    return decode(type_, inflate(packed, most))


def inflate(packed: bytes, most: int) -> bytes:
    """Decompress within a bound: memory is never taken for what the frame's header claims."""
    reader = zstandard.ZstdDecompressor(max_window_size=1 << _WINDOW_LOG_MAX).stream_reader(packed)
    try:
        raw = reader.read(most + 1)
    except zstandard.ZstdError as error:
        raise Damaged(str(error)) from error
    if len(raw) > most:
        raise Damaged(f"more than {most} bytes when unpacked")
    return raw
