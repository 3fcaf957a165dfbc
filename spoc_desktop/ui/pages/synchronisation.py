"""What waits, what needs the person, and how laptop and server stand: the page behind the status chip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from spoc_desktop.i18n import _, capital, clock, day_and_time, moment, ngettext, size
from spoc_desktop.services.ahead import Ahead
from spoc_desktop.services.attention import AttentionItem, Cause, PendingItem
from spoc_desktop.services.exporting import export_item
from spoc_desktop.services.file_movement import FilesWaiting, FileWaiting
from spoc_desktop.services.revisions import Split
from spoc_desktop.services.syncing import LogLine, Status
from spoc_desktop.services.trash import Heap
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.ahead import ready_words, room_bar, room_words
from spoc_desktop.ui.pages.clock_callout import clock_callout
from spoc_desktop.ui.pages.loaded import LoadedPage
from spoc_desktop.ui.pages.synchronisation_words import log_words, mark_of, technical, uncovered_words
from spoc_desktop.ui.pages.trash import add_trash
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.callout import Callout
from spoc_desktop.ui.widgets.field import Field, LineEdit, TextArea, text_of
from spoc_desktop.ui.widgets.flow import Hairline, column, flow, row
from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.row import Row
from spoc_desktop.ui.widgets.split_versions import SplitVersions
from spoc_desktop.ui.widgets.text import Text
from sync.domain.forum import ANNOUNCEMENT, POST
from sync.domain.timing import CLOCK_OFF_MS

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace
    from spoc_desktop.ui.page import Frame
    from sync.client.ports import Changes

LINES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class SyncFound:
    """What was read at one moment; `now` in milliseconds, `clock_off`: what the clock here is behind the server's."""

    status: Status
    waiting: tuple[PendingItem, ...]
    attention: tuple[AttentionItem, ...]
    log: tuple[LogLine, ...]
    ahead: Ahead
    now: int
    clock_off: int = 0
    trash: tuple[Heap, ...] = ()
    uncovered: int = 0


