"""The person at the foot of the rail: avatar, name and role; opens the menu of their settings."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.ui.language import on_language
from spoc_desktop.ui.painting import box, painting, text_line, text_width
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.avatar import Avatar
from spoc_desktop.ui.widgets.nav_item import RailMode

_LONGEST = 124
_ROLES = ("body", "caption")


class PersonButton(QPushButton):
    """Name on one line, role below, shortened where they are long; in a narrow rail the avatar alone.

    Tooltip and accessible name always have both whole.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mode: RailMode = "wide"
        self._person = ""
        self._role = ""
        self._avatar = Avatar("")
        self._avatar.setParent(self)
        self._avatar.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        follow(self._restyle)
        on_language(self._restyle)

    def show_person(self, name: str, role: str, *, trainer: bool) -> None:
        """Stand for a person; `role` is the word below the name."""
        self._person, self._role = name, role
        self._avatar.show_person(name, trainer=trainer)
        self._restyle()

    def set_mode(self, mode: RailMode) -> None:
        """Follow the width of the rail."""
        self.mode = mode
        self._restyle()

    def _restyle(self) -> None:
        name = ", ".join(part for part in (self._person, self._role) if part)
        self.setAccessibleName(name or _("Settings"))
        self.setAccessibleDescription(_("Opens your settings"))
        self.setToolTip(name)
        self.updateGeometry()
        self.update()

    def painted_texts(self) -> list[tuple[str, QFont]]:
        """Both lines, for the search for foreign fonts."""
        if self.mode != "wide":
            return []
        return [(self._person, theme().font("body", weight=500)), (self._role, theme().font("caption"))]

    def sizeHint(self) -> QSize:
        edge = self._avatar.sizeHint().width()
        if self.mode != "wide":
            return QSize(edge + 12, edge + 12)
        widest = max(text_width(text, font) for text, font in self.painted_texts())
        widest = min(widest, theme().text_px(_LONGEST))
        return QSize(ceil(widest) + edge + 26, max(edge, theme().line("body") + theme().line("caption")) + 12)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        edge = self._avatar.sizeHint().width()
        x = 8 if self.mode == "wide" else (self.width() - edge) // 2
        self._avatar.setGeometry(x, (self.height() - edge) // 2, edge, edge)
        with painting(self) as painter:
            if self.underMouse():
                box(painter, self.rect(), 8, fill=theme().colour("hover"))
            lines = [line for line in self.painted_texts() if line[0]]
            top = (self.height() - sum(theme().line(role) for role, _line in zip(_ROLES, lines, strict=False))) / 2
            for (text, font), role, colour in zip(lines, _ROLES, ("text", "muted"), strict=False):
                place = QRectF(x + edge + 10, top, self.width() - x - edge - 10, theme().line(role))
                shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
                text_line(painter, shown, font, theme().colour(colour), place)
                top += theme().line(role)
