"""One question while it is written: its face and its key changed together, so that they always fit one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from sync.domain.blocks import Block, Span
from sync.domain.quizzes import TRUE, Key, Option, OptionFeedback, Question, QuestionType, Quiz

CHOICES = (QuestionType.SINGLE, QuestionType.MULTIPLE)
FIRST_OPTIONS = 3
MAX_OPTIONS = 12
MAX_QUESTIONS = 100


@dataclass(frozen=True, slots=True)
class QuestionSheet:
    """A question with its key. Every method gives another sheet."""

    question: Question
    key: Key

    def with_face(self, **fields: Any) -> QuestionSheet:
        """Other fields of the face."""
        return QuestionSheet(msgspec.structs.replace(self.question, **fields), self.key)

    def with_key(self, **fields: Any) -> QuestionSheet:
        """Other fields of the key."""
        return QuestionSheet(self.question, msgspec.structs.replace(self.key, **fields))

    def with_type(self, kind: QuestionType) -> QuestionSheet:
        """Asked otherwise; answers that can stay do, what is right stays where it can be."""
        before = self.question
        sheet = self.with_face(type=kind, unit=before.unit if kind is QuestionType.NUMERIC else "")
        if kind in CHOICES:
            if before.type not in CHOICES:
                blank = tuple(Option(number=number, text=()) for number in range(1, FIRST_OPTIONS + 1))
                return sheet.with_face(options=blank).with_key(right=(), accepted=(), feedback=())
            return sheet.with_key(right=self.key.right[:1] if kind is QuestionType.SINGLE else self.key.right)
        right = (TRUE,) if kind is QuestionType.TRUE_FALSE else ()
        return sheet.with_face(options=()).with_key(right=right, accepted=(), feedback=())

    # -- answers to choose from

    def add_option(self) -> QuestionSheet:
        """One more answer at the end, under a number that was never used here."""
        number = max((option.number for option in self.question.options), default=0) + 1
        return self.with_face(options=(*self.question.options, Option(number=number, text=())))

    def without_option(self, number: int) -> QuestionSheet:
        """One answer less, with what was said about it."""
        options = tuple(option for option in self.question.options if option.number != number)
        right = tuple(one for one in self.key.right if one != number)
        feedback = tuple(one for one in self.key.feedback if one.option != number)
        return self.with_face(options=options).with_key(right=right, feedback=feedback)

    def move_option(self, number: int, step: int) -> QuestionSheet:
        """One answer up (-1) or down (1)."""
        options = list(self.question.options)
        place = next((n for n, option in enumerate(options) if option.number == number), -1)
        other = place + step
        if place < 0 or not 0 <= other < len(options):
            return self
        options[place], options[other] = options[other], options[place]
        return self.with_face(options=tuple(options))

    def say_option(self, number: int, text: tuple[Span, ...]) -> QuestionSheet:
        """Other words for an answer."""
        options = tuple(
            msgspec.structs.replace(option, text=text) if option.number == number else option
            for option in self.question.options
        )
        return self.with_face(options=options)

    def mark_right(self, number: int, *, is_right: bool) -> QuestionSheet:
        """An answer is right or wrong; a single choice has one right answer."""
        if self.question.type is not QuestionType.MULTIPLE:
            return self.with_key(right=(number,) if is_right else ())
        others = {one for one in self.key.right if one != number}
        return self.with_key(right=tuple(sorted(others | ({number} if is_right else set()))))

    def remark(self, number: int) -> tuple[Block, ...]:
        """What is said to who chose an answer."""
        return next((one.blocks for one in self.key.feedback if one.option == number), ())

    def say_remark(self, number: int, blocks: tuple[Block, ...]) -> QuestionSheet:
        """Say something else to who chose an answer; nothing: it has no remark."""
        others = [one for one in self.key.feedback if one.option != number]
        said = [OptionFeedback(option=number, blocks=blocks)] if blocks else []
        order = {option.number: place for place, option in enumerate(self.question.options)}
        feedback = sorted([*others, *said], key=lambda one: order.get(one.option, len(order)))
        return self.with_key(feedback=tuple(feedback))


def new_question(id_: bytes) -> QuestionSheet:
    """A single choice with answers to fill in."""
    options = tuple(Option(number=number, text=()) for number in range(1, FIRST_OPTIONS + 1))
    return QuestionSheet(Question(id=id_, type=QuestionType.SINGLE, stem=(), options=options), Key(question=id_))


def sheet_of(quiz: Quiz, question_id: bytes) -> QuestionSheet | None:
    """A question of a quiz with its key; None when it was taken out."""
    found = next((one for one in quiz.questions if one.id == question_id), None)
    if found is None:
        return None
    key = next((one for one in quiz.keys if one.question == question_id), None)
    return QuestionSheet(found, key or Key(question=question_id))


def with_sheet(quiz: Quiz, sheet: QuestionSheet, place: int | None = None) -> dict[str, Any]:
    """The fields of a quiz in which this question stands, where it stood or at `place`."""
    if any(one.id == sheet.question.id for one in quiz.questions):
        questions = tuple(sheet.question if one.id == sheet.question.id else one for one in quiz.questions)
    else:
        at = len(quiz.questions) if place is None else place
        questions = (*quiz.questions[:at], sheet.question, *quiz.questions[at:])
    keys = {one.question: one for one in quiz.keys} | {sheet.key.question: sheet.key}
    return {"questions": questions, "keys": tuple(keys[one.id] for one in questions if one.id in keys)}


def without_question(quiz: Quiz, question_id: bytes) -> dict[str, Any]:
    """The fields of a quiz without one question."""
    return {
        "questions": tuple(one for one in quiz.questions if one.id != question_id),
        "keys": tuple(one for one in quiz.keys if one.question != question_id),
    }


def move_question(quiz: Quiz, question_id: bytes, step: int) -> dict[str, Any]:
    """The fields of a quiz in which one question stands one place up (-1) or down (1)."""
    questions = list(quiz.questions)
    place = next((n for n, one in enumerate(questions) if one.id == question_id), -1)
    other = place + step
    if place >= 0 and 0 <= other < len(questions):
        questions[place], questions[other] = questions[other], questions[place]
    return {"questions": tuple(questions)}
