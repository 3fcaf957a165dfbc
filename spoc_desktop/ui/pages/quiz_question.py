"""One question of an attempt under way: the answer is kept at once; what was said about it stands in the margin.

A formative answer is given by "Check": each is a try, and trying must not happen by passing over an option. A graded
answer is kept as it is chosen or typed, and nothing is said about it before the release.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from spoc_desktop.i18n import _, ngettext
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.links import ask_to_open
from spoc_desktop.ui.page import Page
from spoc_desktop.ui.pages.question_form import QuestionForm, stem
from spoc_desktop.ui.pages.quiz_bar import QuizBar
from spoc_desktop.ui.pages.quiz_margin import add_feedback, add_review_link, verdict_word
from spoc_desktop.ui.widgets.flow import flow
from spoc_desktop.ui.widgets.reglette import Reglette, Segment
from spoc_desktop.ui.widgets.text import Text
from sync.domain.courses import PublishedActivity
from sync.domain.quizzes import Answer, Mode

if TYPE_CHECKING:
    from spoc_desktop.services.feedback import Feedback, QuestionView
    from spoc_desktop.services.quizzes import Answered, Sitting
    from spoc_desktop.services.workplace import Workplace

TYPING_MS = 700
"""A graded answer that is being typed is kept when the hands rest so long."""

_MOST_DIGITS = 9


class QuestionScreen(QObject):
    """Holds the attempt and the question in view; fills the page when asked.

    `finished`: the person goes on after the last question. `changed`: draw again. `failed`: an error to show.
    `kept`: an answer is saved.
    """

    finished = Signal()
    changed = Signal()
    failed = Signal(object)
    kept = Signal()

    def __init__(self, page: Page, workplace: Workplace) -> None:
        super().__init__(page)
        self._page = page
        self._workplace = workplace
        self.sitting: Sitting
        self.place = 0
        self.form: QuestionForm | None = None
        self._retrying = False
        self._draft: Answer | None = None
        self._reglette: Reglette | None = None
        self._bar: QuizBar | None = None
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self.keep_now)

    # -- state

    def take(self, sitting: Sitting) -> None:
        """An attempt to go on with, at the question where it stopped."""
        self.sitting = sitting
        self.place = sitting.place
        self._retrying = False
        self._draft = None

    @property
    def view(self) -> QuestionView:
        """The question in view."""
        return self.sitting.questions[self.place]

    @property
    def is_graded(self) -> bool:
        """Whether nothing may be said about an answer."""
        return self.sitting.edition.mode is not Mode.FORMATIVE

    @property
    def shown_feedback(self) -> Feedback | None:
        """What is said about the last try, until the next one is asked for."""
        return None if self._retrying or self.is_graded else self.view.feedback

    def first_open(self) -> int:
        """The first question without an answer, else the last one."""
        places = range(len(self.sitting.questions))
        return next((n for n in places if self.sitting.questions[n].answer is None), len(self.sitting.questions) - 1)

    # -- drawing

    def fill(self, lesson: PublishedActivity | None, read_lesson: Callable[[bytes], None]) -> None:
        """Fill the page with the question in view."""
        page, count = self._page, len(self.sitting.questions)
        where = _("Question {place} of {count}").format(place=self.place + 1, count=count)
        title = Text(self.sitting.edition.title, "small", "muted", wrap=True)
        title.set_weight(500)
        page.main.add(flow(title, Text(where, "small", "muted"), spread=True))
        self._reglette = Reglette((), self.sitting.edition.title, value=where)
        self._show_progress()
        page.main.add(self._reglette, 8)
        page.main.add(stem(self.view.question.stem), 32)
        self.form = QuestionForm(self.view)
        if self._retrying and self.form.options is not None:
            self.form.options.choose(())
        if self._draft is not None:
            self.form.show_answer(self._draft)
            self._draft = None
        self.form.changed.connect(self._moved)
        page.main.add(self.form, 24)
        said = self.shown_feedback
        if said is not None:
            self.form.judge(said)
            add_feedback(page.margin, said, lambda href: ask_to_open(href, page))
            if lesson is not None and not said.right:
                lesson_id = lesson.id
                add_review_link(page.margin, lesson, lambda: read_lesson(lesson_id))
        page.margin.add_stretch()
        page.margin.add(Text(self._foot(said), "small", "muted", wrap=True), 24)
        self._fill_footer(said)

    def _show_progress(self) -> None:
        if self._reglette is not None:
            done = [
                Segment(1, "done" if view.answer is not None else "part" if n == self.place else "todo", 0.5)
                for n, view in enumerate(self.sitting.questions)
            ]
            self._reglette.show_segments(done, value=self._reglette.words())

    def _foot(self, said: Feedback | None) -> str:
        lines = []
        if not self.is_graded:
            lines.append(self._score_so_far(said))
        options = self.form.options.options if self.form is not None and self.form.options is not None else []
        if options and said is None:
            last = min(len(options), _MOST_DIGITS)
            text = (
                _("Digits 1 to {last} choose, Enter goes on.")
                if self.is_graded
                else _("Digits 1 to {last} choose, Enter checks.")
            )
            lines.append(text.format(last=last))
        elif said is not None:
            lines.append(_("Enter goes on."))
        return "\n".join(line for line in lines if line)

    def _score_so_far(self, said: Feedback | None) -> str:
        views = [view.feedback for view in self.sitting.questions if view.feedback is not None]
        if not views:
            return ""
        right = sum(view.right for view in views)
        score = ngettext("{right} right of {count}", "{right} right of {count}", right).format(
            right=right, count=len(views)
        )
        if said is None:
            return score
        tries = _("try {tries} of {allowed}").format(tries=said.tries, allowed=said.tries_allowed)
        return f"{score} · {tries}"

    def _fill_footer(self, said: Feedback | None) -> None:
        saved = _("Answers saved on this computer") if self.sitting.answered else ""
        bar = self._bar = QuizBar(saved)
        if self.place:
            bar.add_back(_("Previous"), lambda: self.leave(lambda: self.go_to(self.place - 1)))
        is_last = self.place + 1 == len(self.sitting.questions)
        word, short = self._next_words(is_last=is_last)
        if self.is_graded:
            bar.add_primary(word, short, self.go_on)
        elif said is None:
            if not is_last:
                bar.add(_("Later"), self.go_on, name="later")
            bar.add_primary(_("Check"), _("Check"), self.check, icon="check")
        else:
            if not said.is_final:
                bar.add(_("Try again"), self.retry, name="retry")
            bar.add_primary(word, short, self.go_on)
        self._page.footer.add(bar, stretch=True)

    def _next_words(self, *, is_last: bool) -> tuple[str, str]:
        if not is_last:
            return _("Next question"), _("Next")
        complete = self.sitting.answered == len(self.sitting.questions)
        if not self.is_graded and complete:
            return _("See the result"), _("Result")
        return _("Look over and hand in"), _("Look over")

    # -- answering

    def press_digit(self, digit: int) -> bool:
        """Choose an option by its digit; False where there is nothing to choose."""
        return self.form is not None and self.form.options is not None and self.form.options.press_digit(digit)

    def take_focus(self) -> None:
        """The keyboard goes to the answer, or to what comes after it."""
        if self.form is not None and self.shown_feedback is None:
            self.form.take_focus()

    def enter(self) -> None:
        """What Enter does now: check, or go on."""
        if self.is_graded or self.shown_feedback is not None:
            self.go_on()
        else:
            self.check()

    def check(self) -> None:
        """Give the answer as a try of a formative quiz."""
        if self.form is None:
            return
        problem = self.form.problem
        self.form.show_problem(problem)
        if not problem:
            self._give(self._checked)

    def _checked(self, answered: Answered) -> None:
        self._retrying = False
        self.changed.emit()
        said = answered.feedback
        if said is not None:
            saved = _("Answer saved on this computer")
            announce(self._page, f"{verdict_word(said)}. {saved}", urgent=True)
        self._page.setFocus()

    def retry(self) -> None:
        """Another try at the question in view."""
        self._retrying = True
        self.changed.emit()
        self.take_focus()

    def _moved(self) -> None:
        """The answer is another one: a graded one is kept, a choice at once, typing when the hands rest."""
        if not self.is_graded or self.form is None:
            return
        if self.form.options is not None:
            self.keep_now()
        else:
            self._typing.start()

    def give_again(self) -> None:
        """What could not be saved is given once more."""
        if self.is_graded:
            self.keep_now()
        elif self.shown_feedback is None:
            self.check()

    def keep_now(self) -> None:
        """Keep a graded answer as it stands, if it is another one than the one kept."""
        self._typing.stop()
        form = self.form
        if self.sitting_is_over or form is None or not self.is_graded:
            return
        given, kept = form.given, self.view.answer
        if given is None and kept is not None and form.question.id == kept.question:
            given = Answer(question=kept.question)
        if given is not None and given != kept and not (kept is None and given == Answer(question=given.question)):
            self._give(self._kept, given)

    @property
    def sitting_is_over(self) -> bool:
        """Whether no attempt is under way."""
        return getattr(self, "sitting", None) is None

    def _give(self, then: Callable[[Answered], None], given: Answer | None = None) -> None:
        form = self.form
        answer = given if given is not None else form.given if form is not None else None
        if answer is None:
            return
        start_id, quizzes = self.sitting.start_id, self._workplace.quizzes

        def taken(answered: Answered) -> None:
            self._workplace.changed(answered.changes)
            if answered.sitting.start_id == self.sitting.start_id:
                self.sitting = answered.sitting
                self.kept.emit()
                then(answered)

        self._page.frame.workers.run(lambda: quizzes.answer(start_id, answer), taken, self.failed.emit, owner=self)

    def _kept(self, _answered: Answered) -> None:
        self._show_progress()
        said = _("Answer saved on this computer")
        if self._bar is not None and self._bar.saved.text() != said:
            self._bar.say(said)
            announce(self._page, said)

    # -- going from one to the next

    def go_on(self) -> None:
        """The next question, or the end of the quiz."""
        if self.place + 1 < len(self.sitting.questions):
            self.leave(lambda: self.go_to(self.place + 1))
        else:
            self.leave(self.finished.emit)

    def leave(self, then: Callable[[], None]) -> None:
        """Keep what is being answered, then do `then`; a number that is none is said first."""
        form = self.form
        if self.is_graded and form is not None and form.given is not None and form.problem:
            form.show_problem(form.problem)
            return
        self.keep_now()
        # The database thread works in order: an empty errand comes back after the answer is kept.
        self._page.frame.workers.run(lambda: None, lambda _none: then(), owner=self)

    def go_to(self, place: int) -> None:
        """Show another question and keep that it is the one in view."""
        self.place = min(max(0, place), len(self.sitting.questions) - 1)
        self._retrying = False
        start_id, shown = self.sitting.start_id, self.place
        quizzes = self._workplace.quizzes
        self._page.frame.workers.run(
            lambda: quizzes.look(start_id, shown), self._workplace.changed, self.failed.emit, owner=self
        )
        self.changed.emit()
        self._page.body.scroller.return_to(0)
        self._page.setFocus()
        self.take_focus()
        count = len(self.sitting.questions)
        announce(self._page, _("Question {place} of {count}").format(place=self.place + 1, count=count))

    def remember_draft(self) -> None:
        """Before the page is drawn again in another language: what is being answered stays."""
        if self.form is not None and self.shown_feedback is None:
            self._draft = self.form.given
