"""How answers become points, by one function: on the laptop provisionally (formative), on the server for good."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from sync.domain.quizzes import (
    FALSE,
    TRUE,
    Answer,
    Attempt,
    Grade,
    Key,
    Question,
    QuestionGrade,
    QuestionType,
    QuizEdition,
)

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "’": "'", "‐": "-", "‑": "-"})
_NUMBER = re.compile(r"\s*([+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,2})?)\s*(.*?)\s*", re.DOTALL)
_LONGEST_NUMBER = 64
_ROUNDING = 1e-9


def folded(text: str) -> str:
    """A text without case, accents, ligatures, outer punctuation or doubled spaces: how short answers are compared."""
    return " ".join(_bare(text).split()).strip(" .,;:!?\"'«»()")


def _bare(text: str) -> str:
    if text.isascii():
        return text.casefold()
    # Taken apart first and after: a sign such as ℠ holds capital letters, ǣ holds a ligature below its accent.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_LIGATURES)


@lru_cache(1_000)
def _all_folded(texts: tuple[str, ...]) -> frozenset[str]:
    """The answers that a key accepts: asked of each attempt, folded once."""
    return frozenset(map(folded, texts))


def read_number(text: str, unit: str) -> float | None:
    """The number in what a person typed, with a comma or a point, groups of three and, if they like, the unit.

    None when it is no number or carries another unit.
    """
    found = _NUMBER.fullmatch(re.sub(r"(?<=\d)[\s\u00a0\u202f](?=\d{3}\b)", "", text[:_LONGEST_NUMBER]))
    if found is None or folded(found[2]) not in ("", folded(unit)):
        return None
    return float(found[1].replace(",", "."))


def is_right(question: Question, key: Key, answer: Answer) -> bool:
    """Whether an answer is wholly right."""
    match question.type:
        case QuestionType.SINGLE | QuestionType.MULTIPLE | QuestionType.TRUE_FALSE:
            return bool(answer.chosen) and set(answer.chosen) == set(key.right)
        case QuestionType.SHORT_TEXT:
            given = folded(answer.text)
            return bool(given) and given in _all_folded(key.accepted)
        case QuestionType.NUMERIC:
            number = read_number(answer.text, question.unit)
            slack = key.tolerance + _ROUNDING * max(1.0, abs(key.value))
            return number is not None and abs(number - key.value) <= slack
    return False


def points_of(question: Question, key: Key, answer: Answer) -> float:
    """Points of an answer, from 0 to the question's points.

    In a multiple choice the share of right options ticked counts, less the share of wrong options ticked, never below
    0: ticking all or nothing earns nothing.
    """
    return _points(question, key, answer, right=is_right(question, key, answer))


def _points(question: Question, key: Key, answer: Answer, *, right: bool) -> float:
    if right:
        return float(question.points)
    if question.type is not QuestionType.MULTIPLE or not answer.chosen:
        return 0.0
    good, chosen = set(key.right), set(answer.chosen)
    wrong = {option.number for option in question.options} - good
    gained = len(chosen & good) / max(1, len(good))
    lost = len(chosen - good) / max(1, len(wrong))
    return round(question.points * max(0.0, gained - lost), 4)


def grade(
    edition: QuizEdition,
    keys: Iterable[Key],
    attempt: Attempt,
    *,
    attempt_id: bytes,
    graded_at: int,
    counts: bool = True,
) -> Grade:
    """Grade an attempt with the edition that it was taken on. A question without an answer earns nothing."""
    key_of = {key.question: key for key in keys}
    given = {answer.question: answer for answer in attempt.answers}
    found = tuple(
        _question_grade(question, key_of.get(question.id), given.get(question.id)) for question in edition.questions
    )
    points, best = sum(each.points for each in found), float(sum(each.points for each in edition.questions))
    return Grade(
        attempt=attempt_id,
        activity=attempt.activity,
        edition=attempt.edition,
        number=attempt.number,
        points=round(points, 4),
        best=best,
        passed=points * 100 >= edition.pass_percent * best - _ROUNDING,
        questions=found,
        graded_at=graded_at,
        counts=counts,
    )


def _question_grade(question: Question, key: Key | None, answer: Answer | None) -> QuestionGrade:
    if key is None or answer is None:
        return QuestionGrade(question=question.id, points=0.0, right=False)
    right = is_right(question, key, answer)
    return QuestionGrade(question=question.id, points=_points(question, key, answer, right=right), right=right)


def option_numbers(question: Question) -> tuple[int, ...]:
    """The numbers that an answer may choose."""
    if question.type is QuestionType.TRUE_FALSE:
        return (TRUE, FALSE)
    return tuple(option.number for option in question.options)
