"""Writing a review: its margin, and every change of it kept on this laptop as it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QWidget

from spoc_desktop.i18n import _, clock, day_and_time, moment
from spoc_desktop.services.bank import Kept
from spoc_desktop.services.reviewing import Copy
from spoc_desktop.ui.page import Frame
from spoc_desktop.ui.pages.loaded import LoadedPage
from spoc_desktop.ui.pages.reviewing_margin import BankButton, FoldedRemark, RemarkEditor, said
from spoc_desktop.ui.pages.reviewing_table import Sheet, Table
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.compared_text import ComparedText
from spoc_desktop.ui.widgets.field import Field, TextArea, text_of
from spoc_desktop.ui.widgets.flow import Hairline, flow, row
from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.remark import Remark as RemarkLine
from spoc_desktop.ui.widgets.review_body import ReviewBody
from spoc_desktop.ui.widgets.rubric_form import RubricForm
from spoc_desktop.ui.widgets.sheet import Body
from spoc_desktop.ui.widgets.text import Text
from sync.client.ports import Changes
from sync.domain.anchors import Anchor
from sync.domain.exercises import Remark, Verdict, best_of, points_of

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace

_OPINION_LINES, _FEWER_LINES = 5, 3
_HIGH = 640
"""Px of a page from which the opinion has its full height."""
LEAVES_MS = 2000
"""A pause in typing after which what is saved here may leave; each keystroke is on the disk before."""


class ReviewEditing(LoadedPage[Table]):
    """The half of the page that writes. `sheet` is the truth while somebody types; the store follows each keystroke."""

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self.sheet: Sheet | None = None
        self._text: ComparedText | None = None
        self._chosen: tuple[int, int] = (0, 0)
        self._saved_line: Text | None = None
        self._saved_mark: Glyph | None = None
        self._points: Text | None = None
        self._form: RubricForm | None = None
        self._reaching = QTimer(self)
        self._reaching.setSingleShot(True)
        self._reaching.timeout.connect(self._reach_current)
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.setInterval(LEAVES_MS)
        self._leaving.timeout.connect(lambda: self.workplace.changed(Changes(outbox=True)))

    @property
    def lying(self) -> ReviewBody:
        """How the page lies on the sheet."""
        if not isinstance(self.body, ReviewBody):
            raise TypeError("a review lies on its own body")
        return self.body

    def make_body(self) -> Body:
        return ReviewBody()

    def redraw(self) -> None:
        beside = self.lying.margin_scroll.verticalScrollBar().value()
        super().redraw()
        if beside:
            self.lying.margin_scroll.return_to(beside)

    def fill(self) -> None:
        self.lying.clear_foot()
        super().fill()

    def _fill_margin(self, found: Table, copy: Copy, sheet: Sheet) -> None:
        locked = sheet.review.verdict is not Verdict.NONE
        self._add_rubric(copy, sheet, locked=locked)
        self._add_remarks(found, copy, sheet, locked=locked)
        self._add_theirs(copy, locked=locked)
        self._fill_foot(copy, sheet, locked=locked)

    def _add_theirs(self, copy: Copy, *, locked: bool) -> None:
        """What other trainers said of this version: once decided, so that neither sways the other."""
        for name, review in copy.theirs:
            if locked or review.verdict is not Verdict.NONE:
                self.margin.add(Hairline(), 24)
                criteria = copy.exercise.criteria if copy.exercise else ()
                self.margin.add(said(_("Review by {name}").format(name=name), review, criteria), 20)

    def _fill_foot(self, copy: Copy, sheet: Sheet, *, locked: bool) -> None:
        """The opinion, what was saved, the verdict: they stay in view."""
        first = copy.about.name.split(" ")[0]
        area = TextArea(_OPINION_LINES if self.height() > theme().text_px(_HIGH) else _FEWER_LINES, role="note")
        area.setObjectName("opinion")
        area.setPlainText(sheet.review.opinion)
        area.setReadOnly(locked)
        cursor = area.textCursor()
        cursor.setPosition(min(sheet.opinion_cursor, len(sheet.review.opinion)))
        area.setTextCursor(cursor)
        area.textChanged.connect(lambda: self._write_opinion(area))
        self.lying.foot.add(Field(_("Opinion for {name}").format(name=first), area))
        self._saved_line = Text("", "small", "muted", wrap=True)
        self._saved_mark = Glyph("check", "success", 16)
        self.lying.foot.add(row(self._saved_mark, self._saved_line, gap=8, stretch=1), 8)
        self._say_saved()

    def _add_rubric(self, copy: Copy, sheet: Sheet, *, locked: bool) -> None:
        criteria = copy.exercise.criteria if copy.exercise else ()
        self._points = Text("", "label")
        self.margin.add(flow(Text(_("Rubric"), "section"), self._points, spread=True))
        self._say_points()
        if copy.exercise is None:
            self.margin.add(
                Text(_("The rubric arrives with the next synchronisation."), "small", "muted", wrap=True), 8
            )
        chosen = {mark.criterion: mark.level for mark in sheet.review.marks}
        self._form = RubricForm(criteria, chosen, locked=locked)
        self._form.marked.connect(self.mark)
        self.margin.add(self._form, 8)

    def _add_remarks(self, found: Table, copy: Copy, sheet: Sheet, *, locked: bool) -> None:
        bank = BankButton(found.bank)
        bank.taken.connect(self._take_from_bank)
        bank.dropped.connect(self._drop_from_bank)
        add = LinkButton(self._add_words(), "plus")
        add.setObjectName("add_remark")
        add.clicked.connect(lambda _checked=False: self.add_remark())
        self._name_adding(add)
        heading: list[QWidget] = [Text(_("Remarks"), "section")]
        if not locked:
            heading.append(row(add, bank, gap=16))
        self.margin.add(flow(*heading, spread=True), 24)
        for one in sheet.remarks:
            if one.number == sheet.current and not locked:
                editor = RemarkEditor(one)
                editor.typed.connect(lambda text, number=one.number: self._write_remark(number, text))
                editor.keep_wanted.connect(lambda number=one.number: self._keep_remark(number))
                editor.drop_wanted.connect(lambda number=one.number: self._drop_remark(number))
                self.margin.add(editor, 8)
            else:
                self.margin.add(self._said(one) if locked else self._folded(one), 4)

    def _said(self, one: Remark) -> RemarkLine:
        line = RemarkLine(one.number, one.text)
        line.picked.connect(self._show_passage)
        return line

    def _folded(self, one: Remark) -> FoldedRemark:
        line = FoldedRemark(one)
        line.picked.connect(self._go_to_remark)
        return line

    def _add_words(self) -> str:
        return _("On these words") if self._chosen != (0, 0) else _("Add")

    def _name_adding(self, add: LinkButton) -> None:
        chosen = self._chosen != (0, 0)
        words = _("Remark on the selected words") if chosen else _("Remark on the whole")
        add.setAccessibleName(f"{add.text()}, {words}")
        add.setToolTip(words)

    def select(self, start: int, end: int) -> None:
        """The letters of the text that the next remark is about, (0, 0) for the whole."""
        self._chosen = (start, end)
        add = self.findChild(LinkButton, "add_remark")
        if add is not None:
            add.say(self._add_words())
            self._name_adding(add)

    def add_remark(self, text: str = "") -> None:
        """A new remark about the selected words, or about the whole where none are."""
        if self.sheet is None:
            return
        self.sheet.add_remark(text, self._anchor())
        self._chosen = (0, 0)
        self._keep()
        self.redraw()
        self._focus_current()

    def _anchor(self) -> Anchor | None:
        start, end = self._chosen
        if self._text is None or start >= end or self.found is None or self.found.copy is None:
            return None
        return Anchor(start=start, end=end, quote=self.found.copy.version.body.text[start:end])

    def _go_to_remark(self, number: int) -> None:
        if self.sheet is not None:
            self.sheet.current = number
            self.redraw()
            self._focus_current()

    def _show_passage(self, number: int) -> None:
        if self._text is not None:
            self._text.set_current(number, reveal=True)

    def _focus_current(self) -> None:
        area = self._current_area()
        if area is not None:
            area.setFocus()
            area.moveCursor(QTextCursor.MoveOperation.End)
            self._reaching.start()

    def _current_area(self) -> TextArea | None:
        return self.findChild(TextArea, f"remark_{self.sheet.current}") if self.sheet else None

    def _reach_current(self) -> None:
        """Bring the current remark into view, once the margin has been laid out."""
        area = self._current_area()
        editor = area.parentWidget() if area is not None else None
        if editor is not None and not self.lying.stacked:
            self.lying.margin_scroll.ensureWidgetVisible(editor, 0, 8)

    def _write_remark(self, number: int, text: str) -> None:
        if self.sheet is not None:
            self.sheet.write_remark(number, text)
            self._keep()

    def _drop_remark(self, number: int) -> None:
        if self.sheet is None:
            return
        sheet, before = self.sheet, self.sheet.remarks

        def undo() -> None:
            sheet.change(remarks=before)
            self._keep()
            self.redraw()

        sheet.drop_remark(number)
        self._keep()
        self.redraw()
        self.frame.toast(lambda: _("The remark was deleted."), undo)

    def _keep_remark(self, number: int) -> None:
        if self.sheet is None:
            return
        text = next(one.text for one in self.sheet.remarks if one.number == number)
        if text.strip():
            self.write(lambda: self.workplace.bank.keep(text), self._bank_changed)
            self.frame.toast(lambda: _("The remark is kept in your bank."))

    def _take_from_bank(self, kept: Kept) -> None:
        """A kept remark goes to the selected words or to the whole; or into the current remark while it is empty."""
        if self.sheet is None:
            return
        current = next((one for one in self.sheet.remarks if one.number == self.sheet.current), None)
        if current is not None and not current.text.strip():
            self.sheet.write_remark(current.number, kept.text)
            self._keep()
            self.redraw()
        else:
            self.add_remark(kept.text)
        self.write(lambda: self.workplace.bank.taken(kept), self._bank_changed)

    def _drop_from_bank(self, kept: Kept) -> None:
        self.write(lambda: self.workplace.bank.forget(kept), self._bank_changed)

    def _bank_changed(self, changes: Changes) -> None:
        self.workplace.changed(changes)
        self.reload()

    def mark(self, criterion: int, level: int) -> None:
        """Choose the level of a criterion."""
        if self.sheet is not None:
            self.sheet.mark(criterion, level)
            self._say_points()
            self._keep()

    def write_opinion(self, text: str) -> None:
        """Other words for the opinion."""
        if self.sheet is not None:
            self.sheet.change(opinion=text)
            self._keep()
            self.redraw()

    def _write_opinion(self, area: TextArea) -> None:
        if self.sheet is not None and not area.isReadOnly():
            self.sheet.change(opinion=text_of(area))
            self.sheet.opinion_cursor = area.textCursor().position()
            self._keep()

    def _keep(self) -> None:
        """Save what stands now: each keystroke is one write on the database thread, in their order."""
        sheet = self.sheet
        if sheet is None:
            return
        about, review = sheet.about, sheet.review
        self.write(lambda: self.workplace.reviewing.save(about, review), lambda _changes: self._saved(sheet))

    def _saved(self, sheet: Sheet) -> None:
        sheet.saved = self.workplace.desk.now()
        self._leaving.start()
        if sheet is self.sheet:
            self._say_saved()

    def _say_saved(self) -> None:
        if self._saved_line is None or self.sheet is None:
            return
        words, saved = _("Nothing written yet"), self.sheet.saved
        if saved:
            at, today = moment(saved), moment(self.workplace.desk.now()).date()
            time = clock(at) if at.date() == today else day_and_time(at, today)
            words = _("Saved on this computer, {time}").format(time=time)
        self._saved_line.say(words)
        if self._saved_mark is not None:
            self._saved_mark.setVisible(bool(saved))

    def _say_points(self) -> None:
        copy = self.found.copy if self.found else None
        if self._points is None or self.sheet is None or copy is None or copy.exercise is None:
            return
        criteria = copy.exercise.criteria
        words = _("{points} of {best}")
        self._points.say(words.format(points=points_of(criteria, self.sheet.review.marks), best=best_of(criteria)))
