"""The bar above the sheet: back, forward, where this page is, search."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.ui.layouts import empty
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.icon_button import IconButton
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.search_field import SearchField
from spoc_desktop.ui.widgets.text import Text


class TopBar(QWidget):
    """`crumb_picked` carries the index of the crumb that was clicked."""

    crumb_picked = Signal(int)

    def __init__(self, search_key: str) -> None:
        super().__init__()
        self.setProperty("pane", True)  # noqa: FBT003  # Qt's setProperty takes its value so
        self.back = IconButton("arrow-left", _("Back"))
        self.forward = IconButton("arrow-right", _("Forward"))
        self.search = SearchField(search_key)
        self._crumbs = QHBoxLayout()
        self._crumbs.setSpacing(6)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self.back)
        row.addWidget(self.forward)
        row.addLayout(self._crumbs)
        row.addStretch(1)
        row.addWidget(self.search)
        self._short = False
        self._shown: tuple[tuple[str, bool], ...] = ()
        follow(self._restyle)

    def show_crumbs(self, crumbs: Sequence[tuple[str, bool]]) -> None:
        """Words of the way here, each with whether it leads somewhere; the last is the page itself."""
        self._shown = tuple(crumbs)
        empty(self._crumbs)
        shown = list(enumerate(self._shown))
        for index, (text, leads) in shown[-1:] if self._short else shown:
            self._add_crumb(index, text, leads=leads, last=index == len(self._shown) - 1)

    def _add_crumb(self, index: int, text: str, *, leads: bool, last: bool) -> None:
        if last:
            here = Text(text, "small")
            here.set_weight(500)
            self._crumbs.addWidget(here)
            return
        if leads:
            link = LinkButton(text, colour="muted", role="small", wrap=False)
            link.clicked.connect(lambda: self.crumb_picked.emit(index))
            self._crumbs.addWidget(link)
        else:
            self._crumbs.addWidget(Text(text, "small", "muted"))
        self._crumbs.addWidget(Text("›", "small", "muted"))

    def set_short(self, *, short: bool) -> None:
        """Where room is short, only the page itself is named."""
        if short != self._short:
            self._short = short
            self.show_crumbs(self._shown)

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        self.back.say(_("Back"))
        self.forward.say(_("Forward"))

    def _restyle(self) -> None:
        self.setFixedHeight(theme().height(theme().tokens.layout["topbar"]))
