"""The chip at the foot of the rail: what is sent, what waits, whether there is a network, when they last met."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from spoc_desktop.i18n import _, clock, ngettext
from spoc_desktop.ui.icons import draw_icon
from spoc_desktop.ui.language import on_language
from spoc_desktop.ui.painting import box, painting, text_line, text_width
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.nav_item import RailMode


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """What the chip says. `attention` counts refused changes, `waiting` changes not sent yet."""

    waiting: int = 0
    attention: int = 0
    offline: bool = False
    busy: bool = False
    at: datetime | None = None


class SyncChip(QPushButton):
    """First line: what needs the person most. Second: offline, or the time of the last exchange."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.status = SyncStatus()
        self.mode: RailMode = "wide"
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        follow(self._restyle)
        on_language(self._restyle)

    def show_status(self, status: SyncStatus) -> None:
        """Say something else."""
        self.status = status
        self._restyle()

    def set_mode(self, mode: RailMode) -> None:
        """Follow the width of the rail."""
        self.mode = mode
        self._restyle()

    def lines(self) -> tuple[str, str]:
        """The two lines as they are written now."""
        return self._first(), self._second()

    def _first(self) -> str:
        status = self.status
        if status.attention:
            return _("Needs you: {count}").format(count=status.attention)
        if status.busy:
            return _("Syncing")
        if status.waiting:
            return ngettext("{count} waiting", "{count} waiting", status.waiting).format(count=status.waiting)
        return _("Up to date") if status.at and not status.offline else _("Saved here")

    def _second(self) -> str:
        if self.status.offline:
            return _("Offline")
        return clock(self.status.at) if self.status.at else _("Not synced yet")

    def icon_and_ink(self) -> tuple[str, str]:
        """Icon name and its colour role."""
        status = self.status
        if status.attention:
            return "cloud-alert", "warning"
        if status.waiting or status.busy:
            return "cloud-upload", "muted"
        if status.offline:
            return "cloud-off", "muted"
        return ("cloud-check", "success") if status.at else ("cloud-upload", "muted")

    def _restyle(self) -> None:
        name = ", ".join(self.lines())
        self.setAccessibleName(name)
        self.setAccessibleDescription(_("Opens the synchronisation page"))
        self.setToolTip(name if self.mode == "icons" else "")
        self.updateGeometry()
        self.update()

    def _fonts(self) -> tuple[QFont, QFont]:
        role = "caption" if self.mode == "narrow" else "small"
        return theme().font(role, weight=600), theme().font("caption")

    def painted_texts(self) -> list[tuple[str, QFont]]:
        """Both lines as they are drawn, shorter in a narrow rail; the accessible name keeps them whole."""
        first, second = self.lines()
        if self.mode == "narrow":
            first = _("To see: {count}").format(count=self.status.attention) if self.status.attention else first
            second = second if self.status.at or self.status.offline else ""
        return list(zip((first, second), self._fonts(), strict=True))

    def sizeHint(self) -> QSize:
        if self.mode == "icons":
            return QSize(64, 44)
        widest = max(text_width(text, font) for text, font in self.painted_texts())
        if self.mode == "narrow":
            return QSize(ceil(widest) + 6, 22 + theme().icon(20) + 2 * theme().line("caption"))
        return QSize(ceil(widest) + 36 + theme().icon(20), 16 + theme().line("small") + theme().line("caption"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        name, ink = self.icon_and_ink()
        size = theme().icon(20)
        fill = theme().colour("hover" if self.underMouse() else "surface")
        with painting(self) as painter:
            box(painter, self.rect(), 8, fill=fill, line=theme().colour("border"))
            wide, alone = self.mode == "wide", self.mode == "icons"
            x = 12 if wide else (self.width() - size) / 2
            y = (self.height() - size) / 2 if wide or alone else 8
            draw_icon(painter, name, theme().colour(ink), x, y, size)
            if alone:
                return
            top = 8.0 if wide else 12.0 + size
            left = 22.0 + size if wide else 0.0
            for (text, font), colour in zip(self.painted_texts(), ("text", "muted"), strict=True):
                height = theme().line("small" if wide and colour == "text" else "caption")
                place = QRectF(left, top, self.width() - left, height)
                text_line(painter, text, font, theme().colour(colour), place, align="left" if wide else "centre")
                top += height
