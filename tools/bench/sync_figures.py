"""local_write, push, pull, noop, ten_rows: one learner's attempts, up to the server and down to a fresh laptop."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from spoc_desktop.services.workplace import SystemChance, SystemClock
from spoc_desktop.storage.changes import New
from sync.client.running import Progress
from sync.domain import spaces
from sync.domain.cohorts import ENROLMENT
from sync.domain.grading import option_numbers
from sync.domain.ids import CohortId, PersonId, uuid7
from sync.domain.kind import encode
from sync.domain.quizzes import ATTEMPT, GRADE, QUIZ_EDITION, Answer, Attempt, Mode, QuizEdition
from tools.bench.figures import ON_POSTGRES, Figure
from tools.bench.laptops import BenchLaptop
from tools.bench.raw_sqlite import Row, bulk_seconds, single_seconds
from tools.bench.repeating import repeated
from tools.bench.resident import resident_mib
from tools.relay import Wire
from tools.sample_session import LEARNER, SampleServer, sample_session

_CHUNK = 1_000
_SINGLE = 300
_GRADING_SECONDS = 120


class Work(NamedTuple):
    """Where attempts go: the space, and the edition of the quiz that they answer."""

    space: bytes
    edition_id: bytes
    edition: QuizEdition


@dataclass
class Stage:
    """What the measurements share."""

    folder: Path
    server: SampleServer
    wire: Wire
    laptop: BenchLaptop
    work: Work
    rows: int
    rtt_ms: int

    @property
    def server_process(self) -> int:
        """The id of the server's process."""
        return self.server.process_id


def measure(folder: Path, rows: int, rtt_ms: int, database: str = "") -> Iterator[Figure]:
    """All figures of the wire, in the order in which a laptop lives them.

    `database`: the address of an empty PostgreSQL database to which the server moves first.
    """
    with staged(folder, rows, rtt_ms, database) as stage:
        for figure in _all(stage):
            yield replace(figure, store=ON_POSTGRES) if database else figure


def _all(stage: Stage) -> Iterator[Figure]:
    yield _local_write(stage)
    yield _push(stage)
    _wait_for_grades(stage)
    yield _pull(stage)
    for name, rows in (("noop", 0), ("ten_rows", 10), ("hundred_rows", 100)):
        work = partial(_some, stage.work, rows)
        yield repeated(name, stage.wire, stage.laptop, work, rows=rows, rtt_ms=stage.rtt_ms)


def _some(work: Work, count: int) -> list[New]:
    return list(attempts(work, count))


@contextmanager
def staged(folder: Path, rows: int, rtt_ms: int, database: str = "") -> Iterator[Stage]:
    """A server with the sample course, and a learner's laptop that is up to date."""
    with sample_session(folder) as (server, _):
        if database:
            move(server, folder, database)
        with _with_laptop(folder, server, rows, rtt_ms) as stage:
            yield stage


def move(server: SampleServer, folder: Path, database: str) -> None:
    """As IT does: a backup, put into the other database."""
    kept = str(folder / "moving.backup")
    server.command("backup", kept)
    server.stop()
    server.command("restore", kept, "--database", database)
    server.start()


