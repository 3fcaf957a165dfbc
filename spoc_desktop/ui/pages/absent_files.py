"""What a page shows of files that are not on this computer: which, how large, and the way to have them now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from spoc_desktop.i18n import _, ngettext, size
from spoc_desktop.services.ahead import Absent
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.callout import Callout
from sync.client.ports import FileRef
from sync.domain.files import Attachment

if TYPE_CHECKING:
    from spoc_desktop.ui.pages.loaded import LoadedPage


GAP = 16


class AbsentFiles(QWidget):
    """To be added without a gap: it takes no room while everything is here. The page's small files are asked for."""

    def __init__(self, page: LoadedPage[Any], files: Sequence[Attachment]) -> None:
        super().__init__()
        self._page = page
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, GAP, 0, 0)
        self.absent: Absent | None = None
        self.setVisible(False)
        ahead, syncing, shown = page.workplace.ahead, page.workplace.syncing, tuple(files)
        if shown:
            page.frame.workers.run(
                lambda: (ahead.opened(shown), syncing.status().offline), self._show, page.fail, owner=self
            )

    def _show(self, found: tuple[Absent | None, bool]) -> None:
        self.absent, offline = found
        if self.absent is None:
            return
        if not offline:
            self._page.workplace.sync_soon()
        self._layout.addWidget(self._callout(self.absent, offline=offline))
        self.setVisible(True)

    def _callout(self, absent: Absent, *, offline: bool) -> Callout:
        count = len(absent.files)
        said = ngettext(
            "{count} file of this page is not on this computer yet: {size}.",
            "{count} files of this page are not on this computer yet: {size}.",
            count,
        ).format(count=count, size=size(absent.size))
        made = Callout("info", said, _when(absent, offline=offline))
        if not absent.asked:
            fetch = Button(_("Download now"), icon="folder-down", size="small")
            fetch.setObjectName("fetch_now")
            fetch.setAccessibleName(f"{fetch.text()}, {said}")
            fetch.clicked.connect(self.fetch_now)
            made.add_actions(fetch)
        return made

    def fetch_now(self) -> None:
        """The person wants them now: the wish is kept, and the sync begins."""
        if self.absent is not None:
            fetch(self._page, self.absent.files)


def fetch(page: LoadedPage[Any], files: Sequence[Attachment | FileRef]) -> None:
    """Ask for files of a page: they come now, or with the next connection."""
    ahead, wanted = page.workplace.ahead, [file.sha256 for file in files]

    def asked(_nothing: object) -> None:
        page.workplace.sync_soon()
        page.frame.toast(lambda: _("Asked for. It comes as soon as there is a network."))
        page.reload()

    page.write(lambda: ahead.ask(wanted), asked)


def _when(absent: Absent, *, offline: bool) -> str:
    if absent.asked:
        if offline:
            return _("You are offline: the download begins with the next connection, there is nothing more to do.")
        return _("The download is under way; the page completes itself.")
    if absent.coming:
        return _("The download begins by itself, after what is needed sooner.")
    return _("The room that you allow for files is too small: nothing comes unless you ask for it.")