class SyncPage(LoadedPage[SyncFound]):
    """Three groups in the order of need; the state and the one action in the margin."""

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self._details: set[tuple[int, int]] = set()
        self._password = ""
        self._compared: set[bytes] = set()
        self._common_of, self._common_text = b"", ""

    def read(self, params: Mapping[str, Any]) -> SyncFound:
        syncing = self.workplace.syncing
        return SyncFound(
            syncing.status(),
            syncing.waiting_list(),
            syncing.attention_list(),
            syncing.log()[:LINES_SHOWN],
            self.workplace.ahead.look(),
            self.workplace.desk.now(),
            self.workplace.keeper.off(),
            self.workplace.trash.heaps(),
            self.workplace.store.state().uncovered,
        )

    def refresh(self, changes: Changes) -> None:  # type: ignore[override]  # as in LoadedPage
        if changes.outbox or changes.kinds or changes.files:
            self.reload()

    def retranslate(self) -> None:
        """The services say what waits and why in the language of the reading: read again."""
        super().retranslate()
        self.reload()

    def show_found(self, found: SyncFound) -> None:
        self.set_crumbs(Crumb(_("Synchronisation")))
        self.main.add(Text(_("Synchronisation"), "title", wrap=True))
        self.main.add(Text(_safe_line(found), "body", "muted", wrap=True), 4)
        if found.status.trouble is not None:
            self._add_trouble(found.status)
        if abs(found.clock_off) > CLOCK_OFF_MS:
            self.main.add(clock_callout(found.clock_off), 24)
        refused = [item for item in found.attention if item.cause is not Cause.EDITED_TOGETHER]
        together = [item for item in found.attention if item.cause is Cause.EDITED_TOGETHER]
        if refused:
            self._add_heading(_("Needs your attention"), "circle-alert", "warning")
            for item in refused:
                self._add_refused(item)
        if together:
            self._add_heading(_("Changed at the same time"), "git-compare-arrows", "info")
            for item in together:
                self._add_together(item)
        add_trash(self, found.trash)
        self._add_waiting(found)
        self._add_margin(found)

    # -- what needs the person

    def _add_heading(self, text: str, icon: str, colour: str) -> None:
        self.main.add(row(Glyph(icon, colour), Text(text, "card", wrap=True), stretch=1), 24)

    def _add_trouble(self, status: Status) -> None:
        trouble = status.trouble
        if trouble is None:
            return
        shown = Callout("attention", trouble.failed, " ".join(part for part in (trouble.safe, trouble.next) if part))
        if status.signed_out:
            self._add_renewal(shown)
        self.main.add(shown, 24)

    def _add_renewal(self, shown: Callout) -> None:
        """The login has ended: the password opens it again, and what waits goes."""
        edit = LineEdit()
        edit.setObjectName("renew_password")
        edit.setEchoMode(QLineEdit.EchoMode.Password)
        edit.setText(self._password)
        edit.textChanged.connect(self._type)
        edit.returnPressed.connect(self.renew)
        shown.body.addWidget(Field(_("Your password"), edit))
        button = Button(_("Sign in again"), "primary", "log-in", size="small")
        button.setObjectName("renew")
        button.clicked.connect(self.renew)
        shown.add_actions(button)

    def _type(self, text: str) -> None:
        self._password = text

    def renew(self) -> None:
        """Sign in again with the password that was typed."""
        password, self._password = self._password, ""
        self.frame.workers.fetch(lambda: self.workplace.renew(password), self._renewed, self.fail, owner=self)

    def _renewed(self, _done: None) -> None:
        self.error = None
        announce(self, _("You are signed in again."))
        self.reload()

    def _add_refused(self, item: AttentionItem) -> None:
        said = item.said
        heading = _("{what}: not accepted").format(what=capital(item.what))
        if item.cause is Cause.QUARANTINED:
            heading = _("{what}: set aside").format(what=capital(item.what))
        elif item.cause is Cause.NOT_ON_THE_SERVER:
            heading = _("{what}: no longer on the server").format(what=capital(item.what))
        shown = Callout("attention", heading, " ".join(part for part in (said.safe, said.failed, said.next) if part))
        if item.name in self._details:
            shown.add_text(technical(item), "mono")
        shown.add_actions(*self._actions(item))
        self.main.add(shown, 8)

    def _actions(self, item: AttentionItem) -> list[Button]:
        buttons = []
        mark = mark_of(item)
        if item.texts:
            copy = Button(_("Copy the text") if item.aside else _("Copy my text"), icon="paperclip", size="small")
            copy.setObjectName(f"copy_{mark}")
            copy.clicked.connect(lambda: self._copy(item))
            buttons.append(copy)
        if item.texts or item.files:
            export = Button(_("Export…"), icon="folder-down", size="small")
            export.setObjectName(f"export_{mark}")
            export.clicked.connect(lambda: self._export(item))
            buttons.append(export)
        if item.aside:
            let_go = Button(_("Remove from this list"), size="small")
            let_go.setObjectName(f"remove_{mark}")
            let_go.clicked.connect(lambda: self.write(lambda: self.workplace.syncing.let_go(item)))
            buttons.append(let_go)
        if item.name is not None:
            name = item.name
            give_up = Button(_("Remove from this list"), size="small")
            give_up.setObjectName(f"remove_{mark}")
            give_up.clicked.connect(lambda: self.write(lambda: self.workplace.syncing.withdraw(name)))
            shown = name in self._details
            detail = Button(_("Hide technical detail") if shown else _("Technical detail"), "quiet", size="small")
            detail.setObjectName(f"detail_{mark}")
            detail.clicked.connect(lambda: self._turn_detail(name))
            buttons += [give_up, detail]
        for button in buttons:
            button.setAccessibleName(f"{button.text()}, {item.what}")
        return buttons

    def _add_together(self, item: AttentionItem) -> None:
        """A message leads to its discussion, anything else is compared here; both can be settled."""
        split = item.split
        if split is None:
            return
        if split.revision in self._compared:
            self._add_versions(item, split)
            return
        compare = Button(_("Compare"), size="small")
        compare.setObjectName(f"compare_{split.revision.hex()}")
        compare.setAccessibleName(f"{compare.text()}, {item.what}")
        compare.clicked.connect(lambda: self._compare(split))
        said = _("Both texts are kept. Changed at {time}.").format(time=clock(moment(item.at)))
        words = column(Text(capital(item.what), wrap=True), Text(said, "small", "muted", wrap=True), gap=0)
        self.main.add(flow(words, compare, gap=16, spread=True, least=200), 8)
        self.main.add(Hairline(), 8)

    def _add_versions(self, item: AttentionItem, split: Split) -> None:
        shown = SplitVersions(split, capital(item.what))
        shown.kept.connect(lambda which: self._settle(split, which))
        shown.common_wanted.connect(lambda: self._begin_common(split))
        self.main.add(shown, 8)
        if self._common_of != split.revision:
            return
        area = TextArea(5)
        area.setObjectName("common_text")
        area.setPlainText(self._common_text)
        area.textChanged.connect(lambda: self._type_common(text_of(area)))
        keep = Button(_("Keep this text"), "primary", size="small")
        keep.setObjectName("common_keep")
        keep.clicked.connect(lambda: self._keep_common(split))
        self.main.add(Field(_("Common version"), area), 12)
        self.main.add(keep, 8, left=True)

    def _compare(self, split: Split) -> None:
        place = self.workplace.forum.place_of(split.record) if split.kind in (POST, ANNOUNCEMENT) else None
        if place is not None:
            self.frame.open("exchanges", cohort_id=place[0], thread=place[1])
            return
        self._compared.add(split.revision)
        self.redraw()

    def _settle(self, split: Split, which: Any) -> None:
        self.write(lambda: self.workplace.revisions.keep(split, which), self._settled)

    def _begin_common(self, split: Split) -> None:
        self._common_of = split.revision
        self._common_text = f"{split.standing.text}\n\n{split.overtaken.text}"
        self.redraw()

    def _type_common(self, text: str) -> None:
        self._common_text = text

    def _keep_common(self, split: Split) -> None:
        text = self._common_text.strip()
        if text:
            self.write(lambda: self.workplace.revisions.write_common(split, text), self._settled)

    def _settled(self, changes: Changes) -> None:
        self._common_of, self._common_text = b"", ""
        announce(self, _("Settled on all your computers."))
        self.workplace.changed(changes)

    def _copy(self, item: AttentionItem) -> None:
        QApplication.clipboard().setText("\n\n".join(item.texts))
        said = _("The text is in the clipboard.") if item.aside else _("Your text is in the clipboard.")
        self.frame.toast(lambda: said)

    def _export(self, item: AttentionItem) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("Export…"))
        if folder:
            self.export_to(item, Path(folder))

    def export_to(self, item: AttentionItem, folder: Path) -> None:
        """Write the words and the files of what was refused into a folder."""
        self.write(lambda: export_item(self.workplace.files, item, folder), self._exported)

    def _exported(self, place: Path) -> None:
        self.frame.toast(lambda: _("Exported into the folder “{folder}”.").format(folder=place.name))

    def _turn_detail(self, name: tuple[int, int]) -> None:
        self._details ^= {name}
        self.redraw()

    # -- what waits

    def _add_waiting(self, found: SyncFound) -> None:
        self._add_heading(_("Waiting"), "cloud-upload", "muted")
        moving = found.status.files.first
        if not found.waiting and not moving:
            self.main.add(Text(_("Nothing waits: everything you did has reached the server."), wrap=True), 8)
            return
        today = moment(found.now).date()
        for place, item in enumerate(found.waiting):
            shown = Row(
                capital(item.what),
                capital(day_and_time(moment(item.at), today)),
                icon="clock",
                end=ngettext("Will be sent automatically", "Will be sent automatically", item.count),
                passive=True,
                line=place < len(found.waiting) - 1,
            )
            self.main.add(shown, 4 if place == 0 else 0)

        if moving:
            self.main.add(Text(_files_line(found.status.files), "label", wrap=True), 16)
        for place, file in enumerate(moving):
            self.main.add(_file_row(file, line=place < len(moving) - 1), 4 if place == 0 else 0)
        if (more := found.status.files.count - len(moving)) > 0:
            words = ngettext("and {count} more file", "and {count} more files", more).format(count=more)
            self.main.add(Text(words, "small", "muted", wrap=True), 4)

    # -- the state

    def _add_margin(self, found: SyncFound) -> None:
        title, words = _state(found.status)
        self.margin.add(Text(_("State"), "section"))
        self.margin.add(Text(title, "lead", wrap=True), 8)
        self.margin.add(Text(words, "small", "muted", wrap=True), 4)
        button = Button(_("Synchronise now"), icon="refresh-cw", size="small", key="F5")
        button.setObjectName("sync_now")
        button.clicked.connect(self.workplace.sync_soon)
        button.fill_width()
        self.margin.add(button, 16)
        self.margin.add(Hairline(), 24)
        self.margin.add(Text(_("Since the program started"), "section", wrap=True), 16)
        if not found.log:
            self.margin.add(Text(_("Nothing has been sent or received yet."), "small", "muted", wrap=True), 8)
        for line in found.log:
            at = Text(clock(moment(line.at)), "small", "muted")
            self.margin.add(row(at, Text(log_words(line), "small", wrap=True), gap=12, stretch=1, top=True), 8)
        if found.uncovered:
            self.margin.add(Text(uncovered_words(found.uncovered), "small", "muted", wrap=True), 8)
        self._add_room(found.ahead)

    def _add_room(self, ahead: Ahead) -> None:
        """What is on this computer: how much, and whether one can leave with it."""
        self.margin.add(Hairline(), 24)
        self.margin.add(Text(_("On this computer"), "section"), 16)
        self.margin.add(room_bar(ahead), 12)
        self.margin.add(Text(room_words(ahead), "small", "muted", wrap=True), 8)
        for ready in ahead.ready:
            self.margin.add(Text(ready_words(ready), "small", wrap=True), 8)
        link = LinkButton(_("Files ahead of time"), "folder-down")
        link.setObjectName("ahead")
        link.clicked.connect(lambda: self.frame.open("ahead"))
        self.margin.add(link, 12)


