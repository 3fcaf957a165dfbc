"""Rule 5: grades that come at close reach their learners by themselves when the week of the quiz is over."""

from __future__ import annotations

from threading import Event

import pytest

from sync.domain.cohorts import WEEK_MS
from sync.domain.ids import derived
from sync.domain.quizzes import Mode, Release
from sync.domain.spaces import SpaceType
from sync.server.core import Core
from sync.server.daily import Daily
from sync.server.sync import balloting
from sync.server.sync.release import AtClose
from tests.integration.server.course import BY_TRAINER, Author, attempt, editions, grades, hand_in, quiz
from tests.integration.server.world import Laptop, World

AT_CLOSE = derived("activity", "close")


@pytest.fixture
def ines(world: World) -> Laptop:
    """A learner of a course whose first week has a quiz at close and one that the trainer releases."""
    author = Author(world)
    author.write(
        {
            AT_CLOSE: quiz(AT_CLOSE, Mode.GRADED, Release.AT_CLOSE, attempts=3),
            BY_TRAINER: quiz(BY_TRAINER, Mode.GRADED, Release.BY_TRAINER),
        }
    )
    author.publish()
    laptop = world.laptop("ines")
    laptop.pull()
    return laptop


def told(world: World, laptop: Laptop) -> list[bytes]:
    """The activities of the grades that a learner has."""
    laptop.pull()
    return [grade.activity for grade in grades(laptop, world.space(SpaceType.PERSONAL))]


def test_a_grade_at_close_comes_when_the_week_is_over_for_the_cohort_and_once(world: World, ines: Laptop) -> None:
    edition = editions(ines, world)
    for activity in (AT_CLOSE, BY_TRAINER):
        hand_in(ines, world, [attempt(world, activity, edition[activity])])
    rounds = AtClose(world.core)
    world.now += WEEK_MS - 1
    assert rounds.release_due() == 0
    assert told(world, ines) == []
    world.now += 1
    assert rounds.release_due() == 1
    assert told(world, ines) == [AT_CLOSE]
    assert rounds.release_due() == AtClose(world.core).release_due() == 0


def test_what_is_handed_in_after_the_week_is_graded_and_told_at_once(world: World, ines: Laptop) -> None:
    edition = editions(ines, world)
    world.now += WEEK_MS
    for activity in (AT_CLOSE, BY_TRAINER):
        hand_in(ines, world, [attempt(world, activity, edition[activity])])
    assert told(world, ines) == [AT_CLOSE]


def test_a_grade_that_was_worked_out_across_the_end_of_the_week_comes_with_a_later_round(
    world: World, ines: Laptop
) -> None:
    rounds = AtClose(world.core)
    world.now += WEEK_MS
    assert rounds.release_due() == 0
    world.now -= 1
    hand_in(ines, world, [attempt(world, AT_CLOSE, editions(ines, world)[AT_CLOSE])])
    world.now += 600_001
    assert rounds.release_due() == 1


def test_a_server_that_was_stopped_when_the_week_ended_releases_at_its_start(
    world: World, ines: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(ines, world, [attempt(world, AT_CLOSE, editions(ines, world)[AT_CLOSE])])
    world.now += 3 * WEEK_MS
    world.core.close()
    world.reopen()
    passed = Event()

    def close_due(_core: Core) -> int:
        """What the round does after it."""
        passed.set()
        return 0

    monkeypatch.setattr(balloting, "close_due", close_due)
    daily = Daily(world.core)
    daily.start()
    try:
        assert passed.wait(20)
    finally:
        daily.close()
    assert told(world, ines) == [AT_CLOSE]
