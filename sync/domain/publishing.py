"""Publishing: drafts become editions that never change, and the keys of graded quizzes stay behind (protocol rule 5).

An edition's id is derived from its bytes: what did not change is not published again, so laptops fetch only what is
new.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import NamedTuple

import msgspec

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
from sync.domain.ids import derived
from sync.domain.kind import Kind, encode
from sync.domain.quizzes import QUIZ_EDITION, QUIZ_KEYS, Mode, Quiz, QuizEdition, QuizKeys


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


class Unready(NamedTuple):
    """A lack and the title of what lacks it."""

    lack: Lack
    title: str


class Row(NamedTuple):
    """A record to write: `body` is its wire form."""

    kind: Kind
    id: bytes
    body: bytes


class Published(NamedTuple):
    """Rows for the course space and for the authoring space. Writing one twice changes nothing."""

    course: tuple[Row, ...]
    authoring: tuple[Row, ...]


def unready(course: Course, lessons: Mapping[bytes, Lesson], quizzes: Mapping[bytes, Quiz]) -> tuple[Unready, ...]:
    """The check-list before publishing: durations, at least one evaluation, both contacts, every key there."""
    found = []
    if not course.modules:
        found.append(Unready(Lack.NO_MODULES, course.title))
    if not course.technical_contact.strip():
        found.append(Unready(Lack.NO_TECHNICAL_CONTACT, course.title))
    if not course.pedagogical_contact.strip():
        found.append(Unready(Lack.NO_PEDAGOGICAL_CONTACT, course.title))
    named = [activity for module in course.modules for activity in module.activities]
    if not any(activity in quizzes for activity in named):
        found.append(Unready(Lack.NO_EVALUATION, course.title))
    for module in course.modules:
        for activity in module.activities:
            found += _unready_activity(module, activity, lessons, quizzes)
    return tuple(found)


def _unready_activity(
    module: Module, activity: bytes, lessons: Mapping[bytes, Lesson], quizzes: Mapping[bytes, Quiz]
) -> list[Unready]:
    draft = lessons.get(activity) or quizzes.get(activity)
    if draft is None:
        return [Unready(Lack.ACTIVITY_MISSING, module.title)]
    found = [Unready(Lack.NO_MINUTES, draft.title)] if draft.minutes <= 0 else []
    if isinstance(draft, Quiz):
        if not draft.questions:
            found.append(Unready(Lack.NO_QUESTIONS, draft.title))
        if {question.id for question in draft.questions} - {key.question for key in draft.keys}:
            found.append(Unready(Lack.KEY_MISSING, draft.title))
        if draft.mode is Mode.UNKNOWN:
            found.append(Unready(Lack.UNKNOWN_MODE, draft.title))
    return found


def publish(
    course_id: bytes,
    course: Course,
    lessons: Mapping[bytes, Lesson],
    quizzes: Mapping[bytes, Quiz],
    *,
    number: int,
    secret: bytes,
) -> Published:
    """The rows of edition `number` of a course that `unready` finds nothing against.

    `secret` is the server's: without it, the id of a graded quiz would let a learner try keys until the id fits.
    """
    public: list[Row] = []
    kept: list[Row] = []
    modules = []
    for module in course.modules:
        activities = []
        for activity in module.activities:
            if activity in lessons:
                activities.append(_publish_lesson(activity, lessons[activity], public))
            else:
                activities.append(_publish_quiz(activity, quizzes[activity], secret, public, kept))
        modules.append(
            PublishedModule(
                id=module.id,
                title=module.title,
                week=module.week,
                activities=tuple(activities),
                objectives=module.objectives,
            )
        )
    shared = {name: getattr(course, name) for name in Course.__struct_fields__ if name != "modules"}
    edition = Edition(number=number, modules=tuple(modules), **shared)
    public.append(Row(EDITION, derived("edition", course_id, str(number)), encode(edition)))
    return Published(tuple(public), tuple(kept))


def _publish_lesson(activity: bytes, draft: Lesson, public: list[Row]) -> PublishedActivity:
    face = LessonEdition(activity=activity, **msgspec.structs.asdict(draft))
    row = _row(LESSON_EDITION, face)
    public.append(row)
    return PublishedActivity(
        id=activity, type=ActivityType.LESSON, edition=row.id, title=draft.title, minutes=draft.minutes
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
