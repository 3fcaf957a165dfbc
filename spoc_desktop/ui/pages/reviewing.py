"""À corriger: one hand-in at a time, with rubric, anchored remarks and an opinion, all of it without the network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from spoc_desktop.i18n import _, day, day_and_time, moment, ngettext, pgettext
from spoc_desktop.services.hand_ins import Version
from spoc_desktop.services.reviewing import Copy
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.attachments import ask_to_open_file
from spoc_desktop.ui.digits import digit_of
from spoc_desktop.ui.page import Crumb, Frame, Place
from spoc_desktop.ui.pages.absent_files import AbsentFiles, fetch
from spoc_desktop.ui.pages.reviewing_document import COMPARE, comparison, document, header
from spoc_desktop.ui.pages.reviewing_editing import ReviewEditing
from spoc_desktop.ui.pages.reviewing_margin import said
from spoc_desktop.ui.pages.reviewing_table import Round, Sheet, Table
from spoc_desktop.ui.pages.trainer_kinds import REVIEW_KINDS
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.callout import Callout
from spoc_desktop.ui.widgets.empty_state import EmptyState
from spoc_desktop.ui.widgets.file_rows import FileRows
from spoc_desktop.ui.widgets.flow import column, flow, row
from spoc_desktop.ui.widgets.reglette import Reglette, Segment
from spoc_desktop.ui.widgets.text import Text
from sync.client.offering import Held
from sync.client.ports import Changes
from sync.domain.exercises import Verdict

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace

_STEPS = {"j": 1, "k": -1}


class ReviewingPage(ReviewEditing):
    """The queue of a trainer. Without a hand-in to open, the first that waits."""

    concerns: ClassVar[frozenset[int]] = REVIEW_KINDS

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self._round = Round()
        self._view = ""

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
        now = self.workplace.desk.true_now()
        return Table(queue, here, copies, self.workplace.bank.kept(), reviewing.next_due(), now)

    def arrived(self, found: Table) -> None:
        self._round.follow(found.queue)
        if "hand_in" not in self.params and found.here is not None:
            self.params["hand_in"] = found.here
        copy = found.copy
        if copy is None:
            self.sheet = None
        elif self.sheet is None or self.sheet.about.hand_in != copy.about.hand_in or not self.sheet.touched:
            self._lay(copy)

    def _came(self, asked: int, found: Table) -> None:
        """A neighbour was shown from what was read ahead: the reading behind it is drawn only if it says otherwise."""
        shown = self.found
        if asked == self._asked and self.error is None and shown is not None and found.looks_as(shown):
            self.found = found
            return
        super()._came(asked, found)

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
        self._text = self._form = self._saved_line = self._saved_mark = self._points = None
        copy, sheet = found.copy, self.sheet
        if copy is None or sheet is None:
            self.set_crumbs(Crumb(_("To review")))
            self._add_nothing(found)
            return
        self.set_crumbs(Crumb(_("To review"), "reviewing"), Crumb(copy.about.title or copy.about.name))
        self.main.add(header(copy, self._view, self.show_version, found.now))
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
            words = (
                _("You accepted this version {when}.") if _accepted(sheet) else _("You returned this version {when}.")
            )
            self.main.add(Callout("tip", _("Reviewed"), words.format(when=at)), 16)

    def _add_document(self, copy: Copy, sheet: Sheet) -> None:
        before = copy.earlier_versions[-1] if copy.earlier_versions else None
        paper, self._text = document(copy.version, sheet.remarks, before)
        self._text.set_current(sheet.current)
        self._text.picked.connect(self._go_to_remark)
        self._text.selected.connect(self.select)
        self.main.add(paper, 16)
        self._add_files(copy.version)

    def _add_files(self, version: Version) -> None:
        """Each opens only when it is asked for, and only where it can do no harm."""
        if not version.body.files:
            return
        desk = self.workplace.desk
        missing = [file.sha256 for file in version.body.files if not desk.store.files.has(file.sha256)]
        if missing:
            self.main.add(AbsentFiles(self, version.body.files))
        rows = FileRows(version.body.files, missing=missing)
        rows.fetch_wanted.connect(lambda file: fetch(self, [file]))
        rows.open_wanted.connect(lambda file: ask_to_open_file(file, desk, self.frame.workers, self.fail, self))
        self.main.add(Text(_("Files"), "section"), 24)
        self.main.add(rows, 4)

    def _show_earlier(self, copy: Copy, shown: Version) -> None:
        review = next((said for one, said in copy.earlier if one.id == shown.id), None)
        paper, _view = document(shown, review.remarks if review else (), None)
        self.main.add(paper, 16)
        self._add_files(shown)
        if review is not None:
            criteria = copy.exercise.criteria if copy.exercise else ()
            title = _("Review of version {number}").format(number=shown.number)
            self.margin.add(said(title, review, criteria))
        else:
            self.margin.add(Text(_("Nothing was said about this version."), "note", wrap=True))
        back = Button(_("Back to version {number}").format(number=copy.version.number), icon="arrow-left")
        back.setObjectName("back_to_current")
        back.clicked.connect(lambda: self.show_version(copy.version.id.hex()))
        self.margin.add(back, 24, left=True)

    # -- what stays in view

    def _fill_footer(self, copy: Copy, sheet: Sheet) -> None:
        parts: list[QWidget] = []
        for step, words, icon, side, key in (
            (-1, pgettext("hand-in", "Previous"), "chevron-left", "left", "K"),
            (1, pgettext("hand-in", "Next"), "chevron-right", "right", "J"),
        ):
            button = Button(words, icon=icon, icon_side=side, key=key)  # type: ignore[arg-type]  # the two sides
            button.setObjectName("next" if step > 0 else "previous")
            button.setEnabled(self._round.neighbour(copy.about.hand_in, step) is not None)
            button.clicked.connect(lambda _checked=False, step=step: self.go(step))
            parts.append(button)
        self.footer.add(flow(self._queue_words(copy), row(*parts), gap=12, spread=True), stretch=True)
        if sheet.review.verdict is Verdict.NONE:
            self._add_verdicts()

    def _add_verdicts(self) -> None:
        back = Button(_("Return to take up again"))
        back.setObjectName("return")
        back.clicked.connect(lambda: self._decide(Verdict.RETURNED))
        accept = Button(_("Accept"), "primary")
        accept.setObjectName("accept")
        accept.clicked.connect(lambda: self._decide(Verdict.ACCEPTED))
        if self.lying.stacked:
            self.lying.verdict.add(flow(back, accept, spread=True))
            return
        for button in (back, accept):
            button.fill_width()
        pair = column(back, accept, gap=8) if self.lying.narrow else row(back, accept, gap=8, stretch=1)
        self.lying.verdict.add(pair)

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
        strip.setFixedWidth(168)
        return row(Text(words, "small", "muted"), strip, gap=10)

    # -- what the person does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """J and K go on and back, digits to a criterion: only what no text field has taken."""
        step, digit = _STEPS.get(event.text().lower()), digit_of(event)
        if step is not None:
            self.go(step)
        elif digit is not None and self._form is not None and self._form.focus_row(digit):
            event.accept()
        else:
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        self.redraw()

    def show_version(self, view: str) -> None:
        """Show another version by the hex of its id, or the comparison."""
        self._view = view
        self.redraw()

    # -- writing

    def _decide(self, verdict: Verdict) -> None:
        if self.sheet is None:
            return
        sheet = self.sheet
        about, review = sheet.about, sheet.review
        self.write(
            lambda: self.workplace.reviewing.decide(about, review, verdict),
            lambda decided: self._decided(sheet, decided, verdict),
        )

    def _decided(self, sheet: Sheet, decided: Held, verdict: Verdict) -> None:
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

    def _undo(self, here: bytes, decided: Held) -> None:
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
