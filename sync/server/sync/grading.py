"""Attempts are graded when they have arrived, with the edition that they were taken on (rule 5).

`space.graded_seq` says how far a personal space is graded; what stands above it is graded again after a kill, and ids
that are derived from the attempt make that harmless. The grade goes to the staff space first and its copy, where the
quiz gives it at once or its week is over, to the personal space in a transaction of its own: no transaction crosses
spaces.
"""

from typing import NamedTuple

from sqlalchemy import Connection, select

from sync.domain import spaces as names
from sync.domain.grading import grade
from sync.domain.ids import CohortId, CourseId, PersonId, derived
from sync.domain.publishing import Row
from sync.domain.quizzes import ATTEMPT, GRADE, QUIZ_EDITION, QUIZ_KEYS, Attempt, Key, Mode, QuizEdition, Release
from sync.domain.spaces import SpaceType
from sync.server import checkpoints
from sync.server.storage import spaces
from sync.server.storage.dialect import Bulk, add_rows, delete_among, row_of, upsert
from sync.server.storage.log import Kept, read_kinds, read_record
from sync.server.storage.schema import counted, space, ungraded
from sync.server.storage.spaces import SpaceHead
from sync.server.sync import rows
from sync.server.sync.weeks import Weeks, weeks_of

ROUND = 500
"""Attempts graded at once: the writer never waits long for a laptop that was away for a year."""
_FAR = 1_000
"""Rows without an attempt after which it is worth a transaction to remember that they were looked at."""


_COUNTED = Bulk(counted, "space_no", "activity", "number", "attempt")
_IS_TAKEN = "SELECT 1 FROM counted WHERE space_no = ? AND activity = ? AND number = ?"
_HOW_MANY = "SELECT count(*) FROM counted WHERE space_no = ? AND activity = ?"


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
    graded = spaces.looked_up_to(connection, head)
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


def is_in_staff(connection: Connection, space_id: bytes, found: Found) -> bool:
    """Whether the grades are in the staff space: a full disk may have taken them back after they were written."""
    if not found.staff:
        return True
    cohort_id, learner = names.ids_of(space_id)
    head = spaces.find(connection, names.staff(CohortId(cohort_id), PersonId(learner)))
    return head is not None and read_record(connection, head.no, found.staff[-1].id) is not None


def keep_in_personal(connection: Connection, space_id: bytes, found: Found, now: int, tail: bytes) -> None:
    """Write the copies that reach the learner at once, and remember how far the space is graded."""
    checkpoints.reach(checkpoints.GRADE_BETWEEN)
    before = spaces.ensure(connection, space_id)
    written = rows.write(connection, space_id, found.personal, now, tail)
    upto = before.seq + written if before.seq == found.upto else found.upto
    spaces.look_up_to(connection, before.no, upto)
    if found.missing:
        missing = [{"space_no": before.no, "attempt": attempt} for attempt in found.missing]
        connection.execute(upsert(connection, ungraded).on_conflict_do_nothing(), missing)
    delete_among(connection, "DELETE FROM ungraded WHERE space_no = ? AND attempt {among}", (before.no,), found.graded)
    add_rows(connection, _COUNTED, [(before.no, *each) for each in found.counting])


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
        course = row_of(connection, "SELECT course FROM cohort WHERE id = ?", (names.ids_of(head.id)[0],))
        self._course = None if course is None else CourseId(course[0])
        self._weeks: Weeks | None = None

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
        if self._is_given(quiz.edition):
            self._found.personal.append(released(row))

    def _is_given(self, edition: QuizEdition) -> bool:
        """Whether a grade reaches its learner with the grading itself."""
        if edition.mode is Mode.FORMATIVE or edition.release is Release.AT_ONCE:
            return True
        return edition.release is Release.AT_CLOSE and self._is_over(edition.activity)

    def _is_over(self, activity: bytes) -> bool:
        if self._weeks is None:
            self._weeks = weeks_of(self._connection, names.ids_of(self._head.id)[0])
        return self._weeks is not None and self._weeks.is_over(activity, self._now)

    def _counts(self, attempt: Attempt, most: int) -> bool:
        """The first accepted attempt under a number counts, as long as the edition allows one more."""
        taken, same = self._taken.setdefault(attempt.activity, set()), (self._head.no, attempt.activity)
        if not 0 <= attempt.number < 1 << 63 or attempt.number in taken:
            return False
        if row_of(self._connection, _IS_TAKEN, (*same, attempt.number)) is not None:
            return False
        if most and row_of(self._connection, _HOW_MANY, same)[0] + len(taken) >= most:
            return False
        taken.add(attempt.number)
        return True

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
