"""Rule 5: the server grades, with the edition that the attempt was taken on; grades travel as rows."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import Connection

from sync.domain.quizzes import ATTEMPT, Mode, Release
from sync.domain.spaces import SpaceType
from sync.protocol.errors import Forbidden
from sync.protocol.messages import Batch
from sync.server.sync import follow
from sync.server.sync.release import release_grades
from tests.integration.server.course import (
    AT_ONCE,
    BY_TRAINER,
    FORMATIVE,
    Author,
    attempt,
    editions,
    grades,
    hand_in,
    quiz,
)
from tests.integration.server.world import Laptop, World, entry


@pytest.fixture
def published(world: World) -> Author:
    author = Author(world)
    author.write()
    author.publish()
    return author


def learner(world: World) -> Laptop:
    ines = world.laptop("ines")
    ines.pull()
    return ines


def test_a_formative_attempt_is_graded_again_by_the_server_and_told_at_once(world: World, published: Author) -> None:
    ines, personal = learner(world), world.space(SpaceType.PERSONAL)
    (made,) = hand_in(ines, world, [attempt(world, FORMATIVE, editions(ines, world)[FORMATIVE])])
    ines.pull()
    (grade,) = grades(ines, personal)
    assert (grade.attempt, grade.points, grade.best, grade.passed, grade.counts) == (made.id, 1.0, 2.0, False, True)


def test_the_grade_of_a_small_push_is_in_the_reply_to_it(world: World, published: Author) -> None:
    ines, personal = learner(world), world.space(SpaceType.PERSONAL)
    taken = ines.create(ATTEMPT, attempt(world, AT_ONCE, editions(ines, world)[AT_ONCE]))
    reply = ines.ask(digest=ines.digest(), batches=(Batch(personal, ines.claims[personal], (entry(taken),)),))
    ines.take(reply)
    assert [grade.attempt for grade in grades(ines, personal)] == [taken.id]
    assert not ines.ask(digest=ines.digest()).send_whole


def test_a_grade_by_the_trainer_reaches_the_learner_at_release_and_once(world: World, published: Author) -> None:
    """Attack A4: absent in the learner's pull before."""
    ines, sophie = learner(world), world.laptop("sophie")
    personal, staff = world.space(SpaceType.PERSONAL), world.space(SpaceType.STAFF)
    hand_in(ines, world, [attempt(world, BY_TRAINER, editions(ines, world)[BY_TRAINER])])
    ines.pull()
    assert grades(ines, personal) == []
    assert staff not in ines.rows
    sophie.pull()
    (kept,) = grades(sophie, staff)
    assert release_grades(world.core, sophie.caller.person_no, world.cohort, BY_TRAINER) == 1
    assert release_grades(world.core, sophie.caller.person_no, world.cohort, BY_TRAINER) == 0
    ines.pull()
    assert grades(ines, personal) == [kept]


def test_a_number_claimed_twice_counts_once_also_where_attempts_are_not_limited(
    world: World, published: Author
) -> None:
    ines, other, personal = learner(world), learner(world), world.space(SpaceType.PERSONAL)
    edition = editions(ines, world)[FORMATIVE]
    hand_in(ines, world, [attempt(world, FORMATIVE, edition), attempt(world, FORMATIVE, edition, right=2)])
    hand_in(other, world, [attempt(world, FORMATIVE, edition)])
    ines.pull()
    assert [grade.counts for grade in grades(ines, personal)] == [True, False, False]


@pytest.mark.parametrize("login", ["ines", "paul", "omar"])
def test_nobody_but_a_trainer_of_the_cohort_releases_grades(world: World, published: Author, login: str) -> None:
    """Attack A6."""
    with pytest.raises(Forbidden):
        release_grades(world.core, world.laptop(login).caller.person_no, world.cohort, BY_TRAINER)


def test_an_attempt_is_graded_with_the_edition_it_was_taken_on(world: World, published: Author) -> None:
    """Fault F30: the course changed while a quiz was under way."""
    ines, personal = learner(world), world.space(SpaceType.PERSONAL)
    old = editions(ines, world)[AT_ONCE]
    published.change_quiz(AT_ONCE, quiz(AT_ONCE, Mode.GRADED, Release.AT_ONCE, attempts=2, right=2))
    assert published.publish().number == 2
    hand_in(ines, world, [attempt(world, AT_ONCE, old, 1, right=1)])
    ines.pull()
    new = editions(ines, world)[AT_ONCE]
    assert new != old
    hand_in(ines, world, [attempt(world, AT_ONCE, new, 2, right=1)])
    ines.pull()
    assert [(grade.edition, grade.points) for grade in grades(ines, personal)] == [(old, 1.0), (new, 0.0)]


