"""The routes of files: in parts or whole, under the hash of the bytes and no other name (attack A49)."""

import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sized
from contextlib import contextmanager
from functools import partial

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from sync.protocol import version, wire
from sync.protocol.errors import Busy, FileTooLarge
from sync.protocol.limits import MAX_IN_MEMORY
from sync.protocol.messages import FailureReply
from sync.protocol.parts import MAX_PARTS, MAX_PARTS_BYTES, FetchReply, FetchRequest, SendReply, SendRequest
from sync.server.accounts.signing_in import Gate
from sync.server.core import Core
from sync.server.storage.depot import Incoming
from sync.server.sync import arriving, filing
from sync.server.sync.accept import Caller
from sync.server.sync.exchange import TooMuch
from sync.server.sync.filing import Stored
from sync.server.web.asking import body, message_in
from sync.server.web.byte_spans import ByteSpan, asked_span
from sync.server.web.replies import Answer, Moved, NotFound, Replies, bearer, parts, size_of

_NAME = re.compile(r"[0-9a-f]{64}")
_PART = 1024 * 1024
_AT_ONCE = 4
"""Files that one person may be sending at the same time: slow lines of theirs never take every place (attack A45)."""
_COME_BACK_S = 2.0
_SAFE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}


class FileRoutes:
    """Sending and fetching files: parts and small ones together, and whole ones as laptops of 0.2 do."""

    def __init__(self, core: Core, gate: Gate, replies: Replies) -> None:
        self._core = core
        self._gate = gate
        self._replies = replies
        self._sending: Counter[int] = Counter()

    async def put(self, request: Request) -> Response:
        """Take a file. Whoever names its hash must hold its bytes: also of a file that is here already."""
        started, device, up = time.perf_counter(), "", 0
        try:
            with self._replies.at_work():
                sha256 = _name_in(request)
                caller = await self._caller(request)
                device = caller.device.hex()
                with self._one_more_of(caller.person_no), self._core.files.incoming() as incoming:
                    await self._receive(request, incoming)
                    up = incoming.size
                    take = partial(filing.take, self._core, caller.person_no, sha256, incoming)
                    await self._replies.run(take)
            found = Answer(200, wire.pack(FailureReply(self._core.server, 0)), device)
        except Exception as error:  # noqa: BLE001  # every failure has its answer
            found = self._replies.failed(error, device)
        return self._answer(request, found, up, started)

    async def send(self, request: Request) -> Response:
        """Take parts of files, or say how far files are (`sync.protocol.parts`)."""
        started, device, up = time.perf_counter(), "", 0
        try:
            with self._replies.at_work(size_of(request, MAX_PARTS_BYTES)):
                caller = await self._caller(request)
                device = caller.device.hex()
                with self._one_more_of(caller.person_no):
                    packed = await body(request, MAX_PARTS_BYTES)
                    up = len(packed)
                    found = Answer(200, await self._replies.run(partial(self._kept, caller, packed)), device)
        except Exception as error:  # noqa: BLE001  # every failure has its answer
            found = self._replies.failed(error, device)
        return self._answer(request, found, up, started)

    async def fetch(self, request: Request) -> Response:
        """Give small files together."""
        started, device, up = time.perf_counter(), "", 0
        try:
            with self._replies.at_work(size_of(request, MAX_PARTS_BYTES)):
                caller = await self._caller(request)
                device = caller.device.hex()
                packed = await body(request, MAX_PARTS_BYTES)
                up = len(packed)
                found = Answer(200, await self._replies.run(partial(self._given, caller, packed)), device)
        except Exception as error:  # noqa: BLE001  # every failure has its answer
            found = self._replies.failed(error, device)
        return self._answer(request, found, up, started)

    async def get(self, request: Request) -> Response:
        """Give a file, or the rest of it from a place on, to who may read it now."""
        started, device = time.perf_counter(), ""
        try:
            with self._replies.at_work():
                sha256 = _name_in(request)
                caller = await self._caller(request)
                device = caller.device.hex()
                open_for = partial(filing.open_for, self._core, caller.person_no, sha256)
                stored = await self._replies.run(open_for)
        except Exception as error:  # noqa: BLE001  # every failure has its answer
            return self._answer(request, self._replies.failed(error, device), 0, started)
        span = asked_span(request.headers, stored.size)
        self._replies.write_line(request, Answer(span.status, b"", device), Moved(0, span.length), started)
        headers = _SAFE | span.headers
        sent = self._send(stored, span)
        return StreamingResponse(sent, span.status, headers=headers, media_type="application/octet-stream")

    @contextmanager
    def _one_more_of(self, person_no: int) -> Iterator[None]:
        """Count a file that a person sends. Busy when they send too many."""
        if self._sending[person_no] >= _AT_ONCE:
            raise Busy(_COME_BACK_S)
        self._sending[person_no] += 1
        try:
            yield
        finally:
            self._sending[person_no] -= 1
            self._sending += Counter()  # forgets who sends nothing any more

    async def _caller(self, request: Request) -> Caller:
        return await self._replies.run(partial(self._gate.caller, bearer(request)))

    async def _receive(self, request: Request, incoming: Incoming) -> None:
        waiting: list[bytes] = []
        size = 0
        try:
            async for part in parts(request, MAX_IN_MEMORY):
                waiting.append(part)
                size += len(part)
                if size >= _PART:
                    await self._replies.run(partial(incoming.write, b"".join(waiting)))
                    waiting, size = [], 0
        except TooMuch as error:
            raise FileTooLarge from error
        await self._replies.run(partial(incoming.write, b"".join(waiting)))

    async def _send(self, stored: Stored, span: ByteSpan) -> AsyncIterator[bytes]:
        """The bytes, part after part: the file is open only while a part is read."""
        for offset in range(span.first, span.end, _PART):
            size = min(_PART, span.end - offset)
            yield await self._replies.run(partial(self._core.files.read, stored.sha256, offset, size))

    def _kept(self, caller: Caller, packed: bytes) -> bytes:
        sent = message_in(SendRequest, packed, MAX_PARTS_BYTES)
        _check_count(sent.parts)
        return wire.pack(SendReply(self._core.server, arriving.send(self._core, caller.person_no, sent.parts)))

    def _given(self, caller: Caller, packed: bytes) -> bytes:
        wanted = message_in(FetchRequest, packed, MAX_PARTS_BYTES)
        _check_count(wanted.names)
        return wire.pack(FetchReply(self._core.server, arriving.fetch(self._core, caller.person_no, wanted.names)))

    def _answer(self, request: Request, found: Answer, up: int, started: float) -> Response:
        self._replies.write_line(request, found, Moved(up, len(found.body)), started)
        return Response(found.body, found.status, headers=_SAFE, media_type=version.CONTENT_TYPE)


def _name_in(request: Request) -> bytes:
    name: str = request.path_params["name"]
    if _NAME.fullmatch(name) is None:
        raise NotFound
    return bytes.fromhex(name)


def _check_count(asked: Sized) -> None:
    if len(asked) > MAX_PARTS:
        raise TooMuch("parts")
