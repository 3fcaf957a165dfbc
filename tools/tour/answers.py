"""What the learners of the tour answer, and the words that no learner's laptop may hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from spoc_desktop.interchange.course_folder import CourseText, Understood, read_folder
from sync.domain.blocks import Paragraph, Text
from sync.domain.quizzes import Key, Mode, Question, QuestionType

_LONG = 24
"""Characters from which a sentence of an explanation is its own and no word of a lesson."""


class TourCourse:
    """The sample course as its author's folder says it, keys and all."""

    def __init__(self, folder: Path) -> None:
        read = read_folder(folder)
        if not isinstance(read, Understood):
            raise TypeError(f"the sample course has problems: {read.problems}")
        self.text: CourseText = read.text
        self._asked = {question.id: question for quiz in self.text.quizzes.values() for question in quiz.questions}
        self._keys = {key.question: key for quiz in self.text.quizzes.values() for key in quiz.keys}

    def quiz(self, mode: Mode) -> str:
        """The id of the first quiz of a mode, in hex."""
        order = [activity for module in self.text.course.modules for activity in module.activities]
        return next(id_ for id_ in order if id_ in self.text.quizzes and self.text.quizzes[id_].mode is mode).hex()

    def lesson(self) -> str:
        """The id of the first lesson, in hex."""
        order = [activity for module in self.text.course.modules for activity in module.activities]
        return next(id_ for id_ in order if id_ in self.text.lessons).hex()

    def questions(self, quiz: str) -> int:
        """How many questions a quiz has."""
        return len(self.text.quizzes[bytes.fromhex(quiz)].questions)

    def right(self, question: str) -> dict[str, Any]:
        """The right answer to a question."""
        return _right(self._asked[bytes.fromhex(question)], self._keys[bytes.fromhex(question)])

    def wrong(self, question: str) -> dict[str, Any] | None:
        """A wrong answer, None where the question is not one of choosing one option."""
        asked, key = self._asked[bytes.fromhex(question)], self._keys[bytes.fromhex(question)]
        if asked.type is not QuestionType.SINGLE:
            return None
        return {"chosen": [next(option.number for option in asked.options if option.number not in key.right)]}

    def secrets(self) -> list[str]:
        """Sentences of the keys of graded quizzes: they stand nowhere else in the course."""
        found = [
            span.text
            for quiz in self.text.quizzes.values()
            if quiz.mode is Mode.GRADED
            for key in quiz.keys
            for block in key.explanation
            if isinstance(block, Paragraph)
            for span in block.spans
            if isinstance(span, Text) and len(span.text) >= _LONG
        ]
        if not found:
            raise LookupError("the graded quiz explains nothing: there is nothing to look for")
        return found


def _right(question: Question, key: Key) -> dict[str, Any]:
    match question.type:
        case QuestionType.SHORT_TEXT:
            return {"text": key.accepted[0]}
        case QuestionType.NUMERIC:
            return {"text": f"{key.value:g}".replace(".", ",")}
    return {"chosen": list(key.right)}
