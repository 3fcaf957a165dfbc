"""A page that shows one reading of the store: loaded off the main thread, with its empty, loading and error states."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.services.sentences import sentence
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.page import Frame, Page
from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.callout import Callout
from spoc_desktop.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace
    from sync.client.ports import Changes

Found = TypeVar("Found")

SLOW_MS = 1000
"""A reading that takes longer is announced by three pale bars; before, the page stays as it is."""

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class LoadedPage(Page, Generic[Found]):
    """`read` gets what the page shows, on the database thread; `show_found` draws it.

    `concerns`: numbers of the kinds whose change makes the page read again. `found` is None before the first reading.
    """

    concerns: ClassVar[frozenset[int]] = frozenset()

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame)
        self.workplace = workplace
        self.params: dict[str, Any] = {}
        self.found: Found | None = None
        self.error: Exception | None = None
        self._asked = 0
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(SLOW_MS)
        self._slow.timeout.connect(self._show_slow)

    # -- what pages write

    def read(self, params: Mapping[str, Any]) -> Found:
        """What the page shows, from the services, for the parameters of `open`. On the database thread."""
        raise NotImplementedError

    def show_found(self, found: Found) -> None:
        """Fill main column, margin and footer."""
        raise NotImplementedError

    def arrived(self, found: Found) -> None:
        """A reading has come in, before it is drawn: for pages with a state of their own."""

    # -- reading

    def opened(self, **params: object) -> None:
        if params != self.params:
            self.found, self.params = None, dict(params)
        self.reload()

    def reload(self) -> None:
        """Read again; what is shown stays until the reading is there."""
        self._asked += 1
        asked, params = self._asked, dict(self.params)
        if self.found is None:
            self._slow.start()
        self.frame.workers.run(
            lambda: self.read(params),
            lambda found: self._came(asked, found),
            lambda error: self._failed(asked, error),
            owner=self,
        )

    def again(self) -> None:
        """The person asks for another try beside an error."""
        self.reload()

    def refresh(self, changes: Changes) -> None:  # type: ignore[override]  # the window hands over what services gave it
        if changes.kinds & self.concerns:
            self.reload()

    def _came(self, asked: int, found: Found) -> None:
        if asked == self._asked:
            self._slow.stop()
            self.found, self.error = found, None
            self.arrived(found)
            self.redraw()

    def _failed(self, asked: int, error: Exception) -> None:
        if asked == self._asked:
            self._slow.stop()
            self.error = error
            self.redraw()
            announce(self, str(sentence(error)))

    def _show_slow(self) -> None:
        if self.found is None and self.error is None:
            self.main.clear()
            for gap in (8, 16, 16):
                self.main.add(PaleBar(), gap)
            announce(self, _("Loading"))

    # -- drawing

    def fill(self) -> None:
        if self.error is not None:
            self.main.add(trouble(self.error, self.again))
            self.main.leave(24)
        if self.found is not None:
            self.show_found(self.found)

    def write(
        self,
        work: Callable[[], Found | Changes | Any],
        then: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Write through a service on the database thread; what went wrong is said on the page."""
        self.frame.workers.run(work, then, failed or self.fail, owner=self)

    def fail(self, error: Exception) -> None:
        """Say above what is shown what went wrong; what was typed stays."""
        self.error = error
        self.redraw()
        announce(self, str(sentence(error)), urgent=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, as Space does."""
        focused = QApplication.focusWidget()
        if event.key() in ENTER and isinstance(focused, QPushButton) and self.isAncestorOf(focused):
            focused.click()
            return
        super().keyPressEvent(event)


def trouble(error: Exception, again: Callable[[], None] | None = None) -> Callout:
    """What is safe, what failed, what to do next; with a way to try again."""
    words = sentence(error)
    first, *rest = [part for part in (words.safe, words.failed, words.next) if part]
    made = Callout("attention", first, " ".join(rest))
    if again is not None:
        button = Button(_("Try again"), icon="refresh-cw", size="small")
        button.setObjectName("again")
        button.clicked.connect(again)
        made.add_actions(button)
    return made


def not_here_yet(workplace: Workplace, text: str, icon: str = "folder-down") -> EmptyState:
    """The empty state of what comes with the next sync, with the button that syncs now."""
    button = Button(_("Synchronise now"), "primary", "refresh-cw", key="F5")
    button.setObjectName("sync_now")
    button.clicked.connect(workplace.sync_soon)
    return EmptyState(icon, text, button, detail=_("You can go on with what is on this computer already."))


class PaleBar(QWidget):
    """Stands for text that is being read; nothing in it moves."""

    def __init__(self) -> None:
        super().__init__()
        follow(self._restyle)

    def _restyle(self) -> None:
        self.setFixedHeight(theme().text_px(40))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            box(painter, self.rect(), 6, fill=theme().colour("sunken"))
