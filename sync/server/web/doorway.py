"""What every request passes first: it gets an id for the log, and an address that asks too often is told to wait."""

import math
from secrets import token_hex

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.protocol import version, wire
from sync.protocol.errors import Busy
from sync.protocol.messages import FailureReply
from sync.server.accounts.rates import Rate, is_here
from sync.server.core import Core
from sync.server.logs import request_id
from sync.server.web.failures import failure

_ENTRANCES = (version.JOIN, version.LOGIN)
_TOO_MANY, _FAILED, _ABSENT = 429, 400, 404
_MOST = 4096


class Doorway:
    """Around the application. A reply that is no success carries the request's id, so that IT finds it in the log."""

    def __init__(self, app: ASGIApp, core: Core) -> None:
        self._app = app
        self._core = core
        self._addresses = Rate(core.settings.requests_a_minute)
        self._joins = Rate(core.settings.joins_a_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        id_ = token_hex(4)
        given = request_id.set(id_)
        try:
            self._check(scope)
        except Busy as busy:
            await _refuse(self._core.server, busy, id_, send)
        else:
            await self._app(scope, receive, _Telling(id_, send))
        finally:
            request_id.reset(given)

    def _check(self, scope: Scope) -> None:
        host = scope["client"][0] if scope.get("client") else ""
        if is_here(host):
            return
        self._addresses.check(host)
        if scope["path"] in _ENTRANCES:
            self._joins.check(host)


class _Telling:
    """Sends a reply on; one that failed gets its id, and one that asks to come back says when.

    What is not there and what is not for this person are answered alike to the last byte, so without an id.
    """

    def __init__(self, id_: str, send: Send) -> None:
        self._id = id_
        self._send = send
        self._held: Message | None = None

    async def __call__(self, message: Message) -> None:
        """Send a part of the reply."""
        if message["type"] == "http.response.start" and message["status"] >= _FAILED and message["status"] != _ABSENT:
            message["headers"] = [*message["headers"], (b"x-request-id", self._id.encode())]
            if message["status"] == _TOO_MANY:
                self._held = message
                return
        if self._held is not None:
            start, self._held = self._held, None
            wait = _wait_in(message.get("body", b""))
            start["headers"] = [*start["headers"], (b"retry-after", str(wait).encode())]
            await self._send(start)
        await self._send(message)


def _wait_in(body: bytes) -> int:
    """The seconds to wait that a reply says, whole ones as HTTP wants them."""
    try:
        return max(1, math.ceil(wire.unpack(FailureReply, body, _MOST).retry_after))
    except wire.Damaged:
        return 1


async def _refuse(server: bytes, busy: Busy, id_: str, send: Send) -> None:
    status, reply = failure(server, busy)
    body = wire.pack(reply)
    headers = [(b"content-type", version.CONTENT_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    telling = _Telling(id_, send)
    await telling({"type": "http.response.start", "status": status, "headers": headers})
    await telling({"type": "http.response.body", "body": body})
