"""The trainer's view of one quiz: each learner's attempts, right answers a question, one attempt beside its key."""

from collections.abc import Sequence
from dataclasses import dataclass

from spoc_desktop.services.cohorts import Cohorts, Taught
from spoc_desktop.services.desk import Desk, Seen
from spoc_desktop.services.errors import NotHereYet
from spoc_desktop.services.results import Result, build, newest_grade
from sync.domain import spaces
from sync.domain.courses import PublishedActivity
from sync.domain.ids import PersonId, derived
from sync.domain.quizzes import ATTEMPT, GRADE, QUIZ_EDITION, QUIZ_KEYS, Key, Question, QuizEdition, QuizKeys


@dataclass(frozen=True, slots=True)
class LearnerResults:
    """A learner's attempts at one quiz, first to last. `last_sent`: as of this instant, in server time."""

    person: PersonId
    name: str
    attempts: tuple[Result, ...]
    last_sent: int | None

    @property
    def best(self) -> Result | None:
        """The best attempt that counts and has a grade."""
        graded = [one for one in self.attempts if one.counts and one.points is not None]
        return max(graded, key=lambda one: one.share or 0.0, default=None)


@dataclass(frozen=True, slots=True)
class QuestionShare:
    """Of those who answered a question in their first attempt: how many were wholly right."""

    question: Question
    answered: int
    right: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None before anybody answered."""
        return self.right / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class QuizResults:
    """A quiz of one cohort. `edition`: the one that is learnt now; older attempts keep their own."""

    taught: Taught
    activity: PublishedActivity
    edition: QuizEdition
    learners: tuple[LearnerResults, ...]
    questions: tuple[QuestionShare, ...]
    unreleased: int


class QuizBook:
    """Results of quizzes for trainers. Every method reads the store at once: call it in the database worker."""

    def __init__(self, desk: Desk, cohorts: Cohorts) -> None:
        self._desk = desk
        self._cohorts = cohorts

    def results(self, cohort_id: bytes, activity_id: bytes) -> QuizResults:
        """All attempts of a cohort at one quiz. NotHereYet when the quiz has not come."""
        taught = self._cohorts.find(cohort_id)
        activity = next((one for one in _activities(taught) if one.id == activity_id), None)
        edition = self._edition(activity.edition) if activity else None
        if activity is None or edition is None:
            raise NotHereYet
        learners = tuple(
            LearnerResults(
                PersonId(member.person),
                member.name,
                tuple(self._attempts(taught, member.person, activity_id)),
                self._cohorts.last_sent(taught.cohort_id, member.person),
            )
            for member in sorted(self._cohorts.learners(taught.cohort_id), key=lambda one: one.name.casefold())
        )
        return QuizResults(
            taught=taught,
            activity=activity,
            edition=edition,
            learners=learners,
            questions=_shares(edition, learners),
            unreleased=sum(self._unreleased(taught, learner) for learner in learners),
        )

    def attempt(self, cohort_id: bytes, learner: bytes, attempt_id: bytes) -> Result:
        """One attempt, each answer beside its key. NotHereYet when it is not on this laptop."""
        taught = self._cohorts.find(cohort_id)
        space = spaces.personal(taught.cohort_id, PersonId(learner))
        seen = self._desk.store.one(ATTEMPT, attempt_id)
        if seen is None or seen.space != space:
            raise NotHereYet
        return self._result(taught, learner, seen)

    def keys(self, edition_id: bytes, edition: QuizEdition) -> Sequence[Key]:
        """The keys of an edition: in it where it is formative, in the authoring space where it is graded."""
        if edition.keys:
            return edition.keys
        seen = self._desk.store.one(QUIZ_KEYS, derived(QUIZ_KEYS.name, edition_id))
        kept: QuizKeys | None = seen.body if seen else None
        return kept.keys if kept else ()

    def _edition(self, edition_id: bytes) -> QuizEdition | None:
        seen = self._desk.store.one(QUIZ_EDITION, edition_id)
        return seen.body if seen else None

    def _attempts(self, taught: Taught, learner: bytes, activity_id: bytes) -> list[Result]:
        space = spaces.personal(taught.cohort_id, PersonId(learner))
        found = [seen for seen in self._desk.store.view(ATTEMPT, space) if seen.body.activity == activity_id]
        found.sort(key=lambda seen: (seen.body.number, seen.body.submitted))
        return [self._result(taught, learner, seen) for seen in found]

    def _result(self, taught: Taught, learner: bytes, seen: Seen) -> Result:
        edition = self._edition(seen.body.edition)
        # Before release a grade is in the staff space, afterwards a copy of it is in the learner's own too.
        places = (spaces.staff(taught.cohort_id, PersonId(learner)), seen.space)
        grades = [one for place in places for one in self._desk.store.view(GRADE, place)]
        keys = self.keys(seen.body.edition, edition) if edition else ()
        return build(seen, edition, newest_grade(grades, seen.id), keys)

    def _unreleased(self, taught: Taught, learner: LearnerResults) -> int:
        space = spaces.personal(taught.cohort_id, learner.person)
        released = {one.body.attempt for one in self._desk.store.view(GRADE, space)}
        return sum(
            one.attempt_id not in released and one.points is not None and not one.provisional
            for one in learner.attempts
        )


def _activities(taught: Taught) -> tuple[PublishedActivity, ...]:
    return taught.edition.activities if taught.edition else ()


def _shares(edition: QuizEdition, learners: Sequence[LearnerResults]) -> tuple[QuestionShare, ...]:
    firsts = [learner.attempts[0] for learner in learners if learner.attempts]
    marks: dict[bytes, list[bool]] = {}
    for first in firsts:
        for one in first.questions:
            if one.answer is not None and one.right is not None:
                marks.setdefault(one.question.id, []).append(one.right)
    return tuple(
        QuestionShare(question, len(marks.get(question.id, ())), sum(marks.get(question.id, ())))
        for question in edition.questions
    )
