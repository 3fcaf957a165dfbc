from collections.abc import Iterator

import msgspec
import pytest

from spoc_desktop.services.courses import Courses
from spoc_desktop.services.errors import AlreadySubmitted, NoAttemptsLeft, NotHereYet, NotOpenYet, NoTriesLeft
from spoc_desktop.services.quizzes import Quizzes, Sitting, answers_id
from spoc_desktop.services.results import Stage
from sync.domain import spaces
from sync.domain.cohorts import WEEK_MS
from sync.domain.drawing import options_of, questions_of
from sync.domain.grading import grade
from sync.domain.progress import State
from sync.domain.quizzes import ANSWERS, ATTEMPT, ATTEMPT_START, GRADE, Answer, Attempt, AttemptStart, Mode
from tests.unit.services.classroom import (
    COHORT_ID,
    EXAM,
    NADIA,
    PRACTICE,
    SEED,
    Laptop,
    drafts,
    learner_laptop,
    name,
    quiz,
    single,
)


@pytest.fixture
def laptop() -> Iterator[Laptop]:
    laptop = learner_laptop()
    yield laptop
    laptop.store.close()


@pytest.fixture
def quizzes(laptop: Laptop) -> Quizzes:
    return Quizzes(laptop.desk, Courses(laptop.desk))


def choose(word: str, number: int) -> Answer:
    return Answer(question=name(word), chosen=(number,))


def exam(laptop: Laptop, quizzes: Quizzes) -> Sitting:
    laptop.clock.time += WEEK_MS
    return quizzes.begin(COHORT_ID, EXAM)


def test_an_answer_is_saved_before_it_is_shown_and_survives_a_new_window(laptop: Laptop, quizzes: Quizzes) -> None:
    sitting = quizzes.begin(COHORT_ID, PRACTICE)
    answered = quizzes.answer(sitting.start_id, choose("one", 1))
    assert answered.changes.outbox
    again = Quizzes(laptop.desk, Courses(laptop.desk)).begin(COHORT_ID, PRACTICE)
    assert (sitting.changes.outbox, again.changes.outbox) == (True, False)
    assert again.start_id == sitting.start_id
    assert again.answered == 1
    assert [q.answer for q in again.questions if q.question.id == name("one")] == [choose("one", 1)]


def test_questions_and_options_stand_in_the_order_that_the_server_will_work_out(quizzes: Quizzes) -> None:
    sitting = quizzes.begin(COHORT_ID, PRACTICE)
    order = questions_of(sitting.edition, SEED, 1)
    assert [view.question for view in sitting.questions] == list(order)
    assert all(view.options == options_of(view.question, sitting.edition, SEED, 1) for view in sitting.questions)


def test_the_expected_answer_stays_hidden_until_the_last_try(quizzes: Quizzes) -> None:
    sitting = quizzes.begin(COHORT_ID, PRACTICE)
    first = quizzes.answer(sitting.start_id, choose("one", 3)).feedback
    assert first is not None
    assert (first.right, first.expected, first.explanation, first.tries) == (False, None, (), 1)
    assert first.said != ()
    quizzes.answer(sitting.start_id, choose("one", 4))
    last = quizzes.answer(sitting.start_id, choose("one", 1)).feedback
    assert last is not None
    assert last.is_final
    assert last.expected is not None
    assert last.expected.chosen == (2,)
    with pytest.raises(NoTriesLeft):
        quizzes.answer(sitting.start_id, choose("one", 2))


def test_a_right_answer_ends_the_tries_and_explains(quizzes: Quizzes) -> None:
    sitting = quizzes.begin(COHORT_ID, PRACTICE)
    feedback = quizzes.answer(sitting.start_id, Answer(question=name("two"), text="1,5 m")).feedback
    assert feedback is not None
    assert (feedback.right, feedback.points, feedback.is_final) == (True, 2.0, True)
    assert feedback.expected is not None
    assert (feedback.expected.value, feedback.expected.unit) == (1.5, "m")


def test_a_formative_result_is_there_at_once_and_marked_provisional(quizzes: Quizzes) -> None:
    sitting = quizzes.begin(COHORT_ID, PRACTICE)
    quizzes.answer(sitting.start_id, choose("one", 2))
    result = quizzes.submit(sitting.start_id).result
    assert (result.points, result.best, result.passed, result.provisional) == (1.0, 3.0, False, True)
    assert result.stage is Stage.WAITING
    assert [one.right for one in result.questions] == [True, False]


def test_a_graded_quiz_says_nothing_before_the_server_has_graded(laptop: Laptop, quizzes: Quizzes) -> None:
    sitting = exam(laptop, quizzes)
    assert sitting.edition.keys == ()
    assert quizzes.answer(sitting.start_id, choose("three", 1)).feedback is None
    quizzes.answer(sitting.start_id, choose("three", 2))
    submitted = quizzes.submit(sitting.start_id)
    assert submitted.result.points is None
    assert [(one.right, one.expected) for one in submitted.result.questions] == [(None, None), (None, None)]
    (seen,) = laptop.store.view(ATTEMPT)
    attempt: Attempt = seen.body
    assert attempt.answers == (choose("three", 2),)
    assert "score" not in attempt.__struct_fields__


