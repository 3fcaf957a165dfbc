"""One quiz of a cohort, for its trainer: who got how far, and which questions the group has not understood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QWidget

from spoc_desktop.i18n import _, moment, near_day, ngettext, percent
from spoc_desktop.services.quiz_results import LearnerResults, QuestionShare, QuizResults
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.loaded import LoadedPage
from spoc_desktop.ui.pages.question_form import title_of
from spoc_desktop.ui.pages.quiz_result import score_words
from spoc_desktop.ui.widgets.avatar import Avatar
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.flow import column
from spoc_desktop.ui.widgets.reglette import Reglette, Segment
from spoc_desktop.ui.widgets.row import Row
from spoc_desktop.ui.widgets.text import Span, Text
from sync.domain.quizzes import ATTEMPT, GRADE, QUIZ_EDITION, QUIZ_KEYS, Mode

if TYPE_CHECKING:
    from spoc_desktop.services.results import Result
    from spoc_desktop.services.workplace import Workplace


class QuizResultsPage(LoadedPage["tuple[QuizResults, int]"]):
    """People at the left; at the right the questions, the one that most got wrong first."""

    concerns: ClassVar[frozenset[int]] = frozenset(kind.number for kind in (ATTEMPT, GRADE, QUIZ_EDITION, QUIZ_KEYS))

    def read(self, params: Mapping[str, Any]) -> tuple[QuizResults, int]:
        found = self.workplace.quiz_book.results(params["cohort_id"], params["activity_id"])
        return found, self.workplace.desk.now()

    def show_found(self, found: tuple[QuizResults, int]) -> None:
        results, now = found
        taught = results.taught
        self.set_crumbs(
            Crumb(_("Group"), "group"),
            Crumb(taught.cohort.title, "group", {"cohort_id": taught.cohort_id}),
            Crumb(_("Quiz")),
        )
        self.main.add(Text(results.activity.title, "title", wrap=True))
        self.main.add(Text(_summary(results), "body", "muted", wrap=True), 4)
        if results.unreleased:
            self._add_release(results)
        self.main.add(Text(_("By person"), "section"), 24)
        for place, one in enumerate(results.learners):
            self.main.add(self._person(results, one, now, is_last=place == len(results.learners) - 1), 4 * (not place))
        self._add_questions(results)

    def _add_release(self, results: QuizResults) -> None:
        words = ngettext("Release {count} grade", "Release {count} grades", results.unreleased)
        button = Button(words.format(count=results.unreleased), "primary", "send")
        button.setObjectName("release")
        button.clicked.connect(lambda: self._release(results))
        self.main.add(button, 16, left=True)

    def _release(self, results: QuizResults) -> None:
        syncing, cohort_id, activity_id = self.workplace.syncing, results.taught.cohort_id, results.activity.id
        self.frame.workers.fetch(lambda: syncing.release(cohort_id, activity_id), self._released, self.fail, owner=self)

    def _released(self, count: int) -> None:
        self.frame.toast(lambda: _released_words(count))
        self.workplace.sync_soon()

    def _person(self, results: QuizResults, one: LearnerResults, now: int, *, is_last: bool) -> Row:
        best = one.best
        last = one.attempts[-1] if one.attempts else None
        made = Row(
            one.name,
            _attempts_words(one, now),
            leading=Avatar(one.name),
            end=_score(best, last),
            end_colour="success" if best is not None and best.passed else "muted",
            passive=last is None,
            line=not is_last,
        )
        made.setObjectName(f"person_{one.person.hex()}")
        shown = best or last
        if shown is not None:
            attempt_id, cohort_id = shown.attempt_id, results.taught.cohort_id
            made.clicked.connect(
                lambda: self.frame.open("attempt", cohort_id=cohort_id, learner=one.person, attempt_id=attempt_id)
            )
        return made

    def _add_questions(self, results: QuizResults) -> None:
        self.margin.add(Text(_("By question, first attempts"), "section", wrap=True))
        asked = [one for one in results.questions if one.share is not None]
        if not asked:
            self.margin.add(Text(_("Nobody has answered yet."), "small", "muted", wrap=True), 12)
        for one in sorted(asked, key=lambda each: each.share or 0.0):
            self.margin.add(_question(one), 16)


def _question(one: QuestionShare) -> QWidget:
    share = one.share or 0.0
    words = _("{right} right of {answered}").format(right=one.right, answered=one.answered)
    bar = Reglette([Segment(1, "part", share)], words, value=percent(share))
    figures = Text([Span(percent(share), 600), Span(f" · {words}", colour="muted")], "small", wrap=True)
    return column(Text(title_of(one.question), "note", wrap=True), bar, figures, gap=6)


def _summary(results: QuizResults) -> str:
    count = sum(bool(one.attempts) for one in results.learners)
    people = ngettext("{count} person of {all} has handed in", "{count} people of {all} have handed in", count)
    said = people.format(count=count, all=len(results.learners))
    passed = sum(one.best is not None and bool(one.best.passed) for one in results.learners)
    passing = ngettext("{count} has passed", "{count} have passed", passed).format(count=passed)
    kind = _("Graded quiz") if results.edition.mode is Mode.GRADED else _("Practice quiz")
    return f"{kind}. {said}, {passing}."


def _attempts_words(one: LearnerResults, now: int) -> str:
    if not one.attempts:
        return _("Nothing handed in yet")
    words = ngettext("{count} attempt, the last one {day}", "{count} attempts, the last one {day}", len(one.attempts))
    at = near_day(moment(one.attempts[-1].submitted).date(), moment(now).date())
    return words.format(count=len(one.attempts), day=at)


def _released_words(count: int) -> str:
    return ngettext("{count} grade was released.", "{count} grades were released.", count).format(count=count)


def _score(best: Result | None, last: Result | None) -> str:
    if best is not None:
        verdict = _("passed") if best.passed else _("not passed yet")
        return score_words(best) if best.passed is None else f"{score_words(best)} · {verdict}"
    return "–" if last is None else _("Being graded")


def places(workplace: Workplace) -> tuple[Place, ...]:
    """Opened from the group."""
    if not workplace.roles().trainer:
        return ()
    return (Place("quiz_results", lambda frame: QuizResultsPage(frame, workplace), lambda: _("Quiz"), section="group"),)
