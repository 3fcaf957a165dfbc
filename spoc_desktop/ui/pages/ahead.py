"""Fichiers à l'avance: what opens without a network, how much room files may take, and what is not here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from spoc_desktop.i18n import _, ngettext, size
from spoc_desktop.services.ahead import LIMITS, Ahead, Ready
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.loaded import LoadedPage
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.field import Choice, Field
from spoc_desktop.ui.widgets.flow import Hairline, column, flow, row
from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.reglette import Reglette, Segment
from spoc_desktop.ui.widgets.text import Text
from sync.client.ahead import Step

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from spoc_desktop.services.workplace import Workplace
    from sync.client.ports import Changes, FileRef

SHOWN = 20
"""Files in view that are not here; the others are counted."""


class AheadFound(NamedTuple):
    """What was read at one moment."""

    ahead: Ahead
    offline: bool
    trainer: bool


class AheadPage(LoadedPage[AheadFound]):
    """First whether one can leave, then the room, then each file that is not here."""

    measure: ClassVar[int] = 0

    def read(self, params: Mapping[str, Any]) -> AheadFound:
        workplace = self.workplace
        offline, trainer = workplace.syncing.status().offline, workplace.roles().trainer
        return AheadFound(workplace.ahead.look(), offline, trainer)

    def refresh(self, changes: Changes) -> None:  # type: ignore[override]  # as in LoadedPage
        if changes.files or changes.kinds:
            self.reload()

    def show_found(self, found: AheadFound) -> None:
        ahead, offline, trainer = found
        self.set_crumbs(Crumb(_("Files ahead of time")))
        self.main.add(Text(_("Files ahead of time"), "title", wrap=True))
        said = _("What is on this computer opens on a train, in a hotel, on a site without a network.")
        self.main.add(Text(said, "body", "muted", wrap=True), 4)
        for place, ready in enumerate(ahead.ready):
            self.main.add(self._ready(ready), 24 if place == 0 else 16)
        self._add_room(ahead)
        self._add_lacking(ahead, offline=offline)
        self._fill_margin(trainer=trainer)

    # -- before leaving

    def _ready(self, ready: Ready) -> QWidget:
        whole = ready.ready == ready.whole
        icon, colour = ("circle-check", "success") if whole else ("circle-dot", "muted")
        detail = _("Everything opens without a network.") if whole else _lacking_words(ready)
        words = column(Text(ready_words(ready), "card", wrap=True), Text(detail, "small", "muted", wrap=True), gap=0)
        left = row(Glyph(icon, colour, beside="card"), words, gap=12, stretch=1, top=True)
        if not ready.lacking:
            return left
        fetch = Button(_("Download now"), icon="folder-down", size="small")
        fetch.setObjectName(f"fetch_{ready.step.name.lower()}")
        fetch.setAccessibleName(f"{fetch.text()}, {ready_words(ready)}")
        fetch.clicked.connect(lambda: self.fetch(ready.lacking))
        return flow(left, fetch, spread=True, least=240)

    # -- room

    def _add_room(self, ahead: Ahead) -> None:
        self.main.add(Text(_("Room on this computer"), "section"), 32)
        choice = Choice()
        choice.setObjectName("limit")
        for limit in dict.fromkeys((*LIMITS, ahead.limit)):
            choice.addItem(limit_words(limit), "" if limit is None else str(limit))
        choice.setCurrentIndex(choice.findData("" if ahead.limit is None else str(ahead.limit)))
        choice.activated.connect(lambda _index: self.choose(choice.currentData()))
        hint = _("For this computer alone. When room runs out, files of past weeks go; they come again on demand.")
        self.main.add(Field(_("Files may take"), choice, hint), 12)
        self.main.add(room_bar(ahead), 16)
        self.main.add(Text(room_words(ahead), "small", "muted", wrap=True), 8)

    def choose(self, data: str) -> None:
        """Set the limit. `data`: bytes as text, "" for no limit."""
        workplace, limit = self.workplace, int(data) if data else None
        # Told from the worker: who hears of files looks at them all, which takes a moment.
        self.write(lambda: workplace.changed(workplace.ahead.choose(limit)), self._chosen)

    def _chosen(self, _nothing: object) -> None:
        announce(self, _("Kept for this computer."))
        self.workplace.sync_soon()
        self.reload()

    # -- what is not here

    def _add_lacking(self, ahead: Ahead, *, offline: bool) -> None:
        lacking = (*ahead.beyond, *ahead.coming)
        coming = {file.sha256 for file in ahead.coming}
        if not lacking:
            self.main.add(Text(_("Every file that you may read is here."), "body", wrap=True), 16)
            return
        self.main.add(Text(_("Not on this computer"), "section"), 32)
        for place, file in enumerate(lacking[:SHOWN]):
            end = self._end(ahead, file, comes=file.sha256 in coming, offline=offline)
            words = column(Text(file.name, wrap=True), Text(size(file.size), "small", "muted"), gap=0)
            left = row(Glyph("paperclip", "muted"), words, gap=12, stretch=1)
            self.main.add(flow(left, end, spread=True, least=240, gap=16), 8)
            if place < min(SHOWN, len(lacking)) - 1:
                self.main.add(Hairline(), 8)
        if (more := len(lacking) - SHOWN) > 0:
            words_ = ngettext("and {count} more file", "and {count} more files", more).format(count=more)
            self.main.add(Text(words_, "small", "muted", wrap=True), 8)

    def _end(self, ahead: Ahead, file: FileRef, *, comes: bool, offline: bool) -> QWidget:
        if file.sha256 in ahead.asked:
            words = _("Comes with the next connection") if offline else _("Being downloaded")
            return Text(words, "small", "muted", wrap=True)
        if comes:
            return Text(_("Arrives automatically"), "small", "muted", wrap=True)
        fetch = Button(_("Download now"), "quiet", size="small")
        fetch.setObjectName(f"fetch_{file.sha256.hex()}")
        fetch.setAccessibleName(f"{fetch.text()}, {file.name}")
        fetch.clicked.connect(lambda: self.fetch((file,)))
        return fetch

    def fetch(self, files: Sequence[FileRef]) -> None:
        """Download these now, or with the next connection."""
        ahead, wanted = self.workplace.ahead, [file.sha256 for file in files]
        self.write(lambda: ahead.ask(wanted), self._wanted)

    def _wanted(self, _nothing: object) -> None:
        announce(self, _("Asked for. It comes as soon as there is a network."))
        self.workplace.sync_soon()
        self.reload()

    def _fill_margin(self, *, trainer: bool) -> None:
        self.margin.add(Text(_("What comes first"), "section"))
        for words in (
            _("What you ask for, then the hand-ins that wait for your review.") if trainer else _("What you ask for."),
            _("This week, the next one, then the rest. Small files before large ones."),
        ):
            self.margin.add(Text(words, "small", "muted", wrap=True), 8)
        self.margin.add(Hairline(), 24)
        add_stick(self)


def add_stick(page: LoadedPage[Any], gap: int = 16) -> None:
    """In the margin: the way to the page of the USB stick."""
    page.margin.add(Text(_("On a USB stick"), "section"), gap)
    said = _("A course with its films can be carried in without a network.")
    page.margin.add(Text(said, "small", "muted", wrap=True), 8)
    go = Button(_("Bring or copy a course…"), icon="folder-down", size="small")
    go.setObjectName("stick")
    go.clicked.connect(lambda: page.frame.open("carry"))
    go.fill_width()
    page.margin.add(go, 12)


def limit_words(limit: int | None) -> str:
    """A limit as the person chooses it."""
    if limit is None:
        return _("As much as there is")
    return size(limit) if limit else _("Nothing: only what I open")


def ready_words(ready: Ready) -> str:
    """How much of a step is here: "Ready for the train: 12 of 12 hand-ins"."""
    counted = {"ready": ready.ready, "whole": ready.whole}
    if ready.step is Step.QUEUE:
        said = ngettext(
            "Ready for the train: {ready} of {whole} hand-in",
            "Ready for the train: {ready} of {whole} hand-ins",
            ready.whole,
        )
    elif ready.step is Step.THIS_WEEK:
        said = ngettext(
            "This week: {ready} of {whole} activity", "This week: {ready} of {whole} activities", ready.whole
        )
    else:
        said = ngettext(
            "Next week: {ready} of {whole} activity", "Next week: {ready} of {whole} activities", ready.whole
        )
    return said.format(**counted)


def _lacking_words(ready: Ready) -> str:
    count = len(ready.lacking)
    if not count:
        return _("The texts arrive with the next synchronisation.")
    said = ngettext("{count} file is not here yet: {size}.", "{count} files are not here yet: {size}.", count)
    return said.format(count=count, size=size(ready.size))


def room_bar(ahead: Ahead) -> Reglette:
    """The room that files take, of what they may: courses, the person's own work, what is left."""
    used = ahead.courses + ahead.works
    left = used if ahead.limit is None else max(0, ahead.limit - used)
    left = left or int(not used)
    unit = max(1, (used + left) / 1000)
    segments = [
        Segment(ahead.courses / unit, "done", title=_("Courses")),
        Segment(ahead.works / unit, "part", title=_("Your work")),
        Segment(left / unit, "closed", title=_("Still free for files")),
    ]
    return Reglette([one for one in segments if one.minutes], _("Files on this computer"), value=room_words(ahead))


def room_words(ahead: Ahead) -> str:
    """The same in words: "412 Mo de cours, 58 Mo de vos travaux, 2 Go au plus"."""
    parts = [_("{size} of courses").format(size=size(ahead.courses))]
    if ahead.works:
        parts.append(_("{size} of your work").format(size=size(ahead.works)))
    if ahead.limit:
        parts.append(_("{limit} at most").format(limit=size(ahead.limit)))
    return ", ".join(parts)


def places(workplace: Workplace) -> tuple[Place, ...]:
    """For everybody: from the menu of the person and from the sync page."""
    return (Place("ahead", lambda frame: AheadPage(frame, workplace), lambda: _("Files ahead of time")),)
