"""Opening an attached file: only when the person asks, only harmless kinds; the others are saved, after a warning."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFileDialog, QVBoxLayout, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.services.files import CourseFiles, Danger, danger_of, safe_name
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.flow import flow
from spoc_desktop.ui.widgets.text import Text
from sync.domain.files import Attachment

if TYPE_CHECKING:
    from spoc_desktop.services.desk import Desk
    from spoc_desktop.ui.workers import Workers


class FileDialog(QDialog):
    """What the file is, and what may be done with it. `opener` is replaced in tests: nothing is started there."""

    opener: Callable[[QUrl], bool] = staticmethod(QDesktopServices.openUrl)

    def __init__(
        self, file: Attachment, desk: Desk, workers: Workers, failed: Callable[[Exception], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._file, self._desk, self._workers, self._failed = file, desk, workers, failed
        self.danger = danger_of(file.name)
        self.setWindowTitle(_("Open a file"))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 20)
        column.setSpacing(12)
        column.addWidget(Text(self._title(), "card", wrap=True))
        column.addWidget(Text(safe_name(file.name), "mono", wrap=True))
        column.addWidget(Text(self._words(), wrap=True))
        column.addWidget(self._buttons())
        self.setMinimumWidth(theme().text_px(440))

    def _title(self) -> str:
        return _("Open this file?") if self.danger is None else _("This file is not opened from here")

    def _words(self) -> str:
        words = {
            None: _("The program that your computer has for it shows a copy that cannot be changed."),
            Danger.PROGRAM: _(
                "It may run something on your computer. Save it only if you expected it from this person."
            ),
            Danger.MACROS: _("Documents of this kind can carry small programs. Save it only if you expected it."),
            Danger.DISGUISED: _(
                "Its name hides what it is: it looks like a document and is not one. Better not save it."
            ),
        }
        return words[self.danger]

    def _buttons(self) -> QWidget:
        close = Button(_("Cancel"))
        close.clicked.connect(self.reject)
        save = Button(_("Save as…"), icon="folder-down")
        save.setObjectName("save_as")
        save.clicked.connect(self._save_as)
        if self.danger is not None:
            return flow(close, save)
        show = Button(_("Open the copy"), "primary", "external-link")
        show.setObjectName("open_copy")
        show.clicked.connect(self._open)
        return flow(show, save, close)

    def _open(self) -> None:
        self.accept()
        opener = type(self).opener

        def show(place: Path) -> None:
            opener(QUrl.fromLocalFile(str(place)))

        self._workers.run(
            lambda: CourseFiles(self._desk).lend(self._file),
            show,
            self._failed,
            owner=self.parentWidget(),
        )

    def _save_as(self) -> None:
        self.accept()
        name, _filter = QFileDialog.getSaveFileName(self.parentWidget(), _("Save as…"), safe_name(self._file.name))
        if name:
            self.save_to(Path(name))

    def save_to(self, place: Path) -> None:
        """Write the file where the person said."""
        self._workers.run(
            lambda: CourseFiles(self._desk).save(self._file, place), None, self._failed, owner=self.parentWidget()
        )


def ask_to_open_file(
    file: Attachment, desk: Desk, workers: Workers, failed: Callable[[Exception], None], parent: QWidget
) -> FileDialog:
    """Show what the file is; the person decides. Returns the open dialog."""
    dialog = FileDialog(file, desk, workers, failed, parent)
    dialog.open()
    return dialog
