"""Pictures and documents of a lesson or a brief: read off the main thread from the encrypted store, opened on click."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from spoc_desktop.i18n import _
from spoc_desktop.services.errors import NotHereYet
from spoc_desktop.services.files import safe_name
from spoc_desktop.ui.pages.absent_files import AbsentFiles
from spoc_desktop.ui.widgets.block_view import BlockView
from sync.domain.blocks import Block
from sync.domain.files import Attachment, attachments_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spoc_desktop.ui.pages.loaded import LoadedPage
    from sync.client.ports import Changes


class LessonFiles:
    """For one page. `wanted` are the files that its text names: it is drawn again when one of them arrives."""

    def __init__(self, page: LoadedPage[Any]) -> None:
        self._page = page
        self._files = page.workplace.files
        self._named: tuple[Attachment, ...] = ()
        self._wanted: frozenset[bytes] = frozenset()

    def view(self, blocks: Sequence[Block], first_figure: int = 1, role: str = "lesson") -> BlockView:
        """The blocks as widgets, their pictures and documents connected."""
        self._named = attachments_in(tuple(blocks))
        self._wanted = frozenset(file.sha256 for file in self._named)
        made = BlockView(blocks, role, pictures=self._load, first_figure=first_figure)
        made.file_opened.connect(self._open)
        made.file_saved.connect(self._save)
        return made

    def absent(self, *more: Attachment) -> AbsentFiles:
        """What of the text that was drawn last, and of these, is not here; nothing where all is."""
        return AbsentFiles(self._page, (*self._named, *more))

    def arrived(self, changes: Changes) -> bool:
        """Whether a file that the page shows has come."""
        return bool(changes.files & self._wanted)

    def _load(self, sha256: bytes, then: Callable[[bytes | None], None]) -> None:
        self._page.frame.workers.run(lambda: self._files.read(sha256), then, owner=self._page)

    def _open(self, file: Attachment) -> None:
        self._page.write(lambda: self._files.lend(file), self._opened, self._failed)

    @staticmethod
    def _opened(copy: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(copy)))

    def _save(self, file: Attachment) -> None:
        place, _chosen = QFileDialog.getSaveFileName(self._page, _("Save as…"), safe_name(file.name))
        if place:
            self._page.write(lambda: self._files.save(file, Path(place)), self._saved, self._failed)

    def _saved(self, _nothing: object) -> None:
        self._page.frame.toast(lambda: _("The file is saved."))

    def _failed(self, error: Exception) -> None:
        if isinstance(error, NotHereYet):
            self._page.frame.toast(lambda: _("This file arrives with the next synchronisation."))
        elif isinstance(error, OSError):
            self._page.frame.toast(lambda: _("The file could not be saved there. Choose another folder."))
        else:
            self._page.fail(error)
