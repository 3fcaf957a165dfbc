"""Publishing: drafts become editions; what did not change writes nothing; keys of graded quizzes stay behind."""

from __future__ import annotations

import msgspec
import pytest

from sync.domain.blocks import Download
from sync.domain.courses import COURSE as COURSE_KIND
from sync.domain.courses import LESSON, Course, Lesson, Module
from sync.domain.exercises import EXERCISE, EXERCISE_EDITION, Criterion, Exercise, Level
from sync.domain.files import Attachment
from sync.domain.ids import derived
from sync.domain.publishing import Lack
from sync.domain.quizzes import QUIZ_EDITION, QUIZ_KEYS, Mode
from sync.domain.spaces import SpaceType
from sync.protocol.errors import Forbidden, NotReady
from sync.server.storage.depot import depot_beside
from sync.server.sync.publish import Outcome, publish_course
from tests.integration.server.course import AT_ONCE, BY_TRAINER, FORMATIVE, LESSON_ID, Author, editions, quiz, words
from tests.integration.server.test_files import attachment, fetched, send
from tests.integration.server.world import COURSE, World, raw, verdicts


def test_a_course_is_published_and_told_to_its_learners(world: World) -> None:
    author, ines = Author(world), world.laptop("ines")
    author.write()
    outcome = author.publish()
    assert outcome == Outcome(1, 5 + 2 + 1)  # the rows, the keys, the manifest
    ines.pull()
    assert set(editions(ines, world)) == {FORMATIVE, AT_ONCE, BY_TRAINER}


def test_an_unchanged_course_keeps_its_number_and_writes_nothing(world: World) -> None:
    author = Author(world)
    author.write()
    author.publish()
    assert author.publish() == Outcome(1, 0)


def test_a_changed_quiz_makes_a_new_edition_and_leaves_the_rest_as_it_was(world: World) -> None:
    author, ines = Author(world), world.laptop("ines")
    author.write()
    author.publish()
    ines.pull()
    before = editions(ines, world)
    author.change_quiz(AT_ONCE, quiz(AT_ONCE, Mode.GRADED, right=3))
    assert author.publish() == Outcome(2, 3 + 1)  # and its manifest
    ines.pull()
    after = editions(ines, world)
    assert {activity for activity in after if after[activity] != before[activity]} == {AT_ONCE}


def test_what_a_course_lacks_is_listed_and_nothing_is_written(world: World) -> None:
    author, ines = Author(world), world.laptop("ines")
    author.write({})
    with pytest.raises(NotReady) as caught:
        author.publish()
    assert [Lack(lack) for lack, _ in caught.value.lacks] == [Lack.NO_EVALUATION]
    ines.pull()
    assert ines.rows[world.space(SpaceType.COURSE)] == {}


def test_a_course_without_a_draft_is_not_ready(world: World) -> None:
    with pytest.raises(NotReady):
        Author(world).publish()


@pytest.mark.parametrize("login", ["ines", "sophie", "omar"])
def test_nobody_but_an_author_publishes(world: World, login: str) -> None:
    """Attack A6: a trainer reads the authoring space and writes nothing in it."""
    Author(world).write()
    with pytest.raises(Forbidden):
        publish_course(world.core, world.laptop(login).caller.person_no, COURSE)


def test_the_course_space_holds_no_key_of_a_graded_quiz_and_the_authoring_space_all(world: World) -> None:
    author, paul = Author(world), world.laptop("paul")
    author.write()
    author.publish()
    paul.pull()
    faces = [row for row in paul.rows[world.space(SpaceType.COURSE)].values() if row.kind == QUIZ_EDITION.number]
    bare = {face.activity for face in (QUIZ_EDITION.decode(bytes(row.body)) for row in faces) if not face.keys}
    assert bare == {AT_ONCE, BY_TRAINER}
    kept = [row for row in paul.rows[world.space(SpaceType.AUTHORING)].values() if row.kind == QUIZ_KEYS.number]
    assert {QUIZ_KEYS.decode(bytes(row.body)).activity for row in kept} == {AT_ONCE, BY_TRAINER}


def test_a_deleted_draft_is_not_published(world: World) -> None:
    author = Author(world)
    author.write()
    author.laptop.push(author.space, author.laptop.delete(FORMATIVE, 10**6))
    with pytest.raises(NotReady) as caught:
        author.publish()
    assert [Lack(lack) for lack, _ in caught.value.lacks] == [Lack.ACTIVITY_MISSING]


EXERCISE_ID = derived("activity", "exercise")
RUBRIC = (Criterion(number=1, title="Clarté", levels=(Level(title="Non", points=0), Level(title="Oui", points=4))),)


def write_exercise(author: Author, *files: Attachment) -> None:
    """A course of a lesson with documents and an exercise."""
    module = Module(id=derived("module"), title="Semaine 1", week=1, activities=(LESSON_ID, EXERCISE_ID))
    course = Course(
        title="Un cours",
        language="fr",
        summary="",
        modules=(module,),
        technical_contact="t@example.org",
        pedagogical_contact="p@example.org",
    )
    lesson = Lesson(title="Une leçon", minutes=10, blocks=tuple(Download(file=each) for each in files))
    exercise = Exercise(title="Un exercice", minutes=30, brief=words("Écrivez."), criteria=RUBRIC)
    drafts = ((COURSE_KIND, COURSE, course), (LESSON, LESSON_ID, lesson), (EXERCISE, EXERCISE_ID, exercise))
    laptop = author.laptop
    answer = laptop.push(author.space, *(laptop.create(kind, body, id_) for kind, id_, body in drafts))
    assert {each[1] for each in verdicts(answer)} == {"ACCEPTED"}


def exercises(world: World) -> dict[bytes, bytes]:
    ines = world.laptop("ines")
    ines.pull()
    rows = ines.rows[world.space(SpaceType.COURSE)].values()
    return {row.id: bytes(row.body) for row in rows if row.kind == EXERCISE_EDITION.number}


def test_an_exercise_is_published_with_its_rubric_and_keeps_its_id_when_published_again(world: World) -> None:
    author = Author(world)
    write_exercise(author)
    assert author.publish() == Outcome(1, 3 + 1)  # and the manifest
    before = exercises(world)
    ((_, body),) = before.items()
    edition = EXERCISE_EDITION.decode(body)
    assert (edition.activity, edition.criteria) == (EXERCISE_ID, RUBRIC), "what is looked at is known from the start"
    title = author.laptop.edit(LESSON_ID, 10**6)
    changes = {LESSON.number_of("title"): raw(msgspec.msgpack.encode("Autre"))}
    author.laptop.push(author.space, msgspec.structs.replace(title, changes=changes))
    assert author.publish() == Outcome(2, 2 + 1)
    assert exercises(world) == before


def test_a_course_whose_files_the_server_lacks_is_not_published_until_they_are_there(world: World) -> None:
    author, ines = Author(world), world.laptop("ines")
    send(author.laptop)
    write_exercise(author, attachment())
    lost = depot_beside(world.data / "server.db").path(attachment().sha256)
    content = lost.read_bytes()
    lost.unlink()
    with pytest.raises(NotReady) as caught:
        author.publish()
    assert caught.value.lacks == ((Lack.FILE_MISSING, "Une leçon"),)
    assert fetched(ines) is None
    send(author.laptop, content)
    author.publish()
    assert fetched(ines) == content, "published: its learners may read it"
