"""What IT may look up: who there is, what they use, which cohorts there are. Nothing of anybody's work."""

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from sync.server.accounts.people import Person
from sync.server.storage.schema import authorship, cohort, device, enrolment, incident, invitation, person


class PersonLine(NamedTuple):
    """A person in the list. `joined`: has a password. `devices`: signed in now. `seen`: last contact in ms, or 0."""

    login: str
    name: str
    joined: bool
    blocked: bool
    devices: int
    seen: int


class DeviceLine(NamedTuple):
    """A laptop that is signed in."""

    id: bytes
    login: str
    name: str
    since: int
    seen: int


class CohortLine(NamedTuple):
    """A cohort, and how many are in it now."""

    id: bytes
    title: str
    course: bytes
    starts: int
    ends: int
    learners: int
    trainers: int


class Place(NamedTuple):
    """A person's place in a cohort."""

    cohort: bytes
    title: str
    part: int
    ended: bool


class IncidentLine(NamedTuple):
    """Something that IT should know."""

    at: int
    what: str
    records: int
    detail: str


def people(connection: Connection, word: str = "", cohort_id: bytes = b"") -> list[PersonLine]:
    """Everybody, or those whose name or login has a word in it, or who are in a cohort; by name."""
    signed_in = (
        select(device.c.person_no, func.count().label("devices"), func.max(device.c.seen).label("seen"))
        .where(device.c.gone.is_(False))
        .group_by(device.c.person_no)
        .subquery()
    )
    asked = select(
        person.c.login,
        person.c.name,
        person.c.password.is_not(None),
        person.c.blocked,
        func.coalesce(signed_in.c.devices, 0),
        func.coalesce(signed_in.c.seen, 0),
    ).outerjoin(signed_in, signed_in.c.person_no == person.c.no)
    if cohort_id:
        here = select(enrolment.c.person_no).where(enrolment.c.cohort == cohort_id, enrolment.c.ended.is_(False))
        asked = asked.where(person.c.no.in_(here))
    found = [PersonLine(*row) for row in connection.execute(asked)]
    wanted = word.casefold()
    kept = (line for line in found if wanted in line.login.casefold() or wanted in line.name.casefold())
    return sorted(kept, key=lambda line: (line.name.casefold(), line.login))


def places(connection: Connection, who: Person) -> list[Place]:
    """The cohorts that a person is or was in."""
    asked = (
        select(cohort.c.id, cohort.c.title, enrolment.c.part, enrolment.c.ended)
        .join(enrolment, enrolment.c.cohort == cohort.c.id)
        .where(enrolment.c.person_no == who.no)
        .order_by(cohort.c.starts)
    )
    return [Place(*row) for row in connection.execute(asked)]


def courses(connection: Connection, who: Person) -> list[bytes]:
    """The courses that a person may write."""
    asked = select(authorship.c.course).where(authorship.c.person_no == who.no).order_by(authorship.c.course)
    return [bytes(id_) for id_ in connection.execute(asked).scalars()]


def invited_until(connection: Connection, who: Person, now: int) -> int:
    """Until when an invitation of a person is good, 0 when there is none."""
    good = (invitation.c.person_no == who.no, invitation.c.used.is_(False), invitation.c.until >= now)
    return connection.execute(select(func.max(invitation.c.until)).where(*good)).scalar() or 0


def devices(connection: Connection, who: Person | None = None) -> list[DeviceLine]:
    """The laptops that are signed in, of one person or of all; the last seen first."""
    asked = (
        select(device.c.id, person.c.login, device.c.name, device.c.since, device.c.seen)
        .join(person, person.c.no == device.c.person_no)
        .where(device.c.gone.is_(False))
        .order_by(device.c.seen.desc(), device.c.no)
    )
    if who is not None:
        asked = asked.where(device.c.person_no == who.no)
    return [DeviceLine(*row) for row in connection.execute(asked)]


def cohorts(connection: Connection) -> list[CohortLine]:
    """Every cohort, the last to begin first."""
    parts = {
        part: select(func.count())
        .where(enrolment.c.cohort == cohort.c.id, enrolment.c.part == part, enrolment.c.ended.is_(False))
        .scalar_subquery()
        for part in (1, 2)
    }
    asked = select(
        cohort.c.id, cohort.c.title, cohort.c.course, cohort.c.starts, cohort.c.ends, parts[1], parts[2]
    ).order_by(cohort.c.starts.desc(), cohort.c.title)
    return [CohortLine(*row) for row in connection.execute(asked)]


def incidents(connection: Connection, since: int = 0) -> list[IncidentLine]:
    """What happened that IT should know, the newest first."""
    columns = (incident.c.at, incident.c.what, incident.c.records, incident.c.detail)
    asked = select(*columns).where(incident.c.at >= since).order_by(incident.c.at.desc(), incident.c.no.desc())
    return [IncidentLine(*row) for row in connection.execute(asked)]
