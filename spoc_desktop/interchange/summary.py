"""What a course that was read holds, in numbers, before anything of it is saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from sync.domain.blocks import Download, Figure
from sync.domain.courses import Lesson
from sync.domain.exercises import Exercise
from sync.domain.files import attachments_in
from sync.domain.publishing import Drafts
from sync.domain.quizzes import Quiz


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of one course. `minutes`: the planned time of all activities; `bytes`: what its files weigh, each once."""

    title: str
    modules: int
    activities: int
    lessons: int
    videos: int
    quizzes: int
    exercises: int
    questions: int
    criteria: int
    figures: int
    downloads: int
    files: int
    bytes: int
    minutes: int


def summary_of(drafts: Drafts) -> Summary:
    """Count what drafts hold."""
    lessons, quizzes, exercises = drafts.lessons.values(), drafts.quizzes.values(), drafts.exercises.values()
    every: tuple[Lesson | Quiz | Exercise, ...] = (*lessons, *quizzes, *exercises)
    bodies = (drafts.course, *every)
    files = {file.sha256: file.size for file in attachments_in(bodies)}
    return Summary(
        title=drafts.course.title,
        modules=len(drafts.course.modules),
        activities=len(every),
        lessons=sum(lesson.video is None for lesson in lessons),
        videos=sum(lesson.video is not None for lesson in lessons),
        quizzes=len(quizzes),
        exercises=len(exercises),
        questions=sum(len(quiz.questions) for quiz in quizzes),
        criteria=sum(len(exercise.criteria) for exercise in exercises),
        figures=sum(isinstance(each, Figure) for each in _everything(bodies)),
        downloads=sum(isinstance(each, Download) for each in _everything(bodies)),
        files=len(files),
        bytes=sum(files.values()),
        minutes=sum(draft.minutes for draft in every),
    )


def _everything(value: Any) -> Iterator[Any]:
    """Every record in a value, however deep."""
    if isinstance(value, msgspec.Struct):
        yield value
        value = tuple(getattr(value, name) for name in value.__struct_fields__)
    if isinstance(value, tuple):
        for part in value:
            yield from _everything(part)
