"""A question as the learner sees it, beside its editor: the real widgets of a quiz, and what they are told."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from spoc_desktop.i18n import _
from spoc_desktop.services.authoring_questions import QuestionSheet
from spoc_desktop.services.feedback import MOST_TRIES, QuestionView, feedback
from spoc_desktop.ui.layouts import empty
from spoc_desktop.ui.pages.question_form import QuestionForm, stem
from spoc_desktop.ui.pages.quiz_margin import verdict_word
from spoc_desktop.ui.widgets.block_view import BlockView
from spoc_desktop.ui.widgets.box import Box
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.flow import column, flow
from spoc_desktop.ui.widgets.sheet import Column
from spoc_desktop.ui.widgets.text import Text


class Preview:
    """`add_to` puts it in a column, `show` says which question; an answer can be tried."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._holder: QVBoxLayout | None = None
        self._sheet: QuestionSheet | None = None
        self.form: QuestionForm | None = None

    def add_to(self, margin: Column) -> None:
        """A heading and the place of the question."""
        margin.add(Text(_("As the learner sees it"), "section"))
        holder = QWidget()
        self._holder = QVBoxLayout(holder)
        self._holder.setContentsMargins(0, 0, 0, 0)
        margin.add(holder, 12)

    def show(self, sheet: QuestionSheet) -> None:
        """Draw the question, without an answer."""
        self._sheet = sheet
        question = sheet.question
        self.form = QuestionForm(QuestionView(question, question.options, None, None))
        for widget in self.form.findChildren(QWidget):
            if widget.objectName():
                widget.setObjectName(f"preview_{widget.objectName()}")
        check = Button(_("Check"), size="small")
        check.setObjectName("preview_check")
        check.clicked.connect(self._check)
        words = stem(question.stem) if question.stem else Text(_("What you write appears here."), "small", "muted")
        self._put(words, self.form, flow(check))

    def _put(self, *parts: QWidget) -> None:
        if self._holder is None or not isValid(self._holder):
            return
        empty(self._holder)
        self._holder.addWidget(Box(*parts))

    def _check(self) -> None:
        form, sheet = self.form, self._sheet
        if form is None or sheet is None:
            return
        problem = form.problem
        form.show_problem(problem)
        if problem or form.given is None:
            return
        said = feedback(sheet.question, sheet.key, form.given, MOST_TRIES)
        form.judge(said)
        parts: list[QWidget] = [Text(verdict_word(said), "label", wrap=True)]
        parts += [BlockView(blocks, "note") for blocks in (said.said, said.explanation) if blocks]
        again = Button(_("Try again"), size="small")
        again.setObjectName("preview_again")
        again.clicked.connect(lambda: self.show(sheet))
        layout = form.layout()
        if layout is not None:
            layout.addWidget(column(*parts, flow(again), gap=8))
        again.setFocus()
