"""À corriger: what waits for a trainer, a review saved at every keystroke in the staff space, and its verdict.

Nothing here needs the network. The learner sees a review once it carries a verdict and the server has copied it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from spoc_desktop.services.cohorts import Cohorts, Taught
from spoc_desktop.services.desk import Desk, Edited, New, Seen
from spoc_desktop.services.errors import NotHereYet
from spoc_desktop.services.hand_ins import Version, Versions, handed
from sync.client.offering import Held
from sync.client.ports import Changes
from sync.domain import spaces
from sync.domain.courses import ActivityType, PublishedActivity, PublishedModule
from sync.domain.exercises import (
    EXERCISE_EDITION,
    REVIEW,
    ExerciseEdition,
    Remark,
    Returned,
    Review,
    Verdict,
    best_of,
    due_at,
    handed_at,
    points_of,
    review_id,
)
from sync.domain.ids import CohortId, PersonId
from sync.domain.timing import Timed

UNDO_MS = 12_000
"""How long a verdict stays here: undo is offered for ten seconds, and must still work at the end of them."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A hand-in that waits for a verdict. `due` and `received` in milliseconds; `timed`: both times and which decides.

    `begun`: this trainer has written something; `others`: trainers whose own review of it is under way.
    """

    hand_in: bytes
    cohort_id: CohortId
    cohort: str
    learner: PersonId
    name: str
    activity_id: bytes
    title: str
    version: int
    received: int
    due: int
    begun: bool
    others: tuple[str, ...]
    timed: Timed

    @property
    def on_time(self) -> bool:
        """Whether it came before it was due, by the time that decides."""
        return not self.timed.is_late(self.due)


@dataclass(frozen=True, slots=True)
class Copy:
    """One hand-in on the table: the exercise, its versions and this trainer's review.

    `exercise` None: its text has not come. `newer`: a version that came after this one; it does not replace what is
    being written. `review.verdict` other than NONE: it was decided, on this laptop or on another. `earlier`: versions
    before this one with what was said about them. `decided_by`: another trainer whose verdict stands, "" for none.
    `theirs`: what other trainers have written about this version, by name; their reviews stand beside this one.
    """

    about: Waiting
    exercise: ExerciseEdition | None
    versions: tuple[Version, ...]
    version: Version
    review: Review
    saved: int
    newer: Version | None
    earlier: tuple[tuple[Version, Review], ...]
    decided_by: str
    theirs: tuple[tuple[str, Review], ...] = ()

    @property
    def earlier_versions(self) -> tuple[Version, ...]:
        """The versions before this one, the oldest first."""
        return self.versions[: self.version.number - 1]

    @property
    def points(self) -> tuple[int, int]:
        """What the marks earn, of what can be earned."""
        criteria = self.exercise.criteria if self.exercise else ()
        return points_of(criteria, self.review.marks), best_of(criteria)


@dataclass
class _Reading:
    """One reading of the store, shared by all that is worked out of it."""

    taught: dict[CohortId, Taught]
    names: dict[tuple[bytes, bytes], str]
    reviews: dict[bytes, list[Seen]] = field(default_factory=dict)


class Reviewing:
    """A trainer's reviews. Every method reads or writes the store at once: call it in the database worker."""

    def __init__(self, desk: Desk, cohorts: Cohorts) -> None:
        self._desk = desk
        self._cohorts = cohorts

    def queue(self) -> tuple[Waiting, ...]:
        """What waits for this trainer in all their cohorts: the latest versions without a verdict, oldest due first."""
        reading = self._read()
        found = [
            self._waiting(reading, one, one.latest)
            for one in handed(self._desk)
            if one.cohort_id in reading.taught and self._is_waiting(reading, one)
        ]
        return tuple(sorted(found, key=lambda one: (one.due, one.received, one.hand_in)))

    def copy(self, hand_in: bytes) -> Copy:
        """A hand-in with what this trainer has written about it. NotHereYet when it is not on this laptop."""
        (found,) = self.copies([hand_in])
        return found

    def copies(self, hand_ins: Sequence[bytes]) -> tuple[Copy, ...]:
        """Several at once, from one reading: the one on the table and those that come next. NotHereYet."""
        reading, found = self._read(), {}
        for one in handed(self._desk):
            for place, version in enumerate(one.versions):
                if version.id in hand_ins and one.cohort_id in reading.taught:
                    found[version.id] = self._copy(reading, one, place)
        if not found.keys() >= set(hand_ins):
            raise NotHereYet
        return tuple(found[each] for each in hand_ins)

    def next_due(self) -> int | None:
        """When the next exercise of a cohort is due; None when none is to come."""
        now = self._desk.true_now()
        times = [
            due_at(taught.cohort, module.week, activity.due_day)
            for taught in self._cohorts.taught()
            for module, activity in _exercises(taught)
        ]
        return min((at for at in times if at > now), default=None)

    def save(self, about: Waiting, review: Review) -> Changes:
        """Keep what is written now. Called at every keystroke: only what changed is written."""
        space, id_ = spaces.staff(about.cohort_id, about.learner), review_id(about.hand_in, self._desk.person)
        review = msgspec.structs.replace(review, remarks=numbered(review.remarks))
        seen = self._desk.store.one(REVIEW, id_, space)
        if seen is None:
            return self._desk.store.write([New(REVIEW, space, id_, review)])
        changed = {
            name: value
            for name in ("marks", "remarks", "opinion", "verdict", "decided_at")
            if (value := getattr(review, name)) != getattr(seen.body, name)
        }
        return self._desk.store.write([Edited(REVIEW, id_, changed, space)]) if changed else Changes()

    def decide(self, about: Waiting, review: Review, verdict: Verdict) -> Held:
        """Return a hand-in to be taken up again, or accept it. It does not leave while it can be undone."""
        self.save(about, review)
        space, id_ = spaces.staff(about.cohort_id, about.learner), review_id(about.hand_in, self._desk.person)
        decided = {"verdict": verdict, "decided_at": self._desk.now()}
        return self._desk.store.write_held([Edited(REVIEW, id_, decided, space)], UNDO_MS)

    def undo(self, held: Held) -> Changes:
        """Take a verdict back: the review is a draft again. TooLateToUndo once it may have left."""
        return self._desk.store.undo(held)

    # -- reading

    def _read(self) -> _Reading:
        taught = {one.cohort_id: one for one in self._cohorts.taught()}
        names: dict[tuple[bytes, bytes], str] = {
            (cohort_id, member.person): member.name
            for cohort_id in taught
            for member in self._cohorts.members(cohort_id)
        }
        reading = _Reading(taught, names)
        for seen in self._desk.store.view(REVIEW):
            reading.reviews.setdefault(seen.body.hand_in, []).append(seen)
        return reading

    def _is_waiting(self, reading: _Reading, one: Versions) -> bool:
        if one.accepted or one.latest.verdict is not Verdict.NONE:
            return False
        return all(seen.body.verdict is Verdict.NONE for seen in reading.reviews.get(one.latest.id, ()))

    def _waiting(self, reading: _Reading, one: Versions, version: Version) -> Waiting:
        taught = reading.taught[one.cohort_id]
        activity, due = _activity(taught, one.activity_id, version)
        mine, theirs = self._reviews(reading, version.id)
        return Waiting(
            hand_in=version.id,
            cohort_id=one.cohort_id,
            cohort=taught.cohort.title,
            learner=one.learner,
            name=reading.names.get((one.cohort_id, one.learner), ""),
            activity_id=one.activity_id,
            title=activity.title if activity else "",
            version=version.number,
            received=version.at,
            due=due,
            begun=mine is not None and _has_words(mine.body),
            others=tuple(
                sorted(reading.names.get((one.cohort_id, seen.author), "") for seen in theirs if _has_words(seen.body))
            ),
            timed=handed_at(taught.cohort, version.body, version.at),
        )

    def _copy(self, reading: _Reading, one: Versions, place: int) -> Copy:
        version = one.versions[place]
        mine, theirs = self._reviews(reading, version.id)
        decided = [seen.author for seen in theirs if seen.body.verdict is not Verdict.NONE]
        empty = Review(hand_in=version.id, activity=one.activity_id, version=version.body.version)
        seen = self._desk.store.one(EXERCISE_EDITION, version.body.edition)
        return Copy(
            about=self._waiting(reading, one, version),
            exercise=seen.body if seen else None,
            versions=one.versions,
            version=version,
            review=mine.body if mine else empty,
            saved=(mine.written or mine.at) if mine else 0,
            newer=one.latest if place < len(one.versions) - 1 else None,
            earlier=tuple(
                (before, review)
                for before in one.versions[:place]
                if (review := self._decided(reading, before)) is not None
            ),
            decided_by=next((reading.names.get((one.cohort_id, who), "") for who in decided), ""),
            theirs=tuple(
                sorted(
                    (
                        (reading.names.get((one.cohort_id, seen.author), ""), seen.body)
                        for seen in theirs
                        if _has_words(seen.body)
                    ),
                    key=lambda pair: pair[0],
                )
            ),
        )

    def _reviews(self, reading: _Reading, hand_in: bytes) -> tuple[Seen | None, list[Seen]]:
        """This trainer's review of a hand-in, and those of the others."""
        found = reading.reviews.get(hand_in, [])
        own = review_id(hand_in, self._desk.person)
        return next((one for one in found if one.id == own), None), [one for one in found if one.id != own]

    def _decided(self, reading: _Reading, version: Version) -> Review | None:
        """What was said about an earlier version: this trainer's own words, else what was returned."""
        mine, theirs = self._reviews(reading, version.id)
        decided: list[Review] = [
            one.body for one in ([mine] if mine else []) + theirs if one.body.verdict is not Verdict.NONE
        ]
        if decided:
            return decided[0]
        last = max(version.returned, key=lambda one: one.decided_at, default=None)
        return _as_review(last) if last else None


