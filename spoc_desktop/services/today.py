"""The first page of the day: this week's work, what to resume, how long it takes, what came back."""

from dataclasses import dataclass

from spoc_desktop.services.courses import ActivityRow, Courses, Enrolled, ModuleRow, Outline, is_todo
from spoc_desktop.services.desk import Desk
from spoc_desktop.services.errors import NotHereYet
from sync.domain import spaces
from sync.domain.cohorts import MEMBER, WEEK_MS
from sync.domain.exercises import RETURNED, Returned, Verdict
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
class ReturnedWork:
    """What a trainer said of an exercise: returned and not handed in again, or accepted during the last week.

    `trainer`: their name, "" when their card has not come. `version`: the one that was read. `at`: when it was decided.
    """

    activity_id: bytes
    title: str
    trainer: str
    opinion: str
    remarks: int
    version: int
    verdict: Verdict
    at: int


@dataclass(frozen=True, slots=True)
class Today:
    """What the person has to do in the course that runs now. Minutes are planned ones; times in milliseconds.

    `module`: this week's, None before the start, in a week without one and after the end. `resume`: the one thing to go
    on with. `also`: what else is to do this week, and exercises of any week that came back. `late`: what earlier weeks
    left. `week_ends`: when this week closes. `opens_next`: when the next week opens, None after the last. `reviewed`:
    what trainers said, newest first. `others`: the person's other courses.
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
    reviewed: tuple[ReturnedWork, ...]
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
    now = desk.true_now()
    module = next((row for row in outline.modules if row.opens <= now < row.closes), None)
    coming = [row.opens for row in outline.modules if row.opens > now]
    this_week = [row for row in module.activities if is_todo(row)] if module else []
    returned = [row for row in outline.activities if row.standing.state is State.RETURNED and row not in this_week]
    late = tuple(row for row in outline.activities if row.standing.state is State.LATE)
    resume = _to_resume(this_week, returned, late)
    return Today(
        outline=outline,
        module=module,
        minutes_done=module.minutes_done if module else 0,
        minutes=module.minutes if module else 0,
        minutes_left=sum(row.minutes_left for row in this_week),
        week_ends=module.closes if module else None,
        opens_next=min(coming, default=None),
        resume=resume,
        also=tuple(row for row in (*returned, *this_week) if row is not resume),
        late=tuple(row for row in late if row is not resume),
        came_back=_came_back(desk, outline),
        reviewed=_reviewed(desk, outline),
        others=others,
    )


def _to_resume(
    this_week: list[ActivityRow], returned: list[ActivityRow], late: tuple[ActivityRow, ...]
) -> ActivityRow | None:
    """What is begun, else what the week holds, else what came back; an exercise that came back has its own place."""
    begun = [row for row in (*this_week, *late) if row.standing.share > 0 and row.standing.state is not State.RETURNED]
    fresh = [row for row in this_week if row.standing.state is not State.RETURNED]
    return next(iter([*begun, *fresh, *this_week, *returned, *late]), None)


def _reviewed(desk: Desk, outline: Outline) -> tuple[ReturnedWork, ...]:
    rows = {row.activity.id: row for row in outline.activities}
    cohort_id, since = outline.enrolled.cohort_id, desk.true_now() - WEEK_MS
    names = {seen.body.person: seen.body.name for seen in desk.store.view(MEMBER, spaces.cohort(cohort_id))}
    newest: dict[bytes, Returned] = {}
    for seen in desk.store.view(RETURNED, desk.personal(cohort_id)):
        known = newest.get(seen.body.activity)
        if known is None or known.decided_at <= seen.body.decided_at:
            newest[seen.body.activity] = seen.body
    found = [
        ReturnedWork(
            activity_id=one.activity,
            title=rows[one.activity].activity.title,
            trainer=names.get(one.trainer, ""),
            opinion=one.opinion,
            remarks=len(one.remarks),
            version=one.version,
            verdict=one.verdict,
            at=one.decided_at,
        )
        for one in newest.values()
        if one.activity in rows
        and (rows[one.activity].standing.state is State.RETURNED or _is_fresh_acceptance(one, since))
    ]
    return tuple(sorted(found, key=lambda one: -one.at))


def _is_fresh_acceptance(one: Returned, since: int) -> bool:
    return one.verdict is Verdict.ACCEPTED and one.decided_at >= since


def _came_back(desk: Desk, outline: Outline) -> tuple[CameBack, ...]:
    titles = {row.activity.id: row.activity.title for row in outline.activities if row.activity.graded}
    since = desk.true_now() - WEEK_MS
    found = []
    for seen in desk.store.view(GRADE, desk.personal(outline.enrolled.cohort_id)):
        grade: Grade = seen.body
        if grade.activity in titles and seen.at >= since:
            title = titles[grade.activity]
            found.append(
                CameBack(grade.activity, title, grade.attempt, grade.points, grade.best, grade.passed, seen.at)
            )
    return tuple(sorted(found, key=lambda one: -one.at))
