"""A plain-text course folder into the drafts of a course, or every problem in it with file and line (nothing is saved).

    course.md              the course: keys, then its presentation
    01-first-week/         a module; the number gives the order, the name is the module's lasting name
        module.md          its title, week and objectives
        10-lesson.md       `kind: lesson` and a text
        20-quiz.md         `kind: quiz` and questions
        30-exercise.md     `kind: exercise`, a brief and its rubric
        40-video.md        `kind: video`, a file with captions and chapters
    media/                 the pictures, videos and documents that the texts name

Ids are derived from the course's id and the names, without their numbers: reading a folder again edits the same course,
and changing the order changes nothing else. An `id` key keeps an id that no name gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spoc_desktop.interchange.activity_pages import (
    KINDS,
    MAX_OBJECTIVES,
    MAX_TEXT,
    MAX_TITLE,
    ActivityPage,
    Draft,
    finish,
    read_activity,
)
from spoc_desktop.interchange.folder_files import Entry, read_text
from spoc_desktop.interchange.folder_names import Named, named
from spoc_desktop.interchange.folder_source import FolderSource, Source
from spoc_desktop.interchange.front_matter import Fields, Page, read_page
from spoc_desktop.interchange.media import Media, read_media
from spoc_desktop.interchange.problems import FileReport, Problem, ProblemKind, Report
from spoc_desktop.interchange.summary import Summary, summary_of
from sync.content.markdown import read_markdown
from sync.content.media import FOLDER as MEDIA_FOLDER
from sync.domain.courses import CertificateRule, Course, Lesson, Module
from sync.domain.exercises import Exercise
from sync.domain.files import attachments_in
from sync.domain.ids import derived
from sync.domain.publishing import Drafts
from sync.domain.quizzes import Quiz

LANGUAGES = {"fr": "fr", "en": "en"}
COLOURS = {name: name for name in ("ochre", "teal", "raspberry", "ink", "green", "slate")}
MAX_WEEK = 60

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
    files: dict[bytes, Path] = field(default_factory=dict, compare=False)

    @property
    def drafts(self) -> Drafts:
        """As they are published."""
        return Drafts(self.course, self.lessons, self.quizzes, self.exercises)


@dataclass(frozen=True, slots=True)
class Understood:
    """A folder without a problem; `warnings` say what was left out or guessed."""

    text: CourseText
    warnings: tuple[Problem, ...]

    @property
    def summary(self) -> Summary:
        """What the course holds, in numbers."""
        return summary_of(self.text.drafts)


@dataclass(frozen=True, slots=True)
class Refused:
    """Every problem of a folder, in the order of its files and lines, and what would be left out besides."""

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def read_folder(folder: Path) -> Understood | Refused:
    """Read a course folder whole. Never raises for what is in it: each problem is named, all at once."""
    report = Report()
    if not folder.is_dir():
        report.of("").add(0, ProblemKind.NOT_A_FOLDER)
        return Refused(report.problems(), ())
    return read_source(FolderSource(folder), report)


def read_source(source: Source, report: Report) -> Understood | Refused:
    """Read a course whole from where its files lie; `report` may hold problems already."""
    text = _CourseReader(source, report).read()
    problems = report.problems()
    if problems or text is None:
        return Refused(problems, report.warnings())
    return Understood(text, report.warnings())


@dataclass(slots=True)
class _CourseReader:
    source: Source
    report: Report
    media: Media = field(default_factory=Media)
    course_id: bytes = b""
    drafts: dict[bytes, Draft] = field(default_factory=dict)
    ids: set[bytes] = field(default_factory=set)

    def read(self) -> CourseText | None:
        found = self.source.entries("", self.report)
        self.media = read_media(self.source, self.report)
        here = self.report.of(COURSE_FILE)
        head = next((entry for entry in found if entry.name == COURSE_FILE and not entry.is_folder), None)
        if head is None:
            here.add(0, ProblemKind.NO_COURSE_FILE)
        page = _page(head, here)
        self.course_id = (page.fields.identity(required=True) if page is not None else None) or b""
        aside = [entry for entry in found if entry is head or (entry.is_folder and entry.name == MEDIA_FOLDER)]
        modules = self.modules([entry for entry in found if entry not in aside])
        return None if page is None else self.text(self.course(page, modules, here))

    def text(self, course: Course) -> CourseText:
        used = attachments_in((course, *self.drafts.values()))
        self.media.report_unused(used, self.report)
        return CourseText(
            self.course_id,
            course,
            {id_: draft for id_, draft in self.drafts.items() if isinstance(draft, Lesson)},
            {id_: draft for id_, draft in self.drafts.items() if isinstance(draft, Quiz)},
            {id_: draft for id_, draft in self.drafts.items() if isinstance(draft, Exercise)},
            {file.sha256: self.media.path_of(file) for file in used},
        )

    def course(self, page: Page, modules: tuple[Module, ...], here: FileReport) -> Course:
        fields = page.fields
        reading = read_markdown(page.body, first_line=page.body_line, files=self.media.files)
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
            certificate=_certificate(fields),
        )
        finish(course, page, here)
        return course

    def modules(self, found: Sequence[Entry]) -> tuple[Module, ...]:
        folders = named(found, self.report, folders=True)
        if not folders:
            self.report.of("").add(0, ProblemKind.NO_MODULE)
        return tuple(self.module(folder) for folder in folders)

    def module(self, folder: Named) -> Module:
        found = self.source.entries(folder.entry.name, self.report)
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
        """Read an activity and give its id; None where the file holds none that this program knows."""
        here = self.report.of(file.entry.name)
        page = _page(file.entry, here)
        kind = page.fields.choice("kind", KINDS) if page is not None else None
        if page is None or kind is None:
            return None
        identity = self.identity(page.fields, f"{module_slug}/{file.slug}", here)
        self.drafts[identity] = read_activity(kind, ActivityPage(page, identity, self.media, here))
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


def _certificate(fields: Fields) -> CertificateRule | None:
    """The rule, when the course gives a certificate; its further keys mean nothing without it."""
    if not fields.flag("certificate", default=False):
        return None
    usual = CertificateRule()
    return CertificateRule(
        minutes_percent=fields.number("certificate_minutes", 0, 100, default=usual.minutes_percent),
        quizzes=fields.flag("certificate_quizzes", default=usual.quizzes),
        exercises=fields.flag("certificate_exercises", default=usual.exercises),
    )
