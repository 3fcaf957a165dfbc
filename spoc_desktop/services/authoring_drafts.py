"""The courses that a person writes, changed in the window: what stands in them, their outline, each text as typed.

Everything is a draft in the course's authoring space; publishing is the server's (`authoring.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from spoc_desktop.interchange.folder_files import Entry
from spoc_desktop.interchange.media import Media, look_at
from spoc_desktop.interchange.problems import Problem, Report
from spoc_desktop.services.authoring import Authoring
from spoc_desktop.services.authoring_changes import EDITION_KINDS, Differences, since
from spoc_desktop.services.authoring_check import CheckLine, check_list
from spoc_desktop.services.authoring_errors import FileRefused
from spoc_desktop.services.desk import Desk, Edited, New
from spoc_desktop.services.errors import NotHereYet
from sync.client.ports import Changes
from sync.client.view import State
from sync.domain import spaces
from sync.domain.courses import COURSE, EDITION, LESSON, CertificateRule, Course, Edition, Lesson, Module
from sync.domain.exercises import EXERCISE, Exercise
from sync.domain.files import Attachment
from sync.domain.ids import CourseId
from sync.domain.kind import Kind
from sync.domain.publishing import Drafts
from sync.domain.quizzes import QUIZ, QUIZ_KEYS, Mode, Quiz

DRAFT_KINDS = frozenset(kind.number for kind in (COURSE, LESSON, QUIZ, EXERCISE))
FIRST_MINUTES = {"lesson": 20, "quiz": 10, "exercise": 40}
"""The planned time that a new activity begins with."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """A course of an author. `drafts` None: it was not begun, or has not come. `published_at` in milliseconds.

    `is_refused`: the server took a change of it back, for this person may read it and not write it.
    """

    course_id: bytes
    drafts: Drafts | None
    edition: Edition | None = None
    published_at: int = 0
    differences: Differences = field(default_factory=Differences)
    checks: tuple[CheckLine, ...] = ()
    waiting: int = 0
    is_refused: bool = False

    @property
    def title(self) -> str:
        """As the draft calls it, else as it was published; empty for a course that nobody began."""
        named = self.drafts.course if self.drafts is not None else self.edition
        return named.title if named is not None else ""

    @property
    def is_blank(self) -> bool:
        """Whether the course is there to be begun."""
        return self.drafts is None and self.edition is None


@dataclass(frozen=True, slots=True)
class Opened:
    """An activity with the course around it."""

    shelved: Shelved
    module: Module
    activity: bytes
    body: Any

    @property
    def drafts(self) -> Drafts:
        """Those of the whole course."""
        if self.shelved.drafts is None:
            raise NotHereYet
        return self.shelved.drafts


class CourseDrafts:
    """Every method is one transaction on this computer's store; call it off the main thread."""

    def __init__(self, desk: Desk, authoring: Authoring) -> None:
        self._desk = desk
        self._authoring = authoring

    # -- reading

    def shelf(self) -> tuple[Shelved, ...]:
        """Every course of this person, by title; the ones that were not begun come last."""
        found = [self.course(course_id) for course_id in self._authoring.courses()]
        return tuple(sorted(found, key=lambda one: (one.is_blank, one.title.casefold())))

    def course(self, course_id: bytes) -> Shelved:
        """One course."""
        store = self._desk.store
        text = self._authoring.text(course_id)
        drafts = text.drafts if text is not None else None
        editions = store.view(EDITION, spaces.course(CourseId(course_id)))
        newest = max(editions, key=lambda seen: seen.body.number, default=None)
        authoring = spaces.authoring(CourseId(course_id))
        entries = [one for one in store.outbox_list() if one.space == authoring]
        return Shelved(
            course_id=course_id,
            drafts=drafts,
            edition=newest.body if newest is not None else None,
            published_at=newest.at if newest is not None else 0,
            differences=self._since(course_id, newest.body, drafts) if newest and drafts else Differences(),
            checks=check_list(drafts) if drafts is not None else (),
            waiting=sum(one.state is State.WAITING for one in entries),
            is_refused=any(one.state is State.REFUSED for one in entries),
        )

    def _since(self, course_id: bytes, edition: Edition, drafts: Drafts) -> Differences:
        store, space = self._desk.store, spaces.course(CourseId(course_id))
        texts = {seen.id: seen.body for kind in EDITION_KINDS for seen in store.view(kind, space)}
        kept = store.view(QUIZ_KEYS, spaces.authoring(CourseId(course_id)))
        return since(edition, texts, {seen.body.edition: seen.body for seen in kept}, drafts)

    def activity(self, course_id: bytes, activity: bytes) -> Opened:
        """One activity. NotHereYet when its text has not come, or was taken out of the course."""
        shelved = self.course(course_id)
        if shelved.drafts is not None:
            body = shelved.drafts.find(activity)
            for module in shelved.drafts.course.modules:
                if body is not None and activity in module.activities:
                    return Opened(shelved, module, activity, body)
        raise NotHereYet

    # -- the course

    def begin(self, course_id: bytes, title: str, language: str, technical: str, pedagogical: str) -> Changes:
        """Begin a course that is empty."""
        body = Course(
            title=title,
            language=language,
            summary="",
            modules=(),
            technical_contact=technical,
            pedagogical_contact=pedagogical,
            certificate=CertificateRule(),
        )
        return self._desk.store.write([New(COURSE, spaces.authoring(CourseId(course_id)), course_id, body)])

    def change_course(self, course_id: bytes, **fields: object) -> Changes:
        """Replace fields of the course."""
        return self._desk.store.write([self._edit_course(course_id, **fields)])

    def _edit_course(self, course_id: bytes, **fields: object) -> Edited:
        return Edited(COURSE, course_id, fields, spaces.authoring(CourseId(course_id)))

    def _modules(self, course_id: bytes) -> list[Module]:
        seen = self._desk.store.one(COURSE, course_id, spaces.authoring(CourseId(course_id)))
        if seen is None:
            raise NotHereYet
        return list(seen.body.modules)

    def change_modules(self, course_id: bytes, change: Callable[[list[Module]], list[Module]]) -> Changes:
        """Let `change` make other modules of those that stand."""
        before = self._modules(course_id)
        after = tuple(change(list(before)))
        return self.change_course(course_id, modules=after) if after != tuple(before) else Changes()

    # -- its activities

    def add_activity(self, course_id: bytes, module_id: bytes, sort: str, title: str) -> tuple[bytes, Changes]:
        """A new lesson, quiz or exercise at the end of a module; its id."""
        activity, space = self._desk.new_id(), spaces.authoring(CourseId(course_id))
        minutes = FIRST_MINUTES[sort]
        bodies: dict[str, tuple[Kind, msgspec.Struct]] = {
            "lesson": (LESSON, Lesson(title=title, minutes=minutes, blocks=())),
            "quiz": (QUIZ, Quiz(title=title, minutes=minutes, mode=Mode.FORMATIVE, questions=(), keys=())),
            "exercise": (EXERCISE, Exercise(title=title, minutes=minutes, brief=(), criteria=())),
        }
        kind, body = bodies[sort]
        modules = tuple(
            msgspec.structs.replace(one, activities=(*one.activities, activity)) if one.id == module_id else one
            for one in self._modules(course_id)
        )
        made = New(kind, space, activity, body)
        return activity, self._desk.store.write([made, self._edit_course(course_id, modules=modules)])

    def change_activity(self, course_id: bytes, activity: bytes, **fields: object) -> Changes:
        """Replace fields of a lesson, a quiz or an exercise: called at each keystroke. TooLargeToSave."""
        space = spaces.authoring(CourseId(course_id))
        for kind in (LESSON, QUIZ, EXERCISE):
            if self._desk.store.one(kind, activity, space) is not None:
                return self._desk.store.write([Edited(kind, activity, fields, space)])
        raise NotHereYet

    def change_quiz(self, course_id: bytes, activity: bytes, change: Callable[[Quiz], dict[str, Any]]) -> Changes:
        """Let `change` say which fields of a quiz become others, from the quiz as it stands."""
        seen = self._desk.store.one(QUIZ, activity, spaces.authoring(CourseId(course_id)))
        if seen is None:
            raise NotHereYet
        fields = change(seen.body)
        return self.change_activity(course_id, activity, **fields) if fields else Changes()

    # -- files

    def keep_file(self, path: Path, types: frozenset[str]) -> Attachment:
        """Keep a file for a text, looked at as one of a course folder is. FileRefused says what is wrong with it."""
        report = Report()
        here = report.of(path.name)
        media = Media()
        file = look_at(Entry(path, path.name, is_folder=False), media, here)
        if file is None or file.type not in types:
            raise FileRefused(path.name, report.problems())
        content = path.read_bytes()
        if sha256(content).digest() != file.sha256:
            raise FileRefused(path.name, ())
        self._desk.store.files.keep(content, file.name, file.type)
        return file


__all__ = ["DRAFT_KINDS", "CourseDrafts", "Opened", "Problem", "Shelved"]
