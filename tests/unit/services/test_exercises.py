"""A learner writes, attaches, hands in, reads what came back, and hands in again."""

from pathlib import Path

import pytest

from spoc_desktop.services.courses import Courses
from spoc_desktop.services.errors import (
    AlreadyAccepted,
    FileUnreadable,
    NothingToHandIn,
    NotOpenYet,
    TooManyFiles,
)
from spoc_desktop.services.exercises import Exercises
from spoc_desktop.services.today import today
from sync.domain import spaces
from sync.domain.cohorts import DAY_MS
from sync.domain.exercises import HAND_IN, Handed, HandIn, Verdict
from sync.domain.kind import encode
from sync.domain.progress import State
from sync.protocol.limits import MAX_FILES
from tests.unit.services.classroom import COHORT_ID, LESSON_1, MONDAY, NADIA, Laptop, name
from tests.unit.services.exercise_desk import SHEET, come_back, exercise_laptop, server_refuses, server_takes


@pytest.fixture
def laptop() -> Laptop:
    return exercise_laptop()


@pytest.fixture
def courses(laptop: Laptop) -> Courses:
    return Courses(laptop.desk)


@pytest.fixture
def exercises(laptop: Laptop, courses: Courses) -> Exercises:
    return Exercises(laptop.desk, courses)


def hand_in(exercises: Exercises, text: str) -> bytes:
    exercises.write(COHORT_ID, SHEET, text)
    exercises.hand_in(COHORT_ID, SHEET)
    latest = exercises.view(COHORT_ID, SHEET).latest
    assert latest is not None
    return latest.id


def state(courses: Courses) -> State:
    return next(row.standing.state for row in courses.outline(COHORT_ID).activities if row.activity.id == SHEET)


def test_an_exercise_says_when_it_is_due_and_what_is_looked_at(exercises: Exercises) -> None:
    view = exercises.view(COHORT_ID, SHEET)
    assert view.due == MONDAY + 5 * DAY_MS
    assert [one.title for one in view.edition.criteria] == ["Identification", "Ordre"]
    assert (view.standing, view.next_number, view.versions) == (Handed.NOT_YET, 1, ())


def test_every_keystroke_is_kept_for_this_person_alone(exercises: Exercises, courses: Courses, laptop: Laptop) -> None:
    for text in ("C", "Co", "Con"):
        changes = exercises.write(COHORT_ID, SHEET, text)
        assert changes.spaces == {spaces.own(NADIA)}
    view = exercises.view(COHORT_ID, SHEET)
    assert (view.draft.text, view.standing, state(courses)) == ("Con", Handed.DRAFT, State.BEGUN)
    assert laptop.store.view(HAND_IN) == []


def test_a_version_has_a_receipt_of_this_computer_and_then_of_the_server(
    exercises: Exercises, courses: Courses, laptop: Laptop
) -> None:
    handed_at = laptop.clock.time
    hand_in(exercises, "Version une")
    first = exercises.view(COHORT_ID, SHEET)
    assert [(one.text, one.at, one.received) for one in first.versions] == [("Version une", handed_at, None)]
    assert (first.draft.text, first.is_writing, state(courses)) == ("", False, State.DONE)
    laptop.clock.time += 3_600_000
    server_takes(laptop)
    assert exercises.view(COHORT_ID, SHEET).versions[0].received == handed_at + 3_600_000


def test_a_version_that_has_not_left_is_taken_back_with_its_text(exercises: Exercises) -> None:
    exercises.write(COHORT_ID, SHEET, "Trop tôt")
    held = exercises.hand_in(COHORT_ID, SHEET)
    exercises.undo(held)
    view = exercises.view(COHORT_ID, SHEET)
    assert (view.versions, view.draft.text) == ((), "Trop tôt")


def test_what_came_back_stands_in_the_text_and_heads_the_day(
    exercises: Exercises, courses: Courses, laptop: Laptop
) -> None:
    version = hand_in(exercises, "Je consigne. Puis j'ouvre. Je consigne.")
    server_takes(laptop)
    come_back(laptop, version, Verdict.RETURNED, quote="Je consigne")
    view = exercises.view(COHORT_ID, SHEET)
    review = view.versions[0].review
    assert review is not None
    assert (view.standing, state(courses)) == (Handed.RETURNED, State.RETURNED)
    assert (review.trainer, review.opinion, review.points, review.best) == (
        "Hélène Vasseur",
        "Reprenez la condamnation.",
        3,
        5,
    )
    assert [(one.number, one.start, one.end) for one in review.remarks] == [(1, 0, 11), (2, 0, 0)]
    assert [(one.place, one.comment) for one in review.rubric] == [(2, "plan cité"), (1, "")]
    day = today(laptop.desk, courses)
    assert day is not None
    assert [(one.trainer, one.remarks, one.opinion) for one in day.reviewed] == [
        ("Hélène Vasseur", 2, "Reprenez la condamnation.")
    ]
    assert SHEET in {row.activity.id for row in (day.resume, *day.also) if row is not None}