def test_the_grade_that_the_server_sends_is_the_one_that_is_shown(laptop: Laptop, quizzes: Quizzes) -> None:
    sitting = exam(laptop, quizzes)
    quizzes.answer(sitting.start_id, choose("three", 1))
    quizzes.answer(sitting.start_id, choose("four", 1))
    submitted = quizzes.submit(sitting.start_id)
    whole = msgspec.structs.replace(sitting.edition, keys=drafts()[2][EXAM].keys)
    attempt = laptop.store.view(ATTEMPT)[0].body
    first = grade(whole, whole.keys, attempt, attempt_id=submitted.attempt_id, graded_at=1)
    regraded = msgspec.structs.replace(first, points=2.0, graded_at=2)
    space = spaces.personal(COHORT_ID, NADIA)
    laptop.told(space, (GRADE, name("g1"), first))
    shown = quizzes.result(submitted.attempt_id)
    assert (shown.stage, shown.points, shown.best, shown.provisional) == (Stage.GRADED, 1.0, 2.0, False)
    laptop.told(space, (GRADE, name("g2"), regraded))
    assert quizzes.results(COHORT_ID, EXAM)[0].points == 2.0


def test_no_attempt_begins_once_all_are_used_and_the_reason_is_named(laptop: Laptop, quizzes: Quizzes) -> None:
    for left in (1, 0):
        sitting = exam(laptop, quizzes) if left else quizzes.begin(COHORT_ID, EXAM)
        quizzes.submit(sitting.start_id)
        assert quizzes.overview(COHORT_ID, EXAM).attempts_left == left
    with pytest.raises(NoAttemptsLeft) as refused:
        quizzes.begin(COHORT_ID, EXAM)
    assert refused.value.allowed == 2
    assert [result.number for result in quizzes.results(COHORT_ID, EXAM)] == [2, 1]


def test_a_formative_quiz_may_be_taken_as_often_as_wanted(quizzes: Quizzes) -> None:
    for number in (1, 2, 3):
        sitting = quizzes.begin(COHORT_ID, PRACTICE)
        assert sitting.number == number
        quizzes.submit(sitting.start_id)
    assert quizzes.overview(COHORT_ID, PRACTICE).attempts_left is None


def test_a_quiz_of_a_later_week_does_not_begin(quizzes: Quizzes) -> None:
    with pytest.raises(NotOpenYet):
        quizzes.begin(COHORT_ID, EXAM)
    with pytest.raises(NotHereYet):
        quizzes.begin(COHORT_ID, name("nothing"))


def test_a_new_edition_changes_nothing_in_an_attempt_under_way(laptop: Laptop, quizzes: Quizzes) -> None:
    sitting = quizzes.begin(COHORT_ID, PRACTICE)
    quizzes.answer(sitting.start_id, choose("one", 2))
    laptop.told_course(2, {PRACTICE: quiz("S'exercer encore", Mode.FORMATIVE, single("five", 1))})
    assert quizzes.begin(COHORT_ID, PRACTICE) == quizzes.sitting(sitting.start_id)
    assert quizzes.sitting(sitting.start_id).edition == sitting.edition
    result = quizzes.submit(sitting.start_id).result
    assert result.best == 3.0
    again = quizzes.begin(COHORT_ID, PRACTICE)
    assert (again.edition.title, again.number) == ("S'exercer encore", 2)


def test_an_attempt_begun_on_another_laptop_goes_on_here(laptop: Laptop, quizzes: Quizzes) -> None:
    edition = quizzes.overview(COHORT_ID, PRACTICE).activity.edition
    start = AttemptStart(activity=PRACTICE, edition=edition, number=1, at=5)
    laptop.told(spaces.personal(COHORT_ID, NADIA), (ATTEMPT_START, name("start"), start), author=NADIA)
    sitting = quizzes.begin(COHORT_ID, PRACTICE)
    assert (sitting.start_id, sitting.number, sitting.began) == (name("start"), 1, 5)
    quizzes.answer(sitting.start_id, choose("one", 2))
    assert laptop.store.one(ANSWERS, answers_id(name("start"))) is not None
    assert quizzes.sitting(sitting.start_id).answered == 1


def test_an_attempt_that_was_handed_in_takes_no_more_answers(quizzes: Quizzes) -> None:
    sitting = quizzes.begin(COHORT_ID, PRACTICE)
    quizzes.submit(sitting.start_id)
    with pytest.raises(AlreadySubmitted):
        quizzes.answer(sitting.start_id, choose("one", 2))
    with pytest.raises(AlreadySubmitted):
        quizzes.submit(sitting.start_id)


def test_the_window_opens_at_the_question_that_was_in_view(quizzes: Quizzes) -> None:
    sitting = quizzes.begin(COHORT_ID, PRACTICE)
    quizzes.look(sitting.start_id, 1)
    assert quizzes.begin(COHORT_ID, PRACTICE).place == 1


def test_a_quiz_under_way_and_one_handed_in_show_in_the_outline(laptop: Laptop, quizzes: Quizzes) -> None:
    courses = Courses(laptop.desk)
    sitting = quizzes.begin(COHORT_ID, PRACTICE)
    assert courses.outline(COHORT_ID).activities[1].standing.state is State.BEGUN
    quizzes.submit(sitting.start_id)
    assert courses.outline(COHORT_ID).activities[1].standing.state is State.DONE