def numbered(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """Remarks in the order of the words they are about, those about the whole last, numbered from 1."""
    ordered = sorted(remarks, key=lambda one: (one.anchor is None, one.anchor.start if one.anchor else one.number))
    return tuple(msgspec.structs.replace(one, number=number) for number, one in enumerate(ordered, 1))


def _exercises(taught: Taught) -> list[tuple[PublishedModule, PublishedActivity]]:
    modules = taught.edition.modules if taught.edition else ()
    return [
        (module, activity)
        for module in modules
        for activity in module.activities
        if activity.type is ActivityType.EXERCISE
    ]


def _activity(taught: Taught, activity_id: bytes, version: Version) -> tuple[PublishedActivity | None, int]:
    """The activity and when it is due; one that the course no longer has is due since it came."""
    for module, activity in _exercises(taught):
        if activity.id == activity_id:
            return activity, due_at(taught.cohort, module.week, activity.due_day)
    return None, version.at


def _has_words(review: Review) -> bool:
    return bool(review.marks or review.remarks or review.opinion)


def _as_review(returned: Returned) -> Review:
    return Review(
        hand_in=returned.hand_in,
        activity=returned.activity,
        version=returned.version,
        marks=returned.marks,
        remarks=returned.remarks,
        opinion=returned.opinion,
        verdict=returned.verdict,
        decided_at=returned.decided_at,
    )
