"""The first page of the day: this week's work, what to resume, how long it takes, what came back."""

from dataclasses import dataclass

from spoc_desktop.services.courses import ActivityRow, Courses, Enrolled, ModuleRow, Outline, is_todo
from spoc_desktop.services.desk import Desk
from spoc_desktop.services.errors import NotHereYet
from sync.domain.cohorts import WEEK_MS
from sync.domain.progress import State
from sync.domain.quizzes import GRADE, Grade


@dataclass(frozen=True, slots=True)
class CameBack:
    """A grade that the server released during the last week."""

    activity_id: bytes
    title: str
    attempt_id: bytes
    points: float
    best: float
    passed: bool
    at: int


@dataclass(frozen=True, slots=True)
class Today:
    """What the person has to do in the course that runs now. Minutes are planned ones; times in milliseconds.

    `module`: this week's, None before the start, in a week without one and after the end. `resume`: the one thing to go
    on with. `also`: what else is to do this week. `late`: what earlier weeks left. `week_ends`: when this week closes.
    `opens_next`: when the next week opens, None after the last. `others`: the person's other courses.
    """

    outline: Outline
    module: ModuleRow | None
    minutes_done: int
    minutes: int
    minutes_left: int
    week_ends: int | None
    opens_next: int | None
    resume: ActivityRow | None
    also: tuple[ActivityRow, ...]
    late: tuple[ActivityRow, ...]
    came_back: tuple[CameBack, ...]
    others: tuple[Enrolled, ...]


def today(desk: Desk, courses: Courses) -> Today | None:
    """The day of the most urgent course that has come; None when the person has none on this laptop yet."""
    mine = courses.enrolled()
    for one in mine:
        try:
            outline = courses.outline(one.cohort_id)
        except NotHereYet:
            continue
        others = tuple(other for other in mine if other.cohort_id != one.cohort_id)
        return _of(desk, outline, others)
    return None


def _of(desk: Desk, outline: Outline, others: tuple[Enrolled, ...]) -> Today:
    now = desk.now()
    module = next((row for row in outline.modules if row.opens <= now < row.closes), None)
    coming = [row.opens for row in outline.modules if row.opens > now]
    this_week = [row for row in module.activities if is_todo(row)] if module else []
    late = tuple(row for row in outline.activities if row.standing.state is State.LATE)
    resume = _to_resume(this_week, late)
    return Today(
        outline=outline,
        module=module,
        minutes_done=module.minutes_done if module else 0,
        minutes=module.minutes if module else 0,
        minutes_left=sum(row.minutes_left for row in this_week),
        week_ends=module.closes if module else None,
        opens_next=min(coming, default=None),
        resume=resume,
        also=tuple(row for row in this_week if row is not resume),
        late=tuple(row for row in late if row is not resume),
        came_back=_came_back(desk, outline),
        others=others,
    )


def _to_resume(this_week: list[ActivityRow], late: tuple[ActivityRow, ...]) -> ActivityRow | None:
    begun = [row for row in (*this_week, *late) if row.standing.share > 0]
    return next(iter([*begun, *this_week, *late]), None)


def _came_back(desk: Desk, outline: Outline) -> tuple[CameBack, ...]:
    titles = {row.activity.id: row.activity.title for row in outline.activities if row.activity.graded}
    since = desk.now() - WEEK_MS
    found = []
    for seen in desk.store.view(GRADE, desk.personal(outline.enrolled.cohort_id)):
        grade: Grade = seen.body
        if grade.activity in titles and seen.at >= since:
            title = titles[grade.activity]
            found.append(
                CameBack(grade.activity, title, grade.attempt, grade.points, grade.best, grade.passed, seen.at)
            )
    return tuple(sorted(found, key=lambda one: -one.at))
