"""One learner's attempt, for the trainer: each answer beside what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from spoc_desktop.i18n import _, day_and_time, moment
from spoc_desktop.services.cohorts import Taught
from spoc_desktop.services.results import Result
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.behind import as_of
from spoc_desktop.ui.pages.loaded import LoadedPage
from spoc_desktop.ui.pages.people import person
from spoc_desktop.ui.pages.quiz_result import fill_result, score_words
from spoc_desktop.ui.widgets.flow import Hairline
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.text import Text
from sync.domain.quizzes import ATTEMPT, GRADE

if TYPE_CHECKING:
    from spoc_desktop.services.quiz_results import LearnerResults
    from spoc_desktop.services.workplace import Workplace


@dataclass(frozen=True, slots=True)
class AttemptFound:
    """The attempt in view and the learner's other ones at the same quiz; `now` in milliseconds."""

    taught: Taught
    title: str
    learner: LearnerResults
    result: Result
    now: int


class AttemptPage(LoadedPage[AttemptFound]):
    """The answers at the left, whose they are and the other attempts at the right."""

    measure: ClassVar[int] = 616
    concerns: ClassVar[frozenset[int]] = frozenset({ATTEMPT.number, GRADE.number})

    def read(self, params: Mapping[str, Any]) -> AttemptFound:
        book, cohort_id, learner = self.workplace.quiz_book, params["cohort_id"], params["learner"]
        result = book.attempt(cohort_id, learner, params["attempt_id"])
        quiz = book.results(cohort_id, result.activity_id)
        whose = next(one for one in quiz.learners if one.person == learner)
        return AttemptFound(quiz.taught, quiz.activity.title, whose, result, self.workplace.desk.now())

    def show_found(self, found: AttemptFound) -> None:
        cohort_id, activity_id = found.taught.cohort_id, found.result.activity_id
        self.set_crumbs(
            Crumb(_("Group"), "group", {"cohort_id": cohort_id}),
            Crumb(found.title, "quiz_results", {"cohort_id": cohort_id, "activity_id": activity_id}),
            Crumb(found.learner.name),
        )
        fill_result(self, found.title, found.result, found.now, own=False)
        self.margin.add(person(found.learner.name, as_of(found.learner.last_sent)))
        self._add_others(found)

    def _add_others(self, found: AttemptFound) -> None:
        others = [one for one in found.learner.attempts if one.attempt_id != found.result.attempt_id]
        if not others:
            return
        self.margin.add(Hairline(), 16)
        self.margin.add(Text(_("Other attempts"), "section"), 16)
        for one in others:
            at = day_and_time(moment(one.submitted), moment(found.now).date())
            score = _("being graded") if one.points is None else score_words(one)
            words = _("Attempt {number}: {score}, {when}").format(number=one.number, score=score, when=at)
            link = LinkButton(words)
            link.setObjectName(f"attempt_{one.attempt_id.hex()}")
            link.clicked.connect(lambda _checked=False, id_=one.attempt_id: self._open(found, id_))
            self.margin.add(link, 8)

    def _open(self, found: AttemptFound, attempt_id: bytes) -> None:
        self.frame.open(
            "attempt", cohort_id=found.taught.cohort_id, learner=found.learner.person, attempt_id=attempt_id
        )


def places(workplace: Workplace) -> tuple[Place, ...]:
    """Opened from the dashboard and from the results of a quiz."""
    if not workplace.roles().trainer:
        return ()
    return (Place("attempt", lambda frame: AttemptPage(frame, workplace), lambda: _("Attempt"), section="group"),)
