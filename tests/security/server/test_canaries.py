"""Attacks A2 and A4: what must not reach a laptop is looked for in every byte that the server sends it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sync.domain.quizzes import ANSWERS, Answer, Answers, Mode, Release
from sync.domain.spaces import SpaceType
from sync.protocol import wire
from sync.protocol.messages import SyncReply, SyncRequest
from sync.server.sync.release import release_grades
from tests.integration.server.course import AT_ONCE, BY_TRAINER, CANARY, Author, attempt, editions, hand_in, quiz
from tests.integration.server.world import Laptop, World, world

NEVER_TOLD = ["ines", "karim", "omar"]


@pytest.fixture
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("canary")) as ground:
        author = Author(ground)
        author.write(
            {
                AT_ONCE: quiz(AT_ONCE, Mode.GRADED, Release.AT_ONCE),
                BY_TRAINER: quiz(BY_TRAINER, Mode.GRADED, Release.BY_TRAINER),
            }
        )
        author.publish()
        yield ground


def everything(laptop: Laptop) -> bytes:
    """All that a person is ever told, unpacked."""
    told = b""
    real = laptop.exchange

    def listening(request: SyncRequest) -> SyncReply:
        nonlocal told
        reply = real(request)
        told += wire.encode(reply)
        return reply

    laptop.exchange = listening  # type: ignore[method-assign]  # to hear every byte
    laptop.pull()
    return told


def test_the_canary_is_heard_where_it_may_be(made: World) -> None:
    """So that the silence below means something."""
    for login in ("paul", "sophie"):
        assert CANARY.encode() in everything(made.laptop(login))


@pytest.mark.parametrize("login", NEVER_TOLD)
def test_no_key_of_a_graded_quiz_is_ever_told_to(made: World, login: str) -> None:
    ines, sophie = made.laptop("ines"), made.laptop("sophie")
    ines.pull()
    for activity in (AT_ONCE, BY_TRAINER):
        hand_in(ines, made, [attempt(made, activity, editions(ines, made)[activity])])
    release_grades(made.core, sophie.caller.person_no, made.cohort, BY_TRAINER)
    assert CANARY.encode() not in everything(made.laptop(login))


def test_marks_before_their_release_are_in_no_byte_of_the_learner(made: World) -> None:
    ines = made.laptop("ines")
    ines.pull()
    (taken,) = hand_in(ines, made, [attempt(made, BY_TRAINER, editions(ines, made)[BY_TRAINER])])
    told = everything(made.laptop("ines"))
    assert told.count(taken.id) == 1
    assert told.count(made.space(SpaceType.STAFF)) == 0


@pytest.mark.parametrize("login", ["karim", "sophie", "paul", "omar"])
def test_nobody_else_hears_what_a_person_keeps_for_themselves(made: World, login: str) -> None:
    """No role, route or command shows `own:` to another person."""
    ines = made.laptop("ines")
    secret = Answers(
        attempt=bytes(16), activity=bytes(16), answers=(Answer(question=bytes(16), text=CANARY + "-mine"),)
    )
    ines.push(made.space(SpaceType.OWN), ines.create(ANSWERS, secret))
    assert f"{CANARY}-mine".encode() in everything(made.laptop("ines"))
    assert f"{CANARY}-mine".encode() not in everything(made.laptop(login))


def test_the_learner_of_one_personal_space_does_not_hear_another(made: World) -> None:
    """Attack A1: attempts and grades of somebody else."""
    ines = made.laptop("ines")
    ines.pull()
    (taken,) = hand_in(ines, made, [attempt(made, AT_ONCE, editions(ines, made)[AT_ONCE])])
    assert taken.id not in everything(made.laptop("karim"))
