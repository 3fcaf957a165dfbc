"""Bringing a course folder into its authoring space, changing only what changed, and asking the server to publish."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

import msgspec

from spoc_desktop.interchange.course_folder import CourseText
from spoc_desktop.services.authoring_errors import FileChanged, TakenElsewhere
from spoc_desktop.services.desk import Desk, Edited, New
from spoc_desktop.services.errors import NotAnAuthor
from sync.client.ports import Changes, Laptop
from sync.domain import spaces
from sync.domain.courses import COURSE, LESSON
from sync.domain.exercises import EXERCISE
from sync.domain.files import attachments_in
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
            seen = self._desk.store.one(kind, id_)
            if seen is None:
                changes.append(New(kind, space, id_, draft))
                created.append(title)
            elif seen.space != space:
                raise TakenElsewhere(title)
            elif fields := _differing(seen.body, draft):
                changes.append(Edited(kind, id_, fields))
                edited.append(title)
        self._keep_files(text)
        done = self._desk.store.write(changes) if changes else Changes()
        return Written(done, tuple(created), tuple(edited), len(drafts) - len(changes))

    def _keep_files(self, text: CourseText) -> None:
        kept = self._desk.store.files
        bodies = (text.course, *text.lessons.values(), *text.quizzes.values(), *text.exercises.values())
        for file in attachments_in(bodies):
            path = text.files.get(file.sha256)
            if path is None or kept.has(file.sha256):
                continue
            content = path.read_bytes()
            if sha256(content).digest() != file.sha256:
                raise FileChanged(file.name)
            kept.keep(content, file.name, file.type)

    def publish(self, course_id: bytes) -> PublishReply:
        """Ask the server to publish what has reached it."""
        return self._publisher.publish(course_id)

    def _titles(self) -> tuple[str, ...]:
        drafts = [self._desk.store.one(COURSE, course_id) for course_id in self.courses()]
        return tuple(sorted(seen.body.title for seen in drafts if seen is not None))


def _differing(before: msgspec.Struct, after: msgspec.Struct) -> dict[str, object]:
    """The fields of a draft whose wire form differs."""
    if encode(before) == encode(after):
        return {}
    return {
        name: getattr(after, name) for name in after.__struct_fields__ if getattr(before, name) != getattr(after, name)
    }
