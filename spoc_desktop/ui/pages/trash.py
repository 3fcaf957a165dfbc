"""What others deleted all at once, on the synchronisation page: how much, until when it is kept, one click back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog

from spoc_desktop.i18n import _, day, moment
from spoc_desktop.services.trash import Heap
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.callout import Callout
from spoc_desktop.ui.widgets.flow import row
from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.text import Text

if TYPE_CHECKING:
    from spoc_desktop.ui.pages.loaded import LoadedPage
    from sync.client.ports import Changes


def add_trash(page: LoadedPage[Any], heaps: tuple[Heap, ...]) -> None:
    """Put the heaps under a heading of their own; nothing where there are none."""
    if not heaps:
        return
    page.main.add(row(Glyph("trash-2", "info"), Text(_("Trash"), "card", wrap=True), stretch=1), 24)
    for heap in heaps:
        page.main.add(_callout(page, heap), 8)


def _callout(page: LoadedPage[Any], heap: Heap) -> Callout:
    shown = Callout("info", _happened(heap), _kept(heap))
    mark = f"{heap.space.hex()}_{heap.noticed:x}"
    buttons = []
    if heap.may_write:
        back = Button(_("Bring back"), icon="undo-2", size="small")
        back.setObjectName(f"bring_back_{mark}")
        back.clicked.connect(lambda: bring_back(page, heap))
        buttons.append(back)
    export = Button(_("Export…"), icon="folder-down", size="small")
    export.setObjectName(f"export_trash_{mark}")
    export.clicked.connect(lambda: _export(page, heap))
    buttons.append(export)
    for button in buttons:
        button.setAccessibleName(f"{button.text()}, {heap.what}")
    shown.add_actions(*buttons)
    return shown


def bring_back(page: LoadedPage[Any], heap: Heap) -> None:
    """Write all of a heap anew."""

    def written(changes: Changes) -> None:
        announce(page, _("Brought back: {what}.").format(what=heap.what))
        page.workplace.changed(changes)

    page.write(lambda: page.workplace.trash.bring_back(heap), written)


def _export(page: LoadedPage[Any], heap: Heap) -> None:
    folder = QFileDialog.getExistingDirectory(page, _("Export…"))
    if folder:
        export_to(page, heap, Path(folder))


def export_to(page: LoadedPage[Any], heap: Heap, folder: Path) -> None:
    """Write the words and the files of a heap into a folder."""

    def written(place: Path) -> None:
        page.frame.toast(lambda: _("Exported into the folder “{folder}”.").format(folder=place.name))

    page.write(lambda: page.workplace.trash.export(heap, page.workplace.files, folder), written)


def _happened(heap: Heap) -> str:
    """Who deleted how much, and where; nobody is accused where that is not known."""
    if heap.mine:
        return _("From another of your computers you deleted {what}").format(what=heap.what)
    if heap.who and heap.place:
        return _("{who} deleted {what} in “{place}”").format(who=heap.who, what=heap.what, place=heap.place)
    if heap.place:
        return _("Deleted in “{place}”: {what}").format(what=heap.what, place=heap.place)
    return _("Deleted: {what}").format(what=heap.what)


def _kept(heap: Heap) -> str:
    until = day(moment(heap.until).date())
    kept = _("Everything stays in the trash of this computer until {day}.").format(day=until)
    if heap.may_write:
        return kept
    return _("{kept} You may not write there: you can export it.").format(kept=kept)
