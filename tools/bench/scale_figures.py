"""Nothing changed, and ten changed rows, over a thousand and over a million rows, for a learner and for a trainer.

Half of the rows are in the forum, which all members have; the others lie evenly in the personal and the staff spaces
of the learners, 150 of each, which the trainer has.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from spoc_desktop.storage.changes import New
from sync.domain import spaces
from sync.domain.courses import READING, Reading
from sync.domain.followup import PRIVATE_NOTE, PrivateNote
from sync.domain.forum import POST, Post
from sync.domain.ids import CohortId, PersonId, uuid7
from sync.domain.kind import Kind, encode
from sync.server.core import opened, system_clock
from sync.server.settings import Settings
from sync.server.storage.log import Kept, SpaceLog
from sync.server.storage.spaces import ensure
from tools.bench.figures import Figure
from tools.bench.laptops import BenchLaptop
from tools.bench.repeating import repeated
from tools.bench.sync_figures import move
from tools.relay import Wire
from tools.sample_session import LEARNER, TRAINER, Person, SampleServer, sample_session

LEARNERS = 150
SIZES = (1_000, 1_000_000)
_TRANSACTION = 5_000


class _Part(NamedTuple):
    space: bytes
    kind: Kind
    body: bytes
    author: bytes
    rows: int


def measure(folder: Path, sizes: Sequence[int] = SIZES, database: str = "") -> Iterator[Figure]:
    """The figures of each size, each on a server of its own; `database`: an empty PostgreSQL database, for one size."""
    for size in sizes:
        with _staged(folder / str(size), size, database) as (server, wire):
            for person, who in ((LEARNER, "learner"), (TRAINER, "trainer")):
                with closing(_laptop(folder / f"{who}-{size}.db", server, wire, person)) as laptop:
                    yield repeated(f"noop_{who}_{size:,}", wire, laptop, list, rows=0)
                    posts = partial(_posts, server, 10)
                    yield repeated(f"ten_rows_{who}_{size:,}", wire, laptop, posts, rows=10)


def _laptop(path: Path, server: SampleServer, wire: Wire, person: Person) -> BenchLaptop:
    laptop = BenchLaptop.joined(path, wire.address, server.invite(person))
    laptop.engine.sync()
    return laptop


@contextmanager
def _staged(folder: Path, size: int, database: str) -> Iterator[tuple[SampleServer, Wire]]:
    with sample_session(folder) as (server, _):
        server.bring_in([Person(f"Person {n}", f"person{n}@example.org") for n in range(LEARNERS)], server.cohort.hex())
        if database:
            move(server, folder, database)
        server.stop()
        _fill(server, size)
        server.start()
        with Wire(server.port) as wire:
            yield server, wire


def _posts(server: SampleServer, count: int) -> list[New]:
    space = spaces.cohort(CohortId(server.cohort))
    ask = "Comment calculer la part des charges fixes ?"
    return [New(POST, space, _id(), Post(text=f"{ask} {secrets.token_hex(4)}")) for _ in range(count)]


def _id() -> bytes:
    return uuid7(system_clock(), secrets.token_bytes(10))


def _fill(server: SampleServer, size: int) -> None:
    with opened(Settings(server.data)) as core:
        for part in _parts(server, size):
            for first in range(0, part.rows, _TRANSACTION):
                count = min(_TRANSACTION, part.rows - first)
                core.writer.run(partial(_write, part, count))


def _parts(server: SampleServer, size: int) -> Iterator[_Part]:
    cohort = CohortId(server.cohort)
    learners = [PersonId(id_) for login, id_ in server.people.items() if login.startswith("person")]
    each = max(1, size // 2 // (2 * len(learners)))
    post = encode(Post(text="Une question sur la séance de lundi, et ce que j’en ai compris jusqu’ici."))
    yield _Part(spaces.cohort(cohort), POST, post, learners[0], size // 2)
    for learner in learners:
        reading = encode(Reading(activity=bytes(16), edition=bytes(16), part=0, parts=1, at=system_clock(), seconds=40))
        note = encode(PrivateNote(text="Avance bien, demande peu.", at=system_clock()))
        yield _Part(spaces.personal(cohort, learner), READING, reading, learner, each)
        yield _Part(spaces.staff(cohort, learner), PRIVATE_NOTE, note, server.people[TRAINER.login], each)


def _write(part: _Part, count: int, connection: Connection) -> None:
    log = SpaceLog(connection, ensure(connection, part.space))
    at = system_clock()
    for _ in range(count):
        log.put(Kept(log.next_seq, part.kind.number, _id(), part.author, at, part.body))
    log.close(secrets.token_bytes(8))
