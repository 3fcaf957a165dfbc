"""Attached files, a line each: name and size, and what may be done with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from spoc_desktop.i18n import _, size
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.flow import Hairline, column
from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.text import Text
from sync.domain.files import Attachment


class FileRows(QWidget):
    """Each signal carries the attachment. `missing`: digests that have not come; `removable`: files of a draft."""

    open_wanted = Signal(object)
    fetch_wanted = Signal(object)
    remove_wanted = Signal(object)

    def __init__(
        self,
        files: Sequence[Attachment],
        *,
        missing: Collection[bytes] = (),
        removable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(0)
        for place, file in enumerate(files):
            if place:
                self._lines.addWidget(Hairline())
            self._lines.addWidget(self._line(file, here=file.sha256 not in missing, removable=removable))

    def _line(self, file: Attachment, *, here: bool, removable: bool) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 8, 0, 8)
        row.setSpacing(12)
        row.addWidget(Glyph("paperclip"), 0, Qt.AlignmentFlag.AlignTop)
        detail = size(file.size) if here else _("{size}, not on this computer yet").format(size=size(file.size))
        row.addWidget(column(Text(file.name, wrap=True), Text(detail, "small", "muted", wrap=True), gap=0), 1)
        if here:
            row.addWidget(self._button(_("Open"), "open", file, self.open_wanted))
        else:
            row.addWidget(self._button(_("Download now"), "fetch", file, self.fetch_wanted))
        if removable:
            row.addWidget(self._button(_("Remove"), "remove", file, self.remove_wanted))
        return line

    def _button(self, word: str, key: str, file: Attachment, wanted: SignalInstance) -> Button:
        button = Button(word, "quiet", size="small")
        button.setAccessibleName(_("{action}: {file}").format(action=word, file=file.name))
        button.setObjectName(f"{key}_{file.sha256.hex()}")
        button.clicked.connect(lambda: wanted.emit(file))
        return button
