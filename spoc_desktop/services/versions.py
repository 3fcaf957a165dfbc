"""Versions of an exercise as their learner sees them: receipts, reviews that came back, and what was refused."""

from dataclasses import dataclass

from spoc_desktop.services.courses import cohort_of
from spoc_desktop.services.desk import Desk, Seen
from spoc_desktop.services.handed import in_order
from spoc_desktop.services.sentences import Sentence, refusal
from sync.client.view import State
from sync.domain import spaces
from sync.domain.anchors import locate
from sync.domain.cohorts import MEMBER
from sync.domain.exercises import (
    EXERCISE_EDITION,
    HAND_IN,
    RETURNED,
    Criterion,
    ExerciseEdition,
    HandIn,
    Level,
    Remark,
    Returned,
    Verdict,
    best_of,
    points_of,
)
from sync.domain.files import Attachment
from sync.domain.ids import CohortId
from sync.domain.timing import Timed, timed


@dataclass(frozen=True, slots=True)
class RubricLine:
    """A criterion with the level that was chosen, None where none was. `place`: of the level, counted from 1."""

    criterion: Criterion
    level: Level | None
    place: int
    comment: str


@dataclass(frozen=True, slots=True)
class RemarkView:
    """A remark; `start` to `end` are letters of the version's text, 0 to 0 when it is about the whole."""

    number: int
    text: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """What a trainer returned. `trainer`: their name, "" when their card has not come."""

    id: bytes
    trainer: str
    verdict: Verdict
    at: int
    opinion: str
    rubric: tuple[RubricLine, ...]
    remarks: tuple[RemarkView, ...]
    points: int
    best: int


@dataclass(frozen=True, slots=True)
class Version:
    """A version handed in. `at`: device time; `received`: when the server took it, None while it has not.

    `timed`: both times and which decides.

    `number`: its place in the order that counts. Two laptops may have handed in one number: both stand here.
    `reviews`: what came back about it, the last last.
    """

    id: bytes
    number: int
    text: str
    files: tuple[Attachment, ...]
    at: int
    received: int | None
    reviews: tuple[ReviewView, ...]
    timed: Timed

    @property
    def review(self) -> ReviewView | None:
        """What was said last."""
        return self.reviews[-1] if self.reviews else None


@dataclass(frozen=True, slots=True)
class RefusedVersion:
    """A version that the server did not take, as it was handed in, with the reason."""

    at: int
    text: str
    files: tuple[Attachment, ...]
    said: Sentence


def versions_of(desk: Desk, space: bytes, activity_id: bytes) -> tuple[Version, ...]:
    """All versions of one exercise in a personal space, in the order that counts."""
    handed = in_order(seen for seen in desk.store.view(HAND_IN, space) if seen.body.activity == activity_id)
    returned = [seen for seen in desk.store.view(RETURNED, space) if seen.body.activity == activity_id]
    names = {seen.body.person: seen.body.name for seen in _members(desk, space)}
    return tuple(_version(desk, seen, place, returned, names) for place, seen in enumerate(handed, 1))


def refused_versions(desk: Desk, space: bytes, activity_id: bytes) -> tuple[RefusedVersion, ...]:
    """What the server did not take of one exercise, the oldest first."""
    found = []
    for listed in desk.store.outbox_list():
        if listed.kind == HAND_IN.number and listed.space == space and listed.state is not State.WAITING:
            body = listed.body()
            if isinstance(body, HandIn) and body.activity == activity_id:
                found.append(RefusedVersion(body.at, body.text, body.files, refusal(listed.refusal)))
    return tuple(found)


def _members(desk: Desk, space: bytes) -> list[Seen]:
    cohort, _learner = spaces.ids_of(space)
    return desk.store.view(MEMBER, spaces.cohort(CohortId(cohort)))


def _version(desk: Desk, seen: Seen, place: int, returned: list[Seen], names: dict[bytes, str]) -> Version:
    body: HandIn = seen.body
    edition = desk.store.one(EXERCISE_EDITION, body.edition)
    about = sorted(
        (one for one in returned if one.body.hand_in == seen.id), key=lambda one: (one.body.decided_at, one.seq)
    )
    return Version(
        id=seen.id,
        number=place,
        text=body.text,
        files=body.files,
        at=body.at,
        received=seen.at if seen.seq else None,
        reviews=tuple(_review(one, body, edition.body if edition else None, names) for one in about),
        timed=_timed(desk, seen),
    )


def _timed(desk: Desk, seen: Seen) -> Timed:
    """By the rule of the cohort; before that has come, by the usual one."""
    cohort_id, _learner = spaces.ids_of(seen.space)
    cohort, received = cohort_of(desk, CohortId(cohort_id)), seen.at if seen.seq else None
    return timed(seen.body.at, seen.body.witness, received, receipt_only=cohort is not None and cohort.receipt_only)


def _review(seen: Seen, handed: HandIn, edition: ExerciseEdition | None, names: dict[bytes, str]) -> ReviewView:
    body: Returned = seen.body
    criteria = edition.criteria if edition else ()
    return ReviewView(
        id=seen.id,
        trainer=names.get(body.trainer, ""),
        verdict=body.verdict,
        at=body.decided_at,
        opinion=body.opinion,
        rubric=tuple(_line(criterion, body) for criterion in criteria),
        remarks=tuple(_remark(remark, handed.text) for remark in body.remarks),
        points=points_of(criteria, body.marks),
        best=best_of(criteria),
    )


def _line(criterion: Criterion, body: Returned) -> RubricLine:
    mark = next((one for one in body.marks if one.criterion == criterion.number), None)
    known = mark is not None and 0 <= mark.level < len(criterion.levels)
    return RubricLine(
        criterion=criterion,
        level=criterion.levels[mark.level] if mark is not None and known else None,
        place=mark.level + 1 if mark is not None and known else 0,
        comment=mark.comment if mark is not None else "",
    )


def _remark(remark: Remark, text: str) -> RemarkView:
    place = locate(remark.anchor, text) if remark.anchor is not None else None
    start, end = place or (0, 0)
    return RemarkView(remark.number, remark.text, start, end, remark.anchor.quote if remark.anchor else "")
