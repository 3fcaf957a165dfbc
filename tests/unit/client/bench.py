"""A bench for the engine: laptops in memory, a model of a server, and a line between them that counts and loses."""

from __future__ import annotations

from collections.abc import Callable

from sync.client.engine import Engine
from sync.client.memory_store import MemoryStore
from sync.client.pipelining import NewLine
from sync.client.running import Bounds
from sync.domain import spaces
from sync.domain.forum import POST, Post
from sync.domain.ids import CohortId
from sync.domain.kind import encode
from sync.domain.permissions import Role
from sync.protocol.errors import AnswerCut, SyncError
from sync.protocol.messages import SyncReply, SyncRequest
from tests.simulation.model_server import Caller, ModelServer

SPACE = spaces.cohort(CohortId(b"c" * 16))
PERSON, DEVICE = b"p" * 16, b"d" * 16


class Counted:
    """Bytes that look random and come in the same order each time."""

    def __init__(self) -> None:
        self.drawn = 0

    def __call__(self, count: int) -> bytes:
        self.drawn += 1
        return self.drawn.to_bytes(8, "big").rjust(count, b"\x01")[-count:]

    def bytes(self, count: int) -> bytes:
        return self(count)


class Clock:
    def __init__(self) -> None:
        self.time = 1_795_000_000_000

    def now(self) -> int:
        return self.time

    def monotonic(self) -> int:
        return self.time


class Line:
    """The way to the server: counts, loses and doubles."""

    def __init__(self, server: ModelServer, device: bytes) -> None:
        self.server = server
        self.caller = Caller(PERSON, device)
        self.requests: list[SyncRequest] = []
        self.replies: list[SyncReply] = []
        self.times = 1
        self.lose_answers = 0
        self.refuse: Callable[[SyncRequest], SyncError | None] = lambda request: None  # noqa: ARG005  # takes all

    def exchange(self, request: SyncRequest) -> SyncReply:
        self.requests.append(request)
        trouble = self.refuse(request)
        if trouble is not None:
            raise trouble
        for _ in range(self.times - 1):
            self.server.exchange(self.caller, request)
        reply = self.server.exchange(self.caller, request)
        if self.lose_answers:
            self.lose_answers -= 1
            raise AnswerCut("lost")
        self.replies.append(reply)
        return reply


class Bench:
    """A server with one forum, and laptops of one person."""

    def __init__(self, page_rows: int = 2_000, line: NewLine | None = None) -> None:
        self.line = line
        self.clock = Clock()
        self.chance = Counted()
        self.server = ModelServer(b"s" * 16, self.chance, self.clock.now, page_rows, substitutes=True)
        self.server.open_space(SPACE)
        self.server.seat(SPACE, PERSON, Role.TRAINER)
        self.made = 0

    def laptop(self, number: int = 1, bounds: Bounds | None = None) -> tuple[MemoryStore, Line, Engine]:
        store = MemoryStore(self.server.id, number, self.clock.now)
        line = Line(self.server, bytes([number]) * 16)
        return store, line, Engine(store, line, self.clock, self.chance, bounds=bounds or Bounds(), line=self.line)

    def write(self, store: MemoryStore, count: int, text: str = "a") -> None:
        for _ in range(count):
            self.made += 1
            store.create(SPACE, POST.number, self.made.to_bytes(16, "big"), encode(Post(text=text)))
