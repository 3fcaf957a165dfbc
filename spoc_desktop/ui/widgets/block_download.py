"""A document of the course as a row: what it is, how large, to open or to keep. Nothing opens without a click."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from spoc_desktop.i18n import _, size
from spoc_desktop.services.files import may_open, safe_name
from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.flow import column, flow, row
from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.text import Text
from sync.domain.blocks import Download


class DownloadRow(QWidget):
    """What could start a program has no "Open": it is only saved, under its true name (attack A15)."""

    open_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, download: Download) -> None:
        super().__init__()
        file = download.file
        name = safe_name(file.name)
        weight = size(file.size)
        detail = weight if not download.title or download.title == name else f"{name} · {weight}"
        words = column(
            Text(download.title or name, "body", wrap=True), Text(detail, "small", "muted", wrap=True), gap=0
        )
        keep = Button(_("Save as…"), size="small")
        keep.setObjectName(f"save_{file.sha256.hex()[:12]}")
        keep.setAccessibleName(_("Save {name} as…").format(name=name))
        keep.clicked.connect(self.save_wanted)
        buttons = [keep]
        if may_open(file.name):
            look = Button(_("Open"), size="small")
            look.setObjectName(f"open_{file.sha256.hex()[:12]}")
            look.setAccessibleName(_("Open {name}").format(name=name))
            look.clicked.connect(self.open_wanted)
            buttons.insert(0, look)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(16, 12, 16, 12)
        about = row(Glyph("paperclip", "muted", 20), words, gap=12, stretch=1)
        inside.addWidget(flow(about, row(*buttons), gap=16, spread=True, least=220))
        follow(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            box(painter, self.rect(), 10, line=theme().colour("border"))
