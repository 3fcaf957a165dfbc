"""A real server core on a real database, without HTTP: exact sentences about pushes and pulls are said here.

Clock and chance are handed in; people are made by the same functions that the command line calls.
"""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

import msgspec

from sync.domain import spaces
from sync.domain.cohorts import WEEK_MS, Part
from sync.domain.forum import POST, Post
from sync.domain.ids import CohortId, CourseId, PersonId, SpaceId
from sync.domain.kind import Kind, encode
from sync.protocol import wire
from sync.protocol.digest import EMPTY, joined, row_hash, view_digest
from sync.protocol.messages import (
    START,
    Batch,
    BatchAnswer,
    Checksum,
    Create,
    Cursor,
    Delete,
    Edit,
    Mutation,
    Row,
    Run,
    Standing,
    SyncReply,
    SyncRequest,
)
from sync.protocol.version import PROTOCOL, RULES
from sync.server.accounts import people
from sync.server.administration import Administration, initialise
from sync.server.core import Core
from sync.server.settings import Settings, read_address, write_address
from sync.server.sync.accept import Caller
from sync.server.sync.exchange import exchange
from tests import postgres

COURSE = CourseId(bytes.fromhex("0192f0c0aaaa7000800000000000c0de"))
NOW = 1_795_000_000_000
SQLITE, POSTGRESQL = "sqlite", "postgresql"


class Chance:
    """Bytes that look random and are the same in every run."""

    def __init__(self) -> None:
        self.drawn = 0

    def __call__(self, count: int) -> bytes:
        self.drawn += 1
        return blake2b(self.drawn.to_bytes(8, "big"), digest_size=count).digest()


def raw(body: msgspec.Struct | bytes) -> msgspec.Raw:
    """A body as a mutation carries it."""
    return msgspec.Raw(body if isinstance(body, bytes) else encode(body))


def entry(mutation: Mutation) -> msgspec.Raw:
    """A mutation as a batch carries it."""
    return msgspec.Raw(wire.encode(mutation))


class World:
    """A core with a cohort: learners `ines` and `karim`, trainer `sophie`, author `paul`, outsider `omar`."""

    def __init__(self, folder: Path, database: str = SQLITE) -> None:
        """Made once a process and then copied: a test's own world costs one copy of a small folder, or database."""
        self.data = folder / "server"
        self.now = NOW
        self.chance = Chance()
        self.made: list[str] = []
        template = _template(database)
        shutil.copytree(template.data, self.data)
        if template.name:
            self._point_at(template.name)
        self.chance.drawn = template.drawn
        self.cohort = template.cohort
        self.core = self._core()
        self.administration = Administration(self.core)

    def _core(self) -> Core:
        return Core(Settings(self.data), lambda: self.now, self.chance)

    def id_of(self, login: str) -> bytes:
        """A person's id."""
        with self.core.reading() as connection:
            return people.get(connection, login).id

    def laptop(self, login: str, writer: int | None = None) -> Laptop:
        """A signed-in device of a person."""
        core = self.core
        with core.reading() as connection:
            who = people.get(connection, login)
        device = core.writer.run(
            lambda connection: people.add_device(connection, who.no, "laptop", self.now, self.chance(10))
        )
        number = int.from_bytes(self.chance(8), "big") if writer is None else writer
        return Laptop(self, Caller(who.no, who.id, device, b""), number)

    def space(self, type_: spaces.SpaceType, login: str = "ines", cohort: CohortId | None = None) -> SpaceId:
        """A space of the cohort, or of a person in it."""
        who, where = PersonId(self.id_of(login)), cohort or self.cohort
        return {
            spaces.SpaceType.OWN: spaces.own(who),
            spaces.SpaceType.ORG: spaces.org(self.core.organisation),
            spaces.SpaceType.COURSE: spaces.course(COURSE),
            spaces.SpaceType.PERSONAL: spaces.personal(where, who),
            spaces.SpaceType.COHORT: spaces.cohort(where),
            spaces.SpaceType.GROUP: spaces.group(where),
            spaces.SpaceType.PEER: spaces.peer(where, who),
            spaces.SpaceType.AUTHORING: spaces.authoring(COURSE),
            spaces.SpaceType.STAFF: spaces.staff(where, who),
        }[type_]

    def copy(self) -> Path:
        """A copy of the whole folder, as a snapshot of the machine would be: the server knows nothing of it."""
        target = self.data.with_name(f"snapshot-{self.chance(4).hex()}")
        self.core.close()
        shutil.copytree(self.data, target)
        self._point_at(self.made[-1] if self.made else "")
        self.reopen()
        return target

    def put_back(self, snapshot: Path) -> None:
        """Put a copy in the place of the folder: everything is as it was, markers too."""
        self.core.close()
        shutil.rmtree(self.data)
        shutil.copytree(snapshot, self.data)
        self._point_at(read_address(snapshot).partition("?")[0].rpartition("/")[2])
        self.reopen()

    def close(self) -> None:
        """Leave nothing."""
        self.core.close()
        for name in self.made:
            postgres.cluster().drop(name)

    def _point_at(self, name: str) -> None:
        """Go on in a copy of a database of PostgreSQL; the one that is copied stays as it is."""
        if name:
            self.made.append(postgres.cluster().make(name))
            write_address(self.data, postgres.cluster().address(self.made[-1]))

    def reopen(self) -> None:
        """Start again on the same folder."""
        self.core = self._core()
        self.administration = Administration(self.core)


class _Template(NamedTuple):
    data: Path
    cohort: CohortId
    drawn: int
    name: str


