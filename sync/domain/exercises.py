"""Exercises: a brief with a rubric, versions handed in, a review made offline, and what the trainer returned.

A hand-in never changes; a second version is another hand-in. A review is a draft in the staff space that only its
trainer edits; when it carries a verdict, the server copies it into the learner's personal space as `Returned`.
"""

from collections.abc import Iterable
from enum import IntEnum

import msgspec

from sync.domain.anchors import Anchor
from sync.domain.blocks import Block
from sync.domain.cohorts import DAY_MS, Cohort, opens_at
from sync.domain.files import Attachment
from sync.domain.ids import derived
from sync.domain.kind import Erase, Kind, Merge
from sync.domain.permissions import AUTHOR, OWNER, SERVER, TRAINER
from sync.domain.spaces import SpaceType
from sync.domain.timing import NO_WITNESS, Timed, Witness, timed


class Verdict(IntEnum):
    """What a trainer decided about a hand-in. NONE: the review is a draft, the learner sees nothing of it."""

    NONE = 0
    RETURNED = 1
    ACCEPTED = 2

    @classmethod
    def _missing_(cls, _value: object) -> "Verdict":
        return cls.NONE


class Handed(IntEnum):
    """How an exercise stands for its learner."""

    NOT_YET = 0
    DRAFT = 1
    SENT = 2
    RETURNED = 3
    ACCEPTED = 4


