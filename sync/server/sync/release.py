"""Release: grades go to the learners as copies in their personal spaces, by the trainer or at close (rule 5)."""

from collections.abc import Callable
from functools import cache

from sqlalchemy import Connection, select

from sync.domain import spaces as names
from sync.domain.cohorts import Part
from sync.domain.ids import CohortId, CourseId, PersonId
from sync.domain.permissions import Role
from sync.domain.publishing import Row
from sync.domain.quizzes import GRADE, QUIZ_EDITION, QuizEdition, Release
from sync.protocol.errors import Forbidden
from sync.server.core import Core
from sync.server.issuing.awarding import award
from sync.server.storage import spaces
from sync.server.storage.log import read_kinds, read_record
from sync.server.storage.schema import cohort, enrolment, person
from sync.server.sync import rows
from sync.server.sync.grading import released
from sync.server.sync.weeks import Weeks, weeks_of

_HOUR_MS = 3_600_000
"""A round of grading that began before the end of a week is surely done by then."""


def release_grades(core: Core, person_no: int, cohort_id: CohortId, activity: bytes) -> int:
    """Copy the grades of an activity to those who earned them; how many are new. Forbidden to all but trainers."""
    with core.reading() as connection:
        space = spaces.find(connection, names.cohort(cohort_id))
        if space is None or Role.TRAINER not in spaces.roles_in(connection, person_no, space.no):
            raise Forbidden
        grades = {
            learner: _grades(connection, cohort_id, learner, lambda each: each == activity)
            for learner in _learners(connection, cohort_id)
        }
    return _hand_out(core, cohort_id, grades)


class AtClose:
    """Releases what waits for the end of its week. Made once a running server: it knows what it has looked through.

    What is graded after the end goes out with the grading; a kill, or a second process, does no harm.
    """

    def __init__(self, core: Core) -> None:
        self._core = core
        self._done: dict[bytes, frozenset[bytes]] = {}

    def release_due(self) -> int:
        """Copy the grades of weeks that are over; how many are new."""
        with self._core.reading() as connection:
            cohorts = connection.execute(select(cohort.c.id)).scalars().all()
        return sum(self._release(CohortId(cohort_id)) for cohort_id in cohorts)

    def _release(self, cohort_id: CohortId) -> int:
        core, now = self._core, self._core.now()
        with core.reading() as connection:
            weeks = weeks_of(connection, cohort_id)
            over = frozenset() if weeks is None else weeks.over(now)
            if weeks is None or over <= self._done.get(cohort_id, frozenset()):
                return 0
            is_at_close = _at_close(connection, weeks)
            grades = {
                learner: [
                    row
                    for row in _grades(connection, cohort_id, learner, lambda activity: weeks.is_over(activity, now))
                    if is_at_close(GRADE.decode(row.body).edition)
                ]
                for learner in _learners(connection, cohort_id)
            }
        given = _hand_out(core, cohort_id, grades)
        self._done[cohort_id] = weeks.over(now - _HOUR_MS)
        return given


def _at_close(connection: Connection, weeks: Weeks) -> Callable[[bytes], bool]:
    """Whether an edition of a quiz gives its grades at close: the one with which an attempt was taken decides."""
    course = spaces.find(connection, names.course(CourseId(weeks.cohort.course)))

    @cache
    def is_at_close(edition_id: bytes) -> bool:
        kept = None if course is None else read_record(connection, course.no, edition_id)
        if kept is None or kept.kind != QUIZ_EDITION.number:
            return False
        edition: QuizEdition = QUIZ_EDITION.decode(kept.body)
        return edition.release is Release.AT_CLOSE

    return is_at_close


def _hand_out(core: Core, cohort: CohortId, grades: dict[PersonId, list[Row]]) -> int:
    """Copy grades to those who earned them; how many are new."""
    copies = {learner: [released(row) for row in found] for learner, found in grades.items()}
    given = 0
    for learner, found in copies.items():
        if found:
            given += _give(core, names.personal(cohort, learner), found)
            award(core, names.personal(cohort, learner))
    return given


def _give(core: Core, space: bytes, copies: list[Row]) -> int:
    now = core.now()
    return core.writer.run(lambda connection: rows.write(connection, space, copies, now, core.tail()))


def _learners(connection: Connection, cohort: CohortId) -> list[PersonId]:
    learners = (
        select(person.c.id)
        .join(enrolment, enrolment.c.person_no == person.c.no)
        .where(enrolment.c.cohort == cohort, enrolment.c.part == int(Part.LEARNER))
    )
    return [PersonId(id_) for id_ in connection.execute(learners).scalars()]


def _grades(connection: Connection, cohort: CohortId, learner: PersonId, wanted: Callable[[bytes], bool]) -> list[Row]:
    staff = spaces.find(connection, names.staff(cohort, learner))
    if staff is None:
        return []
    grades = read_kinds(connection, staff.no, (GRADE.number,))
    return [Row(GRADE, kept.id, kept.body) for kept in grades if wanted(GRADE.decode(kept.body).activity)]
