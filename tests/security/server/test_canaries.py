"""Attacks A1, A2 and A4: what must not reach a laptop is looked for in every byte that the server sends it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec
import pytest

from sync.domain.exercises import (
    BANK,
    DRAFT,
    EXERCISE,
    HAND_IN,
    REVIEW,
    Bank,
    Draft,
    Exercise,
    Mark,
    Remark,
    Review,
    Verdict,
    review_id,
)
from sync.domain.followup import NEXT_ACTION, PRIVATE_NOTE, NextAction, PrivateNote
from sync.domain.forum import UNSENT, Unsent
from sync.domain.kind import Kind, encode
from sync.domain.messages import MESSAGE, Message
from sync.domain.notes import NOTE, Note
from sync.domain.quizzes import ANSWERS, Answer, Answers, Mode, Release
from sync.domain.spaces import SpaceType
from sync.protocol import wire
from sync.protocol.messages import Edit, SyncReply, SyncRequest
from sync.server.sync.release import release_grades
from tests.integration.server.course import (
    AT_ONCE,
    BY_TRAINER,
    CANARY,
    Author,
    attempt,
    editions,
    hand_in,
    quiz,
    words,
)
from tests.integration.server.reviews import decide, handed
from tests.integration.server.reviews import hand_in as hand_in_exercise
from tests.integration.server.world import Laptop, World, raw, verdicts, world

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


SECRET = CANARY + "-dit-a-personne"
EVERYBODY = {"ines", "karim", "sophie", "paul", "omar"}


class Said(NamedTuple):
    """A record that says the secret: who writes it where, in whose space, and who may hear it."""

    kind: Kind
    body: msgspec.Struct
    space: SpaceType
    writer: str
    hearers: set[str]


OF_SOMEBODY = [
    Said(NOTE, Note(activity=bytes(16), text=SECRET, at=1), SpaceType.OWN, "ines", {"ines"}),
    Said(DRAFT, Draft(cohort=bytes(16), activity=bytes(16), text=SECRET), SpaceType.OWN, "ines", {"ines"}),
    Said(UNSENT, Unsent(place=bytes(16), text=SECRET), SpaceType.OWN, "ines", {"ines"}),
    Said(BANK, Bank(text=SECRET), SpaceType.OWN, "sophie", {"sophie"}),
    Said(HAND_IN, msgspec.structs.replace(handed(), text=SECRET), SpaceType.PERSONAL, "ines", {"ines", "sophie"}),
    Said(MESSAGE, Message(text=SECRET, at=1), SpaceType.PERSONAL, "sophie", {"ines", "sophie"}),
    Said(PRIVATE_NOTE, PrivateNote(text=SECRET, at=1), SpaceType.STAFF, "sophie", {"sophie"}),
    Said(NEXT_ACTION, NextAction(text=SECRET, at=1), SpaceType.STAFF, "sophie", {"sophie"}),
    Said(
        REVIEW,
        Review(hand_in=bytes(16), activity=bytes(16), version=1, opinion=SECRET),
        SpaceType.STAFF,
        "sophie",
        {"sophie"},
    ),
    Said(
        EXERCISE,
        Exercise(title="Un exercice", minutes=5, brief=words(SECRET), criteria=()),
        SpaceType.AUTHORING,
        "paul",
        {"sophie", "paul"},
    ),
]


@pytest.mark.parametrize("said", OF_SOMEBODY, ids=[each.kind.name for each in OF_SOMEBODY])
def test_what_is_said_to_some_is_in_no_byte_that_others_are_told(made: World, said: Said) -> None:
    writer = made.laptop(said.writer)
    space = made.space(said.space, said.writer if said.space is SpaceType.OWN else "ines")
    assert verdicts(writer.push(space, writer.create(said.kind, said.body)))[0][1] == "ACCEPTED"
    told = {login for login in EVERYBODY if SECRET.encode() in everything(made.laptop(login))}
    assert told == said.hearers


def test_a_review_before_its_verdict_and_what_a_verdict_left_behind_never_reach_the_learner(made: World) -> None:
    """Neither the draft, nor the words that were changed before the verdict, nor those written after it."""
    ines, sophie, other = made.laptop("ines"), made.laptop("sophie"), made.laptop("sophie")
    version, staff = hand_in_exercise(ines), made.space(SpaceType.STAFF)
    id_ = review_id(version, sophie.caller.person)
    marks, remarks = (Mark(criterion=1, level=1, comment=SECRET),), (Remark(number=1, text=SECRET),)
    draft = Review(hand_in=version, activity=handed().activity, version=1, marks=marks, remarks=remarks, opinion=SECRET)
    sophie.push(staff, sophie.create(REVIEW, draft, id_))
    assert SECRET.encode() not in everything(made.laptop("ines"))

    said = {"marks": (), "remarks": (), "opinion": "Très bien."}
    changes = {REVIEW.number_of(name): raw(encode(value)) for name, value in said.items()}
    other.push(staff, Edit(other.next_n(), id_, 1, 0, changes))
    sophie.push(staff, decide(sophie, id_, Verdict.ACCEPTED, 1))
    after = {REVIEW.number_of("opinion"): raw(encode(SECRET))}
    sophie.push(staff, Edit(sophie.next_n(), id_, 1, 10**6, after))

    told = everything(made.laptop("ines"))
    assert "Très bien.".encode() in told
    assert SECRET.encode() not in told
    assert SECRET.encode() in everything(made.laptop("sophie"))
