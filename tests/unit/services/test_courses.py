from collections.abc import Iterator

import pytest

from spoc_desktop.services.courses import Courses
from spoc_desktop.services.errors import NotHereYet
from spoc_desktop.services.today import today
from sync.domain import spaces
from sync.domain.cohorts import WEEK_MS
from sync.domain.courses import READING, Reading
from sync.domain.progress import State
from sync.domain.quizzes import GRADE, Grade
from tests.unit.services.classroom import (
    COHORT_ID,
    COURSE_ID,
    EXAM,
    LESSON_1,
    LESSON_2,
    MONDAY,
    NADIA,
    PRACTICE,
    Laptop,
    learner_laptop,
    name,
)


@pytest.fixture
def laptop() -> Iterator[Laptop]:
    laptop = learner_laptop()
    yield laptop
    laptop.store.close()


@pytest.fixture
def courses(laptop: Laptop) -> Courses:
    return Courses(laptop.desk)


def test_a_course_is_known_by_the_enrolment_and_read_from_its_highest_edition(laptop: Laptop, courses: Courses) -> None:
    for number in range(2, 8):
        laptop.told_course(number)
    (one,) = courses.enrolled()
    assert one.title == "Sécurité"
    assert one.edition is not None
    assert one.edition.number == 7


def test_an_enrolment_whose_course_has_not_come_is_listed_and_says_so() -> None:
    laptop = Laptop(NADIA)
    laptop.told_enrolment(NADIA)
    (one,) = Courses(laptop.desk).enrolled()
    assert (one.cohort, one.edition, one.title) == (None, None, "")
    assert today(laptop.desk, Courses(laptop.desk)) is None
    with pytest.raises(NotHereYet):
        Courses(laptop.desk).outline(COHORT_ID)
    laptop.store.close()


def test_the_outline_says_what_is_open_and_what_comes_later(courses: Courses) -> None:
    outline = courses.outline(COHORT_ID)
    assert (outline.week, outline.weeks, outline.minutes, outline.trainers) == (1, 2, 60, ("Hélène Vasseur",))
    assert [row.standing.state for row in outline.activities] == [State.TODO, State.TODO, State.CLOSED, State.CLOSED]
    assert all(row.here for row in outline.activities)
    assert outline.modules[0].closes == outline.modules[1].opens == MONDAY + WEEK_MS


def test_reading_a_part_moves_the_lesson_and_the_place_to_go_on(courses: Courses) -> None:
    page = courses.lesson(COHORT_ID, LESSON_1)
    assert (len(page.parts), page.part, page.previous) == (3, 0, None)
    assert page.following is not None
    assert page.following.id == PRACTICE
    courses.read(page, 0, seconds=60)
    courses.read(page, 0, seconds=30)
    again = courses.lesson(COHORT_ID, LESSON_1)
    assert (again.read, again.part) == (frozenset({0}), 1)
    row = courses.outline(COHORT_ID).activities[0]
    assert (row.standing.state, row.part, row.parts, row.minutes_left) == (State.BEGUN, 1, 3, 14)


def test_reading_on_another_laptop_of_the_same_person_counts_too(laptop: Laptop, courses: Courses) -> None:
    courses.read(courses.lesson(COHORT_ID, LESSON_1), 0, seconds=60)
    elsewhere = [
        (READING, name(f"r{part}"), Reading(activity=LESSON_1, edition=b"", part=part, parts=3, seconds=1, at=0))
        for part in (1, 2)
    ]
    laptop.told(spaces.personal(COHORT_ID, NADIA), *elsewhere, author=NADIA)
    assert courses.outline(COHORT_ID).activities[0].standing.state is State.DONE


def test_today_offers_what_was_begun_first_and_then_the_rest_of_the_week(laptop: Laptop, courses: Courses) -> None:
    courses.read(courses.lesson(COHORT_ID, LESSON_1), 0, seconds=60)
    day = today(laptop.desk, courses)
    assert day is not None
    assert day.resume is not None
    assert day.resume.activity.id == LESSON_1
    assert [row.activity.id for row in day.also] == [PRACTICE]
    assert (day.minutes, day.minutes_left, day.week_ends) == (30, 24, MONDAY + WEEK_MS)
    assert day.opens_next == MONDAY + WEEK_MS


def test_a_week_that_is_over_shows_as_late_and_is_offered_after_this_week(laptop: Laptop, courses: Courses) -> None:
    laptop.clock.time += WEEK_MS
    day = today(laptop.desk, courses)
    assert day is not None
    assert [row.activity.id for row in day.late] == [LESSON_1, PRACTICE]
    assert day.resume is not None
    assert day.resume.activity.id == LESSON_2
    assert day.opens_next is None


def test_after_the_last_week_there_is_no_module_of_the_day(laptop: Laptop, courses: Courses) -> None:
    laptop.clock.time += 5 * WEEK_MS
    day = today(laptop.desk, courses)
    assert day is not None
    assert (day.module, day.week_ends, day.minutes_left) == (None, None, 0)
    assert day.resume is not None


def test_a_grade_of_the_last_days_is_told_on_the_first_page(laptop: Laptop, courses: Courses) -> None:
    grade = Grade(
        attempt=name("a"),
        activity=EXAM,
        edition=b"",
        number=1,
        points=2,
        best=2,
        passed=True,
        questions=(),
        graded_at=0,
    )
    laptop.told(spaces.personal(COHORT_ID, NADIA), (GRADE, name("g"), grade))
    day = today(laptop.desk, courses)
    assert day is not None
    assert [(one.title, one.points) for one in day.came_back] == [("Évaluation", 2)]
    laptop.clock.time += 2 * WEEK_MS
    later = today(laptop.desk, courses)
    assert later is not None
    assert later.came_back == ()


def test_a_lesson_that_nobody_published_has_not_come(courses: Courses) -> None:
    with pytest.raises(NotHereYet):
        courses.lesson(COHORT_ID, name("nothing"))
    with pytest.raises(NotHereYet):
        courses.find(COURSE_ID)
