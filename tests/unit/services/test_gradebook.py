"""What counts, as the learner sees it and as the trainer takes it into a spreadsheet."""

import csv
from pathlib import Path

from spoc_desktop.services.cohorts import Cohorts
from spoc_desktop.services.courses import Courses
from spoc_desktop.services.exercises import Exercises
from spoc_desktop.services.gradebook import Entry, EntryState, Gradebook, harmless
from spoc_desktop.services.quizzes import Quizzes
from sync.domain import spaces
from sync.domain.cohorts import WEEK_MS
from sync.domain.exercises import Verdict
from sync.domain.ids import derived
from sync.domain.quizzes import ATTEMPT, GRADE, Grade
from tests.unit.services.classroom import COHORT_ID, EXAM, KARIM, NADIA, Laptop, learner_laptop, trainer_laptop
from tests.unit.services.exercise_desk import SHEET, come_back, exercise_laptop, server_takes


def gradebook(laptop: Laptop) -> Gradebook:
    return Gradebook(laptop.desk, Courses(laptop.desk), Cohorts(laptop.desk))


def entry(laptop: Laptop, activity: bytes) -> Entry:
    (course,) = gradebook(laptop).mine()
    return next(one for one in course.entries if one.activity.id == activity)


def attempt(laptop: Laptop) -> bytes:
    quizzes = Quizzes(laptop.desk, Courses(laptop.desk))
    return quizzes.submit(quizzes.begin(COHORT_ID, EXAM).start_id).attempt_id


def told_grade(laptop: Laptop, attempt_id: bytes, points: float, space: bytes, edition: bytes = bytes(16)) -> None:
    body = Grade(
        attempt=attempt_id,
        activity=EXAM,
        edition=edition,
        number=1,
        points=points,
        best=2.0,
        passed=points >= 1.4,
        questions=(),
        graded_at=laptop.clock.now(),
    )
    laptop.told(space, (GRADE, derived("grade", attempt_id, str(points)), body))


def test_a_graded_quiz_goes_from_nothing_to_its_best_attempt() -> None:
    laptop = learner_laptop()
    laptop.clock.time += WEEK_MS
    assert (entry(laptop, EXAM).state, entry(laptop, EXAM).best) == (EntryState.NOTHING, 2.0)
    first = attempt(laptop)
    assert (entry(laptop, EXAM).state, entry(laptop, EXAM).tries) == (EntryState.WAITING, 1)
    space = spaces.personal(COHORT_ID, NADIA)
    told_grade(laptop, first, 1.0, space)
    assert (entry(laptop, EXAM).state, entry(laptop, EXAM).points) == (EntryState.NOT_PASSED, 1.0)
    told_grade(laptop, attempt(laptop), 2.0, space)
    assert (entry(laptop, EXAM).state, entry(laptop, EXAM).points) == (EntryState.PASSED, 2.0)


def test_an_exercise_shows_the_points_of_its_grid_and_how_it_stands() -> None:
    laptop = exercise_laptop()
    exercises = Exercises(laptop.desk, Courses(laptop.desk))
    exercises.write(COHORT_ID, SHEET, "un")
    assert entry(laptop, SHEET).state is EntryState.BEGUN
    exercises.hand_in(COHORT_ID, SHEET)
    assert entry(laptop, SHEET).state is EntryState.WAITING
    server_takes(laptop)
    assert entry(laptop, SHEET).state is EntryState.RECEIVED
    latest = exercises.view(COHORT_ID, SHEET).latest
    assert latest is not None
    come_back(laptop, latest.id, Verdict.RETURNED)
    found = entry(laptop, SHEET)
    assert (found.state, found.points, found.best, found.tries) == (EntryState.RETURNED, 3.0, 5.0, 1)


def test_the_trainer_sees_a_grade_before_it_is_released() -> None:
    laptop = trainer_laptop()
    other = learner_laptop(KARIM)
    other.clock.time += WEEK_MS
    made = attempt(other)
    body = other.store.view(ATTEMPT)[0].body
    laptop.told(spaces.personal(COHORT_ID, KARIM), (ATTEMPT, made, body), author=KARIM)
    told_grade(laptop, made, 2.0, spaces.staff(COHORT_ID, KARIM))
    book = gradebook(laptop).book(COHORT_ID)
    assert [(line.name, line.entries[0].points) for line in book.lines] == [
        ("Karim Ouali", 2.0),
        ("Nadia Benali", None),
    ]


def test_the_spreadsheet_runs_nothing_that_a_person_wrote(tmp_path: Path) -> None:
    laptop = trainer_laptop()
    place = tmp_path / "notes.csv"
    gradebook(laptop).export(COHORT_ID, place)
    rows = list(csv.reader(place.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert [row[0] for row in rows[1:]] == ["Karim Ouali", "Nadia Benali"]
    assert len({len(row) for row in rows}) == 1
    for hostile in ('=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1"):
        assert harmless(hostile).startswith("'"), hostile
    assert (harmless("Ana-Maria"), harmless("")) == ("Ana-Maria", "")
