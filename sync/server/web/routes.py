"""The routes: unpack, call, pack. Work runs in threads, so that the event loop only moves bytes."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from sync.domain.ids import CohortId, CourseId
from sync.protocol import version, wire
from sync.protocol.errors import Busy, UpdateNeeded
from sync.protocol.limits import MAX_REQUEST, STALL_MS
from sync.protocol.messages import (
    FailureReply,
    JoinRequest,
    LoginRequest,
    PublishReply,
    PublishRequest,
    RefreshRequest,
    ReleaseReply,
    ReleaseRequest,
    SyncRequest,
)
from sync.server.accounts.signing_in import Gate
from sync.server.core import Core
from sync.server.storage.engine import READERS
from sync.server.sync.accept import Caller
from sync.server.sync.exchange import TooMuch, exchange
from sync.server.sync.publish import publish_course
from sync.server.sync.release import release_grades
from sync.server.web.failures import failure
from sync.server.web.health import health
from sync.server.web.request_log import Line, RequestLog

_SMALL = 64 * 1024
"""A request that carries no work of a person's: signing in, publishing."""
_COME_BACK_S = 2.0

Asked = TypeVar("Asked", bound=msgspec.Struct)


class _Answer(NamedTuple):
    status: int
    body: bytes
    device: str = ""


class _NotFound(Exception):
    """No such route, or not by this method."""


class Routes:
    """The server's routes over one core."""

    def __init__(self, core: Core, log: RequestLog) -> None:
        self._core = core
        self._gate = Gate(core)
        self._log = log
        self._threads = ThreadPoolExecutor(READERS, "spoc-request")
        self._at_work = 0

    def close(self) -> None:
        """Wait for what is at work."""
        self._threads.shutdown(wait=True)

    async def sync(self, request: Request) -> Response:
        """Push and pull."""

        def work(caller: Caller, packed: bytes) -> msgspec.Struct:
            return exchange(self._core, caller, _asked(SyncRequest, packed, MAX_REQUEST))

        return await self._for_caller(request, MAX_REQUEST, work)

    async def join(self, request: Request) -> Response:
        """First contact with an invitation."""
        return await self._at_the_gate(request, JoinRequest, self._gate.join)

    async def login(self, request: Request) -> Response:
        """A further device."""
        return await self._at_the_gate(request, LoginRequest, self._gate.login)

    async def refresh(self, request: Request) -> Response:
        """Another hour."""
        return await self._at_the_gate(request, RefreshRequest, lambda asked, _: self._gate.refresh(asked))

    async def logout(self, request: Request) -> Response:
        """The end of a login. The answer is a failure reply with code 0: nothing failed."""

        def work(caller: Caller, _packed: bytes) -> msgspec.Struct:
            self._gate.logout(caller)
            return FailureReply(self._core.server, 0)

        return await self._for_caller(request, _SMALL, work)

    async def publish(self, request: Request) -> Response:
        """An author publishes a course."""

        def work(caller: Caller, packed: bytes) -> msgspec.Struct:
            asked = _asked(PublishRequest, packed, _SMALL)
            done = publish_course(self._core, caller.person_no, CourseId(asked.course))
            return PublishReply(self._core.server, done.number, done.rows)

        return await self._for_caller(request, _SMALL, work)

    async def release(self, request: Request) -> Response:
        """A trainer releases the grades of a quiz."""

        def work(caller: Caller, packed: bytes) -> msgspec.Struct:
            asked = _asked(ReleaseRequest, packed, _SMALL)
            grades = release_grades(self._core, caller.person_no, CohortId(asked.cohort), asked.activity)
            return ReleaseReply(self._core.server, grades)

        return await self._for_caller(request, _SMALL, work)

    async def health(self, _request: Request) -> Response:
        """The state of the server, for monitoring."""
        loop = asyncio.get_running_loop()
        return JSONResponse(await loop.run_in_executor(self._threads, health, self._core))

    async def nothing_here(self, request: Request, _error: Exception) -> Response:
        """Any other address: the answer still says which server it is."""
        return await self._reply(request, 0, lambda _: self._failed(_NotFound(), ""))

    async def _for_caller(
        self, request: Request, most: int, work: Callable[[Caller, bytes], msgspec.Struct]
    ) -> Response:
        token = _bearer(request)

        def answer(packed: bytes) -> _Answer:
            device = ""
            try:
                caller = self._gate.caller(token)
                device = caller.device.hex()
                return _Answer(200, wire.pack(work(caller, packed)), device)
            except Exception as error:  # noqa: BLE001  # every failure has its answer
                return self._failed(error, device)

        return await self._reply(request, most, answer)

    async def _at_the_gate(
        self, request: Request, type_: type[Asked], work: Callable[[Asked, str], msgspec.Struct]
    ) -> Response:
        host = request.client.host if request.client else ""

        def answer(packed: bytes) -> _Answer:
            try:
                return _Answer(200, wire.pack(work(_asked(type_, packed, _SMALL), host)))
            except Exception as error:  # noqa: BLE001  # every failure has its answer
                return self._failed(error, "")

        return await self._reply(request, _SMALL, answer)

    async def _reply(self, request: Request, most: int, answer: Callable[[bytes], _Answer]) -> Response:
        started, packed = time.perf_counter(), b""
        self._at_work += 1
        try:
            self._check_load()
            packed = await _body(request, most)
            found = await asyncio.get_running_loop().run_in_executor(self._threads, answer, packed)
        except (Busy, TooMuch, wire.Damaged) as error:
            found = self._failed(error, "")
        finally:
            self._at_work -= 1
        self._write_line(request, found, len(packed), started)
        return Response(found.body, found.status, media_type=version.CONTENT_TYPE)

    def _check_load(self) -> None:
        if self._at_work > self._core.settings.in_flight:
            raise Busy(_COME_BACK_S)

    def _failed(self, error: Exception, device: str) -> _Answer:
        status, reply = (
            (404, FailureReply(self._core.server, 0))
            if isinstance(error, _NotFound)
            else failure(self._core.server, error)
        )
        return _Answer(status, wire.pack(reply), device)

    def _write_line(self, request: Request, found: _Answer, up: int, started: float) -> None:
        took = round((time.perf_counter() - started) * 1000, 2)
        now = self._core.now()
        line = Line(now, request.method, request.url.path, found.status, found.device, up, len(found.body), took)
        self._log.write(line)


