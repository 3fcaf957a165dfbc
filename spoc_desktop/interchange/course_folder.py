"""A plain-text course folder into the drafts of a course, or every problem in it with file and line (nothing is saved).

    course.md              the course: keys, then its presentation
    01-first-week/         a module; the number gives the order, the name is the module's lasting name
        module.md          its title, week and objectives
        10-lesson.md       `kind: lesson` and a text
        20-quiz.md         `kind: quiz` and questions

Ids are derived from the course's id and the names, without their numbers: reading a folder again edits the same course,
and changing the order changes nothing else. An `id` key keeps an id that no name gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from spoc_desktop.interchange.folder_files import Entry, entries, read_text
from spoc_desktop.interchange.folder_names import Named, named
from spoc_desktop.interchange.front_matter import Fields, Page, read_page
from spoc_desktop.interchange.problems import FileReport, Problem, ProblemKind, Report
from spoc_desktop.interchange.question_text import read_questions
from sync.content.markdown import read_markdown
from sync.domain.courses import Course, Lesson, Module
from sync.domain.exercises import Exercise
from sync.domain.ids import derived
from sync.domain.kind import encode
from sync.domain.publishing import Drafts
from sync.domain.quizzes import Mode, Quiz, Release
from sync.protocol.limits import MAX_BODY

LANGUAGES = {"fr": "fr", "en": "en"}
COLOURS = {name: name for name in ("ochre", "teal", "raspberry", "ink", "green", "slate")}
MODES = {"formative": Mode.FORMATIVE, "graded": Mode.GRADED}
RELEASES = {"at_once": Release.AT_ONCE, "at_close": Release.AT_CLOSE, "by_trainer": Release.BY_TRAINER}
KINDS = {"lesson": "lesson", "quiz": "quiz", "exercise": "exercise"}

MAX_TITLE = 200
MAX_TEXT = 2_000
MAX_OBJECTIVES = 20
MAX_MINUTES = 600
MAX_WEEK = 60
MAX_ATTEMPTS = 20

COURSE_FILE = "course.md"
MODULE_FILE = "module.md"


@dataclass(frozen=True, slots=True)
class CourseText:
    """The drafts of one course: record ids are the course's id and the activities' ids.

    `files`: where the bytes of each file that a draft names lie, by SHA-256.
    """

    course_id: bytes
    course: Course
    lessons: dict[bytes, Lesson]
    quizzes: dict[bytes, Quiz]
    exercises: dict[bytes, Exercise] = field(default_factory=dict)
    files: dict[bytes, Path] = field(default_factory=dict)

    @property
    def drafts(self) -> Drafts:
        """As they are published."""
        return Drafts(self.course, self.lessons, self.quizzes, self.exercises)


@dataclass(frozen=True, slots=True)
class Understood:
    """A folder without a problem; `warnings` say what was left out or guessed."""

    text: CourseText
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Every problem of a folder, in the order of its files and lines, and what would be left out besides."""

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def read_folder(folder: Path) -> Understood | Refused:
    """Read a course folder whole. Never raises for what is in it: each problem is named, all at once."""
    report = Report()
    text = _FolderReader(report).read(folder)
    problems = report.problems()
    if problems or text is None:
        return Refused(problems, report.warnings())
    return Understood(text, report.warnings())


