"""A learner's laptop whose course has an exercise in its first week, and a server that answers what was handed in."""

from sync.client.steps import Confirm, Refuse
from sync.domain import spaces
from sync.domain.anchors import Anchor
from sync.domain.courses import Module
from sync.domain.exercises import HAND_IN, RETURNED, Criterion, Exercise, Level, Mark, Remark, Returned, Verdict
from sync.domain.publishing import Drafts, publish
from sync.protocol.errors import Refusal
from tests.unit.services.classroom import (
    COHORT_ID,
    COURSE_ID,
    HELENE,
    LESSON_1,
    NADIA,
    SECRET,
    Laptop,
    drafts,
    name,
    words,
)

SHEET = name("sheet")
CRITERIA = (
    Criterion(
        number=1,
        title="Identification",
        levels=(Level(title="Absente", points=0), Level(title="Complète", points=3, description="plan et indice")),
    ),
    Criterion(number=2, title="Ordre", levels=(Level(title="Faux", points=0), Level(title="Juste", points=2))),
)


def exercise_laptop() -> Laptop:
    """Nadia's laptop on the Wednesday of the first week; the exercise is due on the Friday."""
    laptop = Laptop(NADIA)
    course, lessons, quizzes = drafts()
    module = Module(id=name("module 1"), title="Comprendre", week=1, activities=(LESSON_1, SHEET))
    whole = type(course)(
        title=course.title, language="fr", summary="", modules=(module,), technical_contact="a", pedagogical_contact="b"
    )
    sheet = Exercise(title="Fiche", minutes=40, brief=words("Rédigez la fiche."), criteria=CRITERIA, due_day=5)
    done = publish(COURSE_ID, Drafts(whole, lessons, quizzes, {SHEET: sheet}), number=1, secret=SECRET)
    laptop.told_raw(spaces.course(COURSE_ID), [(row.kind, row.id, row.body) for row in done.course])
    laptop.told_cohort()
    laptop.told_enrolment(NADIA)
    return laptop


def come_back(laptop: Laptop, hand_in: bytes, verdict: Verdict, *, quote: str = "", at: int = 0) -> None:
    """The server tells what the trainer decided about a version."""
    body = Returned(
        review=name(f"review {hand_in.hex()}"),
        hand_in=hand_in,
        activity=SHEET,
        version=1,
        trainer=HELENE,
        marks=(Mark(criterion=1, level=1, comment="plan cité"), Mark(criterion=2, level=0)),
        remarks=(
            Remark(number=1, text="Dans quel ordre ?", anchor=Anchor(start=0, end=len(quote), quote=quote)),
            Remark(number=2, text="Bien dans l'ensemble."),
        ),
        opinion="Reprenez la condamnation.",
        verdict=verdict,
        decided_at=at or laptop.clock.now(),
    )
    laptop.told(spaces.personal(COHORT_ID, NADIA), (RETURNED, name(f"returned {hand_in.hex()} {verdict}"), body))


def server_takes(laptop: Laptop) -> None:
    """The server accepts every version that waits."""
    space = spaces.personal(COHORT_ID, NADIA)
    for listed in laptop.store.outbox_list():
        if listed.kind == HAND_IN.number and listed.space == space:
            laptop.told(space, (HAND_IN, listed.id, listed.body()), author=NADIA)
            seq = laptop.store.view(HAND_IN, space, [listed.id])[0].seq
            laptop.store.perform([Confirm(space, listed.writer, listed.n, 1, 1, seq)])


def server_refuses(laptop: Laptop) -> None:
    """The server refuses every version that waits: the exercise is closed."""
    for listed in laptop.store.outbox_list():
        if listed.kind == HAND_IN.number:
            laptop.store.perform([Refuse(listed.space, listed.writer, listed.n, 1, Refusal.CLOSED)])
