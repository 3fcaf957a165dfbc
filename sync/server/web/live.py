"""Live pull (rule 3): a sync request whose answer would be empty waits until there is something to tell.

While it waits it holds one coroutine and its few bytes: no thread, no connection to the database, no place among the
requests at work. What it is told at last is worked out anew: login and membership are judged at that moment.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import msgspec
from starlette.requests import Request

from sync.protocol import wire
from sync.protocol.limits import LIVE_PULL_MS
from sync.protocol.messages import SyncReply, SyncRequest
from sync.server.accounts.signing_in import Gate
from sync.server.core import Core
from sync.server.sync.exchange import exchanged, is_empty
from sync.server.sync.waking import Hub, Waits, Woken
from sync.server.web.replies import Answer, Replies

_HELD = 4 * 1024
"""Bytes of a request that may wait: one that names hundreds of spaces is answered at once."""


class _Held(NamedTuple):
    waits: Waits
    seconds: float
    reply: SyncReply
    device: str


class LivePull:
    """One sync request, which may wait. `asked` reads a body."""

    __slots__ = ("_asked", "_core", "_gate", "_held", "_hub", "_replies", "_token")

    def __init__(
        self,
        core: Core,
        gate: Gate,
        replies: Replies,
        hub: Hub,
        *,
        asked: Callable[[bytes], SyncRequest],
        token: str,
    ) -> None:
        self._core = core
        self._gate = gate
        self._replies = replies
        self._hub = hub
        self._asked = asked
        self._token = token
        self._held: _Held | None = None

    def answer(self, packed: bytes) -> Answer:
        """The answer as things stand now; `hold` decides whether it is given."""
        device = ""
        self._held, moment = None, self._hub.moment
        try:
            caller = self._gate.caller(self._token)
            device = caller.device.hex()
            request = self._asked(packed)
            reply, spaces = exchanged(self._core, caller, request)
            if request.wait > 0 and len(packed) <= _HELD and is_empty(reply):
                waits = Waits(caller.device_no, caller.person_no, spaces, moment)
                self._held = _Held(waits, min(request.wait, LIVE_PULL_MS) / 1000, reply, device)
            return Answer(200, wire.pack(reply), device)
        except Exception as error:  # noqa: BLE001  # every failure has its answer
            return self._replies.failed(error, device)

    async def hold(self, request: Request, packed: bytes, found: Answer) -> Answer:
        """Wait as long as the answer stays empty, at most as long as was asked for."""
        held, loop = self._held, asyncio.get_running_loop()
        if held is None:
            return found
        until = loop.time() + held.seconds
        gone = loop.create_task(_hung_up(request))
        try:
            while await self._hub.wait(held.waits, until - loop.time(), gone) is Woken.CHANGED:
                found = await self._replies.run(partial(self.answer, packed))
                held = self._held
                if held is None:
                    return found
        finally:
            gone.cancel()
        empty = msgspec.structs.replace(held.reply, now=self._core.now())
        return Answer(200, wire.pack(empty), held.device)


async def _hung_up(request: Request) -> None:
    """Ends when the laptop lets go of the connection: after a whole body nothing else comes."""
    await request.receive()