@dataclass(slots=True)
class _FolderReader:
    report: Report
    course_id: bytes = b""
    lessons: dict[bytes, Lesson] = field(default_factory=dict)
    quizzes: dict[bytes, Quiz] = field(default_factory=dict)
    ids: set[bytes] = field(default_factory=set)

    def read(self, folder: Path) -> CourseText | None:
        if not folder.is_dir():
            self.report.of("").add(0, ProblemKind.NOT_A_FOLDER)
            return None
        found = entries(folder, "", self.report)
        here = self.report.of(COURSE_FILE)
        head = next((entry for entry in found if entry.name == COURSE_FILE and not entry.is_folder), None)
        if head is None:
            here.add(0, ProblemKind.NO_COURSE_FILE)
        page = _page(head, here)
        self.course_id = (page.fields.identity(required=True) if page is not None else None) or b""
        modules = self.modules([entry for entry in found if entry is not head])
        if page is None:
            return None
        return CourseText(self.course_id, self.course(page, modules, here), self.lessons, self.quizzes)

    def course(self, page: Page, modules: tuple[Module, ...], here: FileReport) -> Course:
        fields = page.fields
        reading = read_markdown(page.body, first_line=page.body_line)
        here.add_troubles(reading.troubles)
        course = Course(
            title=fields.text("title", longest=MAX_TITLE, required=True),
            language=fields.choice("language", LANGUAGES) or "",
            summary=fields.text("summary", longest=MAX_TEXT),
            modules=modules,
            colour=fields.choice("colour", COLOURS, default="ochre") or "",
            objectives=fields.texts("objectives", longest=MAX_TITLE, most=MAX_OBJECTIVES),
            prerequisites=fields.text("prerequisites", longest=MAX_TEXT),
            technical_contact=fields.text("technical_contact", longest=MAX_TITLE),
            pedagogical_contact=fields.text("pedagogical_contact", longest=MAX_TITLE),
            presentation=reading.blocks,
        )
        _finish(course, page, here)
        return course

    def modules(self, found: Sequence[Entry]) -> tuple[Module, ...]:
        folders = named(found, self.report, folders=True)
        if not folders:
            self.report.of("").add(0, ProblemKind.NO_MODULE)
        return tuple(self.module(folder) for folder in folders)

    def module(self, folder: Named) -> Module:
        found = entries(folder.entry.path, folder.entry.name, self.report)
        file = f"{folder.entry.name}/{MODULE_FILE}"
        here = self.report.of(file)
        head = next((entry for entry in found if entry.name == file and not entry.is_folder), None)
        if head is None:
            here.add(0, ProblemKind.NO_MODULE_FILE)
        page = _page(head, here) or Page(Fields(here, {}, broken=True), "", 1)
        if page.body.strip():
            here.add(page.body_line, ProblemKind.TEXT_IN_MODULE)
        identity = self.identity(page.fields, folder.slug, here)
        files = named([entry for entry in found if entry is not head], self.report, folders=False)
        activities = tuple(filter(None, (self.activity(file, folder.slug) for file in files)))
        if not files:
            here.add(0, ProblemKind.NO_ACTIVITY)
        module = Module(
            id=identity,
            title=page.fields.text("title", longest=MAX_TITLE, required=True),
            week=page.fields.number("week", 1, MAX_WEEK),
            activities=activities,
            objectives=page.fields.texts("objectives", longest=MAX_TITLE, most=MAX_OBJECTIVES),
        )
        page.fields.finish()
        return module

    def activity(self, file: Named, module_slug: str) -> bytes | None:
        """Read a lesson or a quiz and give its id; None where the file holds none that this program knows."""
        here = self.report.of(file.entry.name)
        page = _page(file.entry, here)
        kind = page.fields.choice("kind", KINDS) if page is not None else None
        if page is None or kind is None:
            return None
        if kind == "exercise":
            here.add(page.fields.line("kind"), ProblemKind.EXERCISE_LATER)
            return None
        identity = self.identity(page.fields, f"{module_slug}/{file.slug}", here)
        if kind == "lesson":
            self.lessons[identity] = _lesson(page, here)
        else:
            self.quizzes[identity] = _quiz(page, identity, here)
        return identity

    def identity(self, fields: Fields, path: str, here: FileReport) -> bytes:
        identity = fields.identity() or derived(self.course_id, path)
        if identity in self.ids or identity == self.course_id:
            here.add(fields.line("id"), ProblemKind.ID_TAKEN, identity.hex())
        self.ids.add(identity)
        return identity


def _page(entry: Entry | None, here: FileReport) -> Page | None:
    text = read_text(entry.path, here) if entry is not None else None
    return read_page(text, here) if text is not None else None


def _lesson(page: Page, here: FileReport) -> Lesson:
    reading = read_markdown(page.body, first_line=page.body_line)
    here.add_troubles(reading.troubles)
    if not reading.blocks and not page.fields.broken:
        here.add(page.body_line, ProblemKind.EMPTY_LESSON)
    lesson = Lesson(
        title=page.fields.text("title", longest=MAX_TITLE, required=True),
        minutes=page.fields.number("minutes", 1, MAX_MINUTES),
        blocks=reading.blocks,
        objectives=page.fields.texts("objectives", longest=MAX_TITLE, most=MAX_OBJECTIVES),
    )
    _finish(lesson, page, here)
    return lesson


def _quiz(page: Page, identity: bytes, here: FileReport) -> Quiz:
    fields = page.fields
    text = read_questions(page.body, page.body_line, identity, here)
    quiz = Quiz(
        title=fields.text("title", longest=MAX_TITLE, required=True),
        minutes=fields.number("minutes", 1, MAX_MINUTES),
        mode=fields.choice("mode", MODES) or Mode.UNKNOWN,
        questions=text.questions,
        keys=text.keys,
        attempts=fields.number("attempts", 0, MAX_ATTEMPTS, default=0),
        pass_percent=fields.number("pass_percent", 0, 100, default=70),
        release=fields.choice("release", RELEASES, default=Release.AT_ONCE) or Release.UNKNOWN,
        shuffle=fields.flag("shuffle", default=True),
        introduction=text.introduction,
    )
    if quiz.mode is Mode.FORMATIVE and quiz.release is not Release.AT_ONCE:
        here.add(fields.line("release"), ProblemKind.RELEASE_FORMATIVE)
    _finish(quiz, page, here)
    return quiz


def _finish(record: msgspec.Struct, page: Page, here: FileReport) -> None:
    page.fields.finish()
    size = len(encode(record))
    if size > MAX_BODY:
        here.add(page.body_line, ProblemKind.RECORD_TOO_BIG, f"{size // 1024 + 1}", str(MAX_BODY // 1024))
