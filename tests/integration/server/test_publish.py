"""Publishing: drafts become editions; what did not change writes nothing; keys of graded quizzes stay behind."""

from __future__ import annotations

import pytest

from sync.domain.publishing import Lack
from sync.domain.quizzes import QUIZ_EDITION, QUIZ_KEYS, Mode
from sync.domain.spaces import SpaceType
from sync.protocol.errors import Forbidden, NotReady
from sync.server.sync.publish import Outcome, publish_course
from tests.integration.server.course import AT_ONCE, BY_TRAINER, FORMATIVE, Author, editions, quiz
from tests.integration.server.world import COURSE, World


def test_a_course_is_published_and_told_to_its_learners(world: World) -> None:
    author, ines = Author(world), world.laptop("ines")
    author.write()
    outcome = author.publish()
    assert outcome == Outcome(1, 5 + 2)
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
    assert author.publish() == Outcome(2, 3)
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
