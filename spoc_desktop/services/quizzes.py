"""Taking a quiz: begin or resume an attempt, keep each answer as it is given, hand in, read the result.

The server alone grades (protocol rule 5). What a formative quiz says at once is worked out here and marked provisional.
"""

from dataclasses import dataclass, field, replace

from spoc_desktop.services.courses import Courses, Enrolled, place_of
from spoc_desktop.services.desk import Desk, Edited, New, Seen
from spoc_desktop.services.errors import AlreadySubmitted, NoAttemptsLeft, NotHereYet, NotOpenYet, NoTriesLeft
from spoc_desktop.services.feedback import Feedback, QuestionView, question_view
from spoc_desktop.services.results import Result, result_of
from sync.client.ports import Changes
from sync.domain import spaces
from sync.domain.cohorts import opens_at
from sync.domain.courses import PublishedActivity, PublishedModule
from sync.domain.drawing import questions_of
from sync.domain.ids import derived
from sync.domain.quizzes import (
    ANSWERS,
    ATTEMPT,
    ATTEMPT_START,
    QUIZ_EDITION,
    Answer,
    Answers,
    Attempt,
    AttemptStart,
    Mode,
    QuizEdition,
)
from sync.domain.timing import NO_WITNESS


@dataclass(frozen=True, slots=True)
class QuizOverview:
    """A quiz before it is begun. `attempts_left` None: as many as wanted. `running`: the start to resume, if any."""

    cohort_id: bytes
    activity: PublishedActivity
    module: PublishedModule
    edition: QuizEdition
    attempts_left: int | None
    running: bytes | None
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Sitting:
    """An attempt under way. `place`: the question to show; `questions` in the order that this person sees.

    `edition` is the one that the attempt began with: a newer one changes nothing in it. `changes`: what was written to
    begin it, nothing when it was under way.
    """

    cohort_id: bytes
    start_id: bytes
    number: int
    began: int
    edition_id: bytes
    edition: QuizEdition
    questions: tuple[QuestionView, ...]
    place: int
    changes: Changes = field(default_factory=Changes)

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return sum(question.answer is not None for question in self.questions)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that is saved. `feedback` is None in a graded quiz."""

    changes: Changes
    sitting: Sitting
    feedback: Feedback | None


@dataclass(frozen=True, slots=True)
class Submitted:
    """An attempt that is handed in on this laptop and goes to the server by itself."""

    changes: Changes
    attempt_id: bytes
    result: Result


def answers_id(start_id: bytes) -> bytes:
    """The id of the answers under way of an attempt: two laptops of one person meet in one record."""
    return derived("answers", start_id)


def attempt_id(start_id: bytes) -> bytes:
    """The id of the attempt handed in from a start: handing in twice is one attempt."""
    return derived("attempt", start_id)


class Quizzes:
    """The learner's quizzes. Every method reads or writes the store at once: call it in the database worker."""

    def __init__(self, desk: Desk, courses: Courses) -> None:
        self._desk = desk
        self._courses = courses

    def overview(self, cohort_id: bytes, activity_id: bytes) -> QuizOverview:
        """A quiz as it stands for this person. NotHereYet when its text has not come."""
        enrolled = self._courses.find(cohort_id)
        module, activity = place_of(enrolled, activity_id)
        edition = self._edition(activity.edition)
        starts = self._starts(enrolled, activity_id)
        running = self._running(starts)
        allowed = edition.attempts
        return QuizOverview(
            cohort_id=cohort_id,
            activity=activity,
            module=module,
            edition=edition,
            attempts_left=max(0, allowed - len(starts)) if allowed else None,
            running=running.id if running else None,
            results=self.results(cohort_id, activity_id),
        )

    def begin(self, cohort_id: bytes, activity_id: bytes) -> Sitting:
        """Resume the attempt under way, or begin the next one.

        NotOpenYet before its week, NoAttemptsLeft when the edition allows no more, NotHereYet before its text has come.
        """
        enrolled = self._courses.find(cohort_id)
        module, activity = place_of(enrolled, activity_id)
        starts = self._starts(enrolled, activity_id)
        running = self._running(starts)
        if running is not None:
            return self.sitting(running.id)
        if enrolled.cohort is None:
            raise NotHereYet
        if self._desk.true_now() < (opens := opens_at(enrolled.cohort, module.week)):
            raise NotOpenYet(opens)
        edition = self._edition(activity.edition)
        if edition.attempts and len(starts) >= edition.attempts:
            raise NoAttemptsLeft(edition.attempts)
        number = max((seen.body.number for seen in starts), default=0) + 1
        start = AttemptStart(activity=activity_id, edition=activity.edition, number=number, at=self._desk.now())
        start_id = self._desk.new_id()
        personal = self._desk.personal(enrolled.cohort_id)
        changes = self._desk.store.write(
            [
                New(ATTEMPT_START, personal, start_id, start),
                self._new_answers(start_id, Answers(attempt=start_id, activity=activity_id)),
            ]
        )
        return replace(self.sitting(start_id), changes=changes)

    def sitting(self, start_id: bytes) -> Sitting:
        """An attempt under way as it stands. AlreadySubmitted when it was handed in, here or elsewhere."""
        seen, enrolled = self._start(start_id)
        start: AttemptStart = seen.body
        edition = self._edition(start.edition)
        kept = self._answers(start_id)
        answers = kept.answers if kept else ()
        seed = enrolled.enrolment.seed
        return Sitting(
            cohort_id=enrolled.cohort_id,
            start_id=start_id,
            number=start.number,
            began=start.at,
            edition_id=start.edition,
            edition=edition,
            questions=tuple(
                question_view(question, edition, answers, seed, start.number)
                for question in questions_of(edition, seed, start.number)
            ),
            place=min(kept.shown if kept else 0, max(0, len(edition.questions) - 1)),
        )

    def answer(self, start_id: bytes, answer: Answer) -> Answered:
        """Keep an answer at once. NoTriesLeft when the question has shown its expected answer."""
        sitting = self.sitting(start_id)
        place = next(n for n, one in enumerate(sitting.questions) if one.question.id == answer.question)
        formative = sitting.edition.mode is Mode.FORMATIVE
        if formative and (feedback := sitting.questions[place].feedback) and feedback.is_final:
            raise NoTriesLeft
        kept = self._answers(start_id)
        before = kept.answers if kept else ()
        if formative:
            # Each try is kept, the last one counts: what the person thought first is worth knowing.
            after = (*before, answer)
        else:
            after = (*(one for one in before if one.question != answer.question), answer)
        changes = self._keep(sitting, kept, {"answers": after, "shown": place})
        now = self.sitting(start_id)
        return Answered(changes, now, now.questions[place].feedback)

    def look(self, start_id: bytes, place: int) -> Changes:
        """Keep which question is in view, so that the window opens there again."""
        return self._keep(self.sitting(start_id), self._answers(start_id), {"shown": place})

    def submit(self, start_id: bytes) -> Submitted:
        """Hand the attempt in: answers, never a score. What was not answered earns nothing."""
        sitting = self.sitting(start_id)
        kept = self._answers(start_id)
        last = {one.question: one for one in (kept.answers if kept else ())}
        attempt = Attempt(
            activity=sitting.edition.activity,
            edition=sitting.edition_id,
            number=sitting.number,
            started=sitting.began,
            submitted=self._desk.now(),
            answers=tuple(last[question.id] for question in sitting.edition.questions if question.id in last),
            witness=self._desk.witness() if sitting.edition.mode is Mode.GRADED else NO_WITNESS,
        )
        made = attempt_id(start_id)
        space = self._desk.personal(sitting.cohort_id)
        changes = self._desk.store.write([New(ATTEMPT, space, made, attempt)])
        return Submitted(changes, made, self.result(made))

    def result(self, attempt: bytes) -> Result:
        """An attempt handed in, with what the server said about it so far. NotHereYet when it is unknown."""
        seen = self._desk.store.one(ATTEMPT, attempt)
        if seen is None:
            raise NotHereYet
        return result_of(self._desk, seen, self._desk.store.one(QUIZ_EDITION, seen.body.edition))

    def results(self, cohort_id: bytes, activity_id: bytes) -> tuple[Result, ...]:
        """All attempts handed in at a quiz, the newest first."""
        space = self._desk.personal(cohort_id)
        found = [seen for seen in self._desk.store.view(ATTEMPT, space) if seen.body.activity == activity_id]
        found.sort(key=lambda seen: (-seen.body.number, -seen.body.submitted))
        return tuple(
            result_of(self._desk, seen, self._desk.store.one(QUIZ_EDITION, seen.body.edition)) for seen in found
        )

    def _edition(self, edition_id: bytes) -> QuizEdition:
        seen = self._desk.store.one(QUIZ_EDITION, edition_id)
        if seen is None:
            raise NotHereYet
        edition: QuizEdition = seen.body
        return edition

    def _starts(self, enrolled: Enrolled, activity_id: bytes) -> list[Seen]:
        space = self._desk.personal(enrolled.cohort_id)
        return [seen for seen in self._desk.store.view(ATTEMPT_START, space) if seen.body.activity == activity_id]

    def _running(self, starts: list[Seen]) -> Seen | None:
        open_ = [seen for seen in starts if self._desk.store.one(ATTEMPT, attempt_id(seen.id)) is None]
        return max(open_, key=lambda seen: seen.body.number, default=None)

    def _start(self, start_id: bytes) -> tuple[Seen, Enrolled]:
        seen = self._desk.store.one(ATTEMPT_START, start_id)
        if seen is None:
            raise NotHereYet
        if self._desk.store.one(ATTEMPT, attempt_id(start_id)) is not None:
            raise AlreadySubmitted
        cohort_id, _learner = spaces.ids_of(seen.space)
        return seen, self._courses.find(cohort_id)

    def _answers(self, start_id: bytes) -> Answers | None:
        seen = self._desk.store.one(ANSWERS, answers_id(start_id))
        return seen.body if seen else None

    def _new_answers(self, start_id: bytes, body: Answers) -> New:
        return New(ANSWERS, spaces.own(self._desk.person), answers_id(start_id), body)

    def _keep(self, sitting: Sitting, kept: Answers | None, fields: dict[str, object]) -> Changes:
        if kept is None:
            # The attempt began on another laptop whose own space has not come yet: the same id is made here.
            whole = Answers(attempt=sitting.start_id, activity=sitting.edition.activity, **fields)  # type: ignore[arg-type]  # named fields of Answers
            return self._desk.store.write([self._new_answers(sitting.start_id, whole)])
        return self._desk.store.write([Edited(ANSWERS, answers_id(sitting.start_id), fields)])