async def _body(request: Request, most: int) -> bytes:
    """What was sent, read within a bound of size and of silence. Damaged when it does not come to its end."""
    parts: list[bytes] = []
    size = 0
    stream = request.stream()
    try:
        while True:
            async with asyncio.timeout(STALL_MS / 1000):
                part = await anext(stream, None)
            if part is None:
                return b"".join(parts)
            size += len(part)
            if size > most:
                raise TooMuch("body")
            parts.append(part)
    except (ClientDisconnect, TimeoutError) as error:
        raise wire.Damaged("the request was cut") from error


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _asked(type_: type[Asked], packed: bytes, most: int) -> Asked:
    """The request in a body. UpdateNeeded when it is of a protocol that this server does not speak."""
    raw = wire.inflate(packed, most)
    try:
        asked = wire.decode(type_, raw)
    except wire.Damaged:
        _check_protocol(raw)
        raise
    _check_protocol(raw)
    return asked


def _check_protocol(raw: bytes) -> None:
    """Every request begins with the protocol that it is written in, also those of later programs."""
    try:
        parts = msgspec.msgpack.decode(raw, type=list[msgspec.Raw])
        protocol = msgspec.msgpack.decode(parts[0], type=int) if parts else 0
    except msgspec.MsgspecError as error:
        raise wire.Damaged("no message") from error
    if not version.speaks(protocol, protocol):
        raise UpdateNeeded
