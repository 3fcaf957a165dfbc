"""What stands between a draft and its publication, as lines of a check-list: done or to do, and where to go for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import msgspec

from sync.content.reading import plain_text, text_of_spans
from sync.domain.blocks import Figure
from sync.domain.courses import Lesson
from sync.domain.publishing import Drafts, Lack, has_right_answer, unready
from sync.domain.quizzes import Question, QuestionType, Quiz


class Check(Enum):
    """One line of the check-list."""

    MODULES = auto()
    TEXTS = auto()
    MINUTES = auto()
    EVALUATION = auto()
    QUESTIONS = auto()
    REMARKS = auto()
    EXERCISES = auto()
    CAPTIONS = auto()
    ALTERNATIVES = auto()
    CONTACTS = auto()


@dataclass(frozen=True, slots=True)
class CheckLine:
    """`lacking`: titles of what is to be mended, none when it is done. `activity`: where to begin, empty: the course.

    `question`: the place of a question from 0, None when the line is about no single one. `is_advice`: it may be left.
    """

    check: Check
    lacking: tuple[str, ...] = ()
    activity: bytes = b""
    question: int | None = None
    is_advice: bool = False

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return not self.lacking


@dataclass(frozen=True, slots=True)
class _Found:
    title: str
    activity: bytes = b""
    question: int | None = None


_LACKS = {
    Lack.NO_MODULES: Check.MODULES,
    Lack.ACTIVITY_MISSING: Check.MODULES,
    Lack.NO_MINUTES: Check.MINUTES,
    Lack.NO_EVALUATION: Check.EVALUATION,
    Lack.NO_QUESTIONS: Check.QUESTIONS,
    Lack.KEY_MISSING: Check.QUESTIONS,
    Lack.UNKNOWN_MODE: Check.QUESTIONS,
    Lack.NO_BRIEF: Check.EXERCISES,
    Lack.NO_CRITERIA: Check.EXERCISES,
    Lack.NO_CAPTIONS: Check.CAPTIONS,
    Lack.NO_ALTERNATIVE: Check.ALTERNATIVES,
    Lack.NO_TECHNICAL_CONTACT: Check.CONTACTS,
    Lack.NO_PEDAGOGICAL_CONTACT: Check.CONTACTS,
}


def check_list(drafts: Drafts) -> tuple[CheckLine, ...]:
    """Every line that means something for this course, in the order of `Check`."""
    found: dict[Check, list[_Found]] = {check: [] for check in Check}
    for each in unready(drafts):
        check = _LACKS.get(each.lack)
        if check is not None:
            question = _first_without_key(drafts, each.activity) if each.lack is Lack.KEY_MISSING else None
            found[check].append(_Found(each.title, each.activity, question))
    for activity, draft in _activities(drafts):
        if isinstance(draft, Quiz):
            found[Check.QUESTIONS] += _unfinished(activity, draft)
            found[Check.REMARKS] += _without_remarks(activity, draft)
        elif isinstance(draft, Lesson) and not draft.blocks and draft.video is None:
            found[Check.TEXTS].append(_Found(draft.title, activity))
    return tuple(_line(check, found[check]) for check in Check if found[check] or _concerns(check, drafts))


def _line(check: Check, found: list[_Found]) -> CheckLine:
    titles = tuple(dict.fromkeys(each.title for each in found))
    first = found[0] if found else _Found("")
    return CheckLine(check, titles, first.activity, first.question, is_advice=check is Check.REMARKS)


def _activities(drafts: Drafts) -> Iterator[tuple[bytes, Any]]:
    for module in drafts.course.modules:
        for activity in module.activities:
            yield activity, drafts.find(activity)


def _concerns(check: Check, drafts: Drafts) -> bool:
    bodies = [body for _id, body in _activities(drafts) if body is not None]
    match check:
        case Check.MODULES | Check.EVALUATION | Check.CONTACTS:
            return True
        case Check.MINUTES:
            return bool(bodies)
        case Check.TEXTS:
            return any(isinstance(body, Lesson) for body in bodies)
        case Check.QUESTIONS | Check.REMARKS:
            return any(isinstance(body, Quiz) for body in bodies)
        case Check.EXERCISES:
            return any(body in drafts.exercises.values() for body in bodies)
        case Check.CAPTIONS:
            return any(isinstance(body, Lesson) and body.video is not None for body in bodies)
        case Check.ALTERNATIVES:
            return any(_has_figure(body) for body in bodies)


def _has_figure(value: Any) -> bool:
    if isinstance(value, Figure):
        return True
    if isinstance(value, msgspec.Struct):
        return any(_has_figure(getattr(value, name)) for name in value.__struct_fields__)
    return isinstance(value, tuple) and any(map(_has_figure, value))


def _first_without_key(drafts: Drafts, activity: bytes) -> int | None:
    quiz = drafts.quizzes[activity]
    keys = {key.question: key for key in quiz.keys}
    places = enumerate(quiz.questions)
    return next((place for place, one in places if not has_right_answer(one, keys.get(one.id))), None)


def _unfinished(activity: bytes, quiz: Quiz) -> list[_Found]:
    return [_Found(quiz.title, activity, place) for place, one in enumerate(quiz.questions) if not _is_written(one)]


def _is_written(question: Question) -> bool:
    options = [text_of_spans(option.text).strip() for option in question.options]
    needs_options = question.type in (QuestionType.SINGLE, QuestionType.MULTIPLE)
    return bool(plain_text(question.stem).strip()) and all(options) and (not needs_options or len(options) > 1)


def _without_remarks(activity: bytes, quiz: Quiz) -> list[_Found]:
    keys = {key.question: key for key in quiz.keys}
    found = []
    for place, question in enumerate(quiz.questions):
        key = keys.get(question.id)
        said = {one.option for one in key.feedback if one.blocks} if key else set()
        silent = {option.number for option in question.options} - said
        if silent and not (key and key.explanation):
            found.append(_Found(quiz.title, activity, place))
    return found
