"""The rail at the left: the course, the places, the state of the sync, the person."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.cover import OCHRE, Cover
from spoc_desktop.ui.widgets.icon_button import IconButton
from spoc_desktop.ui.widgets.nav_item import NavItem, RailMode
from spoc_desktop.ui.widgets.person import PersonButton
from spoc_desktop.ui.widgets.sync_chip import SyncChip
from spoc_desktop.ui.widgets.text import Text


class Rail(QWidget):
    """`picked` carries the route of the place that was clicked."""

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("pane", True)  # noqa: FBT003  # Qt's setProperty takes its value so
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.items: dict[str, NavItem] = {}
        self._titles: dict[str, Callable[[], str]] = {}
        self.mode: RailMode = "wide"
        self._cover = Cover(OCHRE)
        self._brand = Text("SPOC Desktop", "body", wrap=True)
        self._brand.set_weight(600)
        self.chip = SyncChip()
        self.person = PersonButton()
        self.menu_button = IconButton("menu", _("Menu"))
        self.menu_button.clicked.connect(self.open_menu)
        head = QHBoxLayout()
        head.setContentsMargins(4, 4, 4, 4)
        head.setSpacing(10)
        head.addWidget(self._cover)
        head.addWidget(self._brand, 1)
        self._head = head
        self._places = QVBoxLayout()
        self._places.setSpacing(2)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._column.addLayout(head)
        self._column.addWidget(self.menu_button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addSpacing(16)
        self._column.addLayout(self._places)
        self._column.addStretch(1)
        self._column.addWidget(self.chip)
        self._column.addSpacing(4)
        self._column.addWidget(self.person)
        follow(self._restyle)

    def add(self, route: str, title: Callable[[], str], icon: str, index: int) -> None:
        """Put a place into the rail at an index."""
        item = NavItem(title(), icon)
        item.set_mode(self.mode)
        item.clicked.connect(lambda: self.picked.emit(route))
        self.items[route] = item
        self._titles[route] = title
        self._places.insertWidget(index, item)

    def clear(self) -> None:
        """Take all places away, as when another person signs in."""
        for item in self.items.values():
            self._places.removeWidget(item)
            item.deleteLater()
        self.items.clear()
        self._titles.clear()

    def routes(self) -> list[str]:
        """Routes of the places from top to bottom."""
        return sorted(self.items, key=lambda route: self._places.indexOf(self.items[route]))

    def show_current(self, route: str) -> None:
        """Mark where the person is."""
        for name, item in self.items.items():
            item.setChecked(name == route)
            item.update()

    def show_course(self, title: str, colour: str) -> None:
        """Name the course at the head of the rail."""
        self._brand.say(title)
        self._cover.set_colour(colour)

    def set_mode(self, mode: RailMode) -> None:
        """Icon and word, icon above word, or icons alone with the menu that lists the words."""
        self.mode = mode
        for item in self.items.values():
            item.set_mode(mode)
        self.chip.set_mode(mode)
        self.person.set_mode(mode)
        self._brand.setVisible(mode == "wide")
        self.menu_button.setVisible(mode == "icons")
        self._restyle()

    def open_menu(self) -> None:
        """The words of all places in a menu."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for route in self.routes():
            action = menu.addAction(self._titles[route]())
            action.setCheckable(True)
            action.setChecked(self.items[route].isChecked())
            action.triggered.connect(lambda _checked=False, route=route: self.picked.emit(route))
        menu.popup(self.menu_button.mapToGlobal(self.menu_button.rect().bottomLeft()))

    def retranslate(self) -> None:
        """Take the words of the language in use."""
        for route, item in self.items.items():
            item.say(self._titles[route]())
        self.menu_button.say(_("Menu"))

    def _restyle(self) -> None:
        layout = theme().tokens.layout
        left, right = {"wide": (12, 8), "narrow": (4, 4), "icons": (14, 14)}[self.mode]
        self._column.setContentsMargins(left, 12, right, 8)
        self._brand.setMaximumWidth(theme().text_px(layout["rail"] - 66))
        self.setMinimumWidth(layout["rail" if self.mode == "wide" else "rail-narrow"])
