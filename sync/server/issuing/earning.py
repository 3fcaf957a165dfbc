"""Whether a learner has earned the certificate, by what the server has of them; nothing that a laptop concludes counts.

A laptop says of each reading in how many parts the lesson is shown: the server looks that up in the edition that was
read (attack A10).
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, select

from sync.content.reading import parts
from sync.domain import spaces as names
from sync.domain.certificates import certificate_id, missing
from sync.domain.cohorts import COHORT, MEMBER, Cohort, Member, Part
from sync.domain.courses import EDITION, LESSON_EDITION, READING, ActivityType, Edition, LessonEdition, Reading
from sync.domain.exercises import HAND_IN, RETURNED, Handed, HandIn, Returned, Verdict, standing
from sync.domain.ids import CohortId, CourseId
from sync.domain.progress import work
from sync.domain.quizzes import ATTEMPT, GRADE, Attempt, Grade
from sync.domain.videos import parts_of
from sync.server.storage import spaces
from sync.server.storage.dialect import row_of
from sync.server.storage.log import Kept, read_kinds, read_record, read_returned
from sync.server.storage.schema import person

_MOST_TIMES = 3
"""A quiz that lay open over night, or a lesson left on the screen, counts at most three times as planned."""
_MINUTE_S, _MINUTE_MS = 60, 60_000


class Earned(NamedTuple):
    """What a certificate is made from."""

    name: str
    cohort: Cohort
    edition: Edition
    trainers: tuple[str, ...]
    grades: list[Grade]
    accepted: int
    minutes_done: int


_LAST_OF_KIND = "SELECT body FROM log WHERE space_no = ? AND kind = ? ORDER BY seq DESC LIMIT 1"


class _Done(NamedTuple):
    readings: list[Reading]
    attempts: list[Attempt]
    grades: list[Grade]
    returned: list[Returned]
    exercises: Mapping[bytes, Handed]


def earned(connection: Connection, space_id: bytes) -> Earned | None:
    """What the certificate of a personal space is made from; None: it gives none, is awarded, or is not earned yet."""
    cohort_id, learner = names.ids_of(space_id)
    head = spaces.find(connection, space_id)
    if head is None or read_record(connection, head.no, certificate_id(cohort_id, learner)) is not None:
        return None
    cohort = cohort_of(connection, cohort_id)
    edition = None if cohort is None else edition_of(connection, cohort.course)
    if cohort is None or edition is None or edition.certificate is None:
        return None
    if edition.certificate.exercises and not _all_accepted(connection, head.no, edition):
        return None
    done = _done(connection, head.no)
    for checked in (False, True):
        # Looked up only where all else is there: most pushes stop at the first round.
        readings = list(_true(connection, cohort.course, done.readings)) if checked else done.readings
        so_far = work(readings, done.attempts, exercises=done.exercises)
        if missing(edition.certificate, edition, so_far, done.grades, done.returned):
            return None
    wanted = {one.id for one in edition.activities if one.type is ActivityType.EXERCISE}
    return Earned(
        name=connection.execute(select(person.c.name).where(person.c.id == learner)).scalar_one(),
        cohort=cohort,
        edition=edition,
        trainers=_trainers(connection, cohort_id),
        grades=done.grades,
        accepted=sum(done.exercises.get(id_) is Handed.ACCEPTED for id_ in wanted),
        minutes_done=minutes_spent(edition, done.readings, done.attempts, done.exercises),
    )


def offers(connection: Connection, cohort_id: bytes) -> bool:
    """Whether the course that a cohort learns gives a certificate."""
    cohort = cohort_of(connection, cohort_id)
    edition = None if cohort is None else edition_of(connection, cohort.course)
    return edition is not None and edition.certificate is not None


def minutes_spent(
    edition: Edition, readings: Iterable[Reading], attempts: Iterable[Attempt], exercises: Mapping[bytes, Handed]
) -> int:
    """Minutes that were spent: measured while reading, from start to end of each attempt.

    Nothing measures an exercise: one that was accepted counts as planned.
    """
    seconds: dict[bytes, float] = {}
    for reading in readings:
        seconds[reading.activity] = seconds.get(reading.activity, 0) + max(0, reading.seconds)
    for attempt in attempts:
        took = max(0, attempt.submitted - attempt.started) / _MINUTE_MS * _MINUTE_S
        seconds[attempt.activity] = seconds.get(attempt.activity, 0) + took
    total = 0.0
    for activity in edition.activities:
        if activity.type is ActivityType.EXERCISE:
            total += activity.minutes if exercises.get(activity.id) is Handed.ACCEPTED else 0
        else:
            total += min(seconds.get(activity.id, 0) / _MINUTE_S, _MOST_TIMES * activity.minutes)
    return round(total)


def _all_accepted(connection: Connection, space_no: int, edition: Edition) -> bool:
    """Whether every exercise is accepted: few rows say so, and most pushes need no look at all the others."""
    returned = (RETURNED.decode(kept.body) for kept in read_returned(connection, space_no))
    accepted = {one.activity for one in returned if one.verdict is Verdict.ACCEPTED}
    return all(one.id in accepted for one in edition.activities if one.type is ActivityType.EXERCISE)


def _done(connection: Connection, space_no: int) -> _Done:
    kinds = {kind.number: kind for kind in (READING, ATTEMPT, GRADE, HAND_IN, RETURNED)}
    found: dict[int, list[Kept]] = {number: [] for number in kinds}
    for kept in read_kinds(connection, space_no, tuple(kinds)):
        found[kept.kind].append(kept)
    bodies = {number: [kinds[number].decode(kept.body) for kept in rows] for number, rows in found.items()}
    returned: list[Returned] = bodies[RETURNED.number]
    versions: dict[bytes, list[tuple[bytes, HandIn]]] = {}
    for kept, body in zip(found[HAND_IN.number], bodies[HAND_IN.number], strict=True):
        versions.setdefault(body.activity, []).append((kept.id, body))
    exercises = {
        activity: standing(
            versions.get(activity, ()), (one for one in returned if one.activity == activity), draft=False
        )
        for activity in {*versions, *(one.activity for one in returned)}
    }
    return _Done(bodies[READING.number], bodies[ATTEMPT.number], bodies[GRADE.number], returned, exercises)


def _true(connection: Connection, course: bytes, readings: Iterable[Reading]) -> Iterable[Reading]:
    """Readings with the number of parts that their edition has; those of no part of it are left out."""
    space = spaces.find(connection, names.course(CourseId(course)))
    known: dict[bytes, tuple[bytes, int] | None] = {}
    for reading in readings:
        if reading.edition not in known:
            kept = None if space is None else read_record(connection, space.no, reading.edition)
            known[reading.edition] = None if kept is None else _parts(kept)
        activity, count = known[reading.edition] or (b"", 0)
        if reading.activity == activity and 0 <= reading.part < count:
            yield msgspec.structs.replace(reading, parts=count)


def _parts(kept: Kept) -> tuple[bytes, int] | None:
    if kept.kind != LESSON_EDITION.number:
        return None
    lesson: LessonEdition = LESSON_EDITION.decode(kept.body)
    return lesson.activity, parts_of(lesson.video) if lesson.video is not None else max(1, len(parts(lesson.blocks)))


def cohort_of(connection: Connection, cohort_id: bytes) -> Cohort | None:
    """A cohort's own record, with its calendar."""
    space = spaces.find(connection, names.cohort(CohortId(cohort_id)))
    kept = None if space is None else read_record(connection, space.no, cohort_id)
    return None if kept is None or kept.kind != COHORT.number else COHORT.decode(kept.body)


def edition_of(connection: Connection, course: bytes) -> Edition | None:
    """The edition that is learnt: numbers grow in the order of the log."""
    space = spaces.find(connection, names.course(CourseId(course)))
    if space is None:
        return None
    row = row_of(connection, _LAST_OF_KIND, (space.no, EDITION.number))
    return None if row is None else EDITION.decode(row[0])


def _trainers(connection: Connection, cohort_id: bytes) -> tuple[str, ...]:
    space = spaces.find(connection, names.cohort(CohortId(cohort_id)))
    rows = [] if space is None else read_kinds(connection, space.no, (MEMBER.number,))
    members: list[Member] = [MEMBER.decode(kept.body) for kept in rows]
    return tuple(sorted(one.name for one in members if one.part is Part.TRAINER and not one.left))
