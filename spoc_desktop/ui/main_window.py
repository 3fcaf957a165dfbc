"""The window: rail, top bar, the sheet with one page on it, and the ways between pages."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from spoc_desktop.i18n import language
from spoc_desktop.ui import keymap
from spoc_desktop.ui.focus_ring import FocusRing
from spoc_desktop.ui.history import History, Visit
from spoc_desktop.ui.keys_dialog import KeysDialog
from spoc_desktop.ui.language import on_language
from spoc_desktop.ui.memory import Memory
from spoc_desktop.ui.page import Page, Place
from spoc_desktop.ui.panes import focus_pane
from spoc_desktop.ui.settings_menu import SettingsMenu
from spoc_desktop.ui.tab_order import chain
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.nav_item import RailMode
from spoc_desktop.ui.widgets.rail import Rail
from spoc_desktop.ui.widgets.sheet import Sheet
from spoc_desktop.ui.widgets.toast import Toast
from spoc_desktop.ui.widgets.top_bar import TopBar
from spoc_desktop.ui.workers import Workers

PRODUCT = "SPOC Desktop"
SMALLEST = QSize(640, 480)
FIRST_SIZE = QSize(1280, 800)
STACK_SCALE = 1.5


class MainWindow(QMainWindow):
    """The frame around all pages; built once by the application and handed what it needs.

    `memory` keeps window state between two starts; `workers` runs what must not hold the window up.
    """

    sync_wanted = Signal()
    search_wanted = Signal(str)
    sign_out_wanted = Signal()
    page_opened = Signal(str)
    closing = Signal()

    def __init__(self, memory: Memory, workers: Workers) -> None:
        super().__init__()
        self.workers = workers
        self._memory = memory
        self._places: dict[str, Place] = {}
        self._pages: dict[str, Page] = {}
        self._history = History()
        self._ring = FocusRing(self)
        self.rail = Rail()
        self.top_bar = TopBar(keymap.key_name("search"))
        self.sheet = Sheet()
        self._stack = QStackedWidget()
        self._toast = Toast()
        self.settings_menu = SettingsMenu(self, memory)
        self._arrange()
        self._connect()
        self.setWindowTitle(PRODUCT)
        self.setMinimumSize(SMALLEST)
        self._restore_geometry()
        self._fit()

    def _arrange(self) -> None:
        frame = QWidget()
        frame.setObjectName("frame")
        self._stage = QVBoxLayout()
        self._stage.setContentsMargins(0, 0, 8, 8)
        self._stage.setSpacing(0)
        self._stage.addWidget(self.top_bar)
        self._stage.addWidget(self.sheet, 1)
        self.sheet.column.addWidget(self._stack, 1)
        self.sheet.column.addWidget(self._toast)
        row = QHBoxLayout(frame)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(self._stage, 1)
        self.setCentralWidget(frame)

    def _connect(self) -> None:
        self.rail.picked.connect(self.open)
        self.top_bar.back.clicked.connect(self.go_back)
        self.top_bar.forward.clicked.connect(self.go_forward)
        self.top_bar.crumb_picked.connect(self._follow_crumb)
        self.top_bar.search.returnPressed.connect(lambda: self.search_wanted.emit(self.top_bar.search.text()))
        self.rail.person.clicked.connect(lambda: self.settings_menu.open_at(self.rail.person))
        self.settings_menu.keys_wanted.connect(self.show_keys)
        self.settings_menu.sign_out_wanted.connect(self.sign_out_wanted)
        theme().changed.connect(self._fit)
        on_language(self.retranslate)
        keymap.bind(self, self._handlers())

    def _handlers(self) -> dict[str, Callable[[], object]]:
        sections = {f"section_{n}": self._section_opener(n) for n in range(1, keymap.SECTIONS + 1)}
        return sections | {
            "search": self._focus_search,
            "back": self.go_back,
            "forward": self.go_forward,
            "next_pane": lambda: focus_pane(self._parts(), 1),
            "previous_pane": lambda: focus_pane(self._parts(), -1),
            "menu": self.rail.open_menu,
            "sync": self.sync_wanted.emit,
            "submit": lambda: self.page.submit() if self.page else None,
            "save": lambda: self.page.save() if self.page else None,
            "undo": self._toast.undo,
            "larger": self.settings_menu.larger,
            "smaller": self.settings_menu.smaller,
            "contrast": self.settings_menu.toggle_contrast,
            "help": self.show_keys,
        }

    # -- pages

    def register(self, place: Place) -> None:
        """Make a page known; one with an icon gets its item in the rail, sorted by `order`."""
        self._places[place.route] = place
        if place.icon:
            shown = sorted((p for p in self._places.values() if p.icon), key=lambda p: p.order)
            self.rail.add(place.route, place.title, place.icon, shown.index(place))

    def forget_pages(self) -> None:
        """Drop all pages and places, as when the person signs out."""
        for page in self._pages.values():
            self._stack.removeWidget(page)
            page.deleteLater()
        self._pages.clear()
        self._places.clear()
        self._history.clear()
        self.rail.clear()

    @property
    def page(self) -> Page | None:
        """The page that is open."""
        current = self._stack.currentWidget()
        return current if isinstance(current, Page) else None

    @property
    def route(self) -> str:
        """Route of the page that is open, "" before the first."""
        return self._history.current.route if self._history.current else ""

    def open(self, route: str, **params: object) -> None:
        """Open a page. Raises KeyError for a route that nobody registered."""
        self._leave()
        self._show(self._history.visit(route, params), fresh=True)

    def go_back(self) -> None:
        """The page before, where it was left."""
        self._travel(-1)

    def go_forward(self) -> None:
        """The page from which the person came back."""
        self._travel(1)

    def _travel(self, by: int) -> None:
        self._leave()
        visit = self._history.step(by)
        if visit is not None:
            self._show(visit, fresh=False)

    def _leave(self) -> None:
        if self.page is not None and self._history.current is not None:
            self._history.current.position = self.page.body.scroller.verticalScrollBar().value()

    def _show(self, visit: Visit, *, fresh: bool) -> None:
        page = self._page(visit.route)
        place = self._places[visit.route]
        self._stack.setCurrentWidget(page)
        self._dress(bare=page.bare)
        page.body.scroller.return_to(0 if fresh else visit.position)
        self.rail.show_current(place.section or place.route)
        self._fit()
        page.setFocus(Qt.FocusReason.OtherFocusReason)
        page.opened(**visit.params)
        self._show_crumbs()
        self.page_opened.emit(visit.route)

    def _page(self, route: str) -> Page:
        if route not in self._pages:
            page = self._places[route].make(self)
            page.crumbs_changed.connect(self._show_crumbs)
            self._pages[route] = page
            self._stack.addWidget(page)
        return self._pages[route]

    def _dress(self, *, bare: bool) -> None:
        self.rail.setVisible(not bare)
        self.top_bar.setVisible(not bare)
        self._stage.setContentsMargins(8 if bare else 0, 8 if bare else 0, 8, 8)

    def _show_crumbs(self) -> None:
        page = self.page
        if page is None or not self.route:
            return
        crumbs = [(crumb.text, bool(crumb.route)) for crumb in page.crumbs]
        crumbs = crumbs or [(self._places[self.route].title(), False)]
        self.top_bar.show_crumbs(crumbs)
        page.setAccessibleName(crumbs[-1][0])
        chain(self.rail, self.top_bar, page)
        self.top_bar.back.setEnabled(self._history.can_go_back)
        self.top_bar.forward.setEnabled(self._history.can_go_forward)

    def _follow_crumb(self, index: int) -> None:
        if self.page is not None:
            crumb = self.page.crumbs[index]
            self.open(crumb.route, **crumb.params)

    def _section_opener(self, number: int) -> Callable[[], None]:
        def go() -> None:
            routes = self.rail.routes()
            if number <= len(routes):
                self.open(routes[number - 1])

        return go

    # -- what pages and the application tell the window

    def toast(self, words: Callable[[], str], undo: Callable[[], None] | None = None) -> None:
        """Say at the foot of the sheet what was done; `undo` is offered for ten seconds, Ctrl+Z does it too."""
        self._toast.show_message(words, undo)

    def notify(self, changes: object) -> None:
        """Hand a change to the open page; the others load afresh when they are opened again."""
        if self.page is not None:
            self.page.refresh(changes)

    def set_count(self, route: str, count: int) -> None:
        """How many things wait behind a place of the rail."""
        self.rail.items[route].set_count(count)

    def retranslate(self) -> None:
        """The language has changed."""
        self.rail.retranslate()
        self.top_bar.retranslate()
        self._toast.retranslate()
        if self.page is not None:
            self.page.retranslate()
        self._show_crumbs()

    def _parts(self) -> list[QWidget]:
        inner: list[QWidget] = [self.page.main, self.page.margin, self.page.footer] if self.page is not None else []
        return [self.rail, self.top_bar, *inner]

    def show_keys(self) -> None:
        """F1: the key map."""
        KeysDialog(self).open()

    def _focus_search(self) -> None:
        self.top_bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.top_bar.search.selectAll()

    # -- width, geometry, end

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        layout = theme().tokens.layout
        scale = theme().scale
        stacked = self.width() < layout["breakpoint-stack"] or scale > STACK_SCALE
        narrow = self.width() < layout["breakpoint-narrow"]
        self._fit_rail("icons" if stacked else ("narrow" if narrow else "wide"))
        self.top_bar.set_short(short=stacked)
        if self.page is not None:
            self.page.body.fit(narrow=narrow, stacked=stacked)

    def _fit_rail(self, widest: RailMode) -> None:
        modes: tuple[RailMode, ...] = ("wide", "narrow", "icons")
        for mode in modes[modes.index(widest) :]:
            self.rail.set_mode(mode)
            if self.rail.sizeHint().height() <= self.height():
                break

    def _restore_geometry(self) -> None:
        self.resize(FIRST_SIZE)
        kept = self._memory.get("window")
        if isinstance(kept, list) and len(kept) == 5 and all(isinstance(part, int) for part in kept):
            place = QRect(*kept[:4])
            screen = self.screen().availableGeometry()
            if screen.intersects(place):
                self.setGeometry(place)
            if kept[4]:
                self.setWindowState(Qt.WindowState.WindowMaximized)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._leave()
        place = self.normalGeometry()
        maximised = int(self.isMaximized())
        self._memory.set("window", [place.x(), place.y(), place.width(), place.height(), maximised])
        self._memory.set("language", language())
        self.closing.emit()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self._fit()