@contextmanager
def _with_laptop(folder: Path, server: SampleServer, rows: int, rtt_ms: int) -> Iterator[Stage]:
    with Wire(server.port, rtt_ms // 2) as wire:
        laptop = BenchLaptop.joined(folder / "first.db", wire.address, server.invite(LEARNER))
        try:
            laptop.engine.sync()
            yield Stage(folder, server, wire, laptop, _work(laptop), rows, rtt_ms)
        finally:
            laptop.close()


def _work(laptop: BenchLaptop) -> Work:
    enrolment = laptop.store.view(ENROLMENT)[0].body
    space = spaces.personal(CohortId(enrolment.cohort), PersonId(laptop.session.person))
    # Formative, so that the number of attempts is not bounded and each is graded on arrival, as in a real week.
    quiz = next(
        seen for seen in laptop.store.view(QUIZ_EDITION) if seen.body.mode is Mode.FORMATIVE and not seen.body.attempts
    )
    return Work(space, quiz.id, quiz.body)


def attempts(work: Work, count: int) -> Iterator[New]:
    """Attempts that differ as people's do: which options, when begun, how long."""
    clock, chance = SystemClock(), SystemChance()
    for place in range(count):
        luck = chance.bytes(len(work.edition.questions) + 2)
        answers = tuple(
            Answer(question=question.id, chosen=(numbers[luck[n] % len(numbers)],))
            if (numbers := option_numbers(question))
            else Answer(question=question.id, text=str(luck[n]))
            for n, question in enumerate(work.edition.questions)
        )
        now = clock.now()
        attempt = Attempt(
            activity=work.edition.activity,
            edition=work.edition_id,
            number=place + 1,
            started=now - 60_000 - 1_000 * luck[-1],
            submitted=now,
            answers=answers,
        )
        yield New(ATTEMPT, work.space, uuid7(now, chance.bytes(10)), attempt)


def _raw(news: Sequence[New], author: bytes) -> list[Row]:
    now = SystemClock().now()
    return [(seq, new.kind.number, new.id, author, now, encode(new.body)) for seq, new in enumerate(news, 1)]


def _local_write(stage: Stage) -> Figure:
    """Each attempt saved by itself, as a person does: until it is on the disk."""
    news = list(attempts(stage.work, _SINGLE))
    started = time.perf_counter()
    for new in news:
        stage.laptop.store.write([new])
    seconds = time.perf_counter() - started
    baseline = single_seconds(stage.folder / "raw-single.db", _raw(news, stage.laptop.session.person))
    stage.laptop.engine.sync()
    return Figure(
        "local_write",
        len(news),
        seconds,
        store="sqlcipher",
        baseline_seconds=baseline,
        baseline="plain SQLite, the same rows one by one",
    )


def _push(stage: Stage) -> Figure:
    """A long outbox until the server has answered for the last entry."""
    news = list(attempts(stage.work, stage.rows))
    for first in range(0, len(news), _CHUNK):
        stage.laptop.store.write(news[first : first + _CHUNK])
    before, client, server = stage.wire.counts(), resident_mib(), resident_mib(stage.server_process)
    done: list[tuple[float, int, tuple[int, int], float, float]] = []

    def watch(progress: Progress) -> None:
        if progress.sent >= stage.rows and not done:
            now = time.perf_counter()
            memory = resident_mib(), resident_mib(stage.server_process)
            done.append((now, progress.requests, stage.wire.counts(), *memory))

    started = time.perf_counter()
    stage.laptop.engine.sync(watch)
    ended, exchanges, after, client_then, server_then = done[0]
    return Figure(
        "push",
        stage.rows,
        ended - started,
        rtt_ms=stage.rtt_ms,
        bytes_up=after[0] - before[0],
        bytes_down=after[1] - before[1],
        requests=exchanges,
        client_mib_added=client_then - client,
        server_mib_added=server_then - server,
        baseline_seconds=bulk_seconds(stage.folder / "raw-push.db", _raw(news, stage.laptop.session.person)),
        baseline="plain SQLite, the same rows in one transaction",
    )


def _wait_for_grades(stage: Stage) -> None:
    deadline = time.monotonic() + _GRADING_SECONDS
    wanted = stage.rows + _SINGLE
    while len(stage.laptop.store.view(GRADE, stage.work.space)) < wanted:
        if time.monotonic() > deadline:
            raise TimeoutError("the server did not grade all attempts")
        time.sleep(0.2)
        stage.laptop.engine.sync()


def _pull(stage: Stage) -> Figure:
    """Everything of the learner into a fresh laptop: course, attempts and grades."""
    login = LEARNER.login
    fresh = stage.laptop.another(stage.folder / "fresh.db", stage.wire.address, login)
    try:
        before, client, server = stage.wire.counts(), resident_mib(), resident_mib(stage.server_process)
        started = time.perf_counter()
        synced = fresh.engine.sync()
        seconds = time.perf_counter() - started
        after, client_then, server_then = stage.wire.counts(), resident_mib(), resident_mib(stage.server_process)
        raw = [
            (seen.seq, seen.kind, seen.id, seen.author, seen.at, encode(seen.body))
            for kind in (ATTEMPT, GRADE)
            for seen in fresh.store.view(kind, stage.work.space)
        ]
        return Figure(
            "pull",
            synced.received,
            seconds,
            rtt_ms=stage.rtt_ms,
            bytes_up=after[0] - before[0],
            bytes_down=after[1] - before[1],
            requests=synced.requests,
            client_mib_added=client_then - client,
            server_mib_added=server_then - server,
            baseline_seconds=bulk_seconds(stage.folder / "raw-pull.db", raw),
            baseline="plain SQLite, the same rows in one transaction",
        )
    finally:
        fresh.close()
