"""Publishing: drafts become editions, keys stay in the authoring space (rule 5). Two transactions, keys first."""

from typing import NamedTuple

from sqlalchemy import Connection

from sync.domain import spaces as names
from sync.domain.courses import COURSE, EDITION, LESSON, Edition
from sync.domain.exercises import EXERCISE
from sync.domain.files import attachments_in
from sync.domain.ids import CourseId
from sync.domain.merge import GONE
from sync.domain.permissions import Role
from sync.domain.publishing import Drafts, Lack, Published, Unready, publish, unready
from sync.domain.quizzes import QUIZ
from sync.protocol.errors import Forbidden, NotReady
from sync.server import checkpoints
from sync.server.core import Core
from sync.server.storage import spaces
from sync.server.storage.log import read_kinds
from sync.server.sync import filing, follow, rows
from sync.server.sync.manifests import manifest_row


class Outcome(NamedTuple):
    """The number of the edition that stands now, and how many rows were written for it."""

    number: int
    rows: int


def publish_course(core: Core, person_no: int, course: CourseId) -> Outcome:
    """Publish a course; unchanged drafts write nothing. Forbidden to all but its authors; NotReady, with the lacks."""
    with core.reading() as connection:
        space = spaces.find(connection, names.authoring(course))
        if space is None or Role.AUTHOR not in spaces.roles_in(connection, person_no, space.no):
            raise Forbidden
        drafts = _drafts(connection, space.no, course)
        standing = _highest(connection, course)
        lacks = (*unready(drafts), *_without_files(core, connection, drafts))
    if lacks:
        raise NotReady(tuple((int(each.lack), each.title) for each in lacks))
    number, made = _edition(course, drafts, standing, core.secrets.publish)
    is_new = standing is None or number > standing.number
    faces = (*made.course, manifest_row(core, course, made.course)) if is_new else made.course
    now = core.now()

    def keep_keys(connection: Connection) -> int:
        written = rows.write(connection, names.authoring(course), made.authoring, now, core.tail())
        checkpoints.reach(checkpoints.PUBLISH_BEFORE_COMMIT)
        return written

    def show_faces(connection: Connection) -> int:
        checkpoints.reach(checkpoints.PUBLISH_BETWEEN)
        return rows.write(connection, names.course(course), faces, now, core.tail())

    written = core.writer.run(keep_keys) + core.writer.run(show_faces)
    core.later(lambda: follow.pending(core))
    return Outcome(number, written)


def _without_files(core: Core, connection: Connection, drafts: Drafts) -> list[Unready]:
    """What names a file that the server does not have: learners would wait for it for ever."""
    named = [drafts.find(activity) for module in drafts.course.modules for activity in module.activities]
    parts = [drafts.course, *(draft for draft in named if draft is not None)]
    return [
        Unready(Lack.FILE_MISSING, part.title)
        for part in parts
        if filing.lacking(core, connection, attachments_in(part))
    ]


def _edition(course: CourseId, drafts: Drafts, standing: Edition | None, secret: bytes) -> tuple[int, Published]:
    """The rows of the next edition, or those of the one that stands when nothing changed since."""
    if standing is not None:
        same = publish(course, drafts, number=standing.number, secret=secret)
        if EDITION.decode(same.course[-1].body) == standing:
            return standing.number, same
    number = 1 if standing is None else standing.number + 1
    return number, publish(course, drafts, number=number, secret=secret)


def _drafts(connection: Connection, space_no: int, course: CourseId) -> Drafts:
    found = read_kinds(connection, space_no, (COURSE.number, LESSON.number, QUIZ.number, EXERCISE.number))
    there = [kept for kept in found if kept.body not in GONE]
    drafts = [COURSE.decode(kept.body) for kept in there if kept.kind == COURSE.number and kept.id == course]
    if not drafts:
        raise NotReady(((int(Lack.NO_MODULES), ""),))
    lessons = {kept.id: LESSON.decode(kept.body) for kept in there if kept.kind == LESSON.number}
    quizzes = {kept.id: QUIZ.decode(kept.body) for kept in there if kept.kind == QUIZ.number}
    exercises = {kept.id: EXERCISE.decode(kept.body) for kept in there if kept.kind == EXERCISE.number}
    return Drafts(drafts[0], lessons, quizzes, exercises)


def _highest(connection: Connection, course: CourseId) -> Edition | None:
    head = spaces.find(connection, names.course(course))
    if head is None:
        return None
    editions: list[Edition] = [EDITION.decode(kept.body) for kept in read_kinds(connection, head.no, (EDITION.number,))]
    return max(editions, key=lambda edition: edition.number, default=None)
