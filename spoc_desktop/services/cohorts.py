"""The trainer's view of a cohort: who is where, who is late, who is silent, each as of that person's last sync."""

from dataclasses import dataclass

from spoc_desktop.services.courses import cohort_of, edition_of, work_of
from spoc_desktop.services.desk import Desk
from spoc_desktop.services.errors import NotHereYet
from sync.domain import spaces
from sync.domain.cohorts import COHORT, MEMBER, Cohort, Member, Part, opens_at, week_of
from sync.domain.courses import READING, ActivityType, Edition, PublishedActivity, PublishedModule
from sync.domain.ids import CohortId, CourseId, PersonId
from sync.domain.progress import Standing, State, Work, of_activity, of_module
from sync.domain.quizzes import ATTEMPT, ATTEMPT_START


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
class Behind:
    """A learner to think of, and what says so. `late`: activities whose week is over."""

    person: PersonId
    name: str
    late: tuple[PublishedActivity, ...]
    last_sent: int | None


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


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A trainer's morning in one cohort. `received`: newest first, since the instant asked for.

    `on_time`: learners with nothing late. `late`: most late first. `silent`: sent nothing for a week, or never.
    """

    taught: Taught
    received: tuple[Received, ...]
    on_time: int
    late: tuple[Behind, ...]
    silent: tuple[Behind, ...]


SILENT_MS = 7 * 86_400_000


class Cohorts:
    """The trainer's cohorts. Every method reads the store at once: call it in the database worker."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def taught(self) -> tuple[Taught, ...]:
        """All cohorts of which the person is a trainer, the latest begun first."""
        found = []
        for seen in self._desk.store.view(COHORT):
            cohort_id = CohortId(spaces.ids_of(seen.space)[0])
            if any(one.person == self._desk.person and one.part is Part.TRAINER for one in self._members(cohort_id)):
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
        rows = [self._row(taught, member, modules) for member in self.learners(taught.cohort_id)]
        return Matrix(taught, modules, tuple(sorted(rows, key=lambda row: (row.left, row.name.casefold()))))

    def dashboard(self, cohort_id: bytes, since: int) -> Dashboard:
        """What came since an instant (milliseconds), who is late and who is silent."""
        taught = self.find(cohort_id)
        late, silent, received, on_time = [], [], [], 0
        for member in self.learners(taught.cohort_id):
            if member.left:
                continue
            behind = self._behind(taught, member)
            received += self._received(taught, member, since)
            if behind.late:
                late.append(behind)
            else:
                on_time += 1
            if self._is_silent(taught, behind):
                silent.append(behind)
        late.sort(key=lambda one: (-len(one.late), one.name.casefold()))
        silent.sort(key=lambda one: (one.last_sent or 0, one.name.casefold()))
        received.sort(key=lambda one: (-one.at, one.name.casefold(), one.title))
        return Dashboard(taught, tuple(received), on_time, tuple(late), tuple(silent))

    def learners(self, cohort_id: CohortId) -> list[Member]:
        """The display cards of a cohort's learners."""
        return [one for one in self._members(cohort_id) if one.part is Part.LEARNER]

    def standing(self, taught: Taught, learner: bytes) -> tuple[tuple[PublishedActivity, Standing], ...]:
        """How one learner stands in each activity, in reading order."""
        done, now = self._work(taught, learner), self._desk.now()
        return tuple(
            (activity, _of(activity, done, taught.cohort, module, now))
            for module in (taught.edition.modules if taught.edition else ())
            for activity in module.activities
        )

    def last_sent(self, cohort_id: CohortId, learner: bytes) -> int | None:
        """When the server took the newest work of a learner, in its own time: "as of the last sync of this person"."""
        space = spaces.personal(cohort_id, PersonId(learner))
        times = [
            seen.at
            for kind in (READING, ATTEMPT_START, ATTEMPT)
            for seen in self._desk.store.view(kind, space)
            if seen.seq and seen.author == learner
        ]
        return max(times, default=None)

    def _members(self, cohort_id: CohortId) -> list[Member]:
        return [seen.body for seen in self._desk.store.view(MEMBER, spaces.cohort(cohort_id))]

    def _taught(self, cohort_id: CohortId, cohort: Cohort) -> Taught:
        course_id = CourseId(cohort.course)
        edition = edition_of(self._desk, course_id)
        return Taught(
            cohort_id=cohort_id,
            course_id=course_id,
            cohort=cohort,
            edition=edition,
            week=week_of(cohort, self._desk.now()),
            weeks=max((module.week for module in edition.modules), default=0) if edition else 0,
            learners=sum(not member.left for member in self.learners(cohort_id)),
        )

    def _work(self, taught: Taught, learner: bytes) -> Work:
        return work_of(self._desk, spaces.personal(taught.cohort_id, PersonId(learner)))

    def _row(self, taught: Taught, member: Member, modules: tuple[PublishedModule, ...]) -> MatrixRow:
        done, now = self._work(taught, member.person), self._desk.now()
        cells = tuple(of_module(module, done, taught.cohort, now) for module in modules)
        weights = [sum(activity.minutes for activity in module.activities) for module in modules]
        total = sum(weights)
        reached = sum(cell.share * weight for cell, weight in zip(cells, weights, strict=True))
        return MatrixRow(
            person=PersonId(member.person),
            name=member.name,
            cells=cells,
            share=reached / total if total else 0.0,
            last_sent=self.last_sent(taught.cohort_id, member.person),
            left=member.left,
        )

    def _behind(self, taught: Taught, member: Member) -> Behind:
        late = tuple(
            activity for activity, standing in self.standing(taught, member.person) if standing.state is State.LATE
        )
        last = self.last_sent(taught.cohort_id, member.person)
        return Behind(PersonId(member.person), member.name, late, last)

    def _is_silent(self, taught: Taught, behind: Behind) -> bool:
        now = self._desk.now()
        if now < taught.cohort.starts + SILENT_MS:
            return False
        return behind.last_sent is None or now - behind.last_sent > SILENT_MS

    def _received(self, taught: Taught, member: Member, since: int) -> list[Received]:
        activities = {one.id: one for one in taught.edition.activities} if taught.edition else {}
        space = spaces.personal(taught.cohort_id, PersonId(member.person))
        found = []
        for seen in self._desk.store.view(ATTEMPT, space):
            activity = activities.get(seen.body.activity)
            if seen.at >= since and activity is not None and activity.type is ActivityType.QUIZ:
                found.append(
                    Received(
                        person=PersonId(member.person),
                        name=member.name,
                        cohort_id=taught.cohort_id,
                        attempt_id=seen.id,
                        activity_id=activity.id,
                        title=activity.title,
                        number=seen.body.number,
                        graded=activity.graded,
                        at=seen.at,
                    )
                )
        return found


def _of(activity: PublishedActivity, done: Work, cohort: Cohort, module: PublishedModule, now: int) -> Standing:
    opens, closes = opens_at(cohort, module.week), opens_at(cohort, module.week + 1)
    return of_activity(activity, done, is_open=now >= opens, is_over=now >= closes)
