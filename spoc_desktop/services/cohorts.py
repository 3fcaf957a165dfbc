"""The trainer's view of a cohort: who is where and what came in, each as of that person's last sync."""

from dataclasses import dataclass

from spoc_desktop.services.courses import cohort_of, edition_of
from spoc_desktop.services.desk import Desk
from spoc_desktop.services.errors import NotHereYet
from spoc_desktop.services.group_work import LearnersWork, group_work
from sync.domain import spaces
from sync.domain.cohorts import COHORT, MEMBER, Cohort, Member, Part, week_of
from sync.domain.courses import ActivityType, Edition, PublishedModule
from sync.domain.ids import CohortId, CourseId, PersonId
from sync.domain.progress import Standing, of_module
from sync.domain.quizzes import ATTEMPT


@dataclass(frozen=True, slots=True)
class Taught:
    """A cohort whose trainer the person is. `edition` None: the course has not come, or nothing is published yet."""

    cohort_id: CohortId
    course_id: CourseId
    cohort: Cohort
    edition: Edition | None
    week: int
    weeks: int
    learners: int


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One learner. `last_sent`: when the server took the newest of their work, None: nothing yet."""

    person: PersonId
    name: str
    cells: tuple[Standing, ...]
    share: float
    last_sent: int | None
    left: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """Learners by modules. `cells` of a row are in the order of `modules`."""

    taught: Taught
    modules: tuple[PublishedModule, ...]
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """An attempt that the server took. `at` is the server's time."""

    person: PersonId
    name: str
    cohort_id: CohortId
    attempt_id: bytes
    activity_id: bytes
    title: str
    number: int
    graded: bool
    at: int


class Cohorts:
    """The trainer's cohorts. Every method reads the store at once: call it in the database worker."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def taught(self) -> tuple[Taught, ...]:
        """All cohorts of which the person is a trainer, the latest begun first."""
        found = []
        for seen in self._desk.store.view(COHORT):
            cohort_id = CohortId(spaces.ids_of(seen.space)[0])
            if any(one.person == self._desk.person and one.part is Part.TRAINER for one in self.members(cohort_id)):
                found.append(self._taught(cohort_id, seen.body))
        return tuple(sorted(found, key=lambda one: -one.cohort.starts))

    def find(self, cohort_id: bytes) -> Taught:
        """One cohort. NotHereYet when it is not on this laptop."""
        cohort = cohort_of(self._desk, CohortId(cohort_id))
        if cohort is None:
            raise NotHereYet
        return self._taught(CohortId(cohort_id), cohort)

    def matrix(self, cohort_id: bytes) -> Matrix:
        """How each learner stands in each module. Learners by name; who left the cohort comes last."""
        taught = self.find(cohort_id)
        modules = taught.edition.modules if taught.edition else ()
        works = self.works(taught.cohort_id)
        rows = [
            self._row(taught, member, modules, works[PersonId(member.person)])
            for member in self.learners(taught.cohort_id)
        ]
        return Matrix(taught, modules, tuple(sorted(rows, key=lambda row: (row.left, row.name.casefold()))))

    def received(self, cohort_id: bytes, since: int) -> tuple[Received, ...]:
        """The quiz attempts that came since an instant (milliseconds), newest first."""
        taught = self.find(cohort_id)
        activities = {one.id: one for one in taught.edition.activities} if taught.edition else {}
        members = {
            bytes(spaces.personal(taught.cohort_id, PersonId(one.person))): one
            for one in self.learners(taught.cohort_id)
            if not one.left
        }
        wanted = {
            line.id: line
            for line in self._desk.store.done()
            if line.kind == ATTEMPT.number and line.received >= since and line.space in members
        }
        found = [
            Received(
                person=PersonId(members[seen.space].person),
                name=members[seen.space].name,
                cohort_id=taught.cohort_id,
                attempt_id=seen.id,
                activity_id=activity.id,
                title=activity.title,
                number=seen.body.number,
                graded=activity.graded,
                at=seen.at,
            )
            for seen in self._desk.store.view(ATTEMPT, ids=wanted)
            if (activity := activities.get(seen.body.activity)) is not None and activity.type is ActivityType.QUIZ
        ]
        return tuple(sorted(found, key=lambda one: (-one.at, one.name.casefold(), one.title)))

    def works(self, cohort_id: CohortId) -> dict[PersonId, LearnersWork]:
        """What each learner of a cohort did."""
        return group_work(self._desk, cohort_id, [one.person for one in self.learners(cohort_id)])

    def learners(self, cohort_id: CohortId) -> list[Member]:
        """The display cards of a cohort's learners."""
        return [one for one in self.members(cohort_id) if one.part is Part.LEARNER]

    def last_sent(self, cohort_id: CohortId, learner: bytes) -> int | None:
        """When the server took the newest work of a learner, in its own time: "as of the last sync of this person"."""
        return group_work(self._desk, cohort_id, [learner])[PersonId(learner)].last_sent

    def members(self, cohort_id: CohortId) -> list[Member]:
        """The display cards of a cohort: learners and trainers."""
        return [seen.body for seen in self._desk.store.view(MEMBER, spaces.cohort(cohort_id))]

    def _taught(self, cohort_id: CohortId, cohort: Cohort) -> Taught:
        course_id = CourseId(cohort.course)
        edition = edition_of(self._desk, course_id)
        return Taught(
            cohort_id=cohort_id,
            course_id=course_id,
            cohort=cohort,
            edition=edition,
            week=week_of(cohort, self._desk.true_now()),
            weeks=max((module.week for module in edition.modules), default=0) if edition else 0,
            learners=sum(not member.left for member in self.learners(cohort_id)),
        )

    def _row(
        self, taught: Taught, member: Member, modules: tuple[PublishedModule, ...], work: LearnersWork
    ) -> MatrixRow:
        cells = tuple(of_module(module, work.done, taught.cohort, self._desk.true_now()) for module in modules)
        weights = [sum(activity.minutes for activity in module.activities) for module in modules]
        total = sum(weights)
        reached = sum(cell.share * weight for cell, weight in zip(cells, weights, strict=True))
        return MatrixRow(
            person=PersonId(member.person),
            name=member.name,
            cells=cells,
            share=reached / total if total else 0.0,
            last_sent=work.last_sent,
            left=member.left,
        )
