"""A question to answer: its stem and the place for the answer, for all five types; no knowledge of what is right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.answer_option import AnswerList, Option, Verdict
from spoc_desktop.ui.widgets.block_view import BlockView, inline
from spoc_desktop.ui.widgets.field import Field, LineEdit
from spoc_desktop.ui.widgets.flow import column
from spoc_desktop.ui.widgets.text import Text
from sync.content.reading import plain_text, text_of_spans
from sync.domain.blocks import Block, Paragraph
from sync.domain.grading import read_number
from sync.domain.quizzes import FALSE, TRUE, Answer, Question, QuestionType

if TYPE_CHECKING:
    from spoc_desktop.services.feedback import Feedback, QuestionView

_NUMBER_WIDTH = 240

CHOICES = (QuestionType.SINGLE, QuestionType.MULTIPLE, QuestionType.TRUE_FALSE)


def asked(blocks: Sequence[Block]) -> int:
    """Which block of a stem asks: the last paragraph that ends with a question mark, else the last paragraph."""
    lines = [(n, text_of_spans(block.spans)) for n, block in enumerate(blocks) if isinstance(block, Paragraph)]
    asking = [n for n, text in lines if text.rstrip().endswith("?")]
    return next(iter([*asking[-1:], *[n for n, _text in lines[-1:]]]), 0)


def title_of(question: Question) -> str:
    """A question in one line, for lists."""
    block = question.stem[asked(question.stem)] if question.stem else None
    return text_of_spans(block.spans) if isinstance(block, Paragraph) else plain_text(question.stem)


def stem(blocks: Sequence[Block]) -> QWidget:
    """The words of a question: what asks as its title, what stands around it as text."""
    place = asked(blocks)
    parts: list[QWidget] = []
    for part in (blocks[:place], blocks[place : place + 1], blocks[place + 1 :]):
        block = part[0] if part else None
        if isinstance(block, Paragraph) and block is blocks[place]:
            parts.append(Text(inline(block.spans), "lead", wrap=True))
        elif part:
            parts.append(BlockView(part, "note"))
    return column(*parts, gap=12)


def option_words(question: Question, number: int) -> str:
    """An option in plain words."""
    if question.type is QuestionType.TRUE_FALSE:
        return _("True") if number == TRUE else _("False")
    return next((text_of_spans(one.text) for one in question.options if one.number == number), "")


class QuestionForm(QWidget):
    """`changed`: the person has answered otherwise. `given` is the answer as it stands, None while there is none."""

    changed = Signal()

    def __init__(self, view: QuestionView) -> None:
        super().__init__()
        self._view = view
        self.question = view.question
        self.options: AnswerList | None = None
        self.field: Field | None = None
        self._hint = Text("", "small", "danger", wrap=True)
        parts = QVBoxLayout(self)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(8)
        parts.addWidget(self._place())
        parts.addWidget(self._hint)
        self._hint.hide()
        if view.answer is not None:
            self.show_answer(view.answer)

    def _place(self) -> QWidget:
        if self.question.type in CHOICES:
            return self._choices()
        if self.question.type in (QuestionType.SHORT_TEXT, QuestionType.NUMERIC):
            return self._line()
        return Text(_("This question needs a newer version of the program."), "body", "muted", wrap=True)

    def _choices(self) -> QWidget:
        several = self.question.type is QuestionType.MULTIPLE
        if self.question.type is QuestionType.TRUE_FALSE:
            self.numbers = [TRUE, FALSE]
            shown = [Option(_("True")), Option(_("False"))]
        else:
            self.numbers = [option.number for option in self._view.options]
            shown = [Option(text_of_spans(option.text), inline(option.text)) for option in self._view.options]
        name = _("Answers, several can be right") if several else _("Answers")
        made = AnswerList(shown, several=several, name=name)
        for place, option in enumerate(made.options):
            option.setObjectName(f"option_{place + 1}")
        made.changed.connect(self._moved)
        self.options = made
        return (
            column(Text(_("Several answers can be right."), "small", "muted", wrap=True), made, gap=12)
            if several
            else made
        )

    def _line(self) -> QWidget:
        edit = LineEdit(large=True)
        edit.setObjectName("answer")
        edit.setMaxLength(200)
        if self.question.type is QuestionType.NUMERIC:
            unit = self.question.unit
            label = _("Your answer in {unit}").format(unit=unit) if unit else _("Your answer")
            edit.setMaximumWidth(theme().text_px(_NUMBER_WIDTH))
            self.field = Field(label, edit, _("A number, with a comma or a point."))
        else:
            self.field = Field(_("Your answer"), edit, _("A word or a few; capitals and accents do not matter."))
        edit.textEdited.connect(self._moved)
        return self.field

    def _moved(self) -> None:
        self.show_problem("")
        self.changed.emit()

    @property
    def line(self) -> LineEdit | None:
        """The line to write on, None where options are chosen."""
        edit = self.field.edit if self.field is not None else None
        return edit if isinstance(edit, LineEdit) else None

    @property
    def given(self) -> Answer | None:
        """The answer as it stands now."""
        if self.options is not None:
            chosen = tuple(self.numbers[place] for place in self.options.chosen)
            return Answer(question=self.question.id, chosen=chosen) if chosen else None
        text = self.line.text().strip() if self.line is not None else ""
        return Answer(question=self.question.id, text=text) if text else None

    def show_answer(self, answer: Answer) -> None:
        """Show an answer given before."""
        if self.options is not None:
            self.options.choose(place for place, number in enumerate(self.numbers) if number in answer.chosen)
        elif self.line is not None:
            self.line.setText(answer.text)

    def take_focus(self) -> None:
        """The keyboard goes to the answer."""
        if self.options is not None:
            chosen = self.options.chosen
            self.options.options[chosen[0] if chosen else 0].setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.line is not None:
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- what is wrong with the form of the answer

    @property
    def problem(self) -> str:
        """What keeps the answer from being taken, in words; empty when nothing does."""
        given = self.given
        if given is None:
            return _("Choose an answer first.") if self.options is not None else _("Write your answer first.")
        if self.question.type is QuestionType.NUMERIC and read_number(given.text, self.question.unit) is None:
            if self.question.unit:
                return _("Write a number, such as 12.5, in {unit}.").format(unit=self.question.unit)
            return _("Write a number, such as 12.5.")
        return ""

    def show_problem(self, problem: str) -> None:
        """Say it beside the answer, take the focus there; empty takes it away."""
        if self.field is not None:
            if problem or self.field.error:
                self.field.show_error(problem)
            return
        self._hint.say(problem)
        self._hint.setVisible(bool(problem))
        if problem:
            self.take_focus()
            announce(self, problem)

    # -- what was said about it

    def judge(self, said: Feedback) -> None:
        """Show how the answer did; it cannot be changed until the next try is asked for."""
        if self.options is not None:
            self.options.judge([self._verdict(number, said) for number in self.numbers])
        elif self.line is not None:
            self.line.setReadOnly(True)

    def _verdict(self, number: int, said: Feedback) -> tuple[Verdict, str]:
        chosen = self._view.answer.chosen if self._view.answer is not None else ()
        expected = said.expected.chosen if said.expected is not None else ()
        if number in expected:
            return "right", _("Your answer") if number in chosen else _("Expected answer")
        if number not in chosen:
            return "dimmed", ""
        # In a multiple choice a try that is left must not tell which of the ticked ones is wrong.
        is_open = said.expected is None and self.question.type is QuestionType.MULTIPLE
        return ("dimmed" if is_open else "wrong"), _("Your answer")
