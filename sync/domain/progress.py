"""Where a learner stands: derived from what they read and answered, by union and maximum (protocol rule 6)."""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import NamedTuple, Protocol

from sync.domain.cohorts import Cohort, opens_at
from sync.domain.courses import ActivityType, Edition, PublishedActivity, PublishedModule
from sync.domain.exercises import Handed


class State(IntEnum):
    """How an activity or a module stands for one learner."""

    CLOSED = 0
    TODO = 1
    BEGUN = 2
    DONE = 3
    LATE = 4
    RETURNED = 5
    """The trainer gave an exercise back: it waits for another version."""


class Standing(NamedTuple):
    """A state with the share done, from 0 to 1."""

    state: State
    share: float


class Work(NamedTuple):
    """What one learner did in one course: parts read of each lesson, quizzes tried and under way, exercises."""

    read: Mapping[bytes, frozenset[int]]
    parts: Mapping[bytes, int]
    attempted: frozenset[bytes]
    begun: frozenset[bytes]
    exercises: Mapping[bytes, Handed] = MappingProxyType({})


class PartRead(Protocol):
    """One part of a lesson that was read: a `Reading`, or a line that stands for one."""

    @property
    def activity(self) -> bytes: ...  # noqa: D102
    @property
    def part(self) -> int: ...  # noqa: D102
    @property
    def parts(self) -> int: ...  # noqa: D102


class Tried(Protocol):
    """A quiz that was taken: an `Attempt`, or a line that stands for one."""

    @property
    def activity(self) -> bytes: ...  # noqa: D102


def work(
    readings: Iterable[PartRead],
    attempts: Iterable[Tried],
    begun: Iterable[bytes] = (),
    exercises: Mapping[bytes, Handed] = MappingProxyType({}),
) -> Work:
    """Sum up a learner's readings and attempts; `begun` are quizzes with answers under way."""
    read: dict[bytes, set[int]] = {}
    parts: dict[bytes, int] = {}
    for reading in readings:
        read.setdefault(reading.activity, set()).add(reading.part)
        parts[reading.activity] = max(parts.get(reading.activity, 1), reading.parts)
    return Work(
        {activity: frozenset(seen) for activity, seen in read.items()},
        parts,
        frozenset(attempt.activity for attempt in attempts),
        frozenset(begun),
        exercises,
    )


_SHARE_OF_EXERCISE = {
    Handed.NOT_YET: 0.0,
    Handed.DRAFT: 0.25,
    Handed.SENT: 1.0,
    Handed.RETURNED: 0.75,
    Handed.ACCEPTED: 1.0,
}
"""Handed in is done as far as the learner can do it; what came back asks for another version."""


def share_of(activity: PublishedActivity, done: Work) -> float:
    """The share of an activity that is done, from 0 to 1."""
    if activity.type is ActivityType.QUIZ:
        return 1.0 if activity.id in done.attempted else 0.25 if activity.id in done.begun else 0.0
    if activity.type is ActivityType.EXERCISE:
        return _SHARE_OF_EXERCISE[done.exercises.get(activity.id, Handed.NOT_YET)]
    return min(1.0, len(done.read.get(activity.id, ())) / done.parts.get(activity.id, 1))


def of_activity(activity: PublishedActivity, done: Work, *, is_open: bool, is_over: bool) -> Standing:
    """How an activity stands; `is_over`: its week has passed."""
    if done.exercises.get(activity.id) is Handed.RETURNED:
        return Standing(State.RETURNED, share_of(activity, done))
    return _standing(share_of(activity, done), is_open=is_open, is_over=is_over)


def of_module(module: PublishedModule, done: Work, cohort: Cohort, now: int) -> Standing:
    """How a module stands at an instant, its activities weighed by their planned minutes."""
    is_open, is_over = now >= opens_at(cohort, module.week), now >= opens_at(cohort, module.week + 1)
    planned = sum(activity.minutes for activity in module.activities)
    reached = sum(activity.minutes * share_of(activity, done) for activity in module.activities)
    return _standing(reached / planned if planned else 1.0, is_open=is_open, is_over=is_over)


def _standing(share: float, *, is_open: bool, is_over: bool) -> Standing:
    if share >= 1.0:
        return Standing(State.DONE, 1.0)
    if not is_open:
        return Standing(State.CLOSED, share)
    if is_over:
        return Standing(State.LATE, share)
    return Standing(State.BEGUN if share else State.TODO, share)


def minutes_done(edition: Edition, done: Work) -> float:
    """Planned minutes of what is done, over the whole course."""
    return sum(activity.minutes * share_of(activity, done) for activity in edition.activities)
