"""The order in which one person sees the questions and options of one attempt: the same offline and on the server."""

import hmac
from collections.abc import Sequence
from typing import TypeVar

from sync.domain.quizzes import Option, Question, QuestionType, QuizEdition

Item = TypeVar("Item")


def questions_of(edition: QuizEdition, seed: bytes, number: int) -> tuple[Question, ...]:
    """The questions of attempt `number` in the order shown, from the learner's seed (protocol rule 5)."""
    if not edition.shuffle:
        return edition.questions
    return _shuffled(edition.questions, [question.id for question in edition.questions], seed, number, edition.activity)


def options_of(question: Question, edition: QuizEdition, seed: bytes, number: int) -> tuple[Option, ...]:
    """The options of a question in the order shown."""
    if not edition.shuffle or question.type is QuestionType.TRUE_FALSE:
        return question.options
    names = [question.id + option.number.to_bytes(4, "big") for option in question.options]
    return _shuffled(question.options, names, seed, number, edition.activity)


def _shuffled(items: Sequence[Item], names: Sequence[bytes], seed: bytes, number: int, quiz: bytes) -> tuple[Item, ...]:
    def rank(name: bytes) -> bytes:
        return hmac.digest(seed, quiz + number.to_bytes(4, "big") + name, "sha256")

    order = sorted(range(len(items)), key=lambda place: rank(names[place]))
    return tuple(items[place] for place in order)
