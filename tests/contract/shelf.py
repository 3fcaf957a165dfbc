"""A shelf: whatever keeps the records of a space, under the same names for a laptop's stores and for the server's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import msgspec

from sync.client.engine import Engine
from sync.client.ports import Store
from sync.domain.forum import POST, Post
from sync.domain.merge import GONE
from sync.protocol.messages import START, Checksum, Cursor, SyncReply, SyncRequest
from sync.server.storage import spaces
from sync.server.storage.log import read_record
from sync.server.sync.exchange import exchange
from tests.integration.server.world import Laptop, World


class Shelf(Protocol):
    """What one person writes and reads. `settle`: all that is written is where it belongs, and all is told."""

    def create(self, space: bytes, id_: bytes, post: Post) -> object: ...
    def edit(self, space: bytes, id_: bytes, changes: Mapping[str, str]) -> object: ...
    def delete(self, space: bytes, id_: bytes) -> object: ...
    def settle(self) -> None: ...
    def seen(self, space: bytes, id_: bytes) -> bytes | None: ...
    def checksum(self, space: bytes) -> Checksum: ...
    def standing(self, space: bytes) -> Cursor: ...


class LaptopDesk(Protocol):
    """What a shelf needs of a laptop's store of either make."""

    now: int
    running: int

    @property
    def store(self) -> Store: ...
    def create(self, space: bytes, id_: bytes, post: Post) -> object: ...
    def edit(self, space: bytes, id_: bytes, changes: Mapping[str, str]) -> object: ...
    def delete(self, space: bytes, id_: bytes) -> object: ...
    def seen(self, space: bytes, id_: bytes) -> bytes | None: ...


class _Ways:
    """Transport, clock and chance of an engine that talks to a server without HTTP."""

    def __init__(self, desk: LaptopDesk, laptop: Laptop) -> None:
        self._desk = desk
        self._laptop = laptop

    def exchange(self, request: SyncRequest) -> SyncReply:
        """A reply, said to be of the server that the desk's store belongs to."""
        reply = exchange(self._laptop.world.core, self._laptop.caller, request)
        return msgspec.structs.replace(reply, server=self._desk.store.state().server)

    def now(self) -> int:
        return self._desk.now

    def monotonic(self) -> int:
        return self._desk.running

    def bytes(self, count: int) -> bytes:
        return self._laptop.world.chance(count)


class LaptopShelf:
    """A laptop's store, with the real engine and the server's own code behind it."""

    def __init__(self, desk: LaptopDesk, world: World) -> None:
        self._desk = desk
        ways = _Ways(desk, world.laptop("ines"))
        self._engine = Engine(desk.store, ways, ways, ways)
        self.create = desk.create
        self.edit = desk.edit
        self.delete = desk.delete
        self.seen = desk.seen

    def settle(self) -> None:
        assert self._engine.sync().complete

    def checksum(self, space: bytes) -> Checksum:
        return next(each.checksum for each in self._desk.store.state().spaces if each.space == space)

    def standing(self, space: bytes) -> Cursor:
        return next((each.cursor for each in self._desk.store.state().spaces if each.space == space), START)


class ServerShelf:
    """The server's log, written and read as a person may."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._laptop = world.laptop("ines")

    def create(self, space: bytes, id_: bytes, post: Post) -> None:
        self._laptop.push(space, self._laptop.create(POST, post, id_))

    def edit(self, space: bytes, id_: bytes, changes: Mapping[str, str]) -> None:
        self._laptop.push(space, self._laptop.edit(id_, self._base(space, id_), self._epoch(space), **changes))

    def delete(self, space: bytes, id_: bytes) -> None:
        self._laptop.push(space, self._laptop.delete(id_, self._base(space, id_), self._epoch(space)))

    def settle(self) -> None:
        self._laptop.pull()

    def seen(self, space: bytes, id_: bytes) -> bytes | None:
        with self._world.core.reading() as connection:
            heads = spaces.readable(connection, self._laptop.caller.person_no)
            head = next((each for each in heads if each.id == space), None)
            kept = None if head is None else read_record(connection, head.no, id_)
        return None if kept is None or kept.body in GONE else kept.body

    def checksum(self, space: bytes) -> Checksum:
        return self._head(space).checksum

    def standing(self, space: bytes) -> Cursor:
        return self._head(space).cursor

    def _head(self, space: bytes) -> spaces.SpaceHead:
        with self._world.core.reading() as connection:
            found = spaces.find(connection, space)
        assert found is not None
        return found

    def _base(self, space: bytes, id_: bytes) -> int:
        """What was told of a record when it was told last."""
        row = self._laptop.rows.get(space, {}).get(id_)
        return 0 if row is None else row.seq

    def _epoch(self, space: bytes) -> int:
        return self._laptop.cursors.get(space, START).epoch or 1
