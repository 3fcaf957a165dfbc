"""Who is written to, and when: invitations when IT asks, work that came back at once, the rest once a week."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from sync.domain import spaces as names
from sync.domain.cohorts import COHORT, WEEK_MS, Cohort, Part, week_of
from sync.domain.exercises import HAND_IN, RETURNED
from sync.domain.ids import CohortId, PersonId
from sync.domain.merge import GONE
from sync.server.core import Core
from sync.server.mailing import queue, settings
from sync.server.mailing.words import Occasion
from sync.server.storage import spaces
from sync.server.storage.log import read_kinds, read_record
from sync.server.storage.schema import cohort, device, enrolment, person

_DAY_MS = 86_400_000
_HOUR = 6
"""Weekly messages are made on Monday from six in the morning, universal time."""


def invited(core: Core, connection: Connection, person_no: int, code: str) -> None:
    """IT asked to send an invitation: also to who wants no reminders."""
    days = core.settings.invitation_ms // _DAY_MS
    queue.put(
        core, connection, Occasion.INVITATION, person_no, mark=core.chance(8).hex(), facts={"code": code, "days": days}
    )


def returned(core: Core, connection: Connection, personal: bytes, copies: Iterable[bytes]) -> None:
    """A trainer's review came back: said in the transaction that tells the laptop."""
    if settings.read(core.settings.data) is None:
        return
    cohort_id, learner = names.ids_of(personal)
    asked = (
        select(person.c.no, cohort.c.title)
        .join(enrolment, enrolment.c.person_no == person.c.no)
        .join(cohort, cohort.c.id == enrolment.c.cohort)
        .where(person.c.id == learner, cohort.c.id == cohort_id, person.c.mail)
    )
    found = connection.execute(asked).one_or_none()
    first = next(iter(copies), None)
    if found is not None and first is not None:
        queue.put(core, connection, Occasion.RETURNED, found.no, mark=first.hex(), facts={"cohort": found.title})


def weekly(core: Core) -> None:
    """Queue this week's reminders and digests; done again it changes nothing."""
    now = core.now()
    week = _week(now)
    if week is None:
        return
    with core.reading() as connection:
        running = select(cohort.c.id).where(cohort.c.starts <= now, cohort.c.ends > now)
        found = [CohortId(id_) for id_ in connection.execute(running).scalars()]
    for cohort_id in found:
        core.writer.run(lambda connection, cohort_id=cohort_id: _write_to(core, connection, cohort_id, week))  # type: ignore[misc]  # bound now


def _week(now: int) -> str | None:
    """The name of this week, on the morning and day on which it is written about."""
    moment = datetime.fromtimestamp(now / 1000, UTC)
    year, week, weekday = moment.isocalendar()
    return f"{year}-W{week:02}" if weekday == 1 and moment.hour >= _HOUR else None


def _write_to(core: Core, connection: Connection, cohort_id: CohortId, week: str) -> None:
    about = _cohort(connection, cohort_id)
    if about is None:
        return
    now = core.now()
    members = _members(connection, cohort_id)
    learners = [line for line in members if line.part == Part.LEARNER]
    silent = [line for line in learners if (line.seen or line.since) < now - WEEK_MS]
    for line in silent:
        facts = {"cohort": about.title, "week": week_of(about, now), "seen": line.seen}
        if line.mail:
            queue.put(
                core, connection, Occasion.REMINDER, line.no, mark=f"{cohort_id.hex()}:{line.no}:{week}", facts=facts
            )
    waiting = [line.name for line in learners if _waits(connection, cohort_id, PersonId(line.id))]
    facts = {"cohort": about.title, "waiting": waiting, "silent": [line.name for line in silent]}
    for line in members:
        if line.part == Part.TRAINER and line.mail and (waiting or silent):
            queue.put(
                core, connection, Occasion.DIGEST, line.no, mark=f"{cohort_id.hex()}:{line.no}:{week}", facts=facts
            )


class _Member(NamedTuple):
    no: int
    id: bytes
    name: str
    mail: bool
    part: int
    since: int
    seen: int


def _members(connection: Connection, cohort_id: CohortId) -> list[_Member]:
    seen = select(func.coalesce(func.max(device.c.seen), 0)).where(device.c.person_no == person.c.no).scalar_subquery()
    asked = (
        select(person.c.no, person.c.id, person.c.name, person.c.mail, enrolment.c.part, enrolment.c.since, seen)
        .join(enrolment, enrolment.c.person_no == person.c.no)
        .where(enrolment.c.cohort == cohort_id, enrolment.c.ended.is_(False), person.c.blocked.is_(False))
        .order_by(person.c.name)
    )
    return [_Member(*row) for row in connection.execute(asked)]


def _cohort(connection: Connection, cohort_id: CohortId) -> Cohort | None:
    here = spaces.find(connection, names.cohort(cohort_id))
    kept = None if here is None else read_record(connection, here.no, cohort_id)
    found: Cohort | None = None if kept is None else COHORT.decode(kept.body)
    return found


def _waits(connection: Connection, cohort_id: CohortId, learner: PersonId) -> bool:
    """Whether the last version of some exercise of a learner has not come back yet."""
    personal = spaces.find(connection, names.personal(cohort_id, learner))
    if personal is None:
        return False
    last: dict[bytes, bytes] = {}
    answered = set()
    for kept in read_kinds(connection, personal.no, (HAND_IN.number, RETURNED.number)):
        if kept.body in GONE:
            continue
        if kept.kind == RETURNED.number:
            answered.add(RETURNED.decode(kept.body).hand_in)
        else:
            last[HAND_IN.decode(kept.body).activity] = kept.id
    return any(hand_in not in answered for hand_in in last.values())
