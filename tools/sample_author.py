"""The sample course as its author has it: drafts beside the edition, and a second course that nobody has begun."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from sync.domain import spaces
from sync.domain.courses import COURSE, LESSON
from sync.domain.exercises import EXERCISE
from sync.domain.ids import CourseId
from sync.domain.kind import encode
from sync.domain.quizzes import QUIZ, QuestionType
from tools.sample_laptop import SampleLaptop

BLANK = CourseId(bytes.fromhex("0192f0c0bbbb7000800000000000c0de"))


def tell_drafts(laptop: SampleLaptop) -> None:
    """The server tells Claire's drafts, and opens an empty course for her."""
    text = laptop.text
    bodies = (
        *((LESSON, id_, lesson) for id_, lesson in text.lessons.items()),
        *((QUIZ, id_, quiz) for id_, quiz in text.quizzes.items()),
        *((EXERCISE, id_, exercise) for id_, exercise in text.exercises.items()),
    )
    laptop.told(
        spaces.authoring(laptop.course_id),
        [(COURSE, text.course_id, encode(text.course)), *((kind, id_, encode(body)) for kind, id_, body in bodies)],
        laptop.person,
    )
    for file, path in text.files.items():
        laptop.store.files.put(file, path.read_bytes())
    laptop.told(spaces.authoring(BLANK), [])


def author_routes(laptop: SampleLaptop) -> Iterator[tuple[str, dict[str, object]]]:
    """Every page of « Contenus », with something on it to mend."""
    text = laptop.text
    named = [activity for module in text.course.modules for activity in module.activities]
    course: dict[str, object] = {"course_id": text.course_id}
    quiz = next(one for one in named if one in text.quizzes)
    yield "contents", {}
    yield "contents_new", {"course_id": BLANK}
    yield "contents_course", course
    yield "contents_settings", course
    yield "contents_lesson", course | {"activity_id": next(one for one in named if one in text.lessons)}
    yield "contents_quiz", course | {"activity_id": quiz}
    for kind in QuestionType:
        place = next((n for n, one in enumerate(text.quizzes[quiz].questions) if one.type is kind), None)
        if place is not None:
            yield "contents_question", course | {"activity_id": quiz, "question": place}
    yield "contents_exercise", course | {"activity_id": next(one for one in named if one in text.exercises)}
    yield "contents_import", {}


def leave_unfinished(laptop: SampleLaptop) -> None:
    """Leave things to do in the course: no contact, a lesson without minutes, an answer without a remark."""
    drafts = laptop.workplace.drafts
    drafts.change_course(laptop.course_id, technical_contact="")
    quiz_id, quiz = next(iter(laptop.text.quizzes.items()))
    bare = msgspec.structs.replace(quiz.keys[0], feedback=(), explanation=(), right=())
    drafts.change_activity(laptop.course_id, quiz_id, keys=(bare, *quiz.keys[1:]))
    lesson_id = next(iter(laptop.text.lessons))
    drafts.change_activity(laptop.course_id, lesson_id, minutes=0)
