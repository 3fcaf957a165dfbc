"""Hundreds of laptops that speak the protocol and keep nothing: for what one server bears.

People, devices and tokens are made by the server's own functions on its folder, without the price of a password each.
On the wire the laptops send the real messages over real HTTP, from one asyncio process.
"""

import asyncio
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import msgspec
from sqlalchemy import Connection

from sync.domain.cohorts import WEEK_MS, Cohort, Part
from sync.domain.forum import POST, Post
from sync.domain.ids import CohortId, CourseId, uuid7
from sync.domain.publishing import Row
from sync.domain.spaces import SpaceType, type_of
from sync.protocol import wire
from sync.protocol.digest import view_digest
from sync.protocol.limits import MAX_REPLY
from sync.protocol.messages import Batch, Cursor, FailureReply, Standing, SyncReply, SyncRequest
from sync.protocol.version import PROTOCOL, RULES, SYNC
from sync.server.accounts import enrolling, people, tokens
from sync.server.accounts.tokens import Lives
from sync.server.core import Core
from sync.server.settings import Settings
from sync.server.storage import spaces
from sync.server.sync import claims, rows

_TOKEN_MS = 3_600_000
_OK, _BUSY = 200, 429
_TEXT = "Le contrôle de la vanne se fait avant la mise sous pression, jamais après : voir la fiche 4. " * 3
_SPREAD_S = 5.0
"""Seconds over which who was asked to come back does so, as the window does."""


_Made = tuple[int, bytes, str]
"""A person's number and id, and the token of their laptop."""


class _Size(NamedTuple):
    a_cohort: int
    laptops: int


@dataclass
class Member:
    """A laptop of one learner, and where it stands in each of its spaces."""

    person: bytes
    token: str
    writer: int
    stands: dict[bytes, Cursor]

    def of(self, type_: SpaceType) -> bytes:
        """The id of its space of a type."""
        return next(space for space in self.stands if type_of(space) is type_)

    def asks(self, batches: Sequence[Batch] = (), wait: int = 0) -> SyncRequest:
        """Push, and pull by digest."""
        digest = view_digest(sorted(self.stands.items()))
        return SyncRequest(PROTOCOL, RULES, self.writer, digest, batches=tuple(batches), wait=wait)

    def asks_whole(self) -> SyncRequest:
        """Where it stands, space by space."""
        standings = tuple(Standing(space, cursor, cursor) for space, cursor in self.stands.items())
        return SyncRequest(PROTOCOL, RULES, self.writer, None, standings, whole=True)

    def take(self, reply: SyncReply) -> None:
        """Stand where a reply leads to."""
        self.stands |= {page.space: page.cursor for page in reply.pages}


def crowd(data: Path, course: bytes, count: int, *, a_cohort: int, laptops: int = 1) -> list[Member]:
    """Learners in cohorts of so many, each signed in on laptops that have all that there is."""
    core = Core(Settings(data))
    try:
        made = core.writer.run(lambda connection: _made(core, connection, course, count, _Size(a_cohort, laptops)))
        with core.reading() as connection:
            return [
                Member(id_, token, random.getrandbits(62), _stands(core, connection, no)) for no, id_, token in made
            ]
    finally:
        core.close()


def news(data: Path, members: Iterable[Member], posts: int) -> None:
    """Posts in each cohort that the laptops have not seen."""
    core = Core(Settings(data))
    try:
        cohorts = sorted({member.of(SpaceType.COHORT) for member in members})
        written = [rows.row(POST, uuid7(core.now(), core.chance(10)), Post(text=_TEXT)) for _ in range(posts)]
        for space in cohorts:
            core.writer.run(partial(_write, space, written, core.now(), core.tail()))
    finally:
        core.close()


def _write(space: bytes, written: list[Row], now: int, tail: bytes, connection: Connection) -> int:
    return rows.write(connection, space, written, now, tail)


def _made(core: Core, connection: Connection, course: bytes, count: int, size: _Size) -> list[_Made]:
    now, cohort = core.now(), CohortId(b"")
    made: list[_Made] = []
    for place in range(count):
        if place % size.a_cohort == 0:
            cohort = CohortId(uuid7(now, core.chance(10)))
            body = Cohort(title=f"Session {place}", course=CourseId(course), starts=now - WEEK_MS, ends=now + WEEK_MS)
            enrolling.add_cohort(core, connection, cohort, body)
        login, entropy = f"learner-{uuid7(now, core.chance(10)).hex()}", core.chance(18)
        who = people.add(connection, core.organisation, f"Learner {place}", login, now=now, entropy=entropy)
        enrolling.enrol(core, connection, cohort, who, Part.LEARNER)
        for _ in range(size.laptops):
            device = people.add_device(connection, who.no, "bench", now, core.chance(10))
            given = tokens.give(connection, device, now, Lives(_TOKEN_MS, _TOKEN_MS), core.chance)
            made.append((who.no, who.id, given.access))
    return made


def _stands(core: Core, connection: Connection, person_no: int) -> dict[bytes, Cursor]:
    heads = spaces.readable(connection, person_no)
    return {head.id: claims.head_of(core.secrets.seal, head) for head in heads}


class Talk:
    """One kept-alive connection of a laptop."""

    def __init__(self, port: int, token: str, spread: float = _SPREAD_S) -> None:
        self._port, self._spread = port, spread
        self._head = f"POST {SYNC} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
        self.busy = 0
        """How often it was asked to come back (429)."""

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._writer.close()

    async def ask(self, request: SyncRequest) -> SyncReply:
        """Ask, and come back when the server says so, as the window does. ValueError for any other answer."""
        while True:
            status, body = await self._post(wire.pack(request))
            if status == _OK:
                return wire.unpack(SyncReply, body, MAX_REPLY)
            if status != _BUSY:
                raise ValueError(f"status {status}")
            self.busy += 1
            later = wire.unpack(FailureReply, body, MAX_REPLY).retry_after
            await asyncio.sleep(later + self._spread * (0.5 + random.random()))  # noqa: S311  # no secret

    async def _post(self, body: bytes) -> tuple[int, bytes]:
        self._writer.write(f"{self._head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("ascii").split("\r\n")
        length = next(int(line.split(":")[1]) for line in head if line.lower().startswith("content-length:"))
        return int(head[0].split()[1]), await self._reader.readexactly(length)


async def ask_all(talk: Talk, member: Member, first: SyncRequest) -> list[SyncReply]:
    """Ask until nothing more is to say."""
    replies = [await talk.ask(first)]
    member.take(replies[-1])
    while replies[-1].send_whole or replies[-1].more:
        replies.append(await talk.ask(member.asks_whole()))
        member.take(replies[-1])
    return replies


def raw(message: msgspec.Struct) -> msgspec.Raw:
    """A message inside another."""
    return msgspec.Raw(wire.encode(message))
