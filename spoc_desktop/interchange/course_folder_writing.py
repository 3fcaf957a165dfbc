"""The drafts of a course as a plain-text folder: `read_folder` gives the same drafts back.

The one thing that a folder does not hold is the number of an option: options are counted from 1 in their order.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from uuid import UUID

from spoc_desktop.interchange.activity_pages import MODES, RELEASES
from spoc_desktop.interchange.clock_text import write_time
from spoc_desktop.interchange.course_folder import COURSE_FILE, MODULE_FILE, CourseText
from spoc_desktop.interchange.folder_names import slug_of
from spoc_desktop.interchange.front_matter import write_header
from spoc_desktop.interchange.media_places import Places
from spoc_desktop.interchange.question_writing import write_questions
from spoc_desktop.interchange.rubric_text import write_rubric
from sync.content.markdown_writing import write_markdown
from sync.content.media import FOLDER as MEDIA_FOLDER
from sync.domain.courses import CertificateRule, Lesson, Module
from sync.domain.exercises import Exercise
from sync.domain.ids import derived
from sync.domain.quizzes import Mode, Quiz
from sync.domain.videos import Video

Value = str | int | tuple[str, ...]
Header = dict[str, Value]


class FolderNotEmpty(Exception):
    """The folder to write into holds something already: nothing was written."""

    message_key = "folder-not-empty"


class ActivityMissing(Exception):
    """The course names an activity whose text is not there: nothing was written."""

    message_key = "activity-missing"


class FileNotHere(Exception):
    """The bytes of a file that the course names are not on this computer: nothing was written."""

    message_key = "file-not-here"


def write_folder(text: CourseText, folder: Path, read: Callable[[bytes], bytes | None] | None = None) -> None:
    """Write the course with its files into an empty or new folder; `read` gives the bytes of a file by SHA-256.

    The folder is there whole or not at all: what an export that was cut left beside it goes with the next one.
    Raises FolderNotEmpty, ActivityMissing, FileNotHere, OSError.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FolderNotEmpty(str(folder))
    places = Places()
    texts = folder_texts(text, places)
    read = read or _reader(text)
    for file in places.paths.values():
        if read(file.sha256) is None:
            raise FileNotHere(file.name)
    half = folder.with_name(f".{folder.name}.part")
    _remove(half)
    try:
        for name, content in texts.items():
            _put(half / name, content.encode())
        for path, file in places.paths.items():
            _put(half / MEDIA_FOLDER / path, read(file.sha256) or b"")
        if folder.exists():
            folder.rmdir()
        half.rename(folder)
    finally:
        _remove(half)


def _remove(half: Path) -> None:
    if half.exists():
        shutil.rmtree(half)


def _reader(text: CourseText) -> Callable[[bytes], bytes | None]:
    def read(digest: bytes) -> bytes | None:
        path = text.files.get(digest)
        return None if path is None else path.read_bytes()

    return read


def _put(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def folder_texts(text: CourseText, places: Places | None = None) -> dict[str, str]:
    """Each text file of the folder by its path; `places` learns where the other files go. Raises ActivityMissing."""
    places = places or Places()
    course = places.placed(text.course)
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
        **_certificate(course.certificate),
    }
    files = {COURSE_FILE: _file(header, write_markdown(course.presentation))}
    taken: set[str] = set()
    for place, module in enumerate(course.modules, 1):
        files |= _module_texts(text, module, place, slug_of(module.title, taken), places)
    return files


def _certificate(rule: CertificateRule | None) -> Header:
    if rule is None:
        return {}
    return {
        "certificate": True,
        "certificate_minutes": rule.minutes_percent,
        "certificate_quizzes": rule.quizzes,
        "certificate_exercises": rule.exercises,
    }


def _module_texts(text: CourseText, module: Module, place: int, slug: str, places: Places) -> dict[str, str]:
    folder = f"{place:02}-{slug}"
    header: Header = _identity(text.course_id, slug, module.id) | {
        "title": module.title,
        "week": module.week,
        "objectives": module.objectives,
    }
    files = {f"{folder}/{MODULE_FILE}": _file(header, "")}
    taken: set[str] = set()
    for number, activity in enumerate(module.activities, 1):
        found = text.drafts.find(activity)
        if found is None:
            raise ActivityMissing(module.title)
        draft = places.placed(found)
        name = slug_of(draft.title, taken)
        identity = _identity(text.course_id, f"{slug}/{name}", activity)
        files[f"{folder}/{number * 10:02}-{name}.md"] = _activity(draft, activity, identity, text.course.language)
    return files


def _activity(draft: Lesson | Quiz | Exercise, activity: bytes, identity: Header, language: str) -> str:
    match draft:
        case Lesson(video=video):
            return _lesson(draft, *(("lesson", identity) if video is None else ("video", identity | _video(video))))
        case Exercise():
            return _exercise(draft, identity, language)
        case Quiz():
            return _quiz(draft, activity, identity)


def _identity(course_id: bytes, path: str, identity: bytes) -> Header:
    """The `id` key, only where the name alone would give another."""
    return {} if derived(course_id, path) == identity else {"id": str(UUID(bytes=identity))}


def _lesson(lesson: Lesson, kind: str, keys: Header) -> str:
    header: Header = {
        "kind": kind,
        **keys,
        "title": lesson.title,
        "minutes": lesson.minutes,
        "objectives": lesson.objectives,
    }
    return _file(header, write_markdown(lesson.blocks))


def _video(video: Video) -> Header:
    return {
        "file": f"{MEDIA_FOLDER}/{video.file.name}",
        "length": write_time(video.milliseconds),
        "captions": tuple(f"{each.language} {MEDIA_FOLDER}/{each.file.name}" for each in video.captions),
        "chapters": tuple(f"{write_time(chapter.at)} {chapter.title}" for chapter in video.chapters),
        "credits": video.credits,
    }


def _exercise(exercise: Exercise, identity: Header, language: str) -> str:
    header: Header = {
        "kind": "exercise",
        **identity,
        "title": exercise.title,
        "minutes": exercise.minutes,
        "due_day": exercise.due_day,
        "files": exercise.files,
        "objectives": exercise.objectives,
    }
    parts: Sequence[str] = (write_markdown(exercise.brief), write_rubric(exercise.criteria, language))
    return _file(header, "\n\n".join(filter(None, parts)))


def _quiz(quiz: Quiz, activity: bytes, identity: Header) -> str:
    header: Header = {
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