def _files_line(files: FilesWaiting) -> str:
    """All files together: how many, how much of them is still to move."""
    done = sum(file.done for file in files.first)
    said = ngettext("{count} file on its way, {size} to go", "{count} files on their way, {size} to go", files.count)
    return said.format(count=files.count, size=size(max(0, files.size - done)))


def _file_row(file: FileWaiting, *, line: bool) -> Row:
    """A file on its way: how much of it has gone or come."""
    whole = size(file.size)
    words = _("{done} of {size}").format(done=size(file.done), size=whole) if file.done else whole
    end = _("Arrives automatically")
    if file.outgoing:
        end = ngettext("Will be sent automatically", "Will be sent automatically", 1)
    return Row(file.name, words, icon="paperclip", end=end, passive=True, line=line)


def _safe_line(found: SyncFound) -> str:
    safe = _("All your work is saved on this computer.")
    if found.status.last is None:
        return safe
    last = day_and_time(moment(found.status.last), moment(found.now).date())
    return _("{safe} Last exchange with the server: {when}.").format(safe=safe, when=last)


def _state(status: Status) -> tuple[str, str]:
    """The one calm word, and what it means. Attention comes before offline, as on the chip."""
    if status.busy:
        return _("Synchronising"), _("You can go on working meanwhile.")
    if status.attention:
        return _("Needs your attention"), _("Nothing is lost. What to do is explained on this page.")
    if status.offline:
        return _("Offline"), _("You can go on. The program tries again as soon as the network is back.")
    if status.waiting:
        return _("Waiting"), _("Your changes are sent to the server automatically.")
    if status.last is None:
        return _("Not synchronised yet"), _("The first exchange with the server starts automatically.")
    return _("Up to date"), _("This computer and the server hold the same.")


def places(workplace: Workplace) -> tuple[Place, ...]:
    """For everybody, behind the chip."""
    return (Place("sync", lambda frame: SyncPage(frame, workplace), lambda: _("Synchronisation")),)
