"""reconnect_storm and waiting_pulls: what one server bears of many laptops at once."""

import resource
import secrets
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from sync.domain.grading import option_numbers
from sync.domain.ids import uuid7
from sync.domain.kind import encode
from sync.domain.quizzes import ATTEMPT, QUIZ_EDITION, Answer, Attempt, Mode, QuizEdition
from sync.domain.spaces import SpaceType
from sync.protocol.messages import Create
from sync.server.core import opened
from sync.server.settings import Settings
from sync.server.storage.dialect import rows_of
from tools.bench.crowd import Member, crowd, news
from tools.bench.figures import Figure
from tools.bench.storm import storm
from tools.bench.sync_figures import move
from tools.bench.waiting import wait_all
from tools.sample_session import SampleServer, sample_session

LAPTOPS = 500
A_COHORT = 25
WORK = 5
NEWS = 20
WAITING = 2_000
LAPTOPS_EACH = 4


class _Quiz(NamedTuple):
    course: bytes
    edition_id: bytes
    edition: QuizEdition


def measure(folder: Path, database: str = "") -> Iterator[Figure]:
    """Both figures, on a server with the sample course, moved to an empty PostgreSQL `database` if one is given."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with sample_session(folder / "load") as (server, _laptop):
        quiz = _quiz(server)
        if database:
            move(server, folder, database)
        yield _storm(server, quiz)
        yield _waiting(server, quiz)


def _quiz(server: SampleServer) -> _Quiz:
    """A quiz for practice, whose attempts are graded on arrival, as often as one likes."""
    with server.looked_into() as database:
        course = database.execute("SELECT course FROM cohort").fetchone()[0]
        rows = database.execute("SELECT id, body FROM log WHERE kind = ?", (QUIZ_EDITION.number,)).fetchall()
    found = ((id_, QUIZ_EDITION.decode(body)) for id_, body in rows)
    return next(_Quiz(course, id_, one) for id_, one in found if one.mode is Mode.FORMATIVE and not one.attempts)


def _work(quiz: _Quiz, member: Member) -> tuple[bytes, Sequence[Create]]:
    """Attempts for a learner's personal space: each is graded before the answer comes."""
    now, places = time.time_ns() // 1_000_000, range(1, WORK + 1)
    ids = [uuid7(now, secrets.token_bytes(10)) for _ in places]
    bodies = [msgspec.Raw(encode(_attempt(quiz, place, now))) for place in places]
    creates = [Create(n, ATTEMPT.number, id_, body) for n, id_, body in zip(places, ids, bodies, strict=True)]
    return member.of(SpaceType.PERSONAL), creates


def _attempt(quiz: _Quiz, number: int, now: int) -> Attempt:
    answers = tuple(
        Answer(question=question.id, chosen=(secrets.choice(numbers),))
        if (numbers := option_numbers(question))
        else Answer(question=question.id, text=str(secrets.randbelow(100)))
        for question in quiz.edition.questions
    )
    activity, edition = quiz.edition.activity, quiz.edition_id
    return Attempt(
        activity=activity, edition=edition, number=number, started=now - 60_000, submitted=now, answers=answers
    )


def _storm(server: SampleServer, quiz: _Quiz) -> Figure:
    """Each brings five attempts and has not seen twenty posts of its group."""
    members = crowd(server.data, quiz.course, LAPTOPS, a_cohort=A_COHORT)
    news(server.data, members, NEWS)
    found = storm(server.port, members, partial(_work, quiz))
    kept = _kept(server, found.sent)
    if found.failed or kept != LAPTOPS * WORK or found.accepted != kept:
        raise ValueError(f"{kept} of {LAPTOPS * WORK} records kept, failed: {found.failed[:3]}")
    return Figure(
        "reconnect_storm",
        found.accepted + found.received,
        sum(found.took) / len(found.took),
        store="none, sqlite server",
        requests=found.requests + found.busy,
        p50=found.at(50),
        p95=found.at(95),
        baseline=f"{LAPTOPS} laptops within 10 s, mean of one; {found.busy} were asked to come back",
    )


def _kept(server: SampleServer, sent: set[bytes]) -> int:
    with opened(Settings(server.data)) as core, core.reading() as connection:
        rows = rows_of(connection, "SELECT id FROM log WHERE kind = ?", (ATTEMPT.number,))
    return len(sent & {bytes(id_) for (id_,) in rows})


def _waiting(server: SampleServer, quiz: _Quiz) -> Figure:
    """All in one space; one post is written there."""
    people = WAITING // LAPTOPS_EACH
    members = crowd(server.data, quiz.course, people, a_cohort=people, laptops=LAPTOPS_EACH)
    found = wait_all(server.port, server.process_id, members, lambda: news(server.data, members, 1))
    told = found.told
    return Figure(
        "waiting_pulls",
        len(members),
        told[-1],
        store="none, sqlite server",
        requests=len(members),
        server_mib_added=found.mib,
        p50=told[len(told) // 2],
        p95=told[len(told) * 95 // 100],
        baseline=f"until the last was told (spread over 5 s); {found.cpu:.1%} of a core while they wait, "
        f"{found.cpu_told:.1f} s of work to tell all",
    )
