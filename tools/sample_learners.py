"""What learners of the sample do of a course, through the services of their own laptop."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

from spoc_desktop.interchange.course_folder import Understood, read_folder
from spoc_desktop.services.courses import ActivityRow
from spoc_desktop.services.workplace import Workplace
from sync.client.ports import Changes
from sync.domain.courses import ActivityType
from sync.domain.grading import option_numbers
from sync.domain.progress import State
from sync.domain.quizzes import Answer, Key, Question, QuestionType
from sync.domain.videos import PART_SECONDS, parts_of
from tools.sample_answers import answer_of
from tools.sample_session import Person

_LEFT = (State.TODO, State.BEGUN, State.LATE)


def finish(workplace: Workplace, cohort: bytes, course: Path) -> int:
    """Do whatever somebody has not done of what is open, every answer right; how many activities that were."""
    person = Person(workplace.name, workplace.name, 1.0, 1.0)
    keys = keys_of(course)
    left = [row for row in workplace.courses.outline(cohort).activities if row.standing.state in _LEFT]
    for row in left:
        _do(workplace, cohort, row, person, keys, share=1.0)
    workplace.changed(Changes(outbox=True))
    return len(left)


def keys_of(course: Path) -> dict[bytes, Key]:
    """The keys of all questions of a course folder."""
    read = read_folder(course)
    quizzes = read.text.quizzes.values() if isinstance(read, Understood) else ()
    return {key.question: key for quiz in quizzes for key in quiz.keys}


def work(workplace: Workplace, cohort: bytes, person: Person, keys: dict[bytes, Key]) -> None:
    """Do a share of the activities that are open, in their order; the last one of them only in part."""
    rows = [row for row in workplace.courses.outline(cohort).activities if row.standing.state is not State.CLOSED]
    wanted = person.done * len(rows)
    for place, row in enumerate(rows):
        share = min(1.0, wanted - place)
        if share <= 0:
            return
        _do(workplace, cohort, row, person, keys, share=share)


def _do(
    workplace: Workplace, cohort: bytes, row: ActivityRow, person: Person, keys: dict[bytes, Key], *, share: float
) -> None:
    match row.activity.type:
        case ActivityType.LESSON:
            _read(workplace, cohort, row, share)
        case ActivityType.QUIZ:
            _take(workplace, cohort, row, person, keys, is_whole=share >= 1.0)
        case ActivityType.VIDEO:
            _watch(workplace, cohort, row, share)
        case ActivityType.EXERCISE:
            _write(workplace, cohort, row, person, is_whole=share >= 1.0)


def _read(workplace: Workplace, cohort: bytes, row: ActivityRow, share: float) -> None:
    page = workplace.courses.lesson(cohort, row.activity.id)
    for part in range(max(1, round(len(page.parts) * share))):
        workplace.courses.read(page, part, 60 * row.activity.minutes // max(1, len(page.parts)))


def _watch(workplace: Workplace, cohort: bytes, row: ActivityRow, share: float) -> None:
    page = workplace.videos.page(cohort, row.activity.id)
    parts = parts_of(page.video)
    for part in range(max(1, round(parts * share))):
        workplace.videos.watched(page, part, PART_SECONDS)
    workplace.videos.stop(row.activity.id, round(page.video.milliseconds * share))


def _write(workplace: Workplace, cohort: bytes, row: ActivityRow, person: Person, *, is_whole: bool) -> None:
    exercises, activity = workplace.exercises, row.activity.id
    rows = [one for one in workplace.courses.outline(cohort).activities if one.activity.type is ActivityType.EXERCISE]
    text = answer_of(person, [one.activity.id for one in rows].index(activity))
    exercises.write(cohort, activity, text if is_whole else text[: len(text) // 2])
    if is_whole:
        exercises.hand_in(cohort, activity)


def _take(
    workplace: Workplace, cohort: bytes, row: ActivityRow, person: Person, keys: dict[bytes, Key], *, is_whole: bool
) -> None:
    for _try in range(person.tries if is_whole else 1):
        sitting = workplace.quizzes.begin(cohort, row.activity.id)
        questions = [view.question for view in sitting.questions]
        for question in questions if is_whole else questions[: len(questions) // 2]:
            workplace.quizzes.answer(sitting.start_id, _answer(question, keys[question.id], person))
        if is_whole:
            workplace.quizzes.submit(sitting.start_id)


def _answer(question: Question, key: Key, person: Person) -> Answer:
    """The same answer at each run: right for about the person's share of questions."""
    drawn = blake2b(question.id + person.login.encode(), digest_size=2).digest()
    is_right = int.from_bytes(drawn, "big") / 0xFFFF < person.right
    match question.type:
        case QuestionType.SHORT_TEXT:
            return Answer(question=question.id, text=key.accepted[0] if is_right else "je ne sais plus")
        case QuestionType.NUMERIC:
            return Answer(question=question.id, text=f"{key.value if is_right else key.value * 2 + 1:g}")
    chosen = key.right if is_right else _wrong(option_numbers(question), key.right)
    return Answer(question=question.id, chosen=tuple(chosen))


def _wrong(options: Sequence[int], right: Sequence[int]) -> tuple[int, ...]:
    others = [number for number in options if number not in right]
    return (others[0],) if others else (right[0],)
