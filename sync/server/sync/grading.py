"""Attempts are graded when they have arrived, with the edition that they were taken on (rule 5).

`space.graded_seq` says how far a personal space is graded; what stands above it is graded again after a kill, and ids
that are derived from the attempt make that harmless. The grade goes to the staff space first and its copy, where the
quiz gives it at once, to the personal space in a transaction of its own: no transaction crosses spaces.
"""

from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from sync.domain import spaces as names
from sync.domain.grading import grade
from sync.domain.ids import CohortId, CourseId, PersonId, derived
from sync.domain.publishing import Row
from sync.domain.quizzes import ATTEMPT, GRADE, QUIZ_EDITION, QUIZ_KEYS, Attempt, Key, Mode, QuizEdition, Release
from sync.domain.spaces import SpaceType
from sync.server import checkpoints
from sync.server.storage import spaces
from sync.server.storage.dialect import upsert
from sync.server.storage.log import Kept, read_kinds, read_record
from sync.server.storage.schema import cohort, counted, space, ungraded
from sync.server.storage.spaces import SpaceHead
from sync.server.sync import rows

ROUND = 500
"""Attempts graded at once: the writer never waits long for a laptop that was away for a year."""
_FAR = 1_000
"""Rows without an attempt after which it is worth a transaction to remember that they were looked at."""


class Found(NamedTuple):
    """What a round of grading found: rows for either space, which attempts count, which were or could not be graded."""

    staff: list[Row]
    personal: list[Row]
    counting: list[tuple[bytes, int, bytes]]
    graded: list[bytes]
    missing: list[bytes]
    upto: int
    more: bool


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


def examine(connection: Connection, space_id: bytes, now: int, *, again: bool = False) -> Found | None:
    """Grade what is not graded yet in a personal space, without writing; None when there is nothing.

    `again`: those too whose edition was missing when they came.
    """
    head = spaces.find(connection, space_id)
    if head is None:
        return None
    graded = connection.execute(select(space.c.graded_seq).where(space.c.no == head.no)).scalar_one()
    fresh = read_kinds(connection, head.no, (ATTEMPT.number,), after=graded, most=ROUND)
    older = _left(connection, head, graded) if again else []
    if not fresh and not older and head.seq - graded < _FAR:
        return None
    upto = fresh[-1].seq if len(fresh) == ROUND else head.seq
    found = Found([], [], [], [], [], upto, more=upto < head.seq)
    desk = _Desk(connection, head, found, now)
    for kept in older + fresh:
        desk.grade(kept)
    return found


def keep_in_staff(connection: Connection, space_id: bytes, found: Found, now: int, tail: bytes) -> None:
    """Write the grades into the learner's staff space."""
    cohort_id, learner = names.ids_of(space_id)
    rows.write(connection, names.staff(CohortId(cohort_id), PersonId(learner)), found.staff, now, tail)
    checkpoints.reach(checkpoints.GRADE_BEFORE_COMMIT)


def keep_in_personal(connection: Connection, space_id: bytes, found: Found, now: int, tail: bytes) -> None:
    """Write the copies that reach the learner at once, and remember how far the space is graded."""
    checkpoints.reach(checkpoints.GRADE_BETWEEN)
    before = spaces.ensure(connection, space_id)
    written = rows.write(connection, space_id, found.personal, now, tail)
    upto = before.seq + written if before.seq == found.upto else found.upto
    connection.execute(update(space).where(space.c.no == before.no).values(graded_seq=upto))
    if found.missing:
        missing = [{"space_no": before.no, "attempt": attempt} for attempt in found.missing]
        connection.execute(upsert(connection, ungraded).on_conflict_do_nothing(), missing)
    for attempt in found.graded:
        connection.execute(delete(ungraded).where(ungraded.c.space_no == before.no, ungraded.c.attempt == attempt))
    columns = ("space_no", "activity", "number", "attempt")
    if found.counting:
        connection.execute(
            insert(counted), [dict(zip(columns, (before.no, *each), strict=True)) for each in found.counting]
        )


def released(grade_row: Row) -> Row:
    """The copy of a grade that its learner may see; its id names the version that it copies."""
    return Row(GRADE, derived("released", grade_row.id), grade_row.body)


def _left(connection: Connection, head: SpaceHead, graded: int) -> list[Kept]:
    left = connection.execute(select(ungraded.c.attempt).where(ungraded.c.space_no == head.no)).scalars().all()
    found = (read_record(connection, head.no, id_) for id_ in left)
    return sorted((kept for kept in found if kept is not None and kept.seq <= graded), key=lambda kept: kept.seq)


class _Desk:
    """Grades the attempts of one round; quizzes and counting numbers are read once."""

    def __init__(self, connection: Connection, head: SpaceHead, found: Found, now: int) -> None:
        self._connection = connection
        self._head = head
        self._found = found
        self._now = now
        self._quizzes: dict[bytes, _Quiz | None] = {}
        self._taken: dict[bytes, set[int]] = {}
        course = select(cohort.c.course).where(cohort.c.id == names.ids_of(head.id)[0])
        self._course: CourseId | None = connection.execute(course).scalar_one_or_none()

    def grade(self, kept: Kept) -> None:
        """Grade one attempt, or note that its edition is missing."""
        attempt: Attempt = ATTEMPT.decode(kept.body)
        if attempt.edition not in self._quizzes:
            self._quizzes[attempt.edition] = self._quiz(attempt.edition)
        quiz = self._quizzes[attempt.edition]
        if quiz is None or quiz.edition.activity != attempt.activity:
            self._found.missing.append(kept.id)
            return
        counts = self._counts(attempt, quiz.edition.attempts)
        if counts:
            self._found.counting.append((attempt.activity, attempt.number, kept.id))
        body = grade(quiz.edition, quiz.keys, attempt, attempt_id=kept.id, graded_at=self._now, counts=counts)
        row = rows.row(GRADE, derived(GRADE.name, kept.id), body)
        self._found.staff.append(row)
        self._found.graded.append(kept.id)
        if quiz.edition.mode is Mode.FORMATIVE or quiz.edition.release is Release.AT_ONCE:
            self._found.personal.append(released(row))

    def _counts(self, attempt: Attempt, most: int) -> bool:
        """The first accepted attempt under a number counts, as long as the edition allows one more."""
        if attempt.activity not in self._taken:
            same = (counted.c.space_no == self._head.no, counted.c.activity == attempt.activity)
            self._taken[attempt.activity] = set(
                self._connection.execute(select(counted.c.number).where(*same)).scalars()
            )
        taken = self._taken[attempt.activity]
        counts = attempt.number not in taken and (most == 0 or len(taken) < most) and 0 <= attempt.number < 1 << 63
        if counts:
            taken.add(attempt.number)
        return counts

    def _quiz(self, edition_id: bytes) -> _Quiz | None:
        if self._course is None:
            return None
        face = self._record(names.course(self._course), QUIZ_EDITION.number, edition_id)
        if face is None:
            return None
        edition: QuizEdition = QUIZ_EDITION.decode(face.body)
        if edition.mode is Mode.FORMATIVE:
            return _Quiz(edition, edition.keys)
        kept = self._record(names.authoring(self._course), QUIZ_KEYS.number, derived(QUIZ_KEYS.name, edition_id))
        return None if kept is None else _Quiz(edition, QUIZ_KEYS.decode(kept.body).keys)

    def _record(self, space_id: bytes, kind: int, id_: bytes) -> Kept | None:
        head = spaces.find(self._connection, space_id)
        kept = None if head is None else read_record(self._connection, head.no, id_)
        return kept if kept is not None and kept.kind == kind else None
