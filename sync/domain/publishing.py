"""Publishing: drafts become editions that never change, and the keys of graded quizzes stay behind (protocol rule 5).

An edition's id is derived from its bytes: what did not change is not published again, so laptops fetch only what is
new.
"""

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from sync.domain.blocks import Block, Figure
from sync.domain.courses import (
    EDITION,
    LESSON_EDITION,
    ActivityType,
    Course,
    Edition,
    Lesson,
    LessonEdition,
    Module,
    PublishedActivity,
    PublishedModule,
)
from sync.domain.exercises import EXERCISE_EDITION, Exercise, ExerciseEdition
from sync.domain.ids import derived
from sync.domain.kind import Kind, encode
from sync.domain.quizzes import QUIZ_EDITION, QUIZ_KEYS, Key, Mode, Question, QuestionType, Quiz, QuizEdition, QuizKeys


class Lack(IntEnum):
    """What keeps a course from being published: one line of the check-list."""

    ACTIVITY_MISSING = 1
    NO_MINUTES = 2
    NO_QUESTIONS = 3
    KEY_MISSING = 4
    NO_MODULES = 5
    NO_EVALUATION = 6
    NO_TECHNICAL_CONTACT = 7
    NO_PEDAGOGICAL_CONTACT = 8
    UNKNOWN_MODE = 9
    NO_BRIEF = 10
    NO_CRITERIA = 11
    NO_CAPTIONS = 12
    NO_ALTERNATIVE = 13
    FILE_MISSING = 14
    """The server has not got a file of it; `unready` cannot know."""


class Unready(NamedTuple):
    """A lack, the title of what lacks it, and the activity that it is about, empty for the course itself."""

    lack: Lack
    title: str
    activity: bytes = b""


class Drafts(NamedTuple):
    """What an authoring space holds of a course; the three mappings are by activity."""

    course: Course
    lessons: Mapping[bytes, Lesson] = MappingProxyType({})
    quizzes: Mapping[bytes, Quiz] = MappingProxyType({})
    exercises: Mapping[bytes, Exercise] = MappingProxyType({})

    def find(self, activity: bytes) -> "Lesson | Quiz | Exercise | None":
        """The draft of an activity."""
        return self.lessons.get(activity) or self.quizzes.get(activity) or self.exercises.get(activity)


class Row(NamedTuple):
    """A record to write: `body` is its wire form."""

    kind: Kind
    id: bytes
    body: bytes


class Published(NamedTuple):
    """Rows for the course space and for the authoring space. Writing one twice changes nothing."""

    course: tuple[Row, ...]
    authoring: tuple[Row, ...]


def unready(drafts: Drafts) -> tuple[Unready, ...]:
    """The check-list before publishing: durations, an evaluation, both contacts, keys, captions, rubrics."""
    course = drafts.course
    found = []
    if not course.modules:
        found.append(Unready(Lack.NO_MODULES, course.title))
    if not course.technical_contact.strip():
        found.append(Unready(Lack.NO_TECHNICAL_CONTACT, course.title))
    if not course.pedagogical_contact.strip():
        found.append(Unready(Lack.NO_PEDAGOGICAL_CONTACT, course.title))
    named = [activity for module in course.modules for activity in module.activities]
    if not any(activity in drafts.quizzes or activity in drafts.exercises for activity in named):
        found.append(Unready(Lack.NO_EVALUATION, course.title))
    for module in course.modules:
        for activity in module.activities:
            found += _unready_activity(module, activity, drafts.find(activity))
    return tuple(found)


def _unready_activity(module: Module, activity: bytes, draft: Lesson | Quiz | Exercise | None) -> list[Unready]:
    if draft is None:
        return [Unready(Lack.ACTIVITY_MISSING, module.title, activity)]
    lacks = [Lack.NO_MINUTES] if draft.minutes <= 0 else []
    match draft:
        case Quiz():
            lacks += _lacks_of_quiz(draft)
        case Exercise():
            lacks += [Lack.NO_BRIEF] if not draft.brief else []
            lacks += [Lack.NO_CRITERIA] if not draft.criteria else []
            lacks += _lacks_of_blocks(draft.brief)
        case Lesson():
            lacks += [Lack.NO_CAPTIONS] if draft.video is not None and not draft.video.captions else []
            lacks += _lacks_of_blocks(draft.blocks)
    return [Unready(lack, draft.title, activity) for lack in lacks]


