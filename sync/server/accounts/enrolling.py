"""Cohorts, enrolments and authors: what opens spaces to people. Seats are worked out anew from them at each change."""

from collections.abc import Iterable
from uuid import UUID

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from sync.domain import spaces as names
from sync.domain.cohorts import COHORT, ENROLMENT, MEMBER, Cohort, Enrolment, Member, Part
from sync.domain.ids import CohortId, CourseId, PersonId, SpaceId, derived
from sync.domain.permissions import Role, seats_of_author, seats_of_learner, seats_of_own, seats_of_trainer
from sync.server.accounts import people
from sync.server.accounts.people import Person
from sync.server.core import Core
from sync.server.storage import spaces
from sync.server.storage.dialect import upsert
from sync.server.storage.log import read_record
from sync.server.storage.schema import authorship, cohort, enrolment, person
from sync.server.sync import rows

SEED_BYTES = 32


class UnknownCohort(LookupError):
    """There is no such cohort."""


class SeveralCohorts(LookupError):
    """More than one cohort has this title."""


class BothParts(ValueError):
    """A person is learner or trainer of a cohort, never both: they would grade themselves."""


def find_cohort(connection: Connection, written: str) -> CohortId:
    """The cohort that somebody names by its id, with or without dashes, or by its title.

    UnknownCohort; SeveralCohorts when the title is not one cohort's alone.
    """
    try:
        where = cohort.c.id == UUID(written).bytes
    except ValueError:
        where = cohort.c.title == written
    found = connection.execute(select(cohort.c.id).where(where)).scalars().all()
    if not found:
        raise UnknownCohort(written)
    if len(found) > 1:
        raise SeveralCohorts(written)
    return CohortId(bytes(found[0]))


def add_cohort(core: Core, connection: Connection, cohort_id: CohortId, body: Cohort) -> None:
    """A new cohort, told in its space."""
    now = core.now()
    connection.execute(
        insert(cohort).values(id=cohort_id, course=body.course, title=body.title, starts=body.starts, ends=body.ends)
    )
    rows.write(connection, names.cohort(cohort_id), [rows.row(COHORT, cohort_id, body)], now, core.tail())
    spaces.ensure(connection, names.course(CourseId(body.course)))


def set_receipt_only(core: Core, connection: Connection, cohort_id: CohortId, *, receipt_only: bool) -> None:
    """Whether only the server's receipt says when something was handed in to a cohort (rule 11). UnknownCohort."""
    _course_of(connection, cohort_id)
    head = spaces.ensure(connection, names.cohort(cohort_id))
    there = read_record(connection, head.no, cohort_id)
    if there is None:
        raise UnknownCohort(cohort_id.hex())
    body = msgspec.structs.replace(COHORT.decode(there.body), receipt_only=receipt_only)
    rows.write(connection, head.id, [rows.row(COHORT, cohort_id, body)], core.now(), core.tail())


def enrol(core: Core, connection: Connection, cohort_id: CohortId, who: Person, part: Part) -> None:
    """Give a person a place in a cohort; who had one before gets it back, with the draw seed that they had."""
    now, course = core.now(), _course_of(connection, cohort_id)
    standing = _part_of(connection, cohort_id, who.no)
    if standing not in (None, part):
        raise BothParts(who.login)
    touched = _touched(connection, cohort_id, who.no, part)
    spaces.seats_taken(connection, touched)
    values = {"cohort": cohort_id, "person_no": who.no, "part": int(part), "since": now, "ended": False}
    connection.execute(
        upsert(connection, enrolment)
        .values(values)
        .on_conflict_do_update(index_elements=[enrolment.c.cohort, enrolment.c.person_no], set_={"ended": False})
    )
    _show_member(core, connection, cohort_id, who, part, left=False)
    if part is Part.LEARNER:
        _write_enrolment(core, connection, cohort_id, course, who.id)
    reseat(core, connection, touched)


def unenrol(core: Core, connection: Connection, cohort_id: CohortId, who: Person) -> None:
    """End a person's place in a cohort; what they handed in stays with the trainers."""
    _course_of(connection, cohort_id)
    part = _part_of(connection, cohort_id, who.no)
    if part is None:
        raise UnknownCohort(f"{who.login} is not in it")
    spaces.seats_taken(connection, [who.no])
    connection.execute(
        update(enrolment).where(enrolment.c.cohort == cohort_id, enrolment.c.person_no == who.no).values(ended=True)
    )
    _show_member(core, connection, cohort_id, who, part, left=True)
    reseat(core, connection, [who.no])


def rename(core: Core, connection: Connection, who: Person, name: str) -> None:
    """Give a person another name, also where it is shown in cohorts. What was signed under the old one stays."""
    renamed = people.rename(connection, core.organisation, who, name, now=core.now(), tail=core.tail())
    places = select(enrolment.c.cohort, enrolment.c.part, enrolment.c.ended).where(enrolment.c.person_no == who.no)
    for cohort_id, part, ended in connection.execute(places.order_by(enrolment.c.cohort)).all():
        _show_member(core, connection, CohortId(cohort_id), renamed, Part(part), left=ended)


