"""À corriger: one hand-in at a time, with rubric, anchored remarks and an opinion, all of it without the network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from spoc_desktop.i18n import _, clock, day, day_and_time, moment, ngettext, pgettext
from spoc_desktop.services.bank import Kept
from spoc_desktop.services.hand_ins import Version
from spoc_desktop.services.reviewing import Copy, Decided
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.page import Crumb, Frame, Place
from spoc_desktop.ui.pages.loaded import LoadedPage
from spoc_desktop.ui.pages.reviewing_document import COMPARE, comparison, document, header
from spoc_desktop.ui.pages.reviewing_margin import BankButton, RemarkEditor, said_before
from spoc_desktop.ui.pages.reviewing_table import Round, Sheet, Table
from spoc_desktop.ui.pages.trainer_kinds import REVIEW_KINDS
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.callout import Callout
from spoc_desktop.ui.widgets.compared_text import ComparedText
from spoc_desktop.ui.widgets.empty_state import EmptyState
from spoc_desktop.ui.widgets.field import Field, TextArea
from spoc_desktop.ui.widgets.flow import flow, row
from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.reglette import Reglette, Segment
from spoc_desktop.ui.widgets.remark import Remark as RemarkLine
from spoc_desktop.ui.widgets.rubric_form import RubricForm
from spoc_desktop.ui.widgets.text import Text
from sync.client.ports import Changes
from sync.domain.anchors import Anchor
from sync.domain.exercises import Verdict, best_of, points_of

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace

LEAVES_MS = 2000
"""A pause in typing after which what is saved here may leave; each keystroke is on the disk before."""
_STEPS = {"j": 1, "k": -1}


class ReviewingPage(LoadedPage[Table]):
    """The queue of a trainer. Without a hand-in to open, the first that waits."""

    margin_width: ClassVar[int] = 368
    concerns: ClassVar[frozenset[int]] = REVIEW_KINDS

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self.sheet: Sheet | None = None
        self._round = Round()
        self._view = ""
        self._text: ComparedText | None = None
        self._chosen: tuple[int, int] = (0, 0)
        self._saved_line: Text | None = None
        self._points: Text | None = None
        self._form: RubricForm | None = None
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.setInterval(LEAVES_MS)
        self._leaving.timeout.connect(lambda: self.workplace.changed(Changes(outbox=True)))

    # -- reading

    def read(self, params: Mapping[str, Any]) -> Table:
        reviewing = self.workplace.reviewing
        queue = reviewing.queue()
        waiting = [one.hand_in for one in queue]
        here = params.get("hand_in") or (waiting[0] if waiting else None)
        wanted = {here} if here else set()
        if here in waiting:
            place = waiting.index(here)
            wanted |= set(waiting[max(0, place - 1) : place + 2])
        else:
            wanted |= set(waiting[:1])
        ids = sorted(wanted)
        copies = dict(zip(ids, reviewing.copies(ids), strict=True))
        return Table(queue, here, copies, self.workplace.bank.kept(), reviewing.next_due(), self.workplace.desk.now())

    def arrived(self, found: Table) -> None:
        self._round.follow(found.queue)
        if "hand_in" not in self.params and found.here is not None:
            self.params["hand_in"] = found.here
        copy = found.copy
        if copy is None:
            self.sheet = None
        elif self.sheet is None or self.sheet.about.hand_in != copy.about.hand_in or not self.sheet.touched:
            self._lay(copy)

    def _lay(self, copy: Copy) -> None:
        """Put a hand-in on the table."""
        if self.sheet is None or self.sheet.about.hand_in != copy.about.hand_in:
            self._view, self._chosen = copy.version.id.hex(), (0, 0)
        self.sheet = Sheet(copy)

    def go(self, step: int) -> None:
        """The next hand-in that waits, or the one before."""
        target = self._round.neighbour(self.found.here if self.found else None, step)
        if target is not None:
            self._open(target)

    def _open(self, hand_in: bytes) -> None:
        """Show a neighbour at once from what was read ahead, then read again."""
        found = self.found
        self.params = {"hand_in": hand_in}
        if found is not None and hand_in in found.copies:
            self.found = Table(found.queue, hand_in, found.copies, found.bank, found.next_due, found.now)
            self._lay(found.copies[hand_in])
            self.body.scroller.return_to(0)
            self.redraw()
            announce(self, found.copies[hand_in].about.name)
        self.reload()

    # -- drawing

    def show_found(self, found: Table) -> None:
        self._text = self._form = self._saved_line = self._points = None
        copy, sheet = found.copy, self.sheet
        if copy is None or sheet is None:
            self.set_crumbs(Crumb(_("To review")))
            self._add_nothing(found)
            return
        self.set_crumbs(Crumb(_("To review"), "reviewing"), Crumb(copy.about.title or copy.about.name))
        self.main.add(header(copy, self._view, self._show_version, found.now))
        self._add_flags(copy, sheet)
        shown = next((one for one in copy.earlier_versions if one.id.hex() == self._view), None)
        if self._view == COMPARE and copy.earlier_versions:
            self.main.add(comparison(copy.version, copy.earlier_versions[-1]), 16)
            self._fill_margin(found, copy, sheet)
        elif shown is not None:
            self._show_earlier(copy, shown)
        else:
            self._add_document(copy, sheet)
            self._fill_margin(found, copy, sheet)
        self._fill_footer(copy, sheet)

    def _add_nothing(self, found: Table) -> None:
        words = _("Nothing to review.")
        if found.next_due is not None:
            due = day(moment(found.next_due - 1).date())
            words = _("Nothing to review. The next hand-in is expected by {day}.").format(day=due)
        group = Button(_("See the group"), icon="users-round")
        group.setObjectName("see_group")
        group.clicked.connect(lambda: self.frame.open("group"))
        self.main.add(EmptyState("pen-line", words, group))

    def _add_flags(self, copy: Copy, sheet: Sheet) -> None:
        if copy.newer is not None:
            newer = copy.newer
            words = _("Version {number} has come since. What you have written here stays.")
            flag = Callout("info", _("A newer version"), words.format(number=newer.number))
            button = Button(_("Open version {number}").format(number=newer.number), size="small")
            button.setObjectName("open_newer")
            button.clicked.connect(lambda: self._open(newer.id))
            flag.add_actions(button)
            self.main.add(flag, 16)
        if copy.decided_by:
            words = _("{name} has already decided about this version. Your review is kept beside theirs.")
            self.main.add(Callout("info", text=words.format(name=copy.decided_by)), 16)
        elif copy.about.others:
            words = _("{names} has begun a review of their own. Both are kept.")
            self.main.add(Callout("info", text=words.format(names=", ".join(copy.about.others))), 16)
        if sheet.review.verdict is not Verdict.NONE:
            at = day_and_time(moment(sheet.review.decided_at), moment(self.workplace.desk.now()).date())
            said = (
                _("You accepted this version {when}.") if _accepted(sheet) else _("You returned this version {when}.")
            )
            self.main.add(Callout("tip", _("Reviewed"), said.format(when=at)), 16)

    def _add_document(self, copy: Copy, sheet: Sheet) -> None:
        before = copy.earlier_versions[-1] if copy.earlier_versions else None
        paper, self._text = document(copy.version, sheet.remarks, before)
        self._text.set_current(sheet.current)
        self._text.picked.connect(self._go_to_remark)
        self._text.selected.connect(self._select)
        self.main.add(paper, 16)

    def _show_earlier(self, copy: Copy, shown: Version) -> None:
        review = next((said for one, said in copy.earlier if one.id == shown.id), None)
        paper, _view = document(shown, review.remarks if review else (), None)
        self.main.add(paper, 16)
        if review is not None:
            criteria = copy.exercise.criteria if copy.exercise else ()
            self.margin.add(said_before(shown.number, review, criteria))
        else:
            self.margin.add(Text(_("Nothing was said about this version."), "note", wrap=True))
        back = Button(_("Back to version {number}").format(number=copy.version.number), icon="arrow-left")
        back.setObjectName("back_to_current")
        back.clicked.connect(lambda: self._show_version(copy.version.id.hex()))
        self.margin.add(back, 24, left=True)

    # -- the margin

    def _fill_margin(self, found: Table, copy: Copy, sheet: Sheet) -> None:
        locked = sheet.review.verdict is not Verdict.NONE
        self._add_rubric(copy, sheet, locked=locked)
        self._add_remarks(found, copy, sheet, locked=locked)
        first = copy.about.name.split(" ")[0]
        area = TextArea(6)
        area.setObjectName("opinion")
        area.setPlainText(sheet.review.opinion)
        area.setReadOnly(locked)
        cursor = area.textCursor()
        cursor.setPosition(min(sheet.opinion_cursor, len(sheet.review.opinion)))
        area.setTextCursor(cursor)
        area.textChanged.connect(lambda: self._write_opinion(area))
        self.margin.add(Field(_("Opinion for {name}").format(name=first), area), 24)
        self._saved_line = Text("", "small", "muted", wrap=True)
        self.margin.add(row(Glyph("check", "success", 16), self._saved_line, gap=8, stretch=1), 8)
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
        self._form.marked.connect(self._mark)
        self.margin.add(self._form, 8)

    def _add_remarks(self, found: Table, copy: Copy, sheet: Sheet, *, locked: bool) -> None:
        bank = BankButton(found.bank)
        bank.taken.connect(self._take_from_bank)
        bank.dropped.connect(self._drop_from_bank)
        heading: list[QWidget] = [Text(_("Remarks"), "section")]
        self.margin.add(flow(*heading, *([] if locked else [bank]), spread=True), 24)
        for one in sheet.remarks:
            if one.number == sheet.current and not locked:
                editor = RemarkEditor(one)
                editor.typed.connect(lambda text, number=one.number: self._write_remark(number, text))
                editor.keep_wanted.connect(lambda number=one.number: self._keep_remark(number))
                editor.drop_wanted.connect(lambda number=one.number: self._drop_remark(number))
                self.margin.add(editor, 8)
            else:
                line = RemarkLine(one.number, one.text, answer="" if locked else _("Change"))
                if line.link is not None:
                    line.link.setAccessibleName(_("Change remark {number}").format(number=one.number))
                line.answer_wanted.connect(self._go_to_remark)
                line.picked.connect(self._show_passage)
                self.margin.add(line, 4)
        if not locked:
            add = LinkButton(self._add_words(), "plus")
            add.setObjectName("add_remark")
            add.clicked.connect(lambda _checked=False: self.add_remark())
            self.margin.add(add, 8, left=True)

    def _add_words(self) -> str:
        return _("Remark on the selected words") if self._chosen != (0, 0) else _("Remark on the whole")

    # -- the footer

    def _fill_footer(self, copy: Copy, sheet: Sheet) -> None:
        parts: list[QWidget] = [self._queue_words(copy)]
        for step, words, icon, side, key in (
            (-1, pgettext("hand-in", "Previous"), "chevron-left", "left", "K"),
            (1, pgettext("hand-in", "Next"), "chevron-right", "right", "J"),
        ):
            button = Button(words, icon=icon, icon_side=side, key=key)  # type: ignore[arg-type]  # the two sides
            button.setObjectName("next" if step > 0 else "previous")
            button.setEnabled(self._round.neighbour(copy.about.hand_in, step) is not None)
            button.clicked.connect(lambda _checked=False, step=step: self.go(step))
            parts.append(button)
        if sheet.review.verdict is Verdict.NONE:
            back = Button(_("Return to take up again"))
            back.setObjectName("return")
            back.clicked.connect(lambda: self._decide(Verdict.RETURNED))
            accept = Button(_("Accept"), "primary")
            accept.setObjectName("accept")
            accept.clicked.connect(lambda: self._decide(Verdict.ACCEPTED))
            parts += [back, accept]
        self.footer.add(flow(*parts, gap=12), stretch=True)

    def _queue_words(self, copy: Copy) -> QWidget:
        order, here = self._round.order, copy.about.hand_in
        if here not in order:
            words = ngettext("{count} to review", "{count} to review", len(order)).format(count=len(order))
            return Text(words, "small", "muted")
        words = _("{place} of {count} to review").format(place=order.index(here) + 1, count=len(order))
        segments = [
            Segment(1, "done" if one in self._round.decided else "part" if one == here else "todo", 0.4)
            for one in order
        ]
        strip = Reglette(segments, _("Hand-ins to review"), value=words)
        strip.setFixedWidth(120)
        return row(Text(words, "small", "muted"), strip, gap=10)

    # -- what the person does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """J and K go on and back, digits to a criterion: only what no text field has taken."""
        step = _STEPS.get(event.text().lower())
        if step is not None:
            self.go(step)
        elif event.text().isdigit() and self._form is not None and self._form.focus_row(int(event.text())):
            event.accept()
        else:
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        self.redraw()

    def _show_version(self, view: str) -> None:
        self._view = view
        self.redraw()

    def _select(self, start: int, end: int) -> None:
        self._chosen = (start, end)
        add = self.findChild(LinkButton, "add_remark")
        if add is not None:
            add.setText(self._add_words())

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
        area = self.findChild(TextArea, f"remark_{self.sheet.current}") if self.sheet else None
        if area is not None:
            area.setFocus()

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

    def _mark(self, criterion: int, level: int) -> None:
        if self.sheet is not None:
            self.sheet.mark(criterion, level)
            self._say_points()
            self._keep()

    def _write_opinion(self, area: TextArea) -> None:
        if self.sheet is not None and not area.isReadOnly():
            self.sheet.change(opinion=area.toPlainText())
            self.sheet.opinion_cursor = area.textCursor().position()
            self._keep()

    # -- writing

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
        words = _("Every keystroke is saved on this computer.")
        if self.sheet.saved:
            words = _("Saved on this computer, {time}").format(time=clock(moment(self.sheet.saved)))
        self._saved_line.say(words)

    def _say_points(self) -> None:
        copy = self.found.copy if self.found else None
        if self._points is None or self.sheet is None or copy is None or copy.exercise is None:
            return
        criteria = copy.exercise.criteria
        words = _("{points} of {best}")
        self._points.say(words.format(points=points_of(criteria, self.sheet.review.marks), best=best_of(criteria)))

    def _decide(self, verdict: Verdict) -> None:
        if self.sheet is None:
            return
        sheet = self.sheet
        about, review = sheet.about, sheet.review
        self.write(
            lambda: self.workplace.reviewing.decide(about, review, verdict),
            lambda decided: self._decided(sheet, decided, verdict),
        )

    def _decided(self, sheet: Sheet, decided: Decided, verdict: Verdict) -> None:
        here = sheet.about.hand_in
        self._round.decided.add(here)
        following = self._round.after(here)
        self.workplace.changed(decided.changes)
        self.frame.toast(_decided_words(sheet.about.name, verdict), lambda: self._undo(here, decided))
        if following is not None:
            self._open(following)
        else:
            self.params, self.sheet = {}, None
            self.reload()

    def _undo(self, here: bytes, decided: Decided) -> None:
        def undone(changes: Changes) -> None:
            self._round.decided.discard(here)
            self.sheet = None
            self.workplace.changed(changes)
            self.params = {"hand_in": here}
            self.reload()

        self.write(lambda: self.workplace.reviewing.undo(decided), undone)


def _accepted(sheet: Sheet) -> bool:
    return sheet.review.verdict is Verdict.ACCEPTED


def _decided_words(name: str, verdict: Verdict) -> Callable[[], str]:
    def words() -> str:
        said = _("Accepted. {name} reads it after the next synchronisation.")
        if verdict is Verdict.RETURNED:
            said = _("Returned. {name} reads it after the next synchronisation.")
        return said.format(name=name)

    return words


def places(workplace: Workplace) -> tuple[Place, ...]:
    """For trainers."""
    if not workplace.roles().trainer:
        return ()
    return (
        Place("reviewing", lambda frame: ReviewingPage(frame, workplace), lambda: _("To review"), "pen-line", order=2),
    )
