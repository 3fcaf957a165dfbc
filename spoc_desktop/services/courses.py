"""What a learner is enrolled in, how far they are, the lesson to read, and what they have read."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from spoc_desktop.services.desk import Desk, New
from spoc_desktop.services.errors import NotHereYet
from spoc_desktop.services.handed import handed_of
from sync.client.ports import Changes
from sync.content.reading import parts
from sync.domain import spaces
from sync.domain.blocks import Block
from sync.domain.cohorts import COHORT, ENROLMENT, MEMBER, Cohort, Enrolment, Member, Part, opens_at, week_of
from sync.domain.courses import (
    EDITION,
    LESSON_EDITION,
    READING,
    ActivityType,
    Edition,
    LessonEdition,
    PublishedActivity,
    PublishedModule,
    Reading,
)
from sync.domain.exercises import EXERCISE_EDITION, due_at
from sync.domain.ids import CohortId, CourseId
from sync.domain.kind import Kind
from sync.domain.progress import Standing, State, Work, minutes_done, of_activity, of_module, work
from sync.domain.quizzes import ATTEMPT, ATTEMPT_START, QUIZ_EDITION, Attempt, AttemptStart


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A course that the person learns in a cohort.

    `cohort` or `edition` is None while it has not come yet: "arrives with the next synchronisation".
    """

    cohort_id: CohortId
    course_id: CourseId
    enrolment: Enrolment
    cohort: Cohort | None
    edition: Edition | None

    @property
    def title(self) -> str:
        """The course's title, or the cohort's before the course has come."""
        return self.edition.title if self.edition else self.cohort.title if self.cohort else ""


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity of the outline. `opens`, `closes` and `due` are instants in milliseconds.

    `minutes_left` of work planned. `due`: an exercise's own day, else when its week closes. `here`: its text is on this
    laptop. `part` of `parts`: where a lesson begun goes on (from 0; 0 of 0: not begun).
    """

    activity: PublishedActivity
    module: PublishedModule
    standing: Standing
    opens: int
    closes: int
    minutes_left: int
    here: bool
    due: int
    part: int = 0
    parts: int = 0


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """A week's module with its activities in reading order; minutes are those planned."""

    module: PublishedModule
    standing: Standing
    opens: int
    closes: int
    minutes: int
    minutes_done: int
    activities: tuple[ActivityRow, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A course as one learner stands in it. `week` 0: before the start; `weeks`: the highest week of a module."""

    enrolled: Enrolled
    week: int
    weeks: int
    minutes: int
    minutes_done: int
    modules: tuple[ModuleRow, ...]
    trainers: tuple[str, ...]

    @property
    def activities(self) -> tuple[ActivityRow, ...]:
        """All activities in reading order."""
        return tuple(row for module in self.modules for row in module.activities)


@dataclass(frozen=True, slots=True)
class LessonPage:
    """A lesson to read. `part`: where to open it; `previous` and `following` are its neighbours in the course."""

    cohort_id: CohortId
    activity_id: bytes
    edition_id: bytes
    module: PublishedModule
    title: str
    minutes: int
    objectives: tuple[str, ...]
    parts: tuple[tuple[Block, ...], ...]
    read: frozenset[int]
    part: int
    previous: PublishedActivity | None
    following: PublishedActivity | None


def place_of(enrolled: Enrolled, activity_id: bytes) -> tuple[PublishedModule, PublishedActivity]:
    """An activity and the module that it stands in. NotHereYet when the edition on this laptop has none of that id."""
    for module in enrolled.edition.modules if enrolled.edition else ():
        for activity in module.activities:
            if activity.id == activity_id:
                return module, activity
    raise NotHereYet


class Courses:
    """The learner's courses. Every method reads or writes the store at once: call it in the database worker."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def enrolled(self) -> tuple[Enrolled, ...]:
        """All courses of the person, the running ones first, then those to come, then those over."""
        found = [
            self._enrolled(seen.body)
            for seen in self._desk.store.view(ENROLMENT)
            if seen.body.learner == self._desk.person
        ]
        return tuple(sorted(found, key=lambda one: _urgency(one.cohort, self._desk.true_now())))

    def find(self, cohort_id: bytes) -> Enrolled:
        """The person's place in a cohort. NotHereYet when there is none on this laptop."""
        for one in self.enrolled():
            if one.cohort_id == cohort_id:
                return one
        raise NotHereYet

    def outline(self, cohort_id: bytes) -> Outline:
        """The course of a cohort with the state of each activity. NotHereYet before both have come."""
        enrolled = self.find(cohort_id)
        cohort, edition = enrolled.cohort, enrolled.edition
        if cohort is None or edition is None:
            raise NotHereYet
        done = self.work(enrolled)
        modules = tuple(self._module_row(module, cohort, done) for module in edition.modules)
        return Outline(
            enrolled=enrolled,
            week=week_of(cohort, self._desk.true_now()),
            weeks=max((module.week for module in edition.modules), default=0),
            minutes=sum(activity.minutes for activity in edition.activities),
            minutes_done=round(minutes_done(edition, done)),
            modules=modules,
            trainers=self._trainers(enrolled.cohort_id),
        )

    def work(self, enrolled: Enrolled) -> Work:
        """What the person read and answered in a course."""
        return work_of(self._desk, self._desk.personal(enrolled.cohort_id))

    def lesson(self, cohort_id: bytes, activity_id: bytes) -> LessonPage:
        """The lesson as published in the edition that is learnt now. NotHereYet when its text has not come."""
        enrolled = self.find(cohort_id)
        if enrolled.edition is None:
            raise NotHereYet
        line = enrolled.edition.activities
        place = next((n for n, one in enumerate(line) if one.id == activity_id), None)
        if place is None or (seen := self._desk.store.one(LESSON_EDITION, line[place].edition)) is None:
            raise NotHereYet
        lesson: LessonEdition = seen.body
        shown = parts(lesson.blocks)
        read = self._read_of(enrolled, activity_id)
        return LessonPage(
            cohort_id=enrolled.cohort_id,
            activity_id=activity_id,
            edition_id=seen.id,
            module=next(one for one in enrolled.edition.modules if line[place] in one.activities),
            title=lesson.title,
            minutes=lesson.minutes,
            objectives=lesson.objectives,
            parts=shown,
            read=frozenset(one.part for one in read),
            part=min(_resume(read), max(0, len(shown) - 1)),
            previous=line[place - 1] if place else None,
            following=line[place + 1] if place + 1 < len(line) else None,
        )

    def read(self, page: LessonPage, part: int, seconds: int) -> Changes:
        """Keep that a part was read, for so many seconds. One record a visit: progress is their union."""
        reading = Reading(
            activity=page.activity_id,
            edition=page.edition_id,
            part=part,
            parts=max(1, len(page.parts)),
            seconds=max(0, seconds),
            at=self._desk.now(),
        )
        space = self._desk.personal(page.cohort_id)
        return self._desk.store.write([New(READING, space, self._desk.new_id(), reading)])

    def _enrolled(self, enrolment: Enrolment) -> Enrolled:
        cohort_id, course_id = CohortId(enrolment.cohort), CourseId(enrolment.course)
        return Enrolled(
            cohort_id, course_id, enrolment, cohort_of(self._desk, cohort_id), edition_of(self._desk, course_id)
        )

    def _trainers(self, cohort_id: CohortId) -> tuple[str, ...]:
        members: list[Member] = [seen.body for seen in self._desk.store.view(MEMBER, spaces.cohort(cohort_id))]
        return tuple(sorted(one.name for one in members if one.part is Part.TRAINER and not one.left))

    def _read_of(self, enrolled: Enrolled, activity_id: bytes) -> list[Reading]:
        space = self._desk.personal(enrolled.cohort_id)
        return [seen.body for seen in self._desk.store.view(READING, space) if seen.body.activity == activity_id]

    def _module_row(self, module: PublishedModule, cohort: Cohort, done: Work) -> ModuleRow:
        rows = tuple(self._activity_row(activity, module, cohort, done) for activity in module.activities)
        planned = sum(activity.minutes for activity in module.activities)
        standing = of_module(module, done, cohort, self._desk.true_now())
        opens, closes = opens_at(cohort, module.week), opens_at(cohort, module.week + 1)
        return ModuleRow(module, standing, opens, closes, planned, round(planned * standing.share), rows)

    def _activity_row(
        self, activity: PublishedActivity, module: PublishedModule, cohort: Cohort, done: Work
    ) -> ActivityRow:
        opens, closes, now = opens_at(cohort, module.week), opens_at(cohort, module.week + 1), self._desk.true_now()
        standing = of_activity(activity, done, is_open=now >= opens, is_over=now >= closes)
        read = done.read.get(activity.id, frozenset())
        return ActivityRow(
            activity=activity,
            module=module,
            standing=standing,
            opens=opens,
            closes=closes,
            minutes_left=math.ceil(activity.minutes * (1 - standing.share)),
            here=is_here(self._desk, activity),
            due=due_at(cohort, module.week, activity.due_day),
            part=next((n for n in range(done.parts.get(activity.id, 0)) if n not in read), 0),
            parts=done.parts.get(activity.id, 0),
        )


def cohort_of(desk: Desk, cohort_id: CohortId) -> Cohort | None:
    """The cohort's own record, or None before it has come."""
    return next((seen.body for seen in desk.store.view(COHORT, spaces.cohort(cohort_id))), None)


def edition_of(desk: Desk, course_id: CourseId) -> Edition | None:
    """The edition that is learnt: the highest number of the course space. None before it has come."""
    found: list[Edition] = [seen.body for seen in desk.store.view(EDITION, spaces.course(course_id))]
    return max(found, key=lambda one: one.number, default=None)


def work_of(desk: Desk, space: bytes) -> Work:
    """What the learner of a personal space read and answered."""
    attempts: list[Attempt] = [seen.body for seen in desk.store.view(ATTEMPT, space)]
    starts: list[AttemptStart] = [seen.body for seen in desk.store.view(ATTEMPT_START, space)]
    return work(
        (seen.body for seen in desk.store.view(READING, space)),
        attempts,
        begun=(start.activity for start in starts),
        exercises=handed_of(desk, space),
    )


EDITION_KINDS: Mapping[ActivityType, Kind] = MappingProxyType(
    {
        ActivityType.LESSON: LESSON_EDITION,
        ActivityType.VIDEO: LESSON_EDITION,
        ActivityType.QUIZ: QUIZ_EDITION,
        ActivityType.EXERCISE: EXERCISE_EDITION,
    }
)
"""The kind of record that holds an activity's text."""


ROUTES: Mapping[ActivityType, str] = MappingProxyType(
    {
        ActivityType.LESSON: "lesson",
        ActivityType.VIDEO: "video",
        ActivityType.QUIZ: "quiz",
        ActivityType.EXERCISE: "exercise",
    }
)
"""The page that opens an activity of each kind."""


def is_here(desk: Desk, activity: PublishedActivity) -> bool:
    """Whether the text of an activity is on this laptop."""
    return desk.store.one(EDITION_KINDS.get(activity.type, LESSON_EDITION), activity.edition) is not None


def _resume(readings: list[Reading]) -> int:
    """The part after the last one looked at; the last one itself when the lesson ends there."""
    if not readings:
        return 0
    last = max(readings, key=lambda one: one.at)
    return min(last.part + 1, last.parts - 1)


def _urgency(cohort: Cohort | None, now: int) -> tuple[int, int]:
    if cohort is None:
        return (1, 0)
    if now < cohort.starts:
        return (2, cohort.starts)
    return (0, -cohort.starts) if now < cohort.ends else (3, -cohort.ends)


def is_todo(row: ActivityRow) -> bool:
    """Whether there is something to do in an activity now."""
    return row.standing.state in (State.TODO, State.BEGUN, State.LATE, State.RETURNED)
