"""Fault F10: a laptop whose clock is wrong opens and closes its weeks when everybody's do, once it met its server."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from spoc_desktop.services.ballots import Ballots
from spoc_desktop.services.cohorts import Cohorts
from spoc_desktop.services.courses import Courses
from spoc_desktop.services.desk import Desk
from spoc_desktop.services.errors import NotOpenYet
from spoc_desktop.services.followup import FollowUp
from spoc_desktop.services.quizzes import Quizzes
from spoc_desktop.services.timekeeping import Timekeeper
from spoc_desktop.services.today import today
from sync.domain.ballots import CALL, BallotQuestion, Purpose
from sync.domain.cohorts import DAY_MS, WEEK_MS
from sync.domain.progress import State
from tests.unit.services.classroom import COHORT_ID, EXAM, MONDAY, PRACTICE, FixedClock, Laptop, learner_laptop
from tests.unit.services.classroom import trainer_laptop as trainers

YEAR = 365 * DAY_MS
WEDNESDAY = MONDAY + 2 * DAY_MS


@dataclass
class Running:
    """A computer that stays on: its uptime goes with true time, its clock is off."""

    clock: FixedClock
    off: int

    def boot(self) -> bytes:
        return bytes(16)

    def uptime(self) -> int:
        return self.clock.time - self.off


def wrong(laptop: Laptop, off: int) -> Desk:
    """The desk of a laptop that met its server on Wednesday of the first week, with a clock that is off by so much."""
    laptop.clock.time = WEDNESDAY + off
    keeper = Timekeeper(laptop.store, laptop.clock, Running(laptop.clock, off))
    keeper.met(WEDNESDAY)
    return replace(laptop.desk, keeper=keeper)


@pytest.mark.parametrize("off", [-YEAR, YEAR])
def test_a_learner_whose_clock_is_a_year_off_learns_this_week_and_not_the_next(off: int) -> None:
    laptop = learner_laptop()
    desk = wrong(laptop, off)
    courses = Courses(desk)
    quizzes = Quizzes(desk, courses)
    outline = courses.outline(COHORT_ID)
    assert outline.week == 1
    assert [row.standing.state for row in outline.modules] == [State.TODO, State.CLOSED]
    day = today(desk, courses)
    assert day is not None
    assert day.module is not None
    assert day.module.module.week == 1
    with pytest.raises(NotOpenYet):
        quizzes.begin(COHORT_ID, EXAM)
    assert quizzes.begin(COHORT_ID, PRACTICE).began == laptop.clock.time, "what is stored stays device time"
    laptop.clock.time += WEEK_MS
    assert Courses(desk).outline(COHORT_ID).week == 2, "time goes on without the server, too"


@pytest.mark.parametrize("off", [-YEAR, YEAR])
def test_a_trainer_whose_clock_is_a_year_off_sees_late_who_is_late_and_nobody_else(off: int) -> None:
    laptop = trainers()
    desk = wrong(laptop, off)
    cohorts = Cohorts(desk)
    follow = FollowUp(desk, cohorts)
    (taught,) = cohorts.taught()
    assert taught.week == 1
    assert follow.morning(COHORT_ID, 0).late == 0
    laptop.clock.time += WEEK_MS
    assert follow.morning(COHORT_ID, 0).late == 2


def test_a_trainer_whose_clock_is_ahead_calls_for_ballots_from_now_on_and_not_from_next_year() -> None:
    laptop = trainers()
    desk = wrong(laptop, YEAR)
    question = BallotQuestion(number=1, text="Clair ?")
    closes = WEDNESDAY + WEEK_MS
    Ballots(desk, None).call_for(COHORT_ID, "Avis", (question,), closes=closes, purpose=Purpose.SATISFACTION)  # type: ignore[arg-type]  # nothing is sent
    (call,) = laptop.store.view(CALL)
    assert call.body.opens == WEDNESDAY
