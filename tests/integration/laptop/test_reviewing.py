"""An exercise goes round: handed in, reviewed with the network cut, returned, handed in again, accepted."""

from __future__ import annotations

from pathlib import Path

import msgspec

from spoc_desktop.interchange.course_folder import CourseText
from spoc_desktop.interchange.course_folder_writing import write_folder
from spoc_desktop.services.workplace import Workplace
from sync.domain.anchors import Anchor
from sync.domain.exercises import Exercise, Mark, Remark, Verdict
from tests.integration.laptop.harness import Laptop, School, school
from tests.server_fixture import COURSE
from tests.unit.services.classroom import drafts, name, words
from tests.unit.services.exercise_room import CRITERIA

SHEET = name("sheet")


def course_with_an_exercise(here: School) -> None:
    course, lessons, quizzes = drafts()
    first, second = course.modules
    longer = msgspec.structs.replace(first, activities=(*first.activities, SHEET))
    course = msgspec.structs.replace(course, modules=(longer, second))
    sheet = Exercise(title="Fiche", minutes=40, brief=words("Rédigez la fiche."), criteria=CRITERIA)
    write_folder(CourseText(COURSE, course, lessons, quizzes, {SHEET: sheet}), here.folder / "course")
    here.publish()


def sent_after_a_restart(laptop: Laptop) -> Workplace:
    """What may still be undone stays here until the program is started again."""
    laptop.shut()
    workplace = laptop.open()
    assert workplace.syncing.sync_now() is None
    return workplace


def hand_in(laptop: Laptop, workplace: Workplace, cohort: bytes, text: str) -> Workplace:
    workplace.exercises.write(cohort, SHEET, text)
    workplace.exercises.hand_in(cohort, SHEET)
    return sent_after_a_restart(laptop)


def test_a_version_is_returned_with_what_was_said_of_its_words_and_the_next_one_accepted(tmp_path: Path) -> None:
    with school(tmp_path, published=False) as here:
        course_with_an_exercise(here)
        cohort = here.sample.id
        learners, ines = here.joined(here.sample.ines)
        trainers, sophie = here.joined(here.sample.sophie)
        ines = hand_in(learners, ines, cohort, "Ouvrir Q7.")
        assert sophie.syncing.sync_now() is None

        trainers.wire.cut()
        (waiting,) = sophie.reviewing.queue()
        copy = sophie.reviewing.copy(waiting.hand_in)
        assert copy.exercise is not None
        review = msgspec.structs.replace(
            copy.review,
            marks=(Mark(criterion=1, level=1),),
            remarks=(Remark(number=1, text="Et contrôler ?", anchor=Anchor(start=7, end=9, quote="Q7")),),
            opinion="Il manque le contrôle.",
        )
        sophie.reviewing.save(waiting, review)
        sophie.reviewing.decide(waiting, review, Verdict.RETURNED)
        assert sophie.reviewing.queue() == ()
        trainers.wire.mend()
        sophie = sent_after_a_restart(trainers)

        assert ines.syncing.sync_now() is None
        view = ines.exercises.view(cohort, SHEET)
        assert view.latest is not None
        said = view.latest.review
        assert said is not None
        assert (said.verdict, said.opinion, said.points) == (Verdict.RETURNED, "Il manque le contrôle.", 1)
        assert [(one.text, one.quote) for one in said.remarks] == [("Et contrôler ?", "Q7")]

        ines = hand_in(learners, ines, cohort, "Ouvrir Q7, contrôler.")
        assert sophie.syncing.sync_now() is None
        (again,) = sophie.reviewing.queue()
        assert again.version == 2
        ((_before, earlier),) = sophie.reviewing.copy(again.hand_in).earlier
        assert earlier.opinion == "Il manque le contrôle."
        sophie.reviewing.decide(again, sophie.reviewing.copy(again.hand_in).review, Verdict.ACCEPTED)
        sent_after_a_restart(trainers)
        assert ines.syncing.sync_now() is None
        (standing,) = [row for row in ines.courses.outline(cohort).activities if row.activity.id == SHEET]
        assert standing.standing.share == 1.0
        latest = ines.exercises.view(cohort, SHEET).latest
        assert latest is not None
        assert latest.review is not None
        assert latest.review.verdict is Verdict.ACCEPTED
