"""Reviews are returned when they carry a verdict: once a verdict, to their learner alone (step 2, decision 0009)."""

from __future__ import annotations

import pytest

from sync.domain.exercises import HAND_IN, REVIEW, Verdict, review_id
from sync.domain.spaces import SpaceType
from sync.protocol.messages import Batch
from sync.server.sync import follow
from sync.server.sync.returning import examine
from tests.integration.server.reviews import decide, hand_in, handed, returned_among, review, review_of
from tests.integration.server.world import Laptop, World, entry, verdicts


def returned(laptop: Laptop, login: str = "ines") -> list[tuple[Verdict, int]]:
    laptop.pull()
    space = laptop.world.space(SpaceType.PERSONAL, login)
    return [(each.verdict, each.decided_at) for each in returned_among(list(laptop.rows[space].values()))]


def test_a_draft_stays_with_the_trainers_and_a_verdict_brings_the_whole_review_to_the_learner(world: World) -> None:
    ines, sophie, staff = world.laptop("ines"), world.laptop("sophie"), world.space(SpaceType.STAFF)
    id_ = hand_in(ines)
    made = review(sophie, id_)
    sophie.push(staff, made)
    assert returned(ines) == []
    sophie.push(staff, decide(sophie, made.id, Verdict.RETURNED, 5))
    ines.pull()
    (copy,) = returned_among(list(ines.rows[world.space(SpaceType.PERSONAL)].values()))
    body = review_of(id_, Verdict.RETURNED, 5)
    assert (copy.review, copy.hand_in, copy.trainer) == (made.id, id_, sophie.caller.person)
    assert (copy.marks, copy.remarks, copy.opinion, copy.verdict) == (body.marks, body.remarks, body.opinion, 1)
    assert staff not in ines.rows


def test_a_verdict_is_returned_once_and_a_later_one_again(world: World) -> None:
    ines, sophie, staff = world.laptop("ines"), world.laptop("sophie"), world.space(SpaceType.STAFF)
    made = review(sophie, hand_in(ines), Verdict.RETURNED, 5)
    sophie.push(staff, made)
    follow.pending(world.core)
    sophie.push(staff, decide(sophie, made.id, Verdict.RETURNED, 5))
    assert returned(ines) == [(Verdict.RETURNED, 5)]
    sophie.push(staff, decide(sophie, made.id, Verdict.ACCEPTED, 9))
    assert returned(ines) == [(Verdict.RETURNED, 5), (Verdict.ACCEPTED, 9)]


def test_what_is_written_after_the_verdict_without_another_is_not_shown(world: World) -> None:
    """The learner keeps what stood when the verdict arrived."""
    ines, sophie, staff = world.laptop("ines"), world.laptop("sophie"), world.space(SpaceType.STAFF)
    made = review(sophie, hand_in(ines), Verdict.RETURNED, 5)
    sophie.push(staff, made)
    sophie.push(staff, decide(sophie, made.id, Verdict.NONE, 0))
    sophie.push(staff, decide(sophie, made.id, Verdict.NONE, 7))
    assert returned(ines) == [(Verdict.RETURNED, 5)]


def test_a_review_of_what_is_not_in_the_learners_own_space_is_not_returned(world: World) -> None:
    karim, sophie = world.laptop("karim"), world.laptop("sophie")
    theirs = karim.create(HAND_IN, handed())
    karim.push(world.space(SpaceType.PERSONAL, "karim"), theirs)
    sophie.push(world.space(SpaceType.STAFF), review(sophie, theirs.id, Verdict.RETURNED, 5))
    assert returned(world.laptop("ines")) == []
    assert returned(karim, "karim") == []


def test_a_review_that_came_before_its_hand_in_is_returned_when_that_comes(world: World) -> None:
    """After a restore the trainer's laptop may come first (fault F20)."""
    ines, sophie = world.laptop("ines"), world.laptop("sophie")
    late = ines.create(HAND_IN, handed())
    sophie.push(world.space(SpaceType.STAFF), review(sophie, late.id, Verdict.ACCEPTED, 5))
    assert returned(ines) == []
    ines.push(world.space(SpaceType.PERSONAL), late)
    assert returned(ines) == [(Verdict.ACCEPTED, 5)]


def test_the_laptop_that_pushed_a_verdict_has_the_copy_in_the_same_reply(world: World) -> None:
    ines, sophie, staff = world.laptop("ines"), world.laptop("sophie"), world.space(SpaceType.STAFF)
    made = review(sophie, hand_in(ines))
    sophie.push(staff, made)
    sophie.pull()
    batch = Batch(staff, sophie.claims[staff], (entry(decide(sophie, made.id, Verdict.RETURNED, 5)),))
    reply = sophie.ask(digest=sophie.digest(), batches=(batch,))
    sophie.take(reply)
    assert {page.space for page in reply.pages} == {staff, world.space(SpaceType.PERSONAL)}
    assert len(returned_among(list(sophie.rows[world.space(SpaceType.PERSONAL)].values()))) == 1
    assert sophie.ask(digest=sophie.digest()).pages == ()


@pytest.mark.parametrize("moment", [1 << 63, (1 << 64) - 1, -(1 << 63)])
def test_a_verdict_of_an_impossible_moment_stops_nobody(world: World, moment: int) -> None:
    """Fault F37: a poison entry waits alone."""
    ines, sophie, staff = world.laptop("ines"), world.laptop("sophie"), world.space(SpaceType.STAFF)
    poison = review(sophie, hand_in(ines), Verdict.RETURNED, moment)
    assert verdicts(sophie.push(staff, poison))[0][1] in {"ACCEPTED", "REFUSED"}
    good = review(sophie, hand_in(ines, 2), Verdict.RETURNED, 5)
    sophie.push(staff, good)
    follow.pending(world.core)
    assert (Verdict.RETURNED, 5) in returned(ines)


def test_a_deleted_review_and_a_push_without_a_verdict_leave_nothing_to_do(world: World) -> None:
    ines, sophie, staff = world.laptop("ines"), world.laptop("sophie"), world.space(SpaceType.STAFF)
    made = review(sophie, hand_in(ines))
    sophie.push(staff, made)
    sophie.push(staff, sophie.delete(made.id, 10**6))
    with world.core.reading() as connection:
        assert examine(connection, staff) is None
    assert returned(ines) == []


@pytest.mark.parametrize("login", ["ines", "karim", "paul", "omar"])
def test_nobody_but_a_trainer_returns_anything(world: World, login: str) -> None:
    """Attack A5: neither a review by another role nor a returned one of one's own making."""
    ines, other = world.laptop("ines"), world.laptop(login)
    id_ = hand_in(ines)
    made = other.create(REVIEW, review_of(id_, Verdict.ACCEPTED, 5), review_id(id_, other.caller.person))
    for space in (world.space(SpaceType.STAFF), world.space(SpaceType.PERSONAL)):
        answer = other.push(space, made)
        assert not any(each[1] == "ACCEPTED" for each in verdicts(answer))
    assert returned(ines) == []
