"""One question being written: its answers, what is said to who chooses each, and the question as learners see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from spoc_desktop.i18n import _, number
from spoc_desktop.services.authoring_drafts import Opened
from spoc_desktop.services.authoring_questions import CHOICES, MAX_OPTIONS, QuestionSheet, sheet_of, with_sheet
from spoc_desktop.services.authoring_text import line_of, spans_of
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.contents_editing import SECTION
from spoc_desktop.ui.pages.contents_lesson import ActivityPage, lines_of
from spoc_desktop.ui.pages.contents_question_preview import Preview
from spoc_desktop.ui.pages.contents_quiz import type_word
from spoc_desktop.ui.pages.contents_text import DraftText, read_fields
from spoc_desktop.ui.widgets.answer_edit import AnswerEdit
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.field import Choice, Field, LineEdit, TextArea, text_of
from spoc_desktop.ui.widgets.flow import flow, row
from spoc_desktop.ui.widgets.icon_button import IconButton
from spoc_desktop.ui.widgets.number_edit import NumberEdit
from spoc_desktop.ui.widgets.segmented import Segmented
from spoc_desktop.ui.widgets.text import Text
from sync.client.ports import Changes
from sync.domain.grading import read_number
from sync.domain.quizzes import FALSE, TRUE, QuestionType, Quiz

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace
    from spoc_desktop.ui.page import Frame

MOST_POINTS = 100
TYPES = (
    QuestionType.SINGLE,
    QuestionType.MULTIPLE,
    QuestionType.TRUE_FALSE,
    QuestionType.SHORT_TEXT,
    QuestionType.NUMERIC,
)


class QuestionEditorPage(ActivityPage):
    """`sheet` is the truth while somebody types; the store follows each keystroke.

    Undo and redo go through what was done to the answers; a field has its own while the keyboard is in it.
    """

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self.sheet: QuestionSheet | None = None
        self.stem: DraftText | None = None
        self.explanation: DraftText | None = None
        self._past: list[QuestionSheet] = []
        self._future: list[QuestionSheet] = []
        self._last = ""
        self._preview = Preview(self)
        self._moves: tuple[IconButton, IconButton] | None = None

    @property
    def place(self) -> int:
        """Which question of the quiz, from 0."""
        return int(self.params.get("question", 0))

    def opened(self, **params: object) -> None:
        if params != self.params:
            self.sheet = self.stem = self.explanation = None
            self._past, self._future, self._last = [], [], ""
        super().opened(**params)

    def arrived(self, found: Opened) -> None:
        quiz: Quiz = found.body
        if self.sheet is None:
            if not quiz.questions:
                return
            self.take_files(found)
            place = min(self.place, len(quiz.questions) - 1)
            self.sheet = sheet_of(quiz, quiz.questions[place].id)
        elif not self.is_typing:
            self.sheet = sheet_of(quiz, self.sheet.question.id)
        if self.sheet is None:
            return
        if self.stem is None or self.explanation is None:
            question, key = self.sheet.question, self.sheet.key
            self.stem = DraftText(self, "stem", question.stem, self.named, shown=self.show_preview, headings=())
            self.explanation = DraftText(
                self, "explanation", key.explanation, self.named, shown=self.show_preview, headings=()
            )
        else:
            self.stem.take(self.sheet.question.stem)
            self.explanation.take(self.sheet.key.explanation)

    def store(self, params: Mapping[str, Any], fields: Mapping[str, Any]) -> Changes:
        read = read_fields(fields)
        sheet: QuestionSheet = read.pop("sheet")

        def change(quiz: Quiz) -> dict[str, Any]:
            standing = sheet_of(quiz, sheet.question.id)
            if standing is None:
                return {}
            stem = read.get("stem", standing.question.stem)
            explanation = read.get("explanation", standing.key.explanation)
            return with_sheet(quiz, sheet.with_face(stem=stem).with_key(explanation=explanation))

        return self.workplace.drafts.change_quiz(bytes(params["course_id"]), bytes(params["activity_id"]), change)

    def keep(self, **fields: Any) -> None:
        if self.sheet is not None:
            super().keep(sheet=self.sheet, **fields)

    # -- drawing

    def show_found(self, found: Opened) -> None:
        quiz: Quiz = found.body
        if self.sheet is None or self.stem is None or self.explanation is None:
            self.add_crumbs(found, Crumb(_("Question")))
            self.main.add(Text(_("This question was taken out of the quiz."), "body", "muted", wrap=True))
            return
        at = [one.id for one in quiz.questions].index(self.sheet.question.id)
        here: dict[str, object] = {"course_id": self.course_id, "activity_id": self.activity_id}
        self.add_crumbs(found, Crumb(quiz.title, "contents_quiz", here), Crumb(_("Question {n}").format(n=at + 1)))
        where = _("{module} · {quiz} · question {place} of {count}").format(
            module=found.module.title, quiz=quiz.title, place=at + 1, count=len(quiz.questions)
        )
        self.main.add(Text(where, "small", "muted", wrap=True))
        self.main.add(flow(Text(_("Write a question"), "title", wrap=True), self._history(), spread=True, least=200), 4)
        self.main.add(flow(Field(_("Type"), self._type()), Field(_("Points"), self._points()), gap=12), 16)
        if self.stem.files is not None:
            self.stem.files.holder.hide()
        area = self.stem.make_area(_("Question"), 3)
        if self.stem.files is not None:
            self.main.add(self.stem.files.holder, 8)
        self.main.add(area, 16)
        self._add_answers(quiz)
        explanation = self.explanation.make_area(_("Explanation, shown with the result"), 3)
        explanation.area.setObjectName("explanation")
        if self.explanation.files is not None:
            self.main.add(self.explanation.files.holder, 8)
        self.main.add(explanation, 24)
        self._add_neighbours(quiz, at)
        self.show_margin(found)

    def show_margin(self, found: Opened) -> None:
        self._preview.add_to(self.margin)
        self.show_preview()
        self.publishing.add_checks(found.shelved, 32)

    def show_preview(self) -> None:
        """Show the question as it is written now."""
        if self.sheet is not None and self.stem is not None and self.explanation is not None:
            sheet = self.sheet.with_face(stem=self.stem.blocks).with_key(explanation=self.explanation.blocks)
            self._preview.show(sheet)

    def _history(self) -> QWidget:
        undo, redo = IconButton("undo-2", _("Undo")), IconButton("redo-2", _("Redo"))
        undo.setObjectName("undo_question")
        redo.setObjectName("redo_question")
        undo.clicked.connect(self.undo)
        redo.clicked.connect(self.redo)
        self._moves = undo, redo
        self._show_moves()
        return row(undo, redo, gap=4)

    def _show_moves(self) -> None:
        if self._moves is not None:
            self._moves[0].setEnabled(bool(self._past))
            self._moves[1].setEnabled(bool(self._future))

    def _type(self) -> Choice:
        made = Choice()
        made.setObjectName("type")
        for kind in TYPES:
            made.addItem(type_word(kind), int(kind))
        if self.sheet is not None:
            made.setCurrentIndex(max(0, made.findData(int(self.sheet.question.type))))
        made.activated.connect(lambda _index: self.set_type(QuestionType(made.currentData())))
        return made

    def _points(self) -> NumberEdit:
        points = self.sheet.question.points if self.sheet is not None else 1
        made = NumberEdit(points, 1, MOST_POINTS)
        made.setObjectName("points")
        made.changed.connect(lambda count: self._say(lambda sheet: sheet.with_face(points=count), "points"))
        return made

    def _add_answers(self, quiz: Quiz) -> None:
        if self.sheet is None:
            return
        kind = self.sheet.question.type
        if kind in CHOICES:
            order = _("Shuffled when shown") if quiz.shuffle else _("Shown in this order")
            title = Text(_("Answers, with a remark for each"), "label", wrap=True)
            self.main.add(flow(title, Text(order, "small", "muted"), spread=True, least=200), 16)
            options = self.sheet.question.options
            for place, option in enumerate(options):
                self.main.add(self._answer(place, len(options), option.number), 8)
            add = Button(_("Add an answer"), icon="plus", size="small")
            add.setObjectName("add_answer")
            add.clicked.connect(self.add_answer)
            self.main.add(flow(add, self.make_saved_line(), gap=16, spread=True), 12)
            return
        if kind is QuestionType.TRUE_FALSE:
            self._add_truth()
        elif kind is QuestionType.SHORT_TEXT:
            self._add_accepted()
        elif kind is QuestionType.NUMERIC:
            self._add_number()
        self.main.add(self.make_saved_line(), 12)

    def _answer(self, place: int, count: int, option: int) -> AnswerEdit:
        sheet = self.sheet
        assert sheet is not None  # noqa: S101  # asked by the caller
        words = next(line_of(one.text) for one in sheet.question.options if one.number == option)
        made = AnswerEdit(
            place, count, option, words, self.named.text(sheet.remark(option)), is_right=option in sheet.key.right
        )
        made.said.connect(
            lambda text: self._say(lambda now: now.say_option(option, spans_of(text)), f"option {option}")
        )
        made.remarked.connect(lambda text: self._say(lambda now: self._remarked(now, option, text), f"remark {option}"))
        made.marked.connect(lambda on: self._do(lambda now: now.mark_right(option, is_right=on)))
        made.moved.connect(lambda step: self._do(lambda now: now.move_option(option, step)))
        made.taken.connect(lambda: self._do(lambda now: now.without_option(option), _("The answer was removed.")))
        return made

    def _remarked(self, sheet: QuestionSheet, option: int, text: str) -> QuestionSheet:
        read = self.named.read(text, headings=()).blocks
        return sheet if read is None else sheet.say_remark(option, read)

    def _add_truth(self) -> None:
        right = self.sheet.key.right if self.sheet is not None else ()
        made = Segmented([(str(TRUE), _("True")), (str(FALSE), _("False"))], _("The right answer"))
        made.setObjectName("truth")
        if right:
            made.choose(str(right[0]))
        made.picked.connect(lambda key: self._do(lambda sheet: sheet.with_key(right=(int(key),))))
        self.main.add(Text(_("The right answer"), "label"), 16)
        self.main.add(made, 6, left=True)

    def _add_accepted(self) -> None:
        area = TextArea(3, most=10)
        area.setObjectName("accepted")
        area.setPlainText("\n".join(self.sheet.key.accepted) if self.sheet is not None else "")
        area.textChanged.connect(
            lambda: self._say(lambda sheet: sheet.with_key(accepted=lines_of(text_of(area))), "accepted")
        )
        hint = _("Capitals, accents and a full stop at the end do not matter.")
        self.main.add(Field(_("Accepted answers, one a line"), area, hint), 16)

    def _add_number(self) -> None:
        sheet = self.sheet
        assert sheet is not None  # noqa: S101  # asked by the caller
        value, tolerance, unit = LineEdit(), LineEdit(), LineEdit()
        value.setText(number(sheet.key.value))
        tolerance.setText(number(sheet.key.tolerance))
        unit.setText(sheet.question.unit)
        unit.setMaxLength(30)
        fields = []
        for edit, name, words in (
            (value, "value", _("The right number")),
            (tolerance, "tolerance", _("More or less")),
            (unit, "unit", _("Unit")),
        ):
            edit.setObjectName(name)
            fields.append(Field(words, edit))
        for edit, name, field in ((value, "value", fields[0]), (tolerance, "tolerance", fields[1])):
            edit.textEdited.connect(lambda text, name=name, field=field: self._number(name, text, field))
        unit.textEdited.connect(lambda text: self._say(lambda now: now.with_face(unit=text.strip()), "unit"))
        self.main.add(flow(*fields, gap=12), 16)

    def _number(self, name: str, text: str, field: Field) -> None:
        read = read_number(text, "")
        if read is None:
            field.show_error(_("Write a number, such as 12.5."))
            return
        if field.error:
            field.show_error("")
        self._say(lambda sheet: sheet.with_key(**{name: float(read)}), name)

    def _add_neighbours(self, quiz: Quiz, at: int) -> None:
        buttons: list[QWidget] = []
        if at > 0:
            before = Button(_("Previous question"), "quiet", "arrow-left", size="small")
            before.setObjectName("previous_question")
            before.clicked.connect(lambda: self._go_to(at - 1))
            buttons.append(before)
        if at < len(quiz.questions) - 1:
            after = Button(_("Next question"), "quiet", "arrow-right", size="small", icon_side="right")
            after.setObjectName("next_question")
            after.clicked.connect(lambda: self._go_to(at + 1))
            buttons.append(after)
        if buttons:
            self.main.add(flow(*buttons, spread=len(buttons) > 1), 24)

    def _go_to(self, place: int) -> None:
        self.frame.open("contents_question", course_id=self.course_id, activity_id=self.activity_id, question=place)

    # -- writing

    def _say(self, change: Any, name: str) -> None:
        """A keystroke: kept, shown in the preview, one step of undo together with those before it in this field."""
        if self.sheet is None:
            return
        if name != self._last:
            self._past.append(self.sheet)
        self._future, self._last = [], name
        self.sheet = change(self.sheet)
        self._show_moves()
        self.keep()
        self.show_preview()

    def _do(self, change: Any, said: str = "") -> None:
        """A step: kept, drawn again."""
        if self.sheet is None:
            return
        self._past.append(self.sheet)
        self._future, self._last = [], ""
        self._put(change(self.sheet))
        if said:
            announce(self, said)

    def _put(self, sheet: QuestionSheet) -> None:
        self.sheet = sheet
        self.keep()
        self.redraw()

    def undo(self) -> None:
        """Back by one step."""
        if self._past and self.sheet is not None:
            self._future.append(self.sheet)
            self._last = ""
            self._put(self._past.pop())

    def redo(self) -> None:
        """Forth by one step."""
        if self._future and self.sheet is not None:
            self._past.append(self.sheet)
            self._last = ""
            self._put(self._future.pop())

    def set_type(self, kind: QuestionType) -> None:
        """Ask otherwise."""
        self._do(lambda sheet: sheet.with_type(kind))

    def add_answer(self) -> None:
        """One more answer, ready to be typed."""
        if self.sheet is None or len(self.sheet.question.options) >= MAX_OPTIONS:
            announce(self, _("A question has at most {count} answers.").format(count=MAX_OPTIONS), urgent=True)
            return
        self._do(lambda sheet: sheet.add_option())
        if self.sheet is not None:
            line = self.findChild(LineEdit, f"choice_{self.sheet.question.options[-1].number}")
            if line is not None:
                line.setFocus()


def places(workplace: Workplace) -> tuple[Place, ...]:
    """Opened from the quiz."""
    make = lambda frame: QuestionEditorPage(frame, workplace)  # noqa: E731  # as every page is made
    return (Place("contents_question", make, lambda: _("Question"), section=SECTION),)
