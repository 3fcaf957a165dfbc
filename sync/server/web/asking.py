"""Reading what is asked: the body within its bound, the message in it, the protocol that it is written in."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import msgspec
from starlette.requests import Request

from sync.protocol import version, wire
from sync.protocol.errors import Busy, UpdateNeeded
from sync.server.sync.exchange import TooMuch
from sync.server.web.replies import Answer, Replies, parts, size_of

Asked = TypeVar("Asked", bound=msgspec.Struct)


async def body(request: Request, most: int) -> bytes:
    """All that is sent. TooMuch, Damaged."""
    return b"".join([part async for part in parts(request, most)])


async def answered(
    replies: Replies, request: Request, most: int, answer: Callable[[bytes], Answer]
) -> tuple[Answer, bytes]:
    """What is said to a request, and what was asked; a place among those at work is held meanwhile."""
    packed = b""
    try:
        with replies.at_work(size_of(request, most)):
            packed = await body(request, most)
            return await replies.run(partial(answer, packed)), packed
    except (Busy, TooMuch, wire.Damaged) as error:
        return replies.failed(error), packed


def message_in(type_: type[Asked], packed: bytes, most: int) -> Asked:
    """The request in a body. UpdateNeeded when it is of a protocol that this server does not speak; Damaged."""
    raw = wire.inflate(packed, most)
    try:
        found = wire.decode(type_, raw)
    except wire.Damaged:
        _check_protocol(raw)
        raise
    _check_protocol(raw)
    return found


def _check_protocol(raw: bytes) -> None:
    """Every request begins with the protocol that it is written in, also those of later programs."""
    try:
        fields = msgspec.msgpack.decode(raw, type=list[msgspec.Raw])
        protocol = msgspec.msgpack.decode(fields[0], type=int) if fields else 0
    except msgspec.MsgspecError as error:
        raise wire.Damaged("no message") from error
    if not version.speaks(protocol, protocol):
        raise UpdateNeeded
