"""What lies between a laptop and the server of the simulation: messages and files are lost, late or damaged."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from sync.protocol.errors import AnswerCut, FileMissing, Unreachable
from sync.protocol.messages import SyncReply, SyncRequest
from sync.protocol.parts import Held, Part
from sync.protocol.wire import decode, pack
from sync.protocol.wire import encode as to_wire
from tests.simulation.laptop import Broken, SimLaptop
from tests.simulation.model_data import MUTATION
from tests.simulation.model_server import Caller, Crash

if TYPE_CHECKING:
    from tests.simulation.world import World


class Sent(NamedTuple):
    """A request as it travelled: it may come once more."""

    caller: Caller
    request: SyncRequest


class Wire:
    """`ports.Transport` between a laptop and the server: messages travel as bytes, or do not arrive."""

    def __init__(self, world: World, laptop: SimLaptop) -> None:
        self._world = world
        self._laptop = laptop

    def exchange(self, request: SyncRequest) -> SyncReply:
        world, rng = self._world, self._world.rng
        self._check_held(request)
        sent = Sent(self._laptop.caller, decode(SyncRequest, to_wire(request)))
        if world.faults:
            world.sent.append(sent)
            if rng.random() < 0.08:
                raise Unreachable("the request is lost")
            world.interrupt()
        lives = world.lives
        try:
            reply = world.server.exchange(*sent)
        except Crash as crash:
            raise AnswerCut(str(crash)) from crash
        world.linger()
        if world.faults and (rng.random() < 0.08 or lives != world.lives):
            raise AnswerCut("the answer is lost")
        world.spoken += len(pack(request)) + len(pack(reply))
        return decode(SyncReply, to_wire(reply))

    def send_parts(self, parts: Sequence[Part]) -> Sequence[Held]:
        world = self._world
        self._travel("the parts are lost on their way")
        if world.faults and world.rng.random() < 0.1:
            first, *others = parts
            parts = [msgspec.structs.replace(first, content=_damaged(first.content, world.rng)), *others]
        lives = world.lives
        try:
            held = world.server.send_parts(self._laptop.caller, parts)
        except Crash as crash:
            raise AnswerCut(str(crash)) from crash
        self._return(lives)
        return held

    def fetch_files(self, names: Sequence[bytes]) -> Sequence[bytes | None]:
        found: list[bytes | None] = []
        for name in names:
            with contextlib.suppress(FileMissing):
                self.get_file(name, 0, 0, found.append)
                continue
            found.append(None)
        return found

    def get_file(self, name: bytes, offset: int, size: int, came: Callable[[bytes], None]) -> None:
        world = self._world
        self._travel("nobody hears of the wish for a file")
        lives = world.lives
        content = world.server.get_file(self._laptop.caller, name)[offset:]
        self._return(lives)
        came(_damaged(content, world.rng) if world.faults and world.rng.random() < 0.1 else content)

    def put_file(self, name: bytes, content: bytes) -> None:
        raise AssertionError("this server takes parts")

    def _travel(self, what: str) -> None:
        if self._world.faults:
            if self._world.rng.random() < 0.08:
                raise Unreachable(what)
            self._world.interrupt()

    def _return(self, lives: int) -> None:
        if self._world.faults and (self._world.rng.random() < 0.08 or lives != self._world.lives):
            raise AnswerCut("the answer is lost")

    def _check_held(self, request: SyncRequest) -> None:
        held = {hold.name for hold in self._laptop.holds if hold.held.until > self._world.time}
        entries = (MUTATION.decode(bytes(entry)) for batch in request.batches for entry in batch.entries)
        if held & {(request.writer, entry.n) for entry in entries}:
            raise Broken("undo: a change left that its person could still take back")


def _damaged(content: bytes, rng: random.Random) -> bytes:
    """A byte more, a byte less, or another byte."""
    how = rng.randrange(3)
    return content[:-1] if how == 0 and content else content + b"!" if how == 1 else b"?" + content[1:]
