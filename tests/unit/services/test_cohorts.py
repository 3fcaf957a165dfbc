from collections.abc import Iterator

import pytest

from spoc_desktop.services.cohorts import Cohorts
from spoc_desktop.services.errors import NotHereYet
from spoc_desktop.services.quiz_results import QuizBook
from sync.domain import spaces
from sync.domain.cohorts import MEMBER, Member, Part
from sync.domain.courses import READING, Reading
from sync.domain.grading import grade
from sync.domain.ids import PersonId
from sync.domain.progress import State
from sync.domain.quizzes import ATTEMPT, GRADE, QUIZ_EDITION, Answer, Attempt, Grade
from tests.unit.services.classroom import (
    COHORT_ID,
    EXAM,
    KARIM,
    LESSON_1,
    NADIA,
    PRACTICE,
    Laptop,
    drafts,
    name,
    trainer_laptop,
)


@pytest.fixture
def laptop() -> Iterator[Laptop]:
    laptop = trainer_laptop()
    yield laptop
    laptop.store.close()


@pytest.fixture
def cohorts(laptop: Laptop) -> Cohorts:
    return Cohorts(laptop.desk)


def edition_id(laptop: Laptop, activity: bytes) -> bytes:
    return next(seen.id for seen in laptop.store.view(QUIZ_EDITION) if seen.body.activity == activity)


def hand_in(laptop: Laptop, learner: PersonId, activity: bytes, number: int, **chosen: int) -> bytes:
    """Let a learner's attempt arrive."""
    attempt = Attempt(
        activity=activity,
        edition=edition_id(laptop, activity),
        number=number,
        started=0,
        submitted=laptop.clock.now(),
        answers=tuple(Answer(question=name(word), chosen=(option,)) for word, option in chosen.items()),
    )
    id_ = name(f"attempt {learner.hex()} {activity.hex()} {number}")
    laptop.told(spaces.personal(COHORT_ID, learner), (ATTEMPT, id_, attempt), author=learner)
    return id_


def read(laptop: Laptop, learner: PersonId, parts: int) -> None:
    rows = [
        (
            READING,
            name(f"r{learner.hex()}{n}"),
            Reading(activity=LESSON_1, edition=b"", part=n, parts=3, seconds=9, at=0),
        )
        for n in range(parts)
    ]
    laptop.told(spaces.personal(COHORT_ID, learner), *rows, author=learner)


def graded(laptop: Laptop, attempt_id: bytes, at: int = 1) -> Grade:
    """The grade that the server would give."""
    attempt = laptop.store.one(ATTEMPT, attempt_id)
    edition = laptop.store.one(QUIZ_EDITION, attempt.body.edition) if attempt else None
    assert attempt
    assert edition
    keys = drafts()[2][EXAM].keys
    return grade(edition.body, keys, attempt.body, attempt_id=attempt_id, graded_at=at)


def test_a_trainer_sees_the_cohorts_that_are_theirs(cohorts: Cohorts) -> None:
    (one,) = cohorts.taught()
    assert (one.cohort.title, one.week, one.weeks, one.learners) == ("Automne", 1, 2, 2)


def test_somebody_who_only_learns_in_a_cohort_teaches_none() -> None:
    other = Laptop(NADIA)
    other.told_cohort()
    assert Cohorts(other.desk).taught() == ()
    other.store.close()


def test_the_matrix_says_how_far_each_learner_is_and_since_when(laptop: Laptop, cohorts: Cohorts) -> None:
    read(laptop, NADIA, 3)
    sent = laptop.clock.now()
    laptop.clock.time += 1000
    matrix = cohorts.matrix(COHORT_ID)
    nadia, karim = (next(row for row in matrix.rows if row.person == one) for one in (NADIA, KARIM))
    assert [row.name for row in matrix.rows] == ["Karim Ouali", "Nadia Benali"]
    assert [cell.state for cell in nadia.cells] == [State.BEGUN, State.CLOSED]
    assert (round(nadia.cells[0].share, 3), round(nadia.share, 3), nadia.last_sent) == (0.667, 0.333, sent)
    assert ([cell.state for cell in karim.cells], karim.last_sent) == ([State.TODO, State.CLOSED], None)


def test_who_left_the_cohort_comes_last_and_counts_nowhere(laptop: Laptop, cohorts: Cohorts) -> None:
    gone = Member(person=name("léa"), name="Aline Léa", part=Part.LEARNER, left=True)
    laptop.told(spaces.cohort(COHORT_ID), (MEMBER, name("member léa"), gone))
    matrix = cohorts.matrix(COHORT_ID)
    assert (matrix.rows[-1].name, matrix.rows[-1].left, matrix.taught.learners) == ("Aline Léa", True, 2)


def test_what_came_is_listed_since_the_instant_asked_for(laptop: Laptop, cohorts: Cohorts) -> None:
    hand_in(laptop, NADIA, PRACTICE, 1, one=2)
    (one,) = cohorts.received(COHORT_ID, laptop.clock.now())
    assert (one.name, one.title, one.number, one.graded) == ("Nadia Benali", "S'exercer", 1, False)
    assert cohorts.received(COHORT_ID, laptop.clock.now() + 1) == ()


def test_a_quiz_lists_each_learner_and_how_many_were_right(laptop: Laptop, cohorts: Cohorts) -> None:
    first = hand_in(laptop, NADIA, EXAM, 1, three=1, four=1)
    second = hand_in(laptop, NADIA, EXAM, 2, three=1, four=4)
    other = hand_in(laptop, KARIM, EXAM, 1, three=2)
    for attempt, learner in ((first, NADIA), (second, NADIA), (other, KARIM)):
        laptop.told(spaces.staff(COHORT_ID, learner), (GRADE, name(f"g{attempt.hex()}"), graded(laptop, attempt)))
    laptop.told(spaces.personal(COHORT_ID, KARIM), (GRADE, name("released"), graded(laptop, other)))
    results = QuizBook(laptop.desk, cohorts).results(COHORT_ID, EXAM)
    karim, nadia = results.learners
    assert [one.points for one in nadia.attempts] == [1.0, 2.0]
    assert nadia.best is not None
    assert nadia.best.number == 2
    assert karim.best is not None
    assert karim.best.points == 0.0
    assert [(one.answered, one.right) for one in results.questions] == [(2, 1), (1, 0)]
    assert results.unreleased == 2


def test_an_attempt_is_shown_beside_its_key(laptop: Laptop, cohorts: Cohorts) -> None:
    attempt = hand_in(laptop, NADIA, EXAM, 1, three=2)
    book = QuizBook(laptop.desk, cohorts)
    result = book.attempt(COHORT_ID, NADIA, attempt)
    assert result.provisional
    assert [one.expected.chosen for one in result.questions if one.expected] == [(1,), (4,)]
    assert [one.right for one in result.questions] == [False, False]
    with pytest.raises(NotHereYet):
        book.attempt(COHORT_ID, KARIM, attempt)


def test_a_quiz_without_an_attempt_has_no_shares(laptop: Laptop, cohorts: Cohorts) -> None:
    results = QuizBook(laptop.desk, cohorts).results(COHORT_ID, PRACTICE)
    assert [one.share for one in results.questions] == [None, None]
    assert all(one.best is None for one in results.learners)
