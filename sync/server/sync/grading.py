"""Attempts are graded when they have arrived, with the edition that they were taken on (rule 5).

`space.graded_seq` says how far a personal space is graded; what stands above it is graded again after a kill, and ids
that are derived from the attempt make that harmless. The grade goes to the staff space first and its copy, where the
quiz gives it at once, to the personal space in a transaction of its own: no transaction crosses spaces.
"""

from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from sync.domain import spaces as names
from sync.domain.grading import grade
from sync.domain.ids import CohortId, CourseId, PersonId, derived
from sync.domain.publishing import Row
from sync.domain.quizzes import ATTEMPT, GRADE, QUIZ_EDITION, QUIZ_KEYS, Attempt, Key, Mode, QuizEdition, Release
from sync.domain.spaces import SpaceType
from sync.server import checkpoints
from sync.server.storage import spaces
from sync.server.storage.log import Kept, read_kinds, read_record
from sync.server.storage.schema import cohort, counted, space, ungraded
from sync.server.storage.spaces import SpaceHead
from sync.server.sync import rows

_FAR = 1_000
"""Rows without an attempt after which it is worth a transaction to remember that they were looked at."""


class Found(NamedTuple):
    """What a round of grading found: rows for either space, which attempts count, which could not be graded."""

    staff: list[Row]
    personal: list[Row]
    counting: list[tuple[bytes, int, bytes]]
    missing: list[bytes]
    upto: int
    now: int


class _Quiz(NamedTuple):
    edition: QuizEdition
    keys: tuple[Key, ...]


def pending(connection: Connection) -> list[bytes]:
    """Personal spaces with attempts that may not be graded yet: after a kill, or because their edition was missing."""
    kind = bytes([SpaceType.PERSONAL])
    late = select(space.c.id).where(space.c.graded_seq < space.c.seq)
    left = select(space.c.id).join(ungraded, ungraded.c.space_no == space.c.no)
    found = {id_ for query in (late, left) for (id_,) in connection.execute(query)}
    return sorted(id_ for id_ in found if id_.startswith(kind))


def examine(connection: Connection, space_id: bytes, now: int) -> Found | None:
    """Grade what is not graded yet in a personal space, without writing; None when there is nothing."""
    head = spaces.find(connection, space_id)
    if head is None or names.type_of(space_id) is not SpaceType.PERSONAL:
        return None
    graded = connection.execute(select(space.c.graded_seq).where(space.c.no == head.no)).scalar_one()
    attempts = _waiting(connection, head, graded)
    if not attempts and head.seq - graded < _FAR:
        return None
    found = Found([], [], [], [], head.seq, now)
    course = _course_of(connection, space_id)
    quizzes: dict[bytes, _Quiz | None] = {}
    for kept in attempts:
        attempt: Attempt = ATTEMPT.decode(kept.body)
        if attempt.edition not in quizzes:
            quizzes[attempt.edition] = None if course is None else _quiz(connection, course, attempt.edition)
        _grade(connection, head, kept, quizzes[attempt.edition], found)
    return found


def keep_in_staff(connection: Connection, space_id: bytes, found: Found, now: int, tail: bytes) -> None:
    """Write the grades into the learner's staff space."""
    cohort_id, learner = names.ids_of(space_id)
    rows.write(connection, names.staff(CohortId(cohort_id), PersonId(learner)), found.staff, now, tail)
    checkpoints.reach(checkpoints.GRADE_BEFORE_COMMIT)


def keep_in_personal(connection: Connection, space_id: bytes, found: Found, now: int, tail: bytes) -> None:
    """Write the copies that reach the learner at once, and remember how far the space is graded."""
    checkpoints.reach(checkpoints.GRADE_BETWEEN)
    written = rows.write(connection, space_id, found.personal, now, tail)
    head = spaces.ensure(connection, space_id)
    for activity, number, attempt in found.counting:
        connection.execute(insert(counted).values(space_no=head.no, activity=activity, number=number, attempt=attempt))
    graded = head.seq if head.seq == found.upto + written else found.upto
    connection.execute(update(space).where(space.c.no == head.no).values(graded_seq=graded))
    connection.execute(delete(ungraded).where(ungraded.c.space_no == head.no))
    for attempt_id in found.missing:
        connection.execute(insert(ungraded).values(space_no=head.no, attempt=attempt_id))


