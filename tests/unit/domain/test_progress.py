"""Where a learner stands."""

from sync.domain.cohorts import WEEK_MS, Cohort, opens_at, week_of
from sync.domain.courses import ActivityType, Edition, PublishedActivity, PublishedModule, Reading
from sync.domain.progress import State, minutes_done, of_activity, of_module, work
from sync.domain.quizzes import Attempt

COHORT = Cohort(title="c", course=b"c" * 16, starts=1_000_000, ends=1_000_000 + 6 * WEEK_MS)
LESSON = PublishedActivity(id=b"l" * 16, type=ActivityType.LESSON, edition=b"1" * 16, title="l", minutes=30)
QUIZ = PublishedActivity(id=b"q" * 16, type=ActivityType.QUIZ, edition=b"2" * 16, title="q", minutes=10)
MODULE = PublishedModule(id=b"m" * 16, title="m", week=2, activities=(LESSON, QUIZ))
EDITION = Edition(number=1, title="c", language="fr", summary="", modules=(MODULE,))
IN_WEEK_2 = COHORT.starts + WEEK_MS + 5


def reading(part: int, parts: int = 3) -> Reading:
    return Reading(activity=LESSON.id, edition=LESSON.edition, part=part, parts=parts, seconds=60, at=1)


ATTEMPT = Attempt(activity=QUIZ.id, edition=QUIZ.edition, number=1, started=1, submitted=2, answers=())


def test_weeks_are_counted_from_the_start_of_the_cohort() -> None:
    assert week_of(COHORT, COHORT.starts - 1) == 0
    assert week_of(COHORT, COHORT.starts) == 1
    assert week_of(COHORT, opens_at(COHORT, 2)) == 2
    assert week_of(COHORT, opens_at(COHORT, 2) - 1) == 1


def test_a_part_read_twice_counts_once() -> None:
    done = work([reading(0), reading(0), reading(1)], [])
    standing = of_activity(LESSON, done, is_open=True, is_over=False)
    assert (standing.state, round(standing.share, 4)) == (State.BEGUN, round(2 / 3, 4))


def test_an_attempt_makes_a_quiz_done_whatever_its_grade() -> None:
    assert of_activity(QUIZ, work([], [ATTEMPT]), is_open=True, is_over=True).state is State.DONE


def test_a_module_is_closed_before_its_week_open_in_it_and_late_after_it() -> None:
    nothing = work([], [])
    assert of_module(MODULE, nothing, COHORT, COHORT.starts).state is State.CLOSED
    assert of_module(MODULE, nothing, COHORT, IN_WEEK_2).state is State.TODO
    assert of_module(MODULE, nothing, COHORT, IN_WEEK_2 + WEEK_MS).state is State.LATE


def test_activities_weigh_by_their_planned_minutes() -> None:
    standing = of_module(MODULE, work([reading(part) for part in range(3)], []), COHORT, IN_WEEK_2)
    assert (standing.state, standing.share) == (State.BEGUN, 0.75)
    assert minutes_done(EDITION, work([], [ATTEMPT])) == QUIZ.minutes


def test_work_done_early_counts_even_before_its_week() -> None:
    done = work([reading(part) for part in range(3)], [ATTEMPT])
    assert of_module(MODULE, done, COHORT, COHORT.starts).state is State.DONE
