"""What a formative quiz says at once, on the laptop: provisional, and shown so that there is something left to find."""

from collections.abc import Sequence
from dataclasses import dataclass

from sync.domain.blocks import Block
from sync.domain.drawing import options_of
from sync.domain.grading import is_right, points_of
from sync.domain.quizzes import Answer, Key, Mode, Option, Question, QuestionType, QuizEdition

MOST_TRIES = 3


@dataclass(frozen=True, slots=True)
class Expected:
    """The right answer: option numbers, a short text, or a number with its unit; what does not apply is empty."""

    chosen: tuple[int, ...] = ()
    text: str = ""
    value: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What to tell about the last try; provisional, the server's grade decides.

    `said`: what the author says to who chose this. `explanation` and `expected` are there only when the answer is right
    or no try is left.
    """

    right: bool
    points: float
    said: tuple[Block, ...]
    explanation: tuple[Block, ...]
    expected: Expected | None
    tries: int
    tries_allowed: int

    @property
    def is_final(self) -> bool:
        """Whether there is nothing more to try."""
        return self.right or self.tries >= self.tries_allowed


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question as one person sees it: options in their order, their last answer, what was said about it."""

    question: Question
    options: tuple[Option, ...]
    answer: Answer | None
    feedback: Feedback | None


def question_view(
    question: Question, edition: QuizEdition, answers: Sequence[Answer], seed: bytes, number: int
) -> QuestionView:
    """A question of attempt `number` with the last answer given to it."""
    given = [answer for answer in answers if answer.question == question.id]
    key = next((key for key in edition.keys if key.question == question.id), None)
    formative = edition.mode is Mode.FORMATIVE
    return QuestionView(
        question=question,
        options=options_of(question, edition, seed, number),
        answer=given[-1] if given else None,
        feedback=feedback(question, key, given[-1], len(given)) if given and key and formative else None,
    )


def feedback(question: Question, key: Key, answer: Answer, tries: int) -> Feedback:
    """What to say about try number `tries`."""
    right, allowed = is_right(question, key, answer), tries_of(question)
    final = right or tries >= allowed
    return Feedback(
        right=right,
        points=points_of(question, key, answer),
        said=tuple(block for one in key.feedback if one.option in answer.chosen for block in one.blocks),
        explanation=key.explanation if final else (),
        expected=expected(question, key) if final else None,
        tries=tries,
        tries_allowed=allowed,
    )


def tries_of(question: Question) -> int:
    """How often a question of a formative quiz may be tried: never until only one option is left to tick."""
    match question.type:
        case QuestionType.TRUE_FALSE:
            return 1
        case QuestionType.SINGLE:
            return max(1, min(MOST_TRIES, len(question.options) - 1))
    return MOST_TRIES


def expected(question: Question, key: Key) -> Expected:
    """The right answer in a form to show."""
    match question.type:
        case QuestionType.SHORT_TEXT:
            return Expected(text=key.accepted[0] if key.accepted else "")
        case QuestionType.NUMERIC:
            return Expected(value=key.value, unit=question.unit)
    return Expected(chosen=key.right)