def close(core: Core, connection: Connection, cohort_id: CohortId) -> None:
    """Let a cohort end now. Who is in it keeps reading, and what was done on laptops before still arrives."""
    _course_of(connection, cohort_id)
    now = core.now()
    kept = read_record(connection, spaces.ensure(connection, names.cohort(cohort_id)).no, cohort_id)
    if kept is None:
        raise UnknownCohort(cohort_id.hex())
    body: Cohort = COHORT.decode(kept.body)
    if body.ends > now:
        connection.execute(update(cohort).where(cohort.c.id == cohort_id).values(ends=now))
        closed = msgspec.structs.replace(body, ends=now)
        rows.write(connection, names.cohort(cohort_id), [rows.row(COHORT, cohort_id, closed)], now, core.tail())


def make_author(core: Core, connection: Connection, course: CourseId, who: Person) -> None:
    """Let a person write a course."""
    values = {"course": course, "person_no": who.no}
    connection.execute(upsert(connection, authorship).values(values).on_conflict_do_nothing())
    reseat(core, connection, [who.no])


def end_author(core: Core, connection: Connection, course: CourseId, who: Person) -> None:
    """Let a person write a course no longer."""
    mine = (authorship.c.course == course, authorship.c.person_no == who.no)
    connection.execute(delete(authorship).where(*mine))
    reseat(core, connection, [who.no])


def reseat(core: Core, connection: Connection, people: Iterable[int]) -> None:
    """Work out anew what some people may read."""
    for person_no in people:
        id_ = PersonId(connection.execute(select(person.c.id).where(person.c.no == person_no)).scalar_one())
        seats = [seats_of_own(id_, core.organisation), *_seats(connection, person_no, id_)]
        spaces.seat_person(connection, person_no, seats)


def _seats(connection: Connection, person_no: int, id_: PersonId) -> list[dict[SpaceId, Role]]:
    found = []
    places = (
        select(enrolment.c.cohort, cohort.c.course, enrolment.c.part)
        .join(cohort, cohort.c.id == enrolment.c.cohort)
        .where(enrolment.c.person_no == person_no, enrolment.c.ended.is_(False))
    )
    for cohort_id, course, part in connection.execute(places):
        if part == Part.LEARNER:
            found.append(seats_of_learner(cohort_id, course, id_))
        else:
            found.append(seats_of_trainer(cohort_id, course, _learners(connection, cohort_id)))
    courses = select(authorship.c.course).where(authorship.c.person_no == person_no)
    return found + [seats_of_author(course) for course in connection.execute(courses).scalars()]


def _learners(connection: Connection, cohort_id: bytes) -> frozenset[PersonId]:
    """All who are or were learners: what they handed in stays readable to the trainers."""
    learners = (
        select(person.c.id)
        .join(enrolment, enrolment.c.person_no == person.c.no)
        .where(enrolment.c.cohort == cohort_id, enrolment.c.part == int(Part.LEARNER))
    )
    return frozenset(PersonId(id_) for id_ in connection.execute(learners).scalars())


def _touched(connection: Connection, cohort_id: CohortId, person_no: int, part: Part) -> list[int]:
    """Whose seats change with an enrolment: the person's, and for a learner those of the cohort's trainers."""
    trainers = select(enrolment.c.person_no).where(
        enrolment.c.cohort == cohort_id, enrolment.c.part == int(Part.TRAINER), enrolment.c.ended.is_(False)
    )
    others = connection.execute(trainers).scalars().all() if part is Part.LEARNER else []
    return [person_no, *others]


def _course_of(connection: Connection, cohort_id: CohortId) -> CourseId:
    """The course of a cohort, which is held: of two people who enter at once, one sees the other's place."""
    held = select(cohort.c.course).where(cohort.c.id == cohort_id).with_for_update(key_share=True)
    course = connection.execute(held).scalar_one_or_none()
    if course is None:
        raise UnknownCohort(cohort_id.hex())
    return CourseId(course)


def _part_of(connection: Connection, cohort_id: CohortId, person_no: int) -> Part | None:
    where = (enrolment.c.cohort == cohort_id, enrolment.c.person_no == person_no)
    part = connection.execute(select(enrolment.c.part).where(*where)).scalar_one_or_none()
    return None if part is None else Part(part)


def _show_member(
    core: Core, connection: Connection, cohort_id: CohortId, who: Person, part: Part, *, left: bool
) -> None:
    card = Member(person=who.id, name=who.name, part=part, left=left)
    row = rows.row(MEMBER, derived(MEMBER.name, cohort_id, who.id), card)
    rows.write(connection, names.cohort(cohort_id), [row], core.now(), core.tail())


def _write_enrolment(
    core: Core, connection: Connection, cohort_id: CohortId, course: CourseId, learner: PersonId
) -> None:
    now, space = core.now(), spaces.ensure(connection, names.personal(cohort_id, learner))
    id_ = derived(ENROLMENT.name, cohort_id, learner)
    if read_record(connection, space.no, id_) is None:
        seed = core.chance(SEED_BYTES)
        body = Enrolment(learner=learner, cohort=cohort_id, course=course, since=now, seed=seed)
        rows.write(connection, space.id, [rows.row(ENROLMENT, id_, body)], now, core.tail())
