"""Release: a trainer lets the grades of a quiz reach the learners, as copies in their personal spaces (rule 5)."""

from sqlalchemy import Connection, select

from sync.domain import spaces as names
from sync.domain.cohorts import Part
from sync.domain.ids import CohortId, PersonId
from sync.domain.permissions import Role
from sync.domain.publishing import Row
from sync.domain.quizzes import GRADE
from sync.protocol.errors import Forbidden
from sync.server.core import Core
from sync.server.issuing.awarding import award
from sync.server.storage import spaces
from sync.server.storage.log import read_kinds
from sync.server.storage.schema import enrolment, person
from sync.server.sync import rows
from sync.server.sync.grading import released


def release_grades(core: Core, person_no: int, cohort: CohortId, activity: bytes) -> int:
    """Copy the grades of an activity to those who earned them; how many are new. Forbidden to all but trainers."""
    with core.reading() as connection:
        space = spaces.find(connection, names.cohort(cohort))
        if space is None or Role.TRAINER not in spaces.roles_in(connection, person_no, space.no):
            raise Forbidden
        copies = {learner: _copies(connection, cohort, learner, activity) for learner in _learners(connection, cohort)}
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


def _copies(connection: Connection, cohort: CohortId, learner: PersonId, activity: bytes) -> list[Row]:
    staff = spaces.find(connection, names.staff(cohort, learner))
    if staff is None:
        return []
    grades = read_kinds(connection, staff.no, (GRADE.number,))
    return [released(Row(GRADE, kept.id, kept.body)) for kept in grades if GRADE.decode(kept.body).activity == activity]
