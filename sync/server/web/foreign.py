"""JSON for third parties: signing in and pushing, with any HTTP client and no library of ours (rule 2).

A body of type application/json is taken at `/login`, `/refresh` and `/sync`, packed with gzip or plain; so is the
answer, of the same shape as ours: an array of the message's fields, byte strings as base64.
"""

import time
from collections.abc import Callable
from functools import partial

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from sync.protocol import wire
from sync.protocol.errors import Busy, Failure
from sync.protocol.limits import MAX_REQUEST
from sync.protocol.messages import FailureReply, LoginRequest, RefreshRequest, SyncRequest
from sync.server.accounts.signing_in import Gate
from sync.server.core import Core
from sync.server.sync import foreign
from sync.server.sync.accept import Caller
from sync.server.sync.exchange import TooMuch, exchange
from sync.server.sync.foreign import NotForeign
from sync.server.web.failures import failure
from sync.server.web.replies import Answer, Moved, Replies, bearer, parts, size_of

JSON = "application/json"
_SMALL = 64 * 1024


def is_foreign(request: Request) -> bool:
    """Whether a request comes as JSON."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == JSON


class ForeignRoutes:
    """The routes that take JSON."""

    def __init__(self, core: Core, gate: Gate, replies: Replies) -> None:
        self._core = core
        self._gate = gate
        self._replies = replies

    async def sync(self, request: Request) -> Response:
        """Push new records of kinds that never change. BAD_BATCH says in `reference` which entry is wrong and why."""
        token = bearer(request)

        def work(raw: bytes) -> tuple[msgspec.Struct, str]:
            caller: Caller = self._gate.caller(token)
            asked: SyncRequest = foreign.request_in(raw)
            return exchange(self._core, caller, asked), caller.device.hex()

        return await self._answered(request, MAX_REQUEST, work)

    async def login(self, request: Request) -> Response:
        """Sign in as a device of a person."""
        host = request.client.host if request.client else ""
        return await self._answered(
            request, _SMALL, lambda raw: (self._gate.login(foreign.message_in(LoginRequest, raw), host), "")
        )

    async def refresh(self, request: Request) -> Response:
        """Another hour."""
        return await self._answered(
            request, _SMALL, lambda raw: (self._gate.refresh(foreign.message_in(RefreshRequest, raw)), "")
        )

    async def _answered(
        self, request: Request, most: int, work: Callable[[bytes], tuple[msgspec.Struct, str]]
    ) -> Response:
        started, packed = time.perf_counter(), b""
        is_packed = request.headers.get("content-encoding", "").lower() == "gzip"

        def answer(packed: bytes) -> Answer:
            try:
                reply, device = work(foreign.inflate(packed, most) if is_packed else packed)
                return Answer(200, msgspec.json.encode(reply), device)
            except Exception as error:  # noqa: BLE001  # every failure has its answer
                return self._failed(error)

        try:
            with self._replies.at_work(size_of(request, most)):
                packed = b"".join([part async for part in parts(request, most)])
                found = await self._replies.run(partial(answer, packed))
        except (Busy, TooMuch, wire.Damaged) as error:
            found = self._failed(error)
        self._replies.write_line(request, found, Moved(len(packed), len(found.body)), started)
        return Response(found.body, found.status, media_type=JSON)

    def _failed(self, error: Exception) -> Answer:
        if isinstance(error, NotForeign | wire.Damaged):
            reply = FailureReply(self._core.server, int(Failure.BAD_BATCH), str(error)[:500])
            return Answer(400, msgspec.json.encode(reply))
        status, reply = failure(self._core.server, error)
        return Answer(status, msgspec.json.encode(reply))
