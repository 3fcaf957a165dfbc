"""A quiz: before it, question by question, the look-over, the result. Where the person is in it is always kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QPushButton

from spoc_desktop.i18n import _
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.digits import digit_of
from spoc_desktop.ui.links import ask_to_open
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.loaded import ENTER, LoadedPage
from spoc_desktop.ui.pages.quiz_bar import QuizBar
from spoc_desktop.ui.pages.quiz_margin import lesson_before
from spoc_desktop.ui.pages.quiz_question import QuestionScreen
from spoc_desktop.ui.pages.quiz_result import fill_result, score_words
from spoc_desktop.ui.pages.quiz_review import fill_review
from spoc_desktop.ui.pages.quiz_start import add_attempts, fill_start
from sync.domain.quizzes import ATTEMPT, GRADE, QUIZ_EDITION, Mode

if TYPE_CHECKING:
    from spoc_desktop.services.quizzes import QuizOverview, Sitting, Submitted
    from spoc_desktop.services.results import Result
    from spoc_desktop.services.workplace import Workplace
    from spoc_desktop.ui.page import Frame
    from sync.client.ports import Changes


class Screen(Enum):
    """What of the quiz is in view."""

    START = auto()
    QUESTION = auto()
    REVIEW = auto()
    RESULT = auto()


@dataclass(frozen=True, slots=True)
class QuizFound:
    """What was read: the quiz, the attempt under way, the result that was asked for; `now` in milliseconds."""

    overview: QuizOverview
    sitting: Sitting | None
    result: Result | None
    now: int


class QuizPage(LoadedPage[QuizFound]):
    """Opens where the person stopped; `attempt_id` among the parameters opens the result of that attempt."""

    measure: ClassVar[int] = 616
    concerns: ClassVar[frozenset[int]] = frozenset({GRADE.number, ATTEMPT.number, QUIZ_EDITION.number})

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self.shown = Screen.START
        self.question = QuestionScreen(self, workplace)
        self.question.finished.connect(self._finish)
        self.question.changed.connect(self.redraw)
        self.question.failed.connect(self.fail)
        self.question.kept.connect(self._saved)

    def read(self, params: Mapping[str, Any]) -> QuizFound:
        quizzes = self.workplace.quizzes
        cohort_id, activity_id = params["cohort_id"], params["activity_id"]
        attempt_id = params.get("attempt_id")
        overview = quizzes.overview(cohort_id, activity_id)
        result = quizzes.result(attempt_id) if attempt_id else None
        sitting = quizzes.begin(cohort_id, activity_id) if overview.running and not attempt_id else None
        return QuizFound(overview, sitting, result, self.workplace.desk.now())

    def arrived(self, found: QuizFound) -> None:
        if found.result is not None:
            self.shown = Screen.RESULT
            announce(self, _result_words(found.result))
        elif found.sitting is not None:
            self.shown = Screen.QUESTION
            self.question.take(found.sitting)
        else:
            self.shown = Screen.START

    def refresh(self, changes: Changes) -> None:  # type: ignore[override]  # as in LoadedPage
        """A question under way is not drawn again under the person's hands."""
        if self.shown in (Screen.START, Screen.RESULT):
            super().refresh(changes)

    # -- drawing

    def show_found(self, found: QuizFound) -> None:
        overview = found.overview
        self.set_crumbs(
            Crumb(_("My courses"), "courses"),
            Crumb(_("Week {week}").format(week=overview.module.week), "course", {"cohort_id": overview.cohort_id}),
            Crumb(_("Quiz")),
        )
        if self.shown is Screen.RESULT and found.result is not None:
            self._show_result(found, found.result)
        elif self.shown is Screen.REVIEW:
            self._show_review()
        elif self.shown is Screen.QUESTION:
            lesson = lesson_before(overview.module, overview.activity.id)
            self.question.fill(lesson, self._read_lesson)
        else:
            self._show_start(found)

    def _show_start(self, found: QuizFound) -> None:
        overview = found.overview
        fill_start(self, overview)
        add_attempts(self.margin, overview.results, found.now, self._open_result)
        bar = QuizBar()
        bar.add(_("Back to the course"), self._open_course, name="course")
        if overview.attempts_left != 0:
            begin = _("Begin again") if overview.results else _("Begin the quiz")
            bar.add_primary(begin, _("Begin"), self.begin)
        self.footer.add(bar, stretch=True)

    def _show_review(self) -> None:
        sitting = self.question.sitting
        fill_review(self, sitting, self._back_to)
        bar = QuizBar(_("Answers saved on this computer"))
        bar.add(_("Go on answering"), lambda: self._back_to(self.question.first_open()), name="back")
        bar.add_primary(_("Hand in"), _("Hand in"), self.hand_in, icon="send")
        self.footer.add(bar, stretch=True)

    def _show_result(self, found: QuizFound, result: Result) -> None:
        fill_result(self, found.overview.edition.title, result, found.now)
        others = tuple(one for one in found.overview.results if one.attempt_id != result.attempt_id)
        add_attempts(self.margin, others, found.now, self._open_result)
        bar = QuizBar()
        if found.overview.attempts_left != 0:
            bar.add(_("Begin again"), self.begin, name="again", icon="repeat")
        bar.add_primary(_("Back to the course"), _("To the course"), self._open_course)
        self.footer.add(bar, stretch=True)

    # -- going through it

    def begin(self) -> None:
        """Begin an attempt, or go on with the one under way."""
        found = self.found
        if found is not None:
            cohort_id, activity_id = found.overview.cohort_id, found.overview.activity.id
            self.write(lambda: self.workplace.quizzes.begin(cohort_id, activity_id), self._begun)

    def _begun(self, sitting: Sitting) -> None:
        self.error = None
        self.shown = Screen.QUESTION
        if sitting.changes.outbox:
            self.workplace.changed(sitting.changes)
        self.question.take(sitting)
        self._from_top()
        self.question.take_focus()

    def _finish(self) -> None:
        """The last question is behind: a formative quiz that is complete is handed in, anything else is looked over."""
        sitting = self.question.sitting
        if sitting.edition.mode is Mode.FORMATIVE and sitting.answered == len(sitting.questions):
            self.hand_in()
            return
        self.shown = Screen.REVIEW
        self._from_top()
        announce(self, _("Look over before you hand in"))

    def _back_to(self, place: int) -> None:
        self.shown = Screen.QUESTION
        self.question.go_to(place)

    def hand_in(self) -> None:
        """Hand the attempt in and show what came of it."""
        start_id = self.question.sitting.start_id
        self.write(lambda: self.workplace.quizzes.submit(start_id), self._handed_in)

    def _handed_in(self, submitted: Submitted) -> None:
        self.error = None
        self.workplace.changed(submitted.changes)
        self.frame.toast(lambda: _("Your answers are handed in."))
        self._open_result(submitted.attempt_id)

    def _open_result(self, attempt_id: bytes) -> None:
        found = self.found
        if found is not None:
            self.frame.open(
                "quiz",
                cohort_id=found.overview.cohort_id,
                activity_id=found.overview.activity.id,
                attempt_id=attempt_id,
            )

    def _open_course(self) -> None:
        if self.found is not None:
            self.frame.open("course", cohort_id=self.found.overview.cohort_id)

    def _read_lesson(self, lesson_id: bytes) -> None:
        if self.found is not None:
            self.frame.open("lesson", cohort_id=self.found.overview.cohort_id, activity_id=lesson_id)

    def _from_top(self) -> None:
        self.redraw()
        self.body.scroller.return_to(0)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_link(self, href: str) -> None:
        """A link in the author's words."""
        ask_to_open(href, self)

    # -- when something fails

    def fail(self, error: Exception) -> None:
        """What was answered stays on the screen."""
        if self.shown is Screen.QUESTION:
            self.question.remember_draft()
        super().fail(error)

    def again(self) -> None:
        """Save once more what is on the screen, or read again."""
        if self.shown is Screen.QUESTION:
            self.question.give_again()
        elif self.shown is Screen.REVIEW:
            self.hand_in()
        else:
            super().again()

    def _saved(self) -> None:
        if self.error is not None:
            self.error = None
            self.question.remember_draft()
            self.redraw()

    # -- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits answer, Enter goes on; a button that has the focus keeps its own Enter."""
        focused = QApplication.focusWidget()
        on_button = isinstance(focused, QPushButton) and self.isAncestorOf(focused)
        if self.shown is Screen.QUESTION:
            digit = digit_of(event)
            if digit is not None and self.question.press_digit(digit):
                return
            if event.key() in ENTER and not on_button and not event.isAutoRepeat():
                self.question.enter()
                return
        super().keyPressEvent(event)

    def submit(self) -> None:
        """Ctrl+Enter: to the look-over, and from there handed in."""
        if self.shown is Screen.QUESTION:
            self.question.leave(self._finish)
        elif self.shown is Screen.REVIEW:
            self.hand_in()

    def save(self) -> None:
        """Ctrl+S: everything is saved as it is given; what is being typed is saved now."""
        if self.shown is Screen.QUESTION:
            self.question.keep_now()

    def retranslate(self) -> None:
        if self.shown is Screen.QUESTION:
            self.question.remember_draft()
        super().retranslate()

    def hideEvent(self, event: QHideEvent) -> None:
        """Another page, or the end of the program: what is being typed is saved."""
        if self.shown is Screen.QUESTION:
            self.question.keep_now()
        super().hideEvent(event)


def _result_words(result: Result) -> str:
    if result.points is None:
        return _("Your answers are handed in.")
    return _("Result: {score}").format(score=score_words(result))


def places(workplace: Workplace) -> tuple[Place, ...]:
    """One quiz, opened from the outline or from today's page."""
    return (Place("quiz", lambda frame: QuizPage(frame, workplace), lambda: _("Quiz"), section="courses"),)