def test_what_came_back_is_still_to_do_when_its_week_is_over(
    exercises: Exercises, courses: Courses, laptop: Laptop
) -> None:
    version = hand_in(exercises, "un")
    server_takes(laptop)
    come_back(laptop, version, Verdict.RETURNED)
    courses.read(courses.lesson(COHORT_ID, LESSON_1), 0, 60)
    laptop.clock.time += 14 * DAY_MS
    day = today(laptop.desk, courses)
    assert day is not None
    assert day.resume is not None
    assert (day.resume.activity.id, [row.activity.id for row in day.also]) == (LESSON_1, [SHEET])
    assert [one.activity_id for one in day.reviewed] == [SHEET]


def test_the_next_version_begins_with_the_text_and_files_of_the_last(
    exercises: Exercises, laptop: Laptop, tmp_path: Path
) -> None:
    (tmp_path / "plan.pdf").write_bytes(b"%PDF")
    exercises.attach(COHORT_ID, SHEET, [tmp_path / "plan.pdf"])
    first = hand_in(exercises, "Version une")
    come_back(laptop, first, Verdict.RETURNED)
    exercises.begin_next(COHORT_ID, SHEET)
    view = exercises.view(COHORT_ID, SHEET)
    assert (view.draft.text, view.draft.replies_to, view.next_number) == ("Version une", first, 2)
    assert [file.name for file in view.draft.files] == ["plan.pdf"]
    exercises.write(COHORT_ID, SHEET, "Version deux")
    exercises.begin_next(COHORT_ID, SHEET)
    assert exercises.view(COHORT_ID, SHEET).draft.text == "Version deux"


def test_two_laptops_may_hand_in_and_both_versions_stand(exercises: Exercises, laptop: Laptop) -> None:
    hand_in(exercises, "ici")
    body = HandIn(activity=SHEET, edition=name("elsewhere"), version=1, text="ailleurs", at=laptop.clock.now())
    space = spaces.personal(COHORT_ID, NADIA)
    laptop.told_raw(space, [(HAND_IN, name("other laptop"), encode(body))], NADIA)
    view = exercises.view(COHORT_ID, SHEET)
    assert [(one.number, one.text) for one in view.versions] == [(1, "ailleurs"), (2, "ici")]
    server_takes(laptop)
    assert [one.text for one in exercises.view(COHORT_ID, SHEET).versions] == ["ailleurs", "ici"]


def test_after_acceptance_nothing_more_is_handed_in(exercises: Exercises, courses: Courses, laptop: Laptop) -> None:
    version = hand_in(exercises, "bon")
    server_takes(laptop)
    come_back(laptop, version, Verdict.ACCEPTED)
    exercises.write(COHORT_ID, SHEET, "encore")
    with pytest.raises(AlreadyAccepted):
        exercises.hand_in(COHORT_ID, SHEET)
    with pytest.raises(AlreadyAccepted):
        exercises.begin_next(COHORT_ID, SHEET)
    assert state(courses) is State.DONE


def test_an_empty_version_and_a_closed_week_are_not_handed_in(exercises: Exercises, laptop: Laptop) -> None:
    exercises.write(COHORT_ID, SHEET, "  \n")
    with pytest.raises(NothingToHandIn):
        exercises.hand_in(COHORT_ID, SHEET)
    exercises.write(COHORT_ID, SHEET, "prêt")
    laptop.clock.time = MONDAY - 1
    with pytest.raises(NotOpenYet):
        exercises.hand_in(COHORT_ID, SHEET)


def test_a_refused_version_is_kept_with_its_reason(exercises: Exercises, laptop: Laptop) -> None:
    hand_in(exercises, "refusée")
    server_refuses(laptop)
    view = exercises.view(COHORT_ID, SHEET)
    assert view.versions == ()
    assert [one.text for one in view.refused] == ["refusée"]
    assert view.refused[0].said.failed


def test_files_are_added_and_taken_out_again(exercises: Exercises, tmp_path: Path, laptop: Laptop) -> None:
    for number in range(2):
        (tmp_path / f"photo {number}.png").write_bytes(bytes([number]))
    paths = sorted(tmp_path.iterdir())
    exercises.attach(COHORT_ID, SHEET, paths)
    exercises.attach(COHORT_ID, SHEET, paths[:1])
    first, second = exercises.view(COHORT_ID, SHEET).draft.files
    assert (first.name, first.size, first.type) == ("photo 0.png", 1, "image/png")
    exercises.detach(COHORT_ID, SHEET, first)
    assert exercises.view(COHORT_ID, SHEET).draft.files == (second,)
    assert laptop.store.files.read(second.sha256) == b"\x01"


def test_a_folder_and_too_many_files_change_nothing(exercises: Exercises, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    with pytest.raises(FileUnreadable):
        exercises.attach(COHORT_ID, SHEET, [tmp_path / "a.txt", tmp_path])
    with pytest.raises(TooManyFiles):
        exercises.attach(COHORT_ID, SHEET, [tmp_path / "a.txt"] * (MAX_FILES + 1))
    assert exercises.view(COHORT_ID, SHEET).draft.files == ()