@cache
def _template(database: str) -> _Template:
    folder = Path(mkdtemp(prefix="spoc-world-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    data, chance = folder / "server", Chance()
    name = "" if database == SQLITE else postgres.cluster().make()
    initialise(data, "Organisme Exemple", postgres.cluster().address(name) if name else None)
    core = Core(Settings(data), lambda: NOW, chance)
    administration = Administration(core)
    cohort = administration.add_cohort("Novembre", COURSE, NOW, NOW + 8 * WEEK_MS)
    for login in ("ines", "karim", "sophie", "paul", "omar"):
        administration.add_person(login.title(), login)
    administration.enrol(cohort, "ines", Part.LEARNER)
    administration.enrol(cohort, "karim", Part.LEARNER)
    administration.enrol(cohort, "sophie", Part.TRAINER)
    administration.make_author(COURSE, "paul")
    core.close()
    return _Template(data, cohort, chance.drawn, name)


@contextmanager
def world(folder: Path, database: str = SQLITE) -> Iterator[World]:
    """A world for the time of a test."""
    made = World(folder, database)
    try:
        yield made
    finally:
        made.close()


class Laptop:
    """What a laptop does on the wire, by hand: it names its mutations and remembers what it was told."""

    def __init__(self, world_: World, caller: Caller, writer: int) -> None:
        self.world = world_
        self.caller = caller
        self.writer = writer
        self.n = 0
        self.rows: dict[bytes, dict[bytes, Row]] = {}
        self.cursors: dict[bytes, Cursor] = {}
        self.claims: dict[bytes, Cursor] = {}
        self.checksums: dict[bytes, Checksum] = {}

    def next_n(self) -> int:
        """The name of the next mutation."""
        self.n += 1
        return self.n

    def create(self, kind: Kind, body: msgspec.Struct | bytes, id_: bytes | None = None) -> Create:
        """A new record."""
        return Create(self.next_n(), kind.number, id_ or self.world.chance(16), raw(body))

    def post(self, text: str, id_: bytes | None = None) -> Create:
        """A new forum post."""
        return self.create(POST, Post(text=text), id_)

    def edit(self, id_: bytes, base: int, epoch: int = 1, **fields: object) -> Edit:
        """Fields of a post replaced."""
        changes = {POST.number_of(name): raw(msgspec.msgpack.encode(value)) for name, value in fields.items()}
        return Edit(self.next_n(), id_, epoch, base, changes)

    def delete(self, id_: bytes, base: int, epoch: int = 1) -> Delete:
        """A record removed."""
        return Delete(self.next_n(), id_, epoch, base)

    def exchange(self, request: SyncRequest) -> SyncReply:
        """Ask the server."""
        return exchange(self.world.core, self.caller, request)

    def push(self, space: bytes, *mutations: Mutation, claim: Cursor = START) -> BatchAnswer:
        """Push without a pull."""
        return self.push_raw(space, *map(entry, mutations), claim=claim)

    def push_raw(self, space: bytes, *entries: msgspec.Raw, claim: Cursor = START) -> BatchAnswer:
        """Push entries as they are."""
        batch = Batch(space, claim, entries)
        return self.exchange(SyncRequest(PROTOCOL, RULES, self.writer, None, batches=(batch,))).answers[0]

    def pull(self, *, compare: bytes | None = None) -> SyncReply:
        """Pull everything to the end, as a whole request after the other; the last reply."""
        while True:
            known = [
                Standing(space, cursor, self.claims.get(space, START), space == compare)
                for space, cursor in self.cursors.items()
            ]
            reply = self.exchange(SyncRequest(PROTOCOL, RULES, self.writer, None, tuple(known), whole=True))
            self.take(reply)
            compare = None
            if not reply.more:
                return reply

    def take(self, reply: SyncReply) -> None:
        """Keep what a reply tells."""
        for space in reply.revoked:
            self.rows.pop(space, None)
            self.cursors[space] = START
        for page in reply.pages:
            kept = {} if page.begins else self.rows[page.space]
            kept.update((row.id, row) for row in page.rows)
            self.rows[page.space], self.cursors[page.space] = kept, page.cursor
            self.claims[page.space] = page.cursor
            if page.checksum is not None:
                self.checksums[page.space] = page.checksum

    def digest(self) -> bytes:
        """The view digest of what this laptop has."""
        return view_digest((space, cursor) for space, cursor in self.cursors.items() if cursor.epoch)

    def ask(
        self, *, digest: bytes | None, standings: tuple[Standing, ...] = (), batches: tuple[Batch, ...] = ()
    ) -> SyncReply:
        """A request by digest."""
        return self.exchange(SyncRequest(PROTOCOL, RULES, self.writer, digest, standings, batches=batches))

    def texts(self, space: bytes) -> list[str]:
        """The posts that this laptop has, in the order of their seqs."""
        rows = sorted(self.rows[space].values(), key=lambda row: row.seq)
        return [
            POST.decode(bytes(row.body)).text for row in rows if row.kind == POST.number and bytes(row.body) != b"\xc0"
        ]


def checksum_of(rows: dict[bytes, Row]) -> Checksum:
    """The checksum that a laptop works out of its rows."""
    return joined(EMPTY, (row_hash(row.id, row.seq, row.author, row.at, bytes(row.body)) for row in rows.values()))


def verdicts(answer: BatchAnswer) -> list[tuple[int, str, int, int]]:
    """Each mutation's answer: n, verdict, seq, refusal."""
    return [each for run in answer.runs for each in _each(run)]


def _each(run: Run) -> Iterator[tuple[int, str, int, int]]:
    for step in range(run.count):
        yield run.n + step, run.verdict.name, run.seq + step if run.seq else 0, run.refusal
