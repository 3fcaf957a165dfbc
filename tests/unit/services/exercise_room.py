"""The trainer's laptop of `classroom` with an exercise in the first week of the course, and hand-ins that arrive."""

from sync.domain import spaces
from sync.domain.courses import Course
from sync.domain.exercises import (
    EXERCISE_EDITION,
    HAND_IN,
    RETURNED,
    Criterion,
    Exercise,
    HandIn,
    Level,
    Returned,
    Verdict,
)
from sync.domain.ids import PersonId
from sync.domain.publishing import Drafts, publish
from tests.unit.services.classroom import (
    COHORT_ID,
    COURSE_ID,
    HELENE,
    LESSON_1,
    PRACTICE,
    SECRET,
    Laptop,
    drafts,
    name,
    trainer_laptop,
    words,
)

SHEET = name("sheet")
LEVELS = tuple(Level(title=word, points=points) for points, word in enumerate(("Absent", "Partiel", "Acquis")))
CRITERIA = (
    Criterion(number=1, title="Identification", levels=LEVELS),
    Criterion(number=2, title="Ordre des étapes", levels=LEVELS),
)


def exercise_laptop() -> Laptop:
    """The trainer's laptop; the second edition of the course has an exercise."""
    laptop = trainer_laptop()
    course, lessons, quizzes = drafts()
    first, second = course.modules
    modules = (
        type(first)(id=first.id, title=first.title, week=1, activities=(LESSON_1, PRACTICE, SHEET)),
        second,
    )
    longer = Course(
        title=course.title,
        language="fr",
        summary="",
        modules=modules,
        technical_contact="a",
        pedagogical_contact="b",
    )
    sheet = Exercise(title="Fiche de manœuvre", minutes=40, brief=words("Rédigez la fiche."), criteria=CRITERIA)
    done = publish(COURSE_ID, Drafts(longer, lessons, quizzes, {SHEET: sheet}), number=2, secret=SECRET)
    known = {
        seen.id
        for kind in {row.kind.number: row.kind for row in done.course}.values()
        for seen in laptop.store.view(kind)
    }
    fresh = [(row.kind, row.id, row.body) for row in done.course if row.id not in known]
    laptop.told_raw(spaces.course(COURSE_ID), fresh)
    return laptop


def edition_of_sheet(laptop: Laptop) -> bytes:
    return next(seen.id for seen in laptop.store.view(EXERCISE_EDITION))


def arrives(laptop: Laptop, learner: PersonId, version: int, text: str) -> bytes:
    """A hand-in reaches the trainer's laptop."""
    id_ = name(f"hand-in {learner.hex()} {version}")
    body = HandIn(activity=SHEET, edition=edition_of_sheet(laptop), version=version, text=text, at=laptop.clock.now())
    laptop.told(spaces.personal(COHORT_ID, learner), (HAND_IN, id_, body), author=learner)
    return id_


def comes_back(laptop: Laptop, learner: PersonId, hand_in: bytes, verdict: Verdict, trainer: PersonId = HELENE) -> None:
    """The server has copied a verdict into the learner's space."""
    body = Returned(
        review=name(f"review {hand_in.hex()}"),
        hand_in=hand_in,
        activity=SHEET,
        version=1,
        trainer=trainer,
        marks=(),
        remarks=(),
        opinion="À revoir",
        verdict=verdict,
        decided_at=laptop.clock.now(),
    )
    laptop.told(spaces.personal(COHORT_ID, learner), (RETURNED, name(f"returned {hand_in.hex()}"), body))
