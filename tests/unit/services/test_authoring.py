"""A course folder becomes drafts: what is new is made, what differs is edited by field, nothing else is touched."""

from collections.abc import Iterator

import msgspec
import pytest

from spoc_desktop.interchange.course_folder import CourseText
from spoc_desktop.services.authoring import Authoring
from spoc_desktop.services.desk import Edited
from spoc_desktop.services.errors import NotAnAuthor
from sync.client.view import State
from sync.domain import spaces
from sync.domain.courses import COURSE, LESSON
from sync.domain.kind import encode
from sync.domain.quizzes import QUIZ
from sync.protocol.messages import Create, Edit, PublishReply
from tests.unit.services.classroom import COURSE_ID, HELENE, LESSON_1, SERVER, Laptop, drafts


class Asked:
    """Remembers what was to be published."""

    def __init__(self) -> None:
        self.courses: list[bytes] = []

    def publish(self, course: bytes) -> PublishReply:
        self.courses.append(course)
        return PublishReply(SERVER, len(self.courses), 5)


@pytest.fixture
def laptop() -> Iterator[Laptop]:
    laptop = Laptop(HELENE)
    laptop.told(spaces.authoring(COURSE_ID))
    yield laptop
    laptop.store.close()


@pytest.fixture
def authoring(laptop: Laptop) -> Authoring:
    return Authoring(laptop.desk, laptop.store, Asked())


def text(**changed: object) -> CourseText:
    course, lessons, quizzes = drafts()
    return CourseText(COURSE_ID, msgspec.structs.replace(course, **changed), lessons, quizzes)


def accept(laptop: Laptop) -> None:
    """Let the server take and tell back what waits."""
    rows = [(LESSON, id_, one) for id_, one in text().lessons.items()]
    quizzes = [(QUIZ, id_, one) for id_, one in text().quizzes.items()]
    laptop.told(spaces.authoring(COURSE_ID), *rows, *quizzes, (COURSE, COURSE_ID, text().course), author=HELENE)


def test_a_first_import_makes_every_draft(laptop: Laptop, authoring: Authoring) -> None:
    written = authoring.write(text())
    assert (len(written.created), written.edited, written.unchanged) == (5, (), 0)
    assert all(isinstance(entry.mutation, Create) for entry in laptop.store.outbox_list())
    assert laptop.store.view(COURSE)[0].body == text().course


def test_an_import_that_changes_nothing_writes_nothing(laptop: Laptop, authoring: Authoring) -> None:
    accept(laptop)
    written = authoring.write(text())
    assert (written.created, written.edited, written.unchanged) == ((), (), 5)
    assert laptop.store.counts().waiting == 0


def test_a_change_travels_as_its_fields_alone(laptop: Laptop, authoring: Authoring) -> None:
    accept(laptop)
    assert authoring.write(text(summary="En bref")).edited == ("Sécurité",)
    (entry,) = laptop.store.outbox_list()
    assert entry.state is State.WAITING
    assert isinstance(entry.mutation, Edit)
    assert list(entry.mutation.changes) == [COURSE.number_of("summary")]


def test_what_another_author_wrote_into_other_fields_stays(laptop: Laptop, authoring: Authoring) -> None:
    accept(laptop)
    laptop.store.write([Edited(LESSON, LESSON_1, {"minutes": 35})])
    assert authoring.write(text(summary="En bref")).edited == ("Lire", "Sécurité")
    seen = laptop.store.one(LESSON, LESSON_1)
    assert seen is not None
    assert encode(seen.body) == encode(text().lessons[LESSON_1])


def test_a_course_of_somebody_else_is_refused_before_anything_is_written(laptop: Laptop, authoring: Authoring) -> None:
    accept(laptop)
    other = CourseText(SERVER, *drafts())
    with pytest.raises(NotAnAuthor) as refused:
        authoring.write(other)
    assert refused.value.titles == ("Sécurité",)
    assert laptop.store.counts().waiting == 0


def test_publishing_asks_the_server(authoring: Authoring) -> None:
    assert authoring.publish(COURSE_ID).number == 1
