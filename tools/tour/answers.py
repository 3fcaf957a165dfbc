"""What the learners of the tour answer, and the words that no learner's laptop may hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from spoc_desktop.interchange.course_folder import CourseText, Understood, read_folder
from sync.domain.blocks import Paragraph, Text
from sync.domain.quizzes import Key, Mode, Question, QuestionType, Release

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

    @property
    def _order(self) -> list[bytes]:
        return [activity for module in self.text.course.modules for activity in module.activities]

    def quiz(self, mode: Mode) -> str:
        """The id of the first quiz of a mode, in hex."""
        quizzes = self.text.quizzes
        return next(id_ for id_ in self._order if id_ in quizzes and quizzes[id_].mode is mode).hex()

    def quizzes_released_by_trainer(self) -> list[str]:
        """The graded quizzes whose grades wait for the trainer."""
        wanted = (Mode.GRADED, Release.BY_TRAINER)
        return [id_.hex() for id_, quiz in self.text.quizzes.items() if (quiz.mode, quiz.release) == wanted]

    def lesson(self) -> str:
        """The id of the first lesson that is read, in hex."""
        return next(id_ for id_ in self._order if id_ in self.text.lessons and not self._video(id_)).hex()

    def words_of(self, lesson: str) -> str:
        """Some words of the first paragraph of a lesson that stand there once, to write a note about."""
        paragraphs = (
            block for block in self.text.lessons[bytes.fromhex(lesson)].blocks if isinstance(block, Paragraph)
        )
        texts = (span.text for one in paragraphs for span in one.spans if isinstance(span, Text))
        return " ".join(next(text for text in texts if len(text) >= _LONG).split(" ")[:3])

    def video(self) -> str:
        """The id of the first video, in hex; empty where the course has none."""
        return next((id_.hex() for id_ in self._order if self._video(id_)), "")

    def _video(self, id_: bytes) -> bool:
        return id_ in self.text.lessons and self.text.lessons[id_].video is not None

    def exercises(self) -> list[str]:
        """The exercises in their order, in hex."""
        return [id_.hex() for id_ in self._order if id_ in self.text.exercises]

    def exercise(self) -> str:
        """The exercise of the story: the first that takes files; empty where the course has none."""
        order = self.exercises()
        return next((id_ for id_ in order if self.text.exercises[bytes.fromhex(id_)].files), "")

    def levels(self, exercise: str) -> list[int]:
        """How many levels each criterion of a rubric has, in its order."""
        return [len(criterion.levels) for criterion in self.text.exercises[bytes.fromhex(exercise)].criteria]

    def title(self, activity: str) -> str:
        """What an activity is called."""
        id_ = bytes.fromhex(activity)
        found = self.text.lessons.get(id_) or self.text.quizzes.get(id_) or self.text.exercises[id_]
        return str(found.title)

    def module(self, activity: str) -> str:
        """The module of an activity, in hex."""
        id_ = bytes.fromhex(activity)
        return next(module.id.hex() for module in self.text.course.modules if id_ in module.activities)

    @property
    def gives_certificate(self) -> bool:
        """Whether the course has a rule for one."""
        return self.text.course.certificate is not None

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
