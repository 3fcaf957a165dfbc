"""Laptops whose engine is the real one, over a store in memory."""

from __future__ import annotations

import os
import time

from sync.client.engine import Engine
from sync.client.memory_store import MemoryStore
from sync.client.running import Synced
from sync.domain.forum import POST
from tests.integration.server.wire import Device
from tests.server_fixture import RunningServer


class Now:
    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> int:
        return time.monotonic_ns() // 1_000_000


class Dice:
    def bytes(self, count: int) -> bytes:
        return os.urandom(count)


class Laptop:
    """An engine over a store in memory and a real connection."""

    def __init__(self, server: RunningServer, joined: Device) -> None:
        self.server = server
        self.device = joined
        session = joined.session
        self.store = MemoryStore(session.server, joined.writer, Now().now, person=session.person)
        self.engine = Engine(self.store, joined.transport, Now(), Dice())

    def sync(self) -> Synced:
        return self.engine.sync()

    def own_requests(self) -> list[dict[str, int]]:
        return [line for line in self.server.requests() if line["device"] == self.device.session.device.hex()]

    def texts(self, space: bytes) -> set[str]:
        seen = self.store.all_seen(space).values()
        return {POST.decode(record.body).text for record in seen if record.kind == POST.number}
