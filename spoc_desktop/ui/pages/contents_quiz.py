"""A quiz being written: how it is taken, its introduction, its questions in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from spoc_desktop.i18n import _, ngettext
from spoc_desktop.services.authoring_drafts import Opened
from spoc_desktop.services.authoring_questions import (
    MAX_QUESTIONS,
    QuestionSheet,
    move_question,
    new_question,
    sheet_of,
    with_sheet,
    without_question,
)
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.contents_editing import SECTION
from spoc_desktop.ui.pages.contents_lesson import ActivityPage
from spoc_desktop.ui.pages.contents_text import DraftText
from spoc_desktop.ui.pages.question_form import title_of
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.field import Choice, Field
from spoc_desktop.ui.widgets.flow import Hairline, column, flow, row
from spoc_desktop.ui.widgets.icon_button import IconButton
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.number_edit import NumberEdit
from spoc_desktop.ui.widgets.segmented import Segmented
from spoc_desktop.ui.widgets.text import Text
from sync.client.ports import Changes
from sync.domain.publishing import has_right_answer
from sync.domain.quizzes import Mode, Question, QuestionType, Quiz, Release

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace
    from spoc_desktop.ui.page import Frame

MOST_ATTEMPTS = 20


def type_word(kind: QuestionType) -> str:
    """How a question is answered."""
    words = {
        QuestionType.SINGLE: _("Single choice"),
        QuestionType.MULTIPLE: _("Multiple choice"),
        QuestionType.TRUE_FALSE: _("True or false"),
        QuestionType.SHORT_TEXT: _("Short text"),
        QuestionType.NUMERIC: _("Number"),
    }
    return words.get(kind, _("Needs a newer version"))


class QuizEditorPage(ActivityPage):
    """A line a question; each opens its editor."""

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self.introduction: DraftText | None = None

    def opened(self, **params: object) -> None:
        if params != self.params:
            self.introduction = None
        super().opened(**params)

    def arrived(self, found: Opened) -> None:
        if self.introduction is None:
            self.take_files(found)
            self.introduction = DraftText(
                self, "introduction", found.body.introduction, self.named, shown=_nothing, headings=()
            )
        elif not self.is_typing:
            self.introduction.take(found.body.introduction)

    # -- drawing

    def show_found(self, found: Opened) -> None:
        quiz: Quiz = found.body
        self.add_crumbs(found, Crumb(_("Quiz")))
        self.add_head(found, _("Quiz"))
        self.main.add(Hairline(), 24)
        count = len(quiz.questions)
        self.main.add(Text(ngettext("{count} question", "{count} questions", count).format(count=count), "section"), 16)
        for place, question in enumerate(quiz.questions):
            self.main.add(self._question(quiz, question, place), 12 if place == 0 else 8)
        add = Button(_("Add a question"), icon="plus")
        add.setObjectName("add_question")
        add.clicked.connect(self.add_question)
        self.main.add(add, 16, left=True)
        self.main.add(Hairline(), 24)
        self.main.add(Text(_("How it is taken"), "section"), 16)
        self._add_settings(quiz)
        if self.introduction is not None:
            area = self.introduction.make_area(_("Introduction, before the first question"), 4)
            if self.introduction.files is not None:
                self.main.add(self.introduction.files.holder, 16)
            self.main.add(area, 16)
        self.main.add(self.make_saved_line(), 8)
        self.show_margin(found)

    def show_margin(self, found: Opened) -> None:
        self.publishing.add_checks(found.shelved, 0)

    def _question(self, quiz: Quiz, question: Question, place: int) -> QWidget:
        key = question.id.hex()
        words = title_of(question).strip() or _("Question without words")
        way = LinkButton(_("{number}. {words}").format(number=place + 1, words=words), colour="text", role="body")
        way.setObjectName(f"question_{key}")
        way.clicked.connect(lambda _checked=False: self.open_question(place))
        up = IconButton("chevron-up", _("Move question {number} up").format(number=place + 1))
        down = IconButton("chevron-down", _("Move question {number} down").format(number=place + 1))
        away = IconButton("trash-2", _("Remove question {number}").format(number=place + 1))
        for button, name in ((up, "up"), (down, "down"), (away, "take")):
            button.setObjectName(f"{name}_{key}")
        up.setEnabled(place > 0)
        down.setEnabled(place < len(quiz.questions) - 1)
        up.clicked.connect(lambda _checked=False: self.move_question(question.id, -1))
        down.clicked.connect(lambda _checked=False: self.move_question(question.id, 1))
        away.clicked.connect(lambda _checked=False: self.take_question(question.id, place))
        sheet = sheet_of(quiz, question.id)
        points = ngettext("{count} point", "{count} points", question.points).format(count=question.points)
        said = f"{type_word(question.type)} · {points}"
        complete = sheet is not None and has_right_answer(question, sheet.key)
        detail = Text(said if complete else _("{said} · no right answer yet").format(said=said), "small")
        detail.set_colour("muted" if complete else "warning")
        return column(flow(way, row(up, down, away, gap=4), spread=True, least=220), detail, Hairline(), gap=4)

    def _add_settings(self, quiz: Quiz) -> None:
        mode = Segmented([("FORMATIVE", _("Formative")), ("GRADED", _("Graded"))], _("What it is for"))
        mode.setObjectName("mode")
        mode.choose("GRADED" if quiz.mode is Mode.GRADED else "FORMATIVE")
        mode.picked.connect(self._mode)
        said = (
            _("It counts; the right answers stay on the server until the result is released.")
            if quiz.mode is Mode.GRADED
            else _("For learning: what was right is said at once, and it can be tried again.")
        )
        self.main.add(mode, 12, left=True)
        self.main.add(Text(said, "small", "muted", wrap=True), 4)
        attempts = NumberEdit(quiz.attempts, 0, MOST_ATTEMPTS)
        attempts.setObjectName("attempts")
        attempts.changed.connect(lambda count: self.keep(attempts=count))
        percent = NumberEdit(quiz.pass_percent, 0, 100)
        percent.setObjectName("pass_percent")
        percent.changed.connect(lambda count: self.keep(pass_percent=count))
        self.add_number(_("Attempts (0: as many as wanted)"), attempts)
        self.add_number(_("Passed from, in %"), percent)
        if quiz.mode is Mode.GRADED:
            self.main.add(Field(_("The result is released"), self._release(quiz)), 12)
        shuffle = Segmented([("yes", _("Shuffled")), ("no", _("In this order"))], _("Order of the answers"))
        shuffle.setObjectName("shuffle")
        shuffle.choose("yes" if quiz.shuffle else "no")
        shuffle.picked.connect(lambda key: self.keep(shuffle=key == "yes"))
        self.main.add(Text(_("Order of the answers"), "label"), 12)
        self.main.add(shuffle, 6, left=True)

    def _release(self, quiz: Quiz) -> Choice:
        made = Choice()
        made.setObjectName("release")
        for release, words in (
            (Release.AT_ONCE, _("as soon as it is graded")),
            (Release.AT_CLOSE, _("when the week ends")),
            (Release.BY_TRAINER, _("when the trainer says so")),
        ):
            made.addItem(words, int(release))
        made.setCurrentIndex(max(0, made.findData(int(quiz.release))))
        made.activated.connect(lambda _index: self.keep(release=Release(made.currentData())))
        return made

    # -- writing

    def _mode(self, key: str) -> None:
        graded = key == "GRADED"
        fields: dict[str, Any] = {"mode": Mode.GRADED if graded else Mode.FORMATIVE}
        if not graded:
            fields["release"] = Release.AT_ONCE
        ids = (self.course_id, self.activity_id)
        self.change(lambda: self.workplace.drafts.change_activity(*ids, **fields))

    def _reshape(self, change: Callable[[Quiz], dict[str, Any]], said: str = "") -> None:
        ids = (self.course_id, self.activity_id)
        self.change(lambda: self.workplace.drafts.change_quiz(*ids, change))
        if said:
            announce(self, said)

    def open_question(self, place: int) -> None:
        """The editor of one question."""
        self.frame.open("contents_question", course_id=self.course_id, activity_id=self.activity_id, question=place)

    def add_question(self) -> None:
        """A new question at the end, opened at once."""
        if self.found is None or len(self.found.body.questions) >= MAX_QUESTIONS:
            announce(self, _("A quiz has at most {count} questions.").format(count=MAX_QUESTIONS), urgent=True)
            return
        place, fresh = len(self.found.body.questions), new_question(self.workplace.desk.new_id())
        ids = (self.course_id, self.activity_id)

        def added(changes: Changes) -> None:
            self.workplace.changed(changes)
            self.open_question(place)

        self.write(lambda: self.workplace.drafts.change_quiz(*ids, lambda quiz: with_sheet(quiz, fresh)), added)

    def move_question(self, question_id: bytes, step: int) -> None:
        """One place up (-1) or down (1)."""
        said = _("The question moved up.") if step < 0 else _("The question moved down.")
        self._reshape(lambda quiz: move_question(quiz, question_id, step), said)

    def take_question(self, question_id: bytes, place: int) -> None:
        """Take a question out; for ten seconds it can be put back."""
        sheet: QuestionSheet | None = sheet_of(self.found.body, question_id) if self.found is not None else None
        if sheet is None:
            return
        self._reshape(lambda quiz: without_question(quiz, question_id))
        self.frame.toast(
            lambda: _("The question was removed."),
            lambda: self._reshape(lambda quiz: with_sheet(quiz, sheet, place)),
        )


def _nothing() -> None:
    """An introduction has no preview."""


def places(workplace: Workplace) -> tuple[Place, ...]:
    """Opened from the outline."""
    make = lambda frame: QuizEditorPage(frame, workplace)  # noqa: E731  # as every page is made
    return (Place("contents_quiz", make, lambda: _("Quiz"), section=SECTION),)