def _lacks_of_quiz(quiz: Quiz) -> list[Lack]:
    lacks = []
    if not quiz.questions:
        lacks.append(Lack.NO_QUESTIONS)
    keys = {key.question: key for key in quiz.keys}
    if not all(has_right_answer(question, keys.get(question.id)) for question in quiz.questions):
        lacks.append(Lack.KEY_MISSING)
    if quiz.mode is Mode.UNKNOWN:
        lacks.append(Lack.UNKNOWN_MODE)
    return lacks


def has_right_answer(question: Question, key: Key | None) -> bool:
    """Whether anything answers a question; without it nobody could ever be right."""
    if key is None:
        return False
    if question.type is QuestionType.SHORT_TEXT:
        return any(text.strip() for text in key.accepted)
    return question.type is QuestionType.NUMERIC or bool(key.right)


def _lacks_of_blocks(blocks: tuple[Block, ...]) -> list[Lack]:
    bare = any(isinstance(block, Figure) and not block.alternative.strip() for block in blocks)
    return [Lack.NO_ALTERNATIVE] if bare else []


def publish(course_id: bytes, drafts: Drafts, *, number: int, secret: bytes) -> Published:
    """The rows of edition `number` of a course that `unready` finds nothing against.

    `secret` is the server's: without it, the id of a graded quiz would let a learner try keys until the id fits.
    """
    course = drafts.course
    public: list[Row] = []
    kept: list[Row] = []
    modules = tuple(
        PublishedModule(
            id=module.id,
            title=module.title,
            week=module.week,
            activities=tuple(
                _publish_activity(activity, drafts.find(activity), secret, public, kept)
                for activity in module.activities
            ),
            objectives=module.objectives,
        )
        for module in course.modules
    )
    shared = {name: getattr(course, name) for name in Course.__struct_fields__ if name != "modules"}
    edition = Edition(number=number, modules=modules, **shared)
    public.append(Row(EDITION, derived("edition", course_id, str(number)), encode(edition)))
    return Published(tuple(public), tuple(kept))


def _publish_activity(
    activity: bytes, draft: Lesson | Quiz | Exercise | None, secret: bytes, public: list[Row], kept: list[Row]
) -> PublishedActivity:
    match draft:
        case Lesson():
            return _publish_lesson(activity, draft, public)
        case Quiz():
            return _publish_quiz(activity, draft, secret, public, kept)
        case Exercise():
            return _publish_exercise(activity, draft, public)
    raise ValueError("a course that lacks an activity is not published")


def _publish_lesson(activity: bytes, draft: Lesson, public: list[Row]) -> PublishedActivity:
    face = LessonEdition(activity=activity, **msgspec.structs.asdict(draft))
    row = _row(LESSON_EDITION, face)
    public.append(row)
    kind = ActivityType.LESSON if draft.video is None else ActivityType.VIDEO
    return PublishedActivity(id=activity, type=kind, edition=row.id, title=draft.title, minutes=draft.minutes)


def _publish_exercise(activity: bytes, draft: Exercise, public: list[Row]) -> PublishedActivity:
    face = ExerciseEdition(activity=activity, **msgspec.structs.asdict(draft))
    row = _row(EXERCISE_EDITION, face)
    public.append(row)
    return PublishedActivity(
        id=activity,
        type=ActivityType.EXERCISE,
        edition=row.id,
        title=draft.title,
        minutes=draft.minutes,
        graded=True,
        due_day=draft.due_day,
    )


def _publish_quiz(activity: bytes, draft: Quiz, secret: bytes, public: list[Row], kept: list[Row]) -> PublishedActivity:
    graded = draft.mode is Mode.GRADED
    parts = msgspec.structs.asdict(draft)
    # Derived from the whole quiz, keys too: a corrected key is another edition, so that it never regrades silently.
    whole = QuizEdition(activity=activity, **parts)
    edition = derived(QUIZ_EDITION.name, secret, encode(whole))
    face = msgspec.structs.replace(whole, keys=()) if graded else whole
    public.append(Row(QUIZ_EDITION, edition, encode(face)))
    if graded:
        keys = QuizKeys(activity=activity, edition=edition, keys=draft.keys)
        kept.append(Row(QUIZ_KEYS, derived(QUIZ_KEYS.name, edition), encode(keys)))
    return PublishedActivity(
        id=activity,
        type=ActivityType.QUIZ,
        edition=edition,
        title=draft.title,
        minutes=draft.minutes,
        graded=graded,
    )


def _row(kind: Kind, body: msgspec.Struct) -> Row:
    raw = encode(body)
    return Row(kind, derived(kind.name, raw), raw)