def test_two_attempts_that_claim_one_number_are_both_kept_and_the_first_accepted_counts(
    world: World, published: Author
) -> None:
    ines, other, staff = learner(world), learner(world), world.space(SpaceType.STAFF)
    edition = editions(ines, world)[BY_TRAINER]
    (first,) = hand_in(ines, world, [attempt(world, BY_TRAINER, edition)])
    (second,) = hand_in(other, world, [attempt(world, BY_TRAINER, edition, right=2)])
    sophie = world.laptop("sophie")
    sophie.pull()
    assert [(grade.attempt, grade.counts) for grade in grades(sophie, staff)] == [(first.id, True), (second.id, False)]


def test_attempts_beyond_the_limit_of_their_edition_do_not_count(world: World, published: Author) -> None:
    """Attack A10: a laptop that gives itself more attempts."""
    ines, staff = learner(world), world.space(SpaceType.STAFF)
    edition = editions(ines, world)[AT_ONCE]
    hand_in(ines, world, [attempt(world, AT_ONCE, edition, number) for number in (1, 2, 2, 3, -1, 2**63 - 1)])
    sophie = world.laptop("sophie")
    sophie.pull()
    assert [grade.counts for grade in grades(sophie, staff)] == [True, True, False, False, False, False]


def test_attempts_without_a_limit_all_count(world: World, published: Author) -> None:
    ines, personal = learner(world), world.space(SpaceType.PERSONAL)
    edition = editions(ines, world)[FORMATIVE]
    hand_in(ines, world, [attempt(world, FORMATIVE, edition, number) for number in range(1, 5)])
    ines.pull()
    assert [grade.counts for grade in grades(ines, personal)] == [True] * 4


def test_a_repeated_push_is_graded_once(world: World, published: Author) -> None:
    ines, personal = learner(world), world.space(SpaceType.PERSONAL)
    made = hand_in(ines, world, [attempt(world, FORMATIVE, editions(ines, world)[FORMATIVE])])
    ines.push(personal, *made)
    ines.pull()
    assert len(grades(ines, personal)) == 1


def test_an_attempt_whose_edition_is_not_there_is_graded_when_it_comes(world: World) -> None:
    """After a restore a learner's attempt may be offered before the author's drafts."""
    snapshot = world.copy()
    author = Author(world)
    author.write()
    author.publish()
    ines, personal = learner(world), world.space(SpaceType.PERSONAL)
    edition = editions(ines, world)[FORMATIVE]
    world.put_back(snapshot)
    late = world.laptop("ines")
    hand_in(late, world, [attempt(world, FORMATIVE, edition)])
    late.pull()
    assert grades(late, personal) == []
    again = Author(world)
    again.write()
    again.publish()
    follow.pending(world.core)
    late.pull()
    assert [grade.edition for grade in grades(late, personal)] == [edition]


def test_an_edition_of_another_activity_grades_nothing(world: World, published: Author) -> None:
    """Attack A3: ids swapped in a body."""
    ines, personal = learner(world), world.space(SpaceType.PERSONAL)
    hand_in(ines, world, [attempt(world, AT_ONCE, editions(ines, world)[FORMATIVE])])
    ines.pull()
    assert grades(ines, personal) == []


def test_a_long_push_of_attempts_is_graded_to_its_end(world: World, published: Author) -> None:
    ines, personal = learner(world), world.space(SpaceType.PERSONAL)
    edition = editions(ines, world)[FORMATIVE]
    count = 12 * follow.AT_ONCE
    hand_in(ines, world, [attempt(world, FORMATIVE, edition, number) for number in range(count)])
    follow.pending(world.core)
    ines.pull()
    assert len(grades(ines, personal)) == count


def test_the_grades_are_the_same_after_the_database_was_checked_and_started_again(
    world: World, published: Author
) -> None:
    ines, staff = learner(world), world.space(SpaceType.STAFF)
    hand_in(ines, world, [attempt(world, BY_TRAINER, editions(ines, world)[BY_TRAINER])])
    world.core.close()
    world.reopen()
    follow.pending(world.core)
    sophie = world.laptop("sophie")
    sophie.pull()
    assert len(grades(sophie, staff)) == 1


@pytest.mark.allows_warnings  # the log tells IT that the grading failed
def test_a_grade_that_a_full_disk_took_back_after_it_was_written_is_worked_out_again(
    world: World, published: Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = world.core.writer

    def soon(job: Callable[[Connection], object]) -> None:
        def taken_back(connection: Connection) -> None:
            job(connection)
            raise OSError("disk full")

        with suppress(OSError):
            writer.run(taken_back)

    ines, staff = learner(world), world.space(SpaceType.STAFF)
    with monkeypatch.context() as full:
        full.setattr(writer, "soon", soon)
        hand_in(ines, world, [attempt(world, BY_TRAINER, editions(ines, world)[BY_TRAINER])])
    follow.pending(world.core)
    sophie = world.laptop("sophie")
    sophie.pull()
    assert len(grades(sophie, staff)) == 1
