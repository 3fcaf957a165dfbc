"""A course on a USB stick: bring one in, or copy one, with how far it is and a way to stop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog

from spoc_desktop.i18n import _, ngettext, size
from spoc_desktop.services.carrying import Brought, Carriable, Stopped
from spoc_desktop.services.stick_words import brought_words
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.loaded import LoadedPage
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.callout import Callout
from spoc_desktop.ui.widgets.cover import Cover, cover_colour
from spoc_desktop.ui.widgets.flow import Hairline, column, flow, row
from spoc_desktop.ui.widgets.reglette import Reglette, Segment
from spoc_desktop.ui.widgets.text import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from spoc_desktop.services.workplace import Workplace
    from spoc_desktop.ui.page import Frame
    from sync.client.ports import Changes


class CarryPage(LoadedPage["tuple[Carriable, ...]"]):
    """What is under way stands on top; leaving the page lets it go on, its end is said by a toast."""

    _far = Signal(object, object)

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self._busy = ""
        self._done: tuple[str, str] | None = None
        self._progress: Reglette | None = None
        self._stopped = False
        self._once_more: Callable[[], None] | None = None
        self._far.connect(self._show_far, Qt.ConnectionType.QueuedConnection)
        self.setAcceptDrops(True)

    def read(self, params: Mapping[str, Any]) -> tuple[Carriable, ...]:
        return self.workplace.carrying.courses()

    def opened(self, **params: object) -> None:
        if not self._busy:
            self._done, self._once_more = None, None
        super().opened(**params)

    def refresh(self, changes: Changes) -> None:  # type: ignore[override]  # as in LoadedPage
        if (changes.files or changes.kinds) and not self._busy:
            self.reload()

    # -- drawing

    def show_found(self, found: tuple[Carriable, ...]) -> None:
        self._progress = None
        self.set_crumbs(Crumb(_("Files ahead of time"), "ahead"), Crumb(_("USB stick")))
        self.main.add(Text(_("A course on a USB stick"), "title", wrap=True))
        said = _("Films are heavy. A stick brings them to a computer whose network is slow or missing.")
        self.main.add(Text(said, "body", "muted", wrap=True), 4)
        self._fill_margin()
        if self._busy:
            self._add_busy()
            return
        if self._done is not None:
            self.main.add(Callout("tip", *self._done), 24)
        self._add_bring()
        self._add_courses(found)

    def _add_bring(self) -> None:
        self.main.add(Text(_("Bring a course from a stick"), "section", wrap=True), 32)
        said = _("Choose the folder of the course on the stick, or drop it here.")
        self.main.add(Text(said, "body", wrap=True), 8)
        bring = Button(_("Choose the stick…"), "primary", "folder-down")
        bring.setObjectName("bring")
        bring.clicked.connect(self._choose_stick)
        self.main.add(bring, 12, left=True)

    def _add_courses(self, found: tuple[Carriable, ...]) -> None:
        self.main.add(Text(_("Copy a course onto a stick"), "section", wrap=True), 32)
        if not found:
            said = _("No course has come to this computer yet.")
            self.main.add(Text(said, "body", wrap=True), 8)
        for place, course in enumerate(found):
            self.main.add(self._course(course), 12)
            if place < len(found) - 1:
                self.main.add(Hairline(), 12)

    def _course(self, course: Carriable) -> QWidget:
        words = column(Text(course.title, "card", wrap=True), Text(_course_words(course), "small", "muted", wrap=True))
        left = row(Cover(cover_colour(course.colour)), words, gap=16, stretch=1, top=True)
        key = course.course_id.hex()
        if course.is_ready:
            button = Button(_("Copy…"), icon="folder-check", size="small")
            button.setObjectName(f"copy_{key}")
            button.clicked.connect(lambda: self._choose_place(course))
        elif course.lacking:
            button = Button(_("Download now"), icon="folder-down", size="small")
            button.setObjectName(f"fetch_{key}")
            button.clicked.connect(lambda: self.fetch(course))
        else:
            return left
        button.setAccessibleName(f"{button.text()}, {course.title}")
        return flow(left, button, spread=True, least=240, gap=16)

    def _add_busy(self) -> None:
        self._progress = Reglette([Segment(1, "todo")], self._busy, value=_("Beginning"))
        stop = Button(_("Stop"), size="small")
        stop.setObjectName("stop")
        stop.clicked.connect(self.stop)
        self.main.add(Text(self._busy, "lead", wrap=True), 32)
        self.main.add(self._progress, 12)
        self._far_words = Text("", "small", "muted")
        self.main.add(self._far_words, 8)
        said = _("You may leave this page: it goes on, and its end is announced.")
        self.main.add(Text(said, "body", "muted", wrap=True), 16)
        self.main.add(stop, 16, left=True)

    def _fill_margin(self) -> None:
        self.margin.add(Text(_("Good to know"), "section"))
        for words in (
            _("Your organisation signs its courses: a stick of somebody else, or an altered one, is refused whole."),
            _("The texts, and who may see them, come with the next synchronisation; they are small."),
            _("A stick holds no answer of a graded quiz, and nobody’s work."),
        ):
            self.margin.add(Text(words, "small", "muted", wrap=True), 8)

    # -- bringing

    def _choose_stick(self) -> None:
        name = QFileDialog.getExistingDirectory(self, _("Choose the folder of the course on the stick"))
        if name:
            self.bring(Path(name))

    def bring(self, chosen: Path) -> None:
        """Take the course that lies there: all that is lacking here, or nothing."""
        workplace, told = self.workplace, self._begin(_("Bringing the course"), lambda: self.bring(chosen))

        def bring() -> Brought:
            brought = workplace.carrying.bring(workplace.carrying.look(chosen), told)
            workplace.changed(brought.changes)
            return brought

        self.frame.workers.fetch(bring, self._brought, self._failed_run, owner=self)

    def _brought(self, brought: Brought) -> None:
        self._end(_("“{title}” is here").format(title=brought.title), brought_words(brought))

    # -- copying

    def _choose_place(self, course: Carriable) -> None:
        name = QFileDialog.getExistingDirectory(self, _("Choose the stick"))
        if name:
            self.copy(course, Path(name))

    def copy(self, course: Carriable, into: Path) -> None:
        """Write a course into a folder of its own on the stick."""
        carrying = self.workplace.carrying
        words = _("Copying “{title}”").format(title=course.title)
        told = self._begin(words, lambda: self.copy(course, into))
        self.frame.workers.fetch(
            lambda: carrying.write(course.course_id, into, told), self._copied, self._failed_run, owner=self
        )

    def _copied(self, place: Path) -> None:
        said = _("It lies in the folder “{folder}”. Eject the stick before you take it out.").format(folder=place.name)
        self._end(_("The course is on the stick"), said)

    def fetch(self, course: Carriable) -> None:
        """Download what is lacking of a course."""
        ahead = self.workplace.ahead
        self.write(lambda: ahead.ask(course.lacking), self._wanted)

    def _wanted(self, _nothing: object) -> None:
        announce(self, _("Asked for. It comes as soon as there is a network."))
        self.workplace.sync_soon()
        self.reload()

    # -- how far it is

    def _begin(self, words: str, once_more: Callable[[], None]) -> Callable[[int, int], bool]:
        self._busy, self._done, self._stopped, self.error = words, None, False, None
        self._once_more = once_more
        self.redraw()
        announce(self, words)

        def told(done: int, whole: int) -> bool:
            self._far.emit(done, whole)
            return not self._stopped

        return told

    def _show_far(self, done: int, whole: int) -> None:
        if self._progress is not None and whole:
            words = _("{done} of {whole}").format(done=size(done), whole=size(whole))
            self._progress.show_segments([Segment(1, "part", done / whole)], value=words)
            self._far_words.say(words)

    def _end(self, title: str, words: str) -> None:
        self._busy, self._done, self._once_more = "", (title, words), None
        announce(self, f"{title}. {words}")
        if not self.isVisible():
            self.frame.toast(lambda: title)
        self.reload()

    def _failed_run(self, error: Exception) -> None:
        self._busy = ""
        if isinstance(error, Stopped):
            announce(self, _("Stopped. Nothing was kept."))
            self.redraw()
        else:
            self.fail(error)

    def again(self) -> None:
        """What failed is done once more: the stick may have been put in again."""
        (self._once_more or self.reload)()

    def stop(self) -> None:
        """Give up what is under way after the piece at hand."""
        self._stopped = True

    # -- dropping a folder

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if not self._busy and _folder_in(event.mimeData().urls()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        folder = _folder_in(event.mimeData().urls())
        if folder is not None:
            event.acceptProposedAction()
            self.bring(folder)


def _course_words(course: Carriable) -> str:
    files = ngettext("{count} file, {size}", "{count} files, {size}", course.files)
    said = [files.format(count=course.files, size=size(course.size))]
    if course.lacking:
        here = course.files - len(course.lacking)
        said.append(_("{here} of {count} are here").format(here=here, count=course.files))
    elif not course.signed:
        said.append(_("its signature arrives with the next synchronisation"))
    return " · ".join(said)


def _folder_in(urls: list[QUrl]) -> Path | None:
    """The one folder that is dropped."""
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and paths[0].is_dir() else None


def places(workplace: Workplace) -> tuple[Place, ...]:
    """For everybody: from the courses, from the contents, from the files ahead of time."""
    return (Place("carry", lambda frame: CarryPage(frame, workplace), lambda: _("USB stick")),)
