"""The drafts of a course as a plain-text folder: `read_folder` gives the same drafts back.

The one thing that a folder does not hold is the number of an option: options are counted from 1 in their order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

from spoc_desktop.interchange.course_folder import COURSE_FILE, MODES, MODULE_FILE, RELEASES, CourseText
from spoc_desktop.interchange.folder_names import slug_of
from spoc_desktop.interchange.front_matter import write_header
from spoc_desktop.interchange.question_writing import write_questions
from sync.content.markdown_writing import write_markdown
from sync.domain.courses import Lesson, Module
from sync.domain.ids import derived
from sync.domain.quizzes import Mode, Quiz

Header = Mapping[str, str | int | tuple[str, ...]]


class FolderNotEmpty(Exception):
    """The folder to write into holds something already: nothing was written."""

    message_key = "folder-not-empty"


class ActivityMissing(Exception):
    """The course names an activity whose text is not there: nothing was written."""

    message_key = "activity-missing"


def write_folder(text: CourseText, folder: Path) -> None:
    """Write the course into an empty or new folder. Raises FolderNotEmpty, ActivityMissing, OSError."""
    if folder.exists() and any(folder.iterdir()):
        raise FolderNotEmpty(str(folder))
    for name, content in folder_texts(text).items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8", newline="\n")


def folder_texts(text: CourseText) -> dict[str, str]:
    """Each file of the folder by its path. Raises ActivityMissing."""
    course = text.course
    header: Header = {
        "id": str(UUID(bytes=text.course_id)),
        "title": course.title,
        "language": course.language,
        "colour": course.colour,
        "summary": course.summary,
        "objectives": course.objectives,
        "prerequisites": course.prerequisites,
        "technical_contact": course.technical_contact,
        "pedagogical_contact": course.pedagogical_contact,
    }
    files = {COURSE_FILE: _file(header, write_markdown(course.presentation))}
    taken: set[str] = set()
    for place, module in enumerate(course.modules, 1):
        files |= _module_texts(text, module, place, slug_of(module.title, taken))
    return files


def _module_texts(text: CourseText, module: Module, place: int, slug: str) -> dict[str, str]:
    folder = f"{place:02}-{slug}"
    header = _identity(text.course_id, slug, module.id) | {
        "title": module.title,
        "week": module.week,
        "objectives": module.objectives,
    }
    files = {f"{folder}/{MODULE_FILE}": _file(header, "")}
    taken: set[str] = set()
    for number, activity in enumerate(module.activities, 1):
        draft = text.lessons.get(activity) or text.quizzes.get(activity)
        if draft is None:
            raise ActivityMissing(module.title)
        name = slug_of(draft.title, taken)
        identity = _identity(text.course_id, f"{slug}/{name}", activity)
        content = _lesson(draft, identity) if isinstance(draft, Lesson) else _quiz(draft, activity, identity)
        files[f"{folder}/{number * 10:02}-{name}.md"] = content
    return files


def _identity(course_id: bytes, path: str, identity: bytes) -> dict[str, str | int | tuple[str, ...]]:
    """The `id` key, only where the name alone would give another."""
    return {} if derived(course_id, path) == identity else {"id": str(UUID(bytes=identity))}


def _lesson(lesson: Lesson, identity: Header) -> str:
    header = {
        "kind": "lesson",
        **identity,
        "title": lesson.title,
        "minutes": lesson.minutes,
        "objectives": lesson.objectives,
    }
    return _file(header, write_markdown(lesson.blocks))


def _quiz(quiz: Quiz, activity: bytes, identity: Header) -> str:
    header = {
        "kind": "quiz",
        **identity,
        "title": quiz.title,
        "minutes": quiz.minutes,
        "mode": _word(MODES, quiz.mode),
        "attempts": quiz.attempts,
        "pass_percent": quiz.pass_percent,
        "shuffle": quiz.shuffle,
    }
    if quiz.mode is not Mode.FORMATIVE:
        header["release"] = _word(RELEASES, quiz.release)
    parts: Sequence[str] = (write_markdown(quiz.introduction), *write_questions(quiz.questions, quiz.keys, activity))
    return _file(header, "\n\n".join(filter(None, parts)))


def _word(words: Mapping[str, object], value: object) -> str:
    return next((word for word, meant in words.items() if meant == value), "")


def _file(header: Header, body: str) -> str:
    return f"{write_header(header)}\n\n{body}\n" if body else f"{write_header(header)}\n"
