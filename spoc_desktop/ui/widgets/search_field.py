"""The search field of the top bar, with its key painted inside."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFont, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.ui.icons import draw_icon
from spoc_desktop.ui.language import on_language
from spoc_desktop.ui.painting import painting, text_width
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.button import draw_key

_ICON_SPACE = 34


class SearchField(QLineEdit):
    """`key` is the name of the shortcut that brings the focus here."""

    def __init__(self, key: str = "Ctrl F", width: int = 296, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self._width = width
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        follow(self._restyle)
        on_language(self.retranslate)
        self.retranslate()

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        self.setPlaceholderText(_("Search"))
        self.setAccessibleName(_("Search"))

    def set_key_visible(self, *, visible: bool) -> None:
        """Hide the key's name where room is short."""
        self._key = self._key if visible else ""
        self.update()

    def _restyle(self) -> None:
        self.setFont(theme().font("small"))
        self.setFixedHeight(theme().height(theme().tokens.control["height"]))
        self.setTextMargins(_ICON_SPACE - 14 + theme().icon(16) - 16, 0, 0, 0)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(round(self._width * min(theme().scale, 1.2)), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().text_px(120), self.height())

    def painted_texts(self) -> list[tuple[str, QFont]]:
        """The key's name, for the search for foreign fonts."""
        return [(self._key, theme().font("caption"))] if self._key else []

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        size = theme().icon(16)
        with painting(self) as painter:
            draw_icon(painter, "search", theme().colour("muted"), 10, (self.height() - size) / 2, size)
            width = text_width(self._key, theme().font("caption")) + 12
            if self._key and not self.text() and self.width() > 2 * width + theme().text_px(90):
                height = theme().line("caption") + 4
                draw_key(
                    painter, self._key, QRectF(self.width() - width - 10, (self.height() - height) / 2, width, height)
                )
