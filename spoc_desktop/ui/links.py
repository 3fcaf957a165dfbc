"""Ways out of a course: only http, https and mailto, and only after the whole address has been shown."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.flow import flow
from spoc_desktop.ui.widgets.text import Text

SCHEMES = ("http", "https", "mailto")


class LinkDialog(QDialog):
    """Shows where a link leads before anything opens."""

    def __init__(self, href: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._url = QUrl(href, QUrl.ParsingMode.StrictMode)
        self.setWindowTitle(_("Open a link"))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 20)
        column.setSpacing(12)
        if self.allowed:
            column.addWidget(Text(_("This link leaves the course"), "card", wrap=True))
            column.addWidget(Text(_("It opens in your browser or your mail program:"), wrap=True))
        else:
            column.addWidget(Text(_("This link cannot be opened"), "card", wrap=True))
            column.addWidget(Text(_("Only web pages and mail addresses are opened. Its address is:"), wrap=True))
        self.address = Text(shown_address(href), "mono", wrap=True)
        column.addWidget(self.address)
        column.addWidget(self._buttons())
        self.setMinimumWidth(theme().text_px(420))

    @property
    def allowed(self) -> bool:
        """Whether this kind of address may be opened at all."""
        return self._url.isValid() and self._url.scheme().lower() in SCHEMES

    def _buttons(self) -> QWidget:
        close = Button(_("Stay here"))
        close.clicked.connect(self.reject)
        if not self.allowed:
            return flow(close)
        leave = Button(_("Open the link"), "primary", "external-link")
        leave.clicked.connect(self._leave)
        return flow(leave, close)

    def _leave(self) -> None:
        self.accept()
        QDesktopServices.openUrl(self._url)


def shown_address(href: str) -> str:
    """The address with the host as the network knows it, so that letters of another script cannot imitate one."""
    url = QUrl(href, QUrl.ParsingMode.StrictMode)
    return bytes(url.toEncoded().data()).decode("ascii", "replace") if url.isValid() else href


def ask_to_open(href: str, parent: QWidget) -> LinkDialog:
    """Show where a link leads; the person decides. Returns the open dialog."""
    dialog = LinkDialog(href, parent)
    dialog.open()
    return dialog
