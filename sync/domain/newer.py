"""Blocks of a newer program: one that this program does not know never costs the rest of a lesson.

The shape of a body says where blocks stand. There, the innermost one that cannot be read becomes `Unknown`, with its
wire form inside; written again, that form goes out as it came.
"""

from functools import cache
from typing import Any

import msgspec
from msgspec.inspect import Field, ListType, StructType, TupleType, Type, UnionType, VarTupleType, type_info

from sync.domain.blocks import UNKNOWN_TAG, Block, Unknown

_ENCODER = msgspec.msgpack.Encoder()
_BLOCK: "msgspec.msgpack.Decoder[Block]" = msgspec.msgpack.Decoder(Block)
_MARK = _ENCODER.encode(UNKNOWN_TAG)
"""What the wire form of an `Unknown` begins with: nine bytes that no text and no number of ours can be."""
_PAIR = 2


def holds_unknown(raw: bytes) -> bool:
    """Whether a wire form has an `Unknown` in it: that is never sent."""
    return _MARK in raw


def with_unknown(type_: type[msgspec.Struct], body: bytes) -> bytes:
    """A body in which each block that cannot be read is an `Unknown`. msgspec.MsgspecError: it is no message at all."""
    return _ENCODER.encode(_mended(msgspec.msgpack.decode(body), _shape(type_)))


def restored(raw: bytes) -> bytes:
    """A wire form with the blocks of a newer program as they came."""
    if not holds_unknown(raw):
        return raw
    return _ENCODER.encode(_unwrapped(msgspec.msgpack.decode(raw)))


@cache
def _shape(type_: type[msgspec.Struct]) -> Type:
    return type_info(type_)


def _mended(value: Any, shape: Type) -> Any:
    if not isinstance(value, list):
        return value
    match shape:
        case UnionType(types=types):
            one = next((each for each in types if _fits(value, each)), None)
            mended = value if one is None else _mended(value, one)
            return _readable(mended) if _are_blocks(types) else mended
        case StructType(fields=fields, tag=tag):
            tags = value[: tag is not None]
            return tags + _each(value[len(tags) :], fields)
        case VarTupleType(item_type=item) | ListType(item_type=item):
            return [_mended(each, item) for each in value]
        case TupleType(item_types=items):
            return [_mended(each, item) for each, item in zip(value, items, strict=False)] + value[len(items) :]
        case _:
            return value


def _each(values: list[Any], fields: tuple[Field, ...]) -> list[Any]:
    """The fields that are known, each by its shape; what a newer program added behind them stays."""
    known = [_mended(value, field.type) for value, field in zip(values, fields, strict=False)]
    return known + values[len(known) :]


def _fits(value: list[Any], shape: Type) -> bool:
    """Whether a member of a union is what a list is read as."""
    if not isinstance(shape, StructType):
        return isinstance(shape, VarTupleType | TupleType | ListType)
    return shape.tag is None or (bool(value) and value[0] == shape.tag)


def _are_blocks(types: tuple[Type, ...]) -> bool:
    return any(isinstance(each, StructType) and each.cls is Unknown for each in types)


def _readable(block: list[Any]) -> list[Any]:
    raw = _ENCODER.encode(block)
    try:
        _BLOCK.decode(raw)
    except msgspec.MsgspecError:
        return [UNKNOWN_TAG, restored(raw)]
    return block


def _unwrapped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unwrapped(each) for key, each in value.items()}
    if not isinstance(value, list):
        return value
    if len(value) == _PAIR and value[0] == UNKNOWN_TAG and isinstance(value[1], bytes):
        return msgspec.Raw(value[1])
    return [_unwrapped(each) for each in value]
