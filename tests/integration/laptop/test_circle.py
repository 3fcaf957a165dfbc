"""One answer goes round: from a learner who is offline, through the real server, to the trainer and back."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from spoc_desktop.services.errors import NoAttemptsLeft
from spoc_desktop.services.quizzes import Sitting
from spoc_desktop.services.results import Stage
from spoc_desktop.services.workplace import Workplace
from sync.domain import spaces
from sync.domain.progress import State
from sync.domain.quizzes import Answer
from sync.domain.spaces import SpaceType
from tests.integration.laptop.harness import School, school
from tests.unit.services.classroom import EXAM, LESSON_1, PRACTICE


def answer(workplace: Workplace, cohort: bytes, activity: bytes, **chosen: int) -> bytes:
    """Take a quiz and hand it in."""
    sitting = workplace.quizzes.begin(cohort, activity)
    for word, option in chosen.items():
        workplace.quizzes.answer(sitting.start_id, Answer(question=_question(sitting, word), chosen=(option,)))
    return workplace.quizzes.submit(sitting.start_id).attempt_id


def _question(sitting: Sitting, word: str) -> bytes:
    return next(view.question.id for view in sitting.questions if word in str(view.question.stem))


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """One school for all tests of this page; Inès is the first test's, Karim the second's."""
    with school(tmp_path_factory.mktemp("school")) as made:
        yield made


def test_an_answer_given_offline_reaches_the_trainer_and_its_grade_comes_back(here: School) -> None:
    cohort = here.sample.id
    laptop, ines = here.joined(here.sample.ines)
    _, sophie = here.joined(here.sample.sophie)
    assert ines.roles().learner
    assert sophie.roles().trainer
    day = ines.today()
    assert day is not None
    assert {row.activity.id for row in (*day.late, *day.also, day.resume) if row} >= {PRACTICE, EXAM}

    laptop.wire.cut()
    asked = len(here.server.requests())
    page = ines.courses.lesson(cohort, LESSON_1)
    for part in range(len(page.parts)):
        ines.courses.read(page, part, 30)
    practice = answer(ines, cohort, PRACTICE, one=2)
    exam = answer(ines, cohort, EXAM, three=1, four=2)
    assert ines.quizzes.result(practice).provisional
    assert ines.quizzes.result(exam).points is None
    assert ines.syncing.sync_now() is not None
    status = ines.syncing.status()
    assert (status.offline, status.trouble) == (True, None)
    assert status.waiting > 0
    assert len(here.server.requests()) == asked

    laptop.wire.mend()
    assert ines.syncing.sync_now() is None
    assert ines.syncing.status().waiting == 0
    graded = ines.quizzes.result(exam)
    assert (graded.stage, graded.points, graded.best, graded.provisional) == (Stage.GRADED, 1.0, 2.0, False)
    assert not ines.quizzes.result(practice).provisional

    assert sophie.syncing.sync_now() is None
    received = sophie.cohorts.received(cohort, 0)
    assert {one.attempt_id for one in received if one.person == ines.person} == {practice, exam}
    row = next(row for row in sophie.cohorts.matrix(cohort).rows if row.person == ines.person)
    assert row.cells[0].state is State.DONE
    assert row.last_sent is not None
    beside_key = sophie.quiz_book.attempt(cohort, ines.person, exam)
    assert [one.expected.chosen for one in beside_key.questions if one.expected] != []
    assert sophie.quiz_book.results(cohort, EXAM).learners[0].name == "Inès"


def test_attempts_are_counted_over_all_laptops_of_a_person_and_no_key_is_on_any(here: School) -> None:
    _, first = here.joined(here.sample.karim)
    other = here.laptop(here.sample.karim, "-other")
    for _each in range(2):
        answer(first, here.sample.id, EXAM, three=1)
    assert first.syncing.sync_now() is None
    second = other.join(here.server.invite(here.sample.karim))
    for workplace in (first, second):
        with pytest.raises(NoAttemptsLeft):
            workplace.quizzes.begin(here.sample.id, EXAM)
        assert workplace.quizzes.overview(here.sample.id, EXAM).edition.keys == ()
        assert SpaceType.AUTHORING not in {spaces.type_of(one.space) for one in workplace.store.state().spaces}


def test_a_folder_imported_again_changes_only_what_changed(here: School, tmp_path: Path) -> None:
    folder = shutil.copytree(here.course_folder(), tmp_path / "course")
    lesson = next(path for path in folder.glob("*/*.md") if "part 0" in path.read_text("utf-8"))
    lesson.write_text(lesson.read_text("utf-8").replace("part 0", "première partie"), "utf-8")
    author = here.laptops[0]
    words = ("import", str(folder), "--language", "en", "--passphrase-fd", "{0}")
    done = author.spoc(*words, secrets_=(author.passphrase,))
    assert done.returncode == 0, done.stderr
    assert re.search(r"Changed: (Lire|Encore)", done.stdout)
    assert "Unchanged: 4" in done.stdout
    assert "Published as edition 2." in done.stdout


def test_a_broken_folder_names_every_problem_with_file_and_line_and_saves_nothing(here: School, tmp_path: Path) -> None:
    folder = shutil.copytree(here.course_folder(), tmp_path / "course")
    (folder / "course.md").write_text("---\ntitle: Sans identité\n---\n", "utf-8")
    quiz = next(path for path in folder.glob("*/*.md") if "kind: quiz" in path.read_text("utf-8"))
    quiz.write_text(quiz.read_text("utf-8").replace("minutes: 10", "minutes: beaucoup"), "utf-8")
    author = here.laptops[0]
    words = ("import", str(folder), "--language", "en", "--passphrase-fd", "{0}")
    done = author.spoc(*words, secrets_=(author.passphrase,))
    assert done.returncode == 1
    assert "Nothing was saved." in done.stdout
    assert re.search(rf"{re.escape(quiz.name)}:\d+ ", done.stdout)
    assert "course.md" in done.stdout
    assert author.open().store.counts().waiting == 0
    author.shut()