class Level(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """One step of a criterion, with what it earns and what it looks like."""

    title: str
    points: int
    description: str = ""


class Criterion(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A line of the rubric. `number` names it inside its exercise; levels stand from the lowest to the highest."""

    number: int
    title: str
    levels: tuple[Level, ...]
    description: str = ""


class Exercise(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """The draft of an exercise; its record id is the activity's id.

    `due_day`: days after its week opens when it is due, 0: when the week ends. `files`: a learner may attach files.
    """

    title: str
    minutes: int
    brief: tuple[Block, ...]
    criteria: tuple[Criterion, ...]
    due_day: int = 0
    files: bool = True
    objectives: tuple[str, ...] = ()


class ExerciseEdition(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """An exercise as published; `activity` is what hand-ins name."""

    activity: bytes
    title: str
    minutes: int
    brief: tuple[Block, ...]
    criteria: tuple[Criterion, ...]
    due_day: int = 0
    files: bool = True
    objectives: tuple[str, ...] = ()


class Draft(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What a learner is writing for the next version: every keystroke is kept, nobody else reads it."""

    cohort: bytes
    activity: bytes
    text: str = ""
    files: tuple[Attachment, ...] = ()
    replies_to: bytes = b""
    """The hand-in whose text this version began from; empty for the first."""


class HandIn(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """One version as it was handed in, with the edition that it answers.

    `at`: device time; the server's receipt is the record's own time. Two laptops may hand in one version number
    offline: both are kept, the server's order counts. `witness`: what the laptop knows of its own clock (rule 11).
    """

    activity: bytes
    edition: bytes
    version: int
    text: str
    at: int
    files: tuple[Attachment, ...] = ()
    witness: Witness = NO_WITNESS


class Mark(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """The level that a trainer chose for a criterion: its place from 0. `comment` is shown beside it."""

    criterion: int
    level: int
    comment: str = ""


class Remark(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What a trainer says about a passage; `anchor` None: about the whole. `number` names it inside its review."""

    number: int
    text: str
    anchor: Anchor | None = None


class Review(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A trainer's review of one hand-in, as it is being written. `decided_at`: device time of the verdict."""

    hand_in: bytes
    activity: bytes
    version: int
    marks: tuple[Mark, ...] = ()
    remarks: tuple[Remark, ...] = ()
    opinion: str = ""
    verdict: Verdict = Verdict.NONE
    decided_at: int = 0


class Returned(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A review that its learner may read: the server's copy of what stood when the verdict arrived."""

    review: bytes
    hand_in: bytes
    activity: bytes
    version: int
    trainer: bytes
    marks: tuple[Mark, ...]
    remarks: tuple[Remark, ...]
    opinion: str
    verdict: Verdict
    decided_at: int


class Bank(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A remark that a trainer keeps to use again, in any course. `used`: how often it was taken."""

    text: str
    used: int = 0


def draft_id(cohort: bytes, activity: bytes) -> bytes:
    """The id of a learner's draft: their laptops meet in one record."""
    return derived("draft", cohort, activity)


def review_id(hand_in: bytes, trainer: bytes) -> bytes:
    """The id of a trainer's review: two trainers review apart, one trainer's laptops meet in one record."""
    return derived("review", hand_in, trainer)


def returned_id(review: bytes, body: Review) -> bytes:
    """The id of what the server returns for a review: the same verdict is returned once."""
    return derived("returned", review, body.decided_at.to_bytes(8, "big", signed=True), bytes([body.verdict]))


def due_at(cohort: Cohort, week: int, due_day: int) -> int:
    """When an exercise of a week is due, in milliseconds."""
    return opens_at(cohort, week) + due_day * DAY_MS if due_day else opens_at(cohort, week + 1)


def handed_at(cohort: Cohort, body: HandIn, received: int | None) -> Timed:
    """When a version was handed in, by the cohort's rule. `received`: the server's time, None while it waits."""
    return timed(body.at, body.witness, received, receipt_only=cohort.receipt_only)


def best_of(criteria: Iterable[Criterion]) -> int:
    """The points that a rubric can earn."""
    return sum(max((level.points for level in criterion.levels), default=0) for criterion in criteria)


def points_of(criteria: Iterable[Criterion], marks: Iterable[Mark]) -> int:
    """The points that marks earn; a criterion without a mark earns nothing."""
    chosen = {mark.criterion: mark.level for mark in marks}
    total = 0
    for criterion in criteria:
        place = chosen.get(criterion.number, -1)
        total += criterion.levels[place].points if 0 <= place < len(criterion.levels) else 0
    return total


def standing(hand_ins: Iterable[tuple[bytes, HandIn]], returned: Iterable[Returned], *, draft: bool) -> Handed:
    """How one exercise stands. `hand_ins`: (id, body) of this activity in the order in which they count, the last last.

    Accepted once is accepted for good; a version that came after the return waits for its own review.
    """
    reviews = list(returned)
    if any(each.verdict is Verdict.ACCEPTED for each in reviews):
        return Handed.ACCEPTED
    handed = list(hand_ins)
    if not handed:
        return Handed.DRAFT if draft else Handed.NOT_YET
    last, _ = handed[-1]
    return Handed.RETURNED if any(each.hand_in == last for each in reviews) else Handed.SENT


EXERCISE = Kind(
    50,
    "exercise",
    Exercise,
    space=(SpaceType.AUTHORING,),
    merge=Merge.EDITED,
    write=AUTHOR,
    others=AUTHOR,
    erase=Erase.KEEP,
    search=("title", "brief"),
    files=True,
)
EXERCISE_EDITION = Kind(
    51,
    "exercise_edition",
    ExerciseEdition,
    space=(SpaceType.COURSE,),
    merge=Merge.APPEND,
    write=SERVER,
    erase=Erase.KEEP,
    search=("title", "brief"),
    files=True,
)
DRAFT = Kind(52, "draft", Draft, space=(SpaceType.OWN,), merge=Merge.EDITED, write=OWNER, erase=Erase.WIPE, files=True)
HAND_IN = Kind(
    53,
    "hand_in",
    HandIn,
    space=(SpaceType.PERSONAL,),
    merge=Merge.APPEND,
    write=OWNER,
    erase=Erase.PSEUDONYM,
    evidence=True,
    search=("text",),
    files=True,
)
REVIEW = Kind(
    54,
    "review",
    Review,
    space=(SpaceType.STAFF,),
    merge=Merge.EDITED,
    write=TRAINER,
    erase=Erase.PSEUDONYM,
    evidence=True,
)
RETURNED = Kind(
    55,
    "returned",
    Returned,
    space=(SpaceType.PERSONAL,),
    merge=Merge.APPEND,
    write=SERVER,
    erase=Erase.PSEUDONYM,
    evidence=True,
)
BANK = Kind(56, "bank", Bank, space=(SpaceType.OWN,), merge=Merge.EDITED, write=OWNER, erase=Erase.WIPE)
KINDS = (EXERCISE, EXERCISE_EDITION, DRAFT, HAND_IN, REVIEW, RETURNED, BANK)
