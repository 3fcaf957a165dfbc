"""A hand-in and its review, as a learner's and a trainer's laptop write them."""

from __future__ import annotations

import msgspec

from sync.domain.exercises import (
    HAND_IN,
    RETURNED,
    REVIEW,
    HandIn,
    Mark,
    Remark,
    Returned,
    Review,
    Verdict,
    review_id,
)
from sync.domain.ids import derived
from sync.domain.spaces import SpaceType
from sync.protocol.messages import Create, Edit, Row
from tests.integration.server.world import Laptop, raw

EXERCISE_ID, EDITION_ID = derived("activity", "exercise"), derived("edition", "exercise")


def handed(version: int = 1) -> HandIn:
    return HandIn(activity=EXERCISE_ID, edition=EDITION_ID, version=version, text="Mon texte.", at=1)


def hand_in(laptop: Laptop, version: int = 1) -> bytes:
    """Inès hands a version in; its id."""
    made = laptop.create(HAND_IN, handed(version))
    laptop.push(laptop.world.space(SpaceType.PERSONAL), made)
    return made.id


def review_of(hand_in_id: bytes, verdict: Verdict = Verdict.NONE, decided_at: int = 0) -> Review:
    return Review(
        hand_in=hand_in_id,
        activity=EXERCISE_ID,
        version=1,
        marks=(Mark(criterion=1, level=2),),
        remarks=(Remark(number=1, text="À revoir."),),
        opinion="Presque.",
        verdict=verdict,
        decided_at=decided_at,
    )


def review(laptop: Laptop, hand_in_id: bytes, verdict: Verdict = Verdict.NONE, decided_at: int = 0) -> Create:
    """Sophie's review of a hand-in, not pushed yet."""
    return laptop.create(
        REVIEW, review_of(hand_in_id, verdict, decided_at), review_id(hand_in_id, laptop.caller.person)
    )


def decide(laptop: Laptop, review_record: bytes, verdict: Verdict, decided_at: int) -> Edit:
    """A verdict on a review that is there."""
    wanted = {"verdict": int(verdict), "decided_at": decided_at}
    changes = {REVIEW.number_of(name): raw(msgspec.msgpack.encode(value)) for name, value in wanted.items()}
    return Edit(laptop.next_n(), review_record, 1, 10**6, changes)


def returned_among(rows: list[Row]) -> list[Returned]:
    """What was returned, in its order."""
    ordered = sorted(rows, key=lambda row: row.seq)
    return [RETURNED.decode(bytes(row.body)) for row in ordered if row.kind == RETURNED.number]
