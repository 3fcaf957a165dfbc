"""A learner's file as their trainers have it: figures, what happened day by day, private notes and the next action."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from spoc_desktop.services.cohorts import Cohorts, Taught
from spoc_desktop.services.desk import Desk, Edited, New, Removed, Seen
from spoc_desktop.services.errors import NotHereYet
from spoc_desktop.services.followup import Followed, FollowUp
from spoc_desktop.services.group_work import LearnersWork
from spoc_desktop.services.hand_ins import Version
from spoc_desktop.services.next_actions import Planned, mornings, open_actions
from sync.client.ports import Changes
from sync.domain import spaces
from sync.domain.cohorts import DAY_MS, Member, opens_at
from sync.domain.courses import ActivityType, PublishedActivity, PublishedModule
from sync.domain.exercises import EXERCISE_EDITION, Verdict, best_of, due_at, points_of
from sync.domain.followup import NEXT_ACTION, PRIVATE_NOTE, NextAction, PrivateNote
from sync.domain.ids import CohortId, PersonId
from sync.domain.messages import MESSAGE
from sync.domain.progress import Standing, of_module
from sync.domain.quizzes import ATTEMPT, GRADE, Grade


class What(Enum):
    """What happened, on one line of the file."""

    STARTED = auto()
    ATTEMPT = auto()
    HAND_IN = auto()
    RETURNED = auto()
    ACCEPTED = auto()
    MESSAGE = auto()


@dataclass(frozen=True, slots=True)
class Event:
    """One line. `at` in milliseconds; `number`: of the attempt or the version; `points` None: not known, of `best`.

    `text`: a message; `name`: who wrote or decided, "" for the learner. `record`: the attempt or the hand-in.
    """

    what: What
    at: int
    title: str = ""
    number: int = 0
    points: float | None = None
    best: float = 0.0
    passed: bool | None = None
    text: str = ""
    name: str = ""
    mine: bool = False
    record: bytes = b""


@dataclass(frozen=True, slots=True)
class Noted:
    """A private note. `name`: the trainer who wrote it; `mine`: only they may take it away."""

    id: bytes
    text: str
    at: int
    name: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Week:
    """A module as a piece of the réglette."""

    module: PublishedModule
    minutes: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Figures:
    """Minutes done of those planned by now; the last quiz; exercises handed in of those due or done; days of silence.

    `quiz` None: no grade yet; `silence` None: nothing has come at all.
    """

    minutes: int
    planned: int
    quiz: float | None
    handed_in: int
    exercises: int
    silence: int | None


@dataclass(frozen=True, slots=True)
class LearnerFile:
    """Everything that a trainer's laptop knows of one learner. `events`: newest first; `notes`: newest first."""

    taught: Taught
    person: PersonId
    name: str
    followed: Followed | None
    figures: Figures
    weeks: tuple[Week, ...]
    events: tuple[Event, ...]
    notes: tuple[Noted, ...]
    action: Planned | None
    last_sent: int | None
    now: int


