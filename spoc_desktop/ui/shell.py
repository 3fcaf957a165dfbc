"""The window and the person in it: who signs in or out, which pages they get, what the sync tells the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal

from spoc_desktop.i18n import _, language, moment
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.language import on_language
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.memory import Memory
from spoc_desktop.ui.page import Place
from spoc_desktop.ui.preferences_link import FollowingMemory
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.cover import cover_colour
from spoc_desktop.ui.widgets.sync_chip import SyncStatus
from spoc_desktop.ui.workers import Workers
from sync.domain.people import SETTINGS, Settings

if TYPE_CHECKING:
    from spoc_desktop.services.syncing import Status
    from spoc_desktop.services.workplace import Roles, Workplace
    from sync.client.ports import Changes

PageMakers = Sequence[Callable[["Workplace"], tuple[Place, ...]]]


PATIENCE_S = 3.0
"""How long a closed window waits for an exchange with the server to end."""


class Beginning(Protocol):
    """What the application hands to the window: made after the first paint, so it may load what is heavy."""

    def opened_at_start(self) -> Workplace | None:
        """The person whose work opens without asking, None when somebody has to sign in first. On a worker thread."""
        ...

    def sign_in_places(self, signed_in: Callable[[Workplace], None]) -> tuple[Place, ...]:
        """The pages before anybody is signed in; the first one is opened."""
        ...

    def page_makers(self) -> PageMakers:
        """The pages of a signed-in person, one maker a page module."""
        ...

    def close(self) -> None:
        """The window is closed: let go of the folder."""
        ...

    def leave(self, workplace: Workplace) -> None:
        """Sign a person out. On a worker thread; must not fail for want of a network."""
        ...


class Shell(QObject):
    """Joins one window with the person who is signed in.

    `painted`: the window was painted for the first time. `settled`: pages are there, for a person or to sign in.
    """

    painted = Signal()
    settled = Signal()
    _told = Signal(object)

    def __init__(self, beginning: Beginning, memory: Memory) -> None:
        super().__init__()
        self._beginning = beginning
        # What the system speaks is no choice of the person: it must not follow them to their other laptops.
        memory.set("language", language())
        self._memory = FollowingMemory(memory)
        self.workers = Workers(self)
        self.window = MainWindow(self._memory, self.workers)
        self.workplace: Workplace | None = None
        self._roles: Roles | None = None
        self._asked = False
        self._moved = False
        self.window.sync_wanted.connect(self._sync_soon)
        self.window.search_wanted.connect(self._search)
        self.window.sign_out_wanted.connect(self.sign_out)
        self.window.rail.chip.clicked.connect(self._open_sync)
        self.window.settings_menu.ahead_wanted.connect(self._open_ahead)
        self._told.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        on_language(self._name_person)
        self.window.installEventFilter(self)

    def show(self) -> None:
        """Show the window; everything else begins after it has been painted once."""
        self.window.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.window.removeEventFilter(self)
            QTimer.singleShot(0, self.painted.emit)
            QTimer.singleShot(0, self._begin)
        return False

    def to_front(self) -> None:
        """A second start of the program: here is the window."""
        window = self.window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()

    def enter(self, workplace: Workplace) -> None:
        """Somebody has signed in: their pages, their sync."""
        self.workplace = workplace
        workplace.syncing.listen(self._told.emit)
        self._memory.follow(workplace, self.workers)
        self._prepare()
        workplace.start()

    def sign_out(self) -> None:
        """The person leaves: their pages go, their store is locked, the next one may sign in."""
        workplace, self.workplace = self.workplace, None
        if workplace is None:
            return
        self._memory.follow(None, self.workers)
        self.window.forget_pages()
        self._roles = None
        self._offer_sign_in()
        self.workers.fetch(lambda: self._beginning.leave(workplace), owner=self)

    def close(self) -> None:
        """End what runs, lock the store. The window is closed already."""
        self.workers.close()
        if self.workplace is not None:
            self.workplace.close(PATIENCE_S)
            self.workplace = None
        self._beginning.close()

    def _begin(self) -> None:
        self.workers.run(self._beginning.opened_at_start, self._begun, self._failed, owner=self)

    def _failed(self, error: Exception) -> None:
        """Nobody's work could be opened: say why, and let somebody sign in."""
        from spoc_desktop.services.sentences import sentence

        self._offer_sign_in()
        self.window.toast(lambda: str(sentence(error)))

    def _begun(self, workplace: Workplace | None) -> None:
        if workplace is None:
            self._offer_sign_in()
        else:
            self.enter(workplace)

    def _offer_sign_in(self) -> None:
        places = self._beginning.sign_in_places(self._signed_in)
        for place in places:
            self.window.register(place)
        self.window.open(places[0].route)
        self.settled.emit()

    def _signed_in(self, workplace: Workplace) -> None:
        self.window.forget_pages()
        self.enter(workplace)

    def _prepare(self) -> None:
        """Find out who the person is and which pages are theirs."""
        workplace = self.workplace
        if workplace is None:
            return

        def find() -> tuple[Roles, list[Place]]:
            places = [place for make in self._beginning.page_makers() for place in make(workplace)]
            return workplace.roles(), sorted(places, key=lambda place: place.order)

        self.workers.run(find, lambda found: self._settle(workplace, *found), owner=self)

    def _settle(self, workplace: Workplace, roles: Roles, places: list[Place]) -> None:
        """Register the pages of these roles and open the first one, or the one that was open."""
        if workplace is not self.workplace:
            return
        self._roles = roles
        route = self.window.route
        self.window.forget_pages()
        for place in places:
            self.window.register(place)
        shown = [place.route for place in places if place.icon]
        self._name_person()
        self._refresh_status()
        self.workers.run(workplace.preferences.get, self._dress, owner=self)
        # Somebody who neither learns nor teaches here, an author, has the sync page alone.
        first = shown or [place.route for place in places]
        if first:
            self.window.open(route if route in first else first[0])
        self.settled.emit()

    def _name_person(self) -> None:
        if self.workplace is None:
            return
        trainer = bool(self._roles and self._roles.trainer)
        self.window.rail.person.show_person(self.workplace.name, _role(self._roles), trainer=trainer)

    def _dress(self, chosen: Settings) -> None:
        """Take over what the person chose on another laptop."""
        if chosen.language and chosen.language != language():
            self.window.settings_menu.speak(chosen.language)
        wanted = {"mode": chosen.theme, "scale": chosen.text_percent / 100, "sans": chosen.sans_serif_reading}
        if chosen.theme and wanted != {name: getattr(theme().appearance, name) for name in wanted}:
            self.window.settings_menu.change(**wanted)

    def _hear(self, changes: Changes) -> None:
        """A transaction of a page or of the sync has changed something."""
        if self.workplace is None:
            return
        if SETTINGS.number in changes.kinds:
            self.workers.run(self.workplace.preferences.get, self._dress, owner=self)
        if changes.kinds:
            # A first sync tells a fresh laptop who its person is.
            self.workers.run(self.workplace.roles, self._roles_read, owner=self)
        self.window.notify(changes)
        self._refresh_status()

    def _roles_read(self, roles: Roles) -> None:
        if self.workplace is not None and roles != self._roles:
            self._prepare()

    def _refresh_status(self) -> None:
        """Read the status; what changes while it is being read is read once more afterwards."""
        if self.workplace is None:
            return
        if self._asked:
            self._moved = True
            return
        self._asked, self._moved = True, False
        self.workers.run(self._status, self._show_status, self._status_failed, owner=self)

    def _status(self) -> tuple[Status, tuple[str, str] | None, Mapping[str, int]]:
        workplace = self.workplace
        if workplace is None:
            raise LookupError("nobody is signed in any more")
        return workplace.syncing.status(), workplace.course(), workplace.counts()

    def _status_failed(self, error: Exception) -> None:
        """Who signed out meanwhile has no status; anything else is said, and the next change reads again."""
        self._asked = False
        if self.workplace is not None:
            from spoc_desktop.services.sentences import sentence

            self.window.toast(lambda: str(sentence(error)))

    def _show_status(self, found: tuple[Status, tuple[str, str] | None, Mapping[str, int]]) -> None:
        self._asked = False
        if self._moved:
            self._refresh_status()
        status, course, counts = found
        for route in counts.keys() & self.window.rail.items.keys():
            self.window.set_count(route, counts[route])
        chip = self.window.rail.chip
        before = chip.status
        chip.show_status(
            SyncStatus(
                waiting=status.waiting,
                attention=status.attention,
                offline=status.offline,
                busy=status.busy,
                at=None if status.last is None else moment(status.last),
            )
        )
        if before.busy and not status.busy:
            announce(chip, ", ".join(chip.lines()))
        if course is not None:
            title, colour = course
            self.window.rail.show_course(title, cover_colour(colour))

    def _sync_soon(self) -> None:
        if self.workplace is not None:
            self.workplace.sync_soon()

    def _search(self, words: str) -> None:
        if self.workplace is not None and words.strip():
            self.window.open("search", words=words.strip())

    def _open_sync(self) -> None:
        if self.workplace is not None:
            self.window.open("sync")

    def _open_ahead(self) -> None:
        if self.workplace is not None:
            self.window.open("ahead")


def _role(roles: Roles | None) -> str:
    if roles is None or not (roles.learner or roles.trainer or roles.author):
        return ""
    if roles.trainer:
        return _("Trainer")
    return _("Learner") if roles.learner else _("Author")
