"""Bringing a course folder into its authoring space, changing only what changed, and asking the server to publish."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import msgspec

from spoc_desktop.interchange.course_folder import CourseText
from spoc_desktop.services.authoring_errors import ExportIncomplete, ExportPlaceTaken, FileChanged, TakenElsewhere
from spoc_desktop.services.desk import Desk, Edited, New
from spoc_desktop.services.errors import NotAnAuthor
from sync.client.ports import Changes, Laptop
from sync.domain import spaces
from sync.domain.courses import COURSE, LESSON
from sync.domain.exercises import EXERCISE
from sync.domain.files import Attachment, attachments_in
from sync.domain.ids import CourseId
from sync.domain.kind import Kind, encode
from sync.domain.quizzes import QUIZ
from sync.domain.spaces import SpaceType
from sync.protocol.messages import PublishReply


class Standings(Protocol):
    """What says which spaces this laptop may read."""

    def state(self) -> Laptop:
        """All known spaces."""
        ...


class Publisher(Protocol):
    """The way to the server's publish command."""

    def publish(self, course: bytes) -> PublishReply:
        """Publish a course from its authoring space. NotReady, Forbidden, or any other `SyncError`."""
        ...


@dataclass(frozen=True, slots=True)
class Written:
    """What a folder changed in the drafts: titles of those made and edited, how many stayed as they were."""

    changes: Changes
    created: tuple[str, ...]
    edited: tuple[str, ...]
    unchanged: int


class Authoring:
    """The author's courses. `write` works on the store, `publish` on the network."""

    def __init__(self, desk: Desk, standings: Standings, publisher: Publisher) -> None:
        self._desk = desk
        self._standings = standings
        self._publisher = publisher

    def courses(self) -> tuple[CourseId, ...]:
        """The courses whose authoring space this person may read."""
        found = (one.space for one in self._standings.state().spaces if one.visible and not one.lost)
        return tuple(
            CourseId(spaces.ids_of(space)[0]) for space in found if spaces.type_of(space) is SpaceType.AUTHORING
        )

    def write(self, text: CourseText) -> Written:
        """Make the drafts say what the folder says, in one transaction.

        NotAnAuthor when the course is another's, TakenElsewhere when it claims what stands in another course. Its
        files are kept before the records that name them. A draft that the folder no longer names stays where it is:
        the course just does not lead to it any more. DiskFull, FileTooLarge, OSError: no record was written.
        """
        if text.course_id not in self.courses():
            raise NotAnAuthor(self._titles())
        space = spaces.authoring(CourseId(text.course_id))
        drafts: list[tuple[Kind, bytes, msgspec.Struct, str]] = [
            *((LESSON, id_, lesson, lesson.title) for id_, lesson in text.lessons.items()),
            *((QUIZ, id_, quiz, quiz.title) for id_, quiz in text.quizzes.items()),
            *((EXERCISE, id_, exercise, exercise.title) for id_, exercise in text.exercises.items()),
            (COURSE, text.course_id, text.course, text.course.title),
        ]
        changes: list[New | Edited] = []
        created, edited = [], []
        for kind, id_, draft, title in drafts:
            seen = self._desk.store.one(kind, id_, space)
            if seen is None:
                if self._desk.store.one(kind, id_) is not None:
                    raise TakenElsewhere(title)
                changes.append(New(kind, space, id_, draft))
                created.append(title)
            elif fields := _differing(seen.body, draft):
                changes.append(Edited(kind, id_, fields, space))
                edited.append(title)
        self._keep_files(text)
        done = self._desk.store.write(changes) if changes else Changes()
        return Written(done, tuple(created), tuple(edited), len(drafts) - len(changes))

    def _keep_files(self, text: CourseText) -> None:
        bodies = (text.course, *text.lessons.values(), *text.quizzes.values(), *text.exercises.values())
        for file in attachments_in(bodies):
            self.keep_file(text, file)

    def keep_file(self, text: CourseText, file: Attachment) -> None:
        """Keep one file that a course names, where it came with the course. FileChanged, DiskFull, OSError."""
        path = text.files.get(file.sha256)
        if path is None or self._desk.store.files.has(file.sha256):
            return
        content = path.read_bytes()
        if sha256(content).digest() != file.sha256:
            raise FileChanged(file.name)
        self._desk.store.files.keep(content, file.name, file.type)

    def text(self, course_id: bytes) -> CourseText | None:
        """The drafts of a course as they stand here; None when they have not come or the course is another's."""
        space = spaces.authoring(CourseId(course_id))
        seen = self._desk.store.one(COURSE, course_id, space) if course_id in self.courses() else None
        if seen is None:
            return None
        lessons, quizzes, exercises = (self._bodies(kind, space) for kind in (LESSON, QUIZ, EXERCISE))
        return CourseText(course_id, seen.body, lessons, quizzes, exercises)

    def export(self, course_id: bytes, folder: Path) -> CourseText:
        """Write a course with its files as a course folder.

        NotAnAuthor, ExportPlaceTaken, ExportIncomplete, OSError.
        """
        from spoc_desktop.interchange import course_folder_writing as writing

        text = self.text(course_id)
        if text is None:
            raise NotAnAuthor(self._titles())
        try:
            writing.write_folder(text, folder, self._desk.store.files.read)
        except writing.FolderNotEmpty as error:
            raise ExportPlaceTaken from error
        except (writing.ActivityMissing, writing.FileNotHere) as error:
            raise ExportIncomplete(str(error)) from error
        return text

    def find(self, words: str) -> CourseId:
        """The course that a title or an id (a UUID) names, the only one for "". NotAnAuthor with the titles."""
        courses = self.courses()
        named = [one for one in courses if words.casefold() in {self._title(one).casefold(), str(UUID(bytes=one))}]
        found = named if words else courses
        if len(found) != 1:
            raise NotAnAuthor(self._titles())
        return found[0]

    def _bodies(self, kind: Kind, space: bytes) -> dict[bytes, Any]:
        return {seen.id: seen.body for seen in self._desk.store.view(kind, space)}

    def _title(self, course_id: bytes) -> str:
        seen = self._desk.store.one(COURSE, course_id)
        return "" if seen is None else seen.body.title

    def publish(self, course_id: bytes) -> PublishReply:
        """Ask the server to publish what has reached it."""
        return self._publisher.publish(course_id)

    def _titles(self) -> tuple[str, ...]:
        return tuple(sorted(filter(None, map(self._title, self.courses()))))


def _differing(before: msgspec.Struct, after: msgspec.Struct) -> dict[str, object]:
    """The fields of a draft whose wire form differs."""
    if encode(before) == encode(after):
        return {}
    return {
        name: getattr(after, name) for name in after.__struct_fields__ if getattr(before, name) != getattr(after, name)
    }