class LearnerFiles:
    """Reads and writes the store at once: call it in the database worker."""

    def __init__(self, desk: Desk, cohorts: Cohorts, followup: FollowUp) -> None:
        self._desk = desk
        self._cohorts = cohorts
        self._followup = followup

    def file(self, cohort_id: bytes, learner: bytes) -> LearnerFile:
        """One learner's file. NotHereYet when they are not in a cohort on this laptop."""
        taught = self._cohorts.find(cohort_id)
        members = {one.person: one for one in self._cohorts.members(taught.cohort_id)}
        if learner not in members:
            raise NotHereYet
        person, now = PersonId(learner), self._desk.true_now()
        everybody = self._followup.everybody(taught)
        work = self._cohorts.works(taught.cohort_id)[person]
        modules = taught.edition.modules if taught.edition else ()
        events = sorted(self._events(taught, person, work, members), key=lambda one: one.at, reverse=True)
        return LearnerFile(
            taught=taught,
            person=person,
            name=members[learner].name,
            followed=next((one for one in everybody if one.person == person), None),
            figures=self._figures(taught, work, events),
            weeks=tuple(
                Week(module, _minutes(module.activities), of_module(module, work.done, taught.cohort, now))
                for module in modules
            ),
            events=tuple(events),
            notes=self._notes(taught.cohort_id, person, members),
            action=open_actions(self._desk).get(bytes(spaces.staff(taught.cohort_id, person))),
            last_sent=work.last_sent,
            now=now,
        )

    def note(self, cohort_id: bytes, learner: bytes, text: str) -> Changes:
        """Keep a private note."""
        return self._write(cohort_id, learner, PrivateNote(text=text.strip(), at=self._desk.now()))

    def forget(self, note: Noted) -> Changes:
        """Take an own note away."""
        return self._desk.store.write([Removed(PRIVATE_NOTE, note.id)])

    def plan(self, cohort_id: bytes, learner: bytes, text: str, remind_at: int = 0) -> Changes:
        """Note what to do next for a learner."""
        return self._write(cohort_id, learner, NextAction(text=text.strip(), at=self._desk.now(), remind_at=remind_at))

    def later(self, one: Followed, text: str) -> tuple[Changes, Planned]:
        """Think of somebody the next working morning: an action of theirs waits till then, or `text` becomes one."""
        (at,) = mornings(self._desk.true_now(), 1)
        if one.action is not None:
            return self.remind(one.action, at), one.action
        space, id_ = spaces.staff(one.cohort_id, one.person), self._desk.new_id()
        body = NextAction(text=text, at=self._desk.now(), remind_at=at)
        return self._desk.store.write([New(NEXT_ACTION, space, id_, body)]), Planned(id_, text, body.at, at)

    def remind(self, action: Planned, at: int) -> Changes:
        """Be reminded at another time, 0 for never."""
        return self._desk.store.write([Edited(NEXT_ACTION, action.id, {"remind_at": at})])

    def done(self, action: Planned) -> Changes:
        """The next action is done."""
        return self._desk.store.write([Edited(NEXT_ACTION, action.id, {"done_at": self._desk.now()})])

    def not_done(self, action: Planned) -> Changes:
        """It was not done after all."""
        return self._desk.store.write([Edited(NEXT_ACTION, action.id, {"done_at": 0})])

    def _write(self, cohort_id: bytes, learner: bytes, body: PrivateNote | NextAction) -> Changes:
        kind = PRIVATE_NOTE if isinstance(body, PrivateNote) else NEXT_ACTION
        space = spaces.staff(CohortId(cohort_id), PersonId(learner))
        return self._desk.store.write([New(kind, space, self._desk.new_id(), body)])

    def _notes(self, cohort_id: CohortId, person: PersonId, members: dict[bytes, Member]) -> tuple[Noted, ...]:
        found = [
            Noted(seen.id, seen.body.text, seen.body.at, self._name(seen, members), seen.author == self._desk.person)
            for seen in self._desk.store.view(PRIVATE_NOTE, spaces.staff(cohort_id, person))
        ]
        return tuple(sorted(found, key=lambda one: one.at, reverse=True))

    def _figures(self, taught: Taught, work: LearnersWork, events: list[Event]) -> Figures:
        now, cohort = self._desk.true_now(), taught.cohort
        modules = taught.edition.modules if taught.edition else ()
        by_now = [module for module in modules if opens_at(cohort, module.week) <= now]
        due = {
            activity.id
            for module in modules
            for activity in module.activities
            if activity.type is ActivityType.EXERCISE and due_at(cohort, module.week, activity.due_day) <= now
        }
        handed = {one.activity_id for one in work.exercises}
        quiz = next((one for one in events if one.what is What.ATTEMPT and one.points is not None), None)
        return Figures(
            minutes=round(
                sum(_minutes(one.activities) * of_module(one, work.done, cohort, now).share for one in modules)
            ),
            planned=sum(_minutes(module.activities) for module in by_now),
            quiz=quiz.points / quiz.best if quiz and quiz.points is not None and quiz.best else None,
            handed_in=len(handed),
            exercises=len(due | handed),
            silence=None if work.last_sent is None else max(0, now - work.last_sent) // DAY_MS,
        )

    # -- what happened

    def _events(
        self, taught: Taught, person: PersonId, work: LearnersWork, members: dict[bytes, Member]
    ) -> Iterator[Event]:
        titles = {one.id: one.title for one in taught.edition.activities} if taught.edition else {}
        space = spaces.personal(taught.cohort_id, person)
        if taught.cohort.starts <= self._desk.true_now():
            yield Event(What.STARTED, taught.cohort.starts)
        grades = self._grades(taught.cohort_id, person)
        for seen in self._desk.store.view(ATTEMPT, space):
            yield _attempt(seen, grades.get(seen.id), titles)
        for versions in work.exercises:
            title = titles.get(versions.activity_id, "")
            for version in versions.versions:
                yield Event(What.HAND_IN, version.at, title, version.body.version, record=version.id)
                yield from self._verdicts(version, title, members)
        for seen in self._desk.store.view(MESSAGE, space):
            name = "" if seen.author == person else self._name(seen, members)
            mine = seen.author == self._desk.person
            yield Event(What.MESSAGE, seen.at, text=seen.body.text, name=name, mine=mine, record=seen.id)

    def _verdicts(self, version: Version, title: str, members: dict[bytes, Member]) -> Iterator[Event]:
        seen = self._desk.store.one(EXERCISE_EDITION, version.body.edition)
        criteria = seen.body.criteria if seen else ()
        for one in version.returned:
            trainer = members.get(one.trainer)
            yield Event(
                What.ACCEPTED if one.verdict is Verdict.ACCEPTED else What.RETURNED,
                one.decided_at,
                title,
                one.version,
                points=points_of(criteria, one.marks),
                best=best_of(criteria),
                name=trainer.name if trainer else "",
                mine=one.trainer == self._desk.person,
                record=version.id,
            )

    def _grades(self, cohort_id: CohortId, person: PersonId) -> dict[bytes, Grade]:
        found: dict[bytes, Grade] = {}
        for space in (spaces.staff(cohort_id, person), spaces.personal(cohort_id, person)):
            for seen in self._desk.store.view(GRADE, space):
                given: Grade = seen.body
                if given.attempt not in found or given.graded_at >= found[given.attempt].graded_at:
                    found[given.attempt] = given
        return found

    def _name(self, seen: Seen, members: dict[bytes, Member]) -> str:
        member = members.get(seen.author)
        return member.name if member else ""


def _attempt(seen: Seen, given: Grade | None, titles: dict[bytes, str]) -> Event:
    return Event(
        What.ATTEMPT,
        seen.body.submitted,
        titles.get(seen.body.activity, ""),
        seen.body.number,
        points=given.points if given else None,
        best=given.best if given else 0.0,
        passed=given.passed if given else None,
        record=seen.id,
    )


def _minutes(activities: tuple[PublishedActivity, ...]) -> int:
    return sum(activity.minutes for activity in activities)
