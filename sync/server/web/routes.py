"""The routes: unpack, call, pack. Work runs in threads, so that the event loop only moves bytes."""

import time
from collections.abc import Callable
from functools import partial

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sync.domain.ids import CohortId, CourseId
from sync.protocol import version, wire
from sync.protocol.limits import MAX_REQUEST
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
from sync.server.sync.accept import Caller
from sync.server.sync.publish import publish_course
from sync.server.sync.release import release_grades
from sync.server.sync.waking import Hub
from sync.server.web.asking import Asked, answered, message_in
from sync.server.web.ballots import BallotRoutes
from sync.server.web.files import FileRoutes
from sync.server.web.foreign import ForeignRoutes, is_foreign
from sync.server.web.health import health
from sync.server.web.live import LivePull
from sync.server.web.replies import Answer, Moved, NotFound, Replies, bearer
from sync.server.web.request_log import RequestLog

_SMALL = 64 * 1024
"""A request that carries no work of a person's: signing in, publishing."""


class Routes:
    """The server's routes over one core."""

    def __init__(self, core: Core, log: RequestLog) -> None:
        self._core = core
        self._gate = Gate(core)
        self._replies = Replies(core, log)
        self.files = FileRoutes(core, self._gate, self._replies)
        self.ballots = BallotRoutes(core, self._gate, self._replies)
        self._foreign = ForeignRoutes(core, self._gate, self._replies)
        self.waiting = Hub(core.elsewhere, core.chance, core.settings.waiting)

    @property
    def working(self) -> int:
        """How many requests are at work."""
        return self._replies.working

    async def run(self, work: Callable[[], bytes]) -> bytes:
        """Make a page in a thread."""
        return await self._replies.run(work)

    def open(self) -> None:
        """Begin, on the event loop that runs."""
        self.waiting.open()
        self._core.writer.heard = self.waiting.changed

    def close(self) -> None:
        """Wait for what is at work."""
        self.waiting.close()
        self._replies.close()

    async def sync(self, request: Request) -> Response:
        """Push and pull; a pull may wait for something new. Third parties push JSON (`foreign.py`)."""
        if is_foreign(request):
            return await self._foreign.sync(request)
        pull = LivePull(
            self._core, self._gate, self._replies, self.waiting, asked=_asked_to_sync, token=bearer(request)
        )
        started = time.perf_counter()
        found, packed = await answered(self._replies, request, MAX_REQUEST, pull.answer)
        held = time.perf_counter()
        found = await pull.hold(request, packed, found)
        started += time.perf_counter() - held  # the log says how long the server worked
        return self._said(request, found, len(packed), started)

    async def join(self, request: Request) -> Response:
        """First contact with an invitation."""
        return await self._at_the_gate(request, JoinRequest, self._gate.join)

    async def login(self, request: Request) -> Response:
        """A further device."""
        if is_foreign(request):
            return await self._foreign.login(request)
        return await self._at_the_gate(request, LoginRequest, self._gate.login)

    async def refresh(self, request: Request) -> Response:
        """Another hour."""
        if is_foreign(request):
            return await self._foreign.refresh(request)
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
            asked = message_in(PublishRequest, packed, _SMALL)
            done = publish_course(self._core, caller.person_no, CourseId(asked.course))
            return PublishReply(self._core.server, done.number, done.rows)

        return await self._for_caller(request, _SMALL, work)

    async def release(self, request: Request) -> Response:
        """A trainer releases the grades of a quiz."""

        def work(caller: Caller, packed: bytes) -> msgspec.Struct:
            asked = message_in(ReleaseRequest, packed, _SMALL)
            grades = release_grades(self._core, caller.person_no, CohortId(asked.cohort), asked.activity)
            return ReleaseReply(self._core.server, grades)

        return await self._for_caller(request, _SMALL, work)

    async def health(self, _request: Request) -> Response:
        """The state of the server, for monitoring."""
        found = await self._replies.run(partial(health, self._core))
        return JSONResponse(found | {"waiting": len(self.waiting)})

    async def nothing_here(self, request: Request, _error: Exception) -> Response:
        """Any other address: the answer still says which server it is."""
        return await self._reply(request, 0, lambda _: self._replies.failed(NotFound()))

    async def _for_caller(
        self, request: Request, most: int, work: Callable[[Caller, bytes], msgspec.Struct]
    ) -> Response:
        token = bearer(request)

        def answer(packed: bytes) -> Answer:
            device = ""
            try:
                caller = self._gate.caller(token)
                device = caller.device.hex()
                return Answer(200, wire.pack(work(caller, packed)), device)
            except Exception as error:  # noqa: BLE001  # every failure has its answer
                return self._replies.failed(error, device)

        return await self._reply(request, most, answer)

    async def _at_the_gate(
        self, request: Request, type_: type[Asked], work: Callable[[Asked, str], msgspec.Struct]
    ) -> Response:
        host = request.client.host if request.client else ""

        def answer(packed: bytes) -> Answer:
            try:
                return Answer(200, wire.pack(work(message_in(type_, packed, _SMALL), host)))
            except Exception as error:  # noqa: BLE001  # every failure has its answer
                return self._replies.failed(error)

        return await self._reply(request, _SMALL, answer)

    async def _reply(self, request: Request, most: int, answer: Callable[[bytes], Answer]) -> Response:
        started = time.perf_counter()
        found, packed = await answered(self._replies, request, most, answer)
        return self._said(request, found, len(packed), started)

    def _said(self, request: Request, found: Answer, up: int, started: float) -> Response:
        self._replies.write_line(request, found, Moved(up, len(found.body)), started)
        return Response(found.body, found.status, media_type=version.CONTENT_TYPE)


def _asked_to_sync(packed: bytes) -> SyncRequest:
    return message_in(SyncRequest, packed, MAX_REQUEST)
