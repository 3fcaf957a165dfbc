"""What the learner of the sample did: two lessons read, a practice handed in, another under way, a grade come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spoc_desktop.storage.changes import Listed
from sync.client.steps import Refuse
from sync.content.reading import plain_text
from sync.domain.anchors import Anchor
from sync.domain.quizzes import ATTEMPT, Answer, Key, Question, QuestionType
from sync.protocol.errors import Refusal
from tools.sample_laptop import COHORT_ID, SampleLaptop


@dataclass(frozen=True, slots=True)
class SampleWork:
    """Ids of activities and attempts to open."""

    lesson: bytes
    practised: bytes
    provisional: bytes
    training: bytes
    exam: bytes
    graded: bytes


def sample_work(laptop: SampleLaptop) -> SampleWork:
    """Do the work through the services of the learner, and let the server grade one attempt."""
    activities = [activity for module in laptop.text.course.modules[:2] for activity in module.activities]
    lessons = [activity for activity in activities if activity in laptop.text.lessons]
    practised, training, exam = (activity for activity in activities if activity in laptop.text.quizzes)
    for lesson in lessons[:3]:
        _read(laptop, lesson, 99)
    _read(laptop, lessons[3], 1)
    provisional = answer_all(laptop, practised, wrong=2)
    graded = answer_all(laptop, exam, wrong=1)
    seen = laptop.store.one(ATTEMPT, graded)
    if seen is not None:
        laptop.told_grade(graded, seen.body)
    _begin(laptop, training)
    return SampleWork(lessons[3], practised, provisional, training, exam, graded)


def note_beside(laptop: SampleLaptop, lesson: bytes) -> None:
    """A note about the words with which the second part of a lesson goes on after its heading."""
    page = laptop.workplace.courses.lesson(COHORT_ID, lesson)
    words = plain_text(page.parts[1])
    start = words.index("\n") + 1
    end = words.index(".", start) + 1
    anchor = Anchor(start=start, end=end, quote=words[start:end], part=1)
    laptop.workplace.notes.add(lesson, "Vu chez nous en mars. Le raconter jeudi.", anchor=anchor)


def stuck_work(laptop: SampleLaptop) -> Sequence[Listed]:
    """Work that needs the person: the server refuses the first part that was read and what was written in quizzes.

    What is left of `sample_work` waits. Gives what was refused.
    """
    listed = laptop.store.outbox_list()
    refused = [listed[0], *(one for one in listed if one.kind == ATTEMPT.number and one.texts())][:2]
    steps = [Refuse(one.space, one.writer, one.n, 1, Refusal.CLOSED) for one in refused]
    laptop.workplace.syncing.tell(laptop.store.perform(steps))
    return refused


def _read(laptop: SampleLaptop, lesson: bytes, parts: int) -> None:
    courses = laptop.workplace.courses
    page = courses.lesson(COHORT_ID, lesson)
    for part in range(min(parts, len(page.parts))):
        courses.read(page, part, 60)


def right_answer(question: Question, key: Key) -> Answer:
    """An answer that earns all points."""
    if question.type is QuestionType.SHORT_TEXT:
        return Answer(question=question.id, text=key.accepted[0])
    if question.type is QuestionType.NUMERIC:
        return Answer(question=question.id, text=f"{key.value:g}".replace(".", ","))
    return Answer(question=question.id, chosen=key.right)


def wrong_answer(question: Question, key: Key) -> Answer:
    """An answer that is not the right one."""
    if question.type is QuestionType.SHORT_TEXT:
        return Answer(question=question.id, text="je ne sais pas")
    if question.type is QuestionType.NUMERIC:
        return Answer(question=question.id, text=f"{key.value * 2 + 1:g}".replace(".", ","))
    if question.type is QuestionType.TRUE_FALSE:
        return Answer(question=question.id, chosen=(1 - key.right[0],))
    other = next(option.number for option in question.options if option.number not in key.right)
    return Answer(question=question.id, chosen=(other,))


def answer_all(laptop: SampleLaptop, quiz: bytes, *, wrong: int) -> bytes:
    """Take a quiz, its first answers wrong, and hand it in: the attempt."""
    quizzes = laptop.workplace.quizzes
    keys = {key.question: key for key in laptop.text.quizzes[quiz].keys}
    sitting = quizzes.begin(COHORT_ID, quiz)
    for place, view in enumerate(sitting.questions):
        make = wrong_answer if place < wrong else right_answer
        quizzes.answer(sitting.start_id, make(view.question, keys[view.question.id]))
    return quizzes.submit(sitting.start_id).attempt_id


def _begin(laptop: SampleLaptop, quiz: bytes) -> None:
    """The first questions are answered; the one in view is a choice answered wrongly, with a try left."""
    quizzes = laptop.workplace.quizzes
    keys = {key.question: key for key in laptop.text.quizzes[quiz].keys}
    sitting = quizzes.begin(COHORT_ID, quiz)
    for view in sitting.questions:
        key = keys[view.question.id]
        if view.question.type is QuestionType.SINGLE:
            quizzes.answer(sitting.start_id, wrong_answer(view.question, key))
            return
        quizzes.answer(sitting.start_id, right_answer(view.question, key))