def released(grade_row: Row) -> Row:
    """The copy of a grade that its learner may see; its id names the version that it copies."""
    return Row(GRADE, derived("released", grade_row.id), grade_row.body)


def _waiting(connection: Connection, head: SpaceHead, graded: int) -> list[Kept]:
    left = connection.execute(select(ungraded.c.attempt).where(ungraded.c.space_no == head.no)).scalars().all()
    again = [kept for id_ in left if (kept := read_record(connection, head.no, id_)) is not None and kept.seq <= graded]
    fresh = [] if graded >= head.seq else read_kinds(connection, head.no, (ATTEMPT.number,), graded)
    return sorted(again, key=lambda kept: kept.seq) + fresh


def _course_of(connection: Connection, space_id: bytes) -> CourseId | None:
    found = connection.execute(select(cohort.c.course).where(cohort.c.id == names.ids_of(space_id)[0]))
    course = found.scalar_one_or_none()
    return None if course is None else CourseId(course)


def _quiz(connection: Connection, course: CourseId, edition_id: bytes) -> _Quiz | None:
    face = _record(connection, names.course(course), QUIZ_EDITION.number, edition_id)
    if face is None:
        return None
    edition: QuizEdition = QUIZ_EDITION.decode(face.body)
    if edition.mode is Mode.FORMATIVE:
        return _Quiz(edition, edition.keys)
    kept = _record(connection, names.authoring(course), QUIZ_KEYS.number, derived(QUIZ_KEYS.name, edition_id))
    return None if kept is None else _Quiz(edition, QUIZ_KEYS.decode(kept.body).keys)


def _record(connection: Connection, space_id: bytes, kind: int, id_: bytes) -> Kept | None:
    head = spaces.find(connection, space_id)
    kept = None if head is None else read_record(connection, head.no, id_)
    return kept if kept is not None and kept.kind == kind else None


def _grade(connection: Connection, head: SpaceHead, kept: Kept, quiz: _Quiz | None, found: Found) -> None:
    attempt: Attempt = ATTEMPT.decode(kept.body)
    if quiz is None or quiz.edition.activity != attempt.activity:
        found.missing.append(kept.id)
        return
    counts = _counts(connection, head, attempt, quiz.edition.attempts, found)
    if counts:
        found.counting.append((attempt.activity, attempt.number, kept.id))
    graded = rows.row(
        GRADE,
        derived(GRADE.name, kept.id),
        grade(quiz.edition, quiz.keys, attempt, attempt_id=kept.id, graded_at=found.now, counts=counts),
    )
    found.staff.append(graded)
    if quiz.edition.mode is Mode.FORMATIVE or quiz.edition.release is Release.AT_ONCE:
        found.personal.append(released(graded))


def _counts(connection: Connection, head: SpaceHead, attempt: Attempt, most: int, found: Found) -> bool:
    """The first accepted attempt under a number counts, as long as the edition allows one more."""
    if not 0 <= attempt.number < 1 << 63:
        return False
    same = (counted.c.space_no == head.no, counted.c.activity == attempt.activity)
    taken = select(counted.c.number).where(*same, counted.c.number == attempt.number)
    now = [number for activity, number, _ in found.counting if activity == attempt.activity]
    if attempt.number in now or connection.execute(taken).one_or_none() is not None:
        return False
    if most == 0:
        return True
    before = connection.execute(select(func.count()).select_from(counted).where(*same)).scalar_one()
    return bool(before + len(now) < most)
