"""What became of an attempt: on its way, received, graded; each answer beside what was right, where that is known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from spoc_desktop.services.desk import Desk, Seen
from spoc_desktop.services.feedback import Expected, expected
from sync.domain.blocks import Block
from sync.domain.grading import grade
from sync.domain.quizzes import GRADE, Answer, Attempt, Grade, Key, Mode, Question, QuizEdition, Release


class Stage(Enum):
    """How far an attempt has come.

    WAITING: saved on this laptop, not sent. RECEIVED: the server has it, no grade is released yet. GRADED.
    """

    WAITING = auto()
    RECEIVED = auto()
    GRADED = auto()


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question of an attempt. `right`, `points`, `expected`: None where this person may not know (yet)."""

    question: Question
    answer: Answer | None
    right: bool | None
    points: float | None
    expected: Expected | None
    explanation: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """An attempt handed in. `points` None: not known yet. `provisional`: worked out on this laptop, the server decides.

    `counts`: False when the server found more attempts than allowed. `release`: when the grade of a graded quiz comes.
    """

    attempt_id: bytes
    activity_id: bytes
    number: int
    submitted: int
    stage: Stage
    points: float | None
    best: float
    passed: bool | None
    provisional: bool
    counts: bool
    release: Release
    questions: tuple[QuestionResult, ...]

    @property
    def share(self) -> float | None:
        """Points as a share from 0 to 1, None before they are known."""
        return None if self.points is None else self.points / self.best if self.best else 1.0


def newest_grade(seen: Iterable[Seen], attempt_id: bytes) -> Grade | None:
    """The grade that stands: a regrade adds a record, the last one counts."""
    found: list[Grade] = [one.body for one in seen if one.body.attempt == attempt_id]
    return max(found, key=lambda one: one.graded_at, default=None)


def result_of(desk: Desk, seen: Seen, edition: Seen | None) -> Result:
    """The learner's own view of an attempt."""
    whole: QuizEdition | None = edition.body if edition else None
    given = newest_grade(desk.store.view(GRADE, seen.space), seen.id)
    formative = whole is not None and whole.mode is Mode.FORMATIVE
    keys = whole.keys if whole is not None and formative else ()
    return build(seen, whole, given, keys)


def build(seen: Seen, edition: QuizEdition | None, given: Grade | None, keys: Sequence[Key]) -> Result:
    """An attempt with the grade and the keys that its reader may know."""
    attempt: Attempt = seen.body
    own = None
    if edition and keys and given is None:
        own = grade(edition, keys, attempt, attempt_id=seen.id, graded_at=attempt.submitted)
    stands = given or own
    return Result(
        attempt_id=seen.id,
        activity_id=attempt.activity,
        number=attempt.number,
        submitted=attempt.submitted,
        stage=Stage.GRADED if given else Stage.WAITING if seen.waiting else Stage.RECEIVED,
        points=stands.points if stands else None,
        best=stands.best if stands else float(sum(one.points for one in edition.questions)) if edition else 0.0,
        passed=stands.passed if stands else None,
        provisional=own is not None,
        counts=given.counts if given else True,
        release=edition.release if edition else Release.UNKNOWN,
        questions=_questions(attempt, edition, stands, keys),
    )


def _questions(
    attempt: Attempt, edition: QuizEdition | None, stands: Grade | None, keys: Sequence[Key]
) -> tuple[QuestionResult, ...]:
    if edition is None:
        return ()
    given = {one.question: one for one in attempt.answers}
    grades = {one.question: one for one in stands.questions} if stands else {}
    key_of = {key.question: key for key in keys}
    found = []
    for question in edition.questions:
        mark, key = grades.get(question.id), key_of.get(question.id)
        found.append(
            QuestionResult(
                question=question,
                answer=given.get(question.id),
                right=mark.right if mark else None,
                points=mark.points if mark else None,
                expected=expected(question, key) if key else None,
                explanation=key.explanation if key else (),
            )
        )
    return tuple(found)
