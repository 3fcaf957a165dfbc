"""What every route shares: how many are at work, reading a body within bounds, failures, the line in the log."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import NamedTuple, TypeVar

from starlette.requests import ClientDisconnect, Request

from sync.protocol import version, wire
from sync.protocol.errors import Busy
from sync.protocol.limits import STALL_MS
from sync.protocol.messages import FailureReply
from sync.server.core import Core
from sync.server.logs import request_id
from sync.server.storage.engine import READERS
from sync.server.sync.exchange import TooMuch
from sync.server.web.failures import failure
from sync.server.web.request_log import Line, RequestLog

_COME_BACK_S = 2.0
BODIES = 256 * 1024 * 1024
"""Bytes of bodies in memory at a time."""

OTHER = "other"
"""Every address that is none of ours, in the log."""
_ADDRESSES = frozenset(
    address
    for name, address in vars(version).items()
    if name.isupper() and isinstance(address, str) and address.startswith("/")
)

Done = TypeVar("Done")


class Answer(NamedTuple):
    """A status, a packed message, and the device that asked."""

    status: int
    body: bytes
    device: str = ""


class Moved(NamedTuple):
    """Bytes of body."""

    up: int
    down: int


class NotFound(Exception):
    """No such route, or not by this method."""


class Replies:
    """The threads that work, and what is said when they are done or fail."""

    def __init__(self, core: Core, log: RequestLog) -> None:
        self._core = core
        self._log = log
        self._threads = ThreadPoolExecutor(READERS, "spoc-request")
        self._at_work = 0
        self._bodies = 0

    def close(self) -> None:
        """Wait for what is at work."""
        self._threads.shutdown(wait=True)

    async def run(self, work: Callable[[], Done]) -> Done:
        """Do something in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, copy_context().run, work)

    @property
    def working(self) -> int:
        """How many requests are at work."""
        return self._at_work

    @contextmanager
    def at_work(self, size: int = 0) -> Iterator[None]:
        """Count a request and the bytes that its body may take. Busy when there are too many of either."""
        self._at_work += 1
        self._bodies += size
        try:
            if self._at_work > self._core.settings.in_flight or self._bodies > BODIES:
                raise Busy(_COME_BACK_S)
            yield
        finally:
            self._at_work -= 1
            self._bodies -= size

    def failed(self, error: Exception, device: str = "") -> Answer:
        """The answer to an error."""
        status, reply = (
            (404, FailureReply(self._core.server, 0))
            if isinstance(error, NotFound)
            else failure(self._core.server, error)
        )
        return Answer(status, wire.pack(reply), device)

    def write_line(self, request: Request, found: Answer, moved: Moved, started: float) -> None:
        """Put a request in the log; `started` by the monotonic clock.

        A file's name would say what it is, and an address that a visitor invented could say anything: left out.
        """
        took = round((time.perf_counter() - started) * 1000, 2)
        self._log.write(
            Line(
                at=self._core.now(),
                method=request.method,
                path=_address(request.url.path),
                status=found.status,
                device=found.device,
                up=moved.up,
                down=moved.down,
                ms=took,
                request=request_id.get(),
            )
        )


def _address(path: str) -> str:
    if path in _ADDRESSES:
        return path
    return version.FILES if path.startswith(version.FILES) else OTHER


async def parts(request: Request, most: int) -> AsyncIterator[bytes]:
    """What is sent, within a bound of size (TooMuch) and of silence. Damaged when it does not come to its end."""
    size = 0
    stream = request.stream()
    try:
        while True:
            async with asyncio.timeout(STALL_MS / 1000):
                part = await anext(stream, None)
            if part is None:
                return
            size += len(part)
            if size > most:
                raise TooMuch("body")
            yield part
    except (ClientDisconnect, TimeoutError) as error:
        raise wire.Damaged("the request was cut") from error


def size_of(request: Request, most: int) -> int:
    """The bytes that a body may take: those that it says, within a bound."""
    said = request.headers.get("content-length", "")
    return min(int(said), most) if said.isascii() and said.isdigit() else most


def bearer(request: Request) -> str:
    """The token of a request, empty when it brings none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""
