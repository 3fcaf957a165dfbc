"""Contenus: the courses that a person writes, each with what was published and what has changed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from spoc_desktop.i18n import _
from spoc_desktop.services.authoring_changes import PUBLISHED_KINDS
from spoc_desktop.services.authoring_drafts import DRAFT_KINDS, Shelved
from spoc_desktop.services.files import safe_name
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages import (
    contents_course,
    contents_exercise,
    contents_import,
    contents_lesson,
    contents_new,
    contents_question,
    contents_quiz,
    contents_settings,
)
from spoc_desktop.ui.pages.ahead import add_stick
from spoc_desktop.ui.pages.contents_editing import MARGIN, SECTION
from spoc_desktop.ui.pages.contents_words import change_words, edition_words
from spoc_desktop.ui.pages.loaded import LoadedPage
from spoc_desktop.ui.widgets.box import Box
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.cover import Cover, cover_colour
from spoc_desktop.ui.widgets.flow import Hairline, flow
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.row import Row
from spoc_desktop.ui.widgets.text import Text

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace
    from spoc_desktop.ui.page import Frame


@dataclass(frozen=True, slots=True)
class Shelf:
    """The courses at an instant in milliseconds."""

    courses: tuple[Shelved, ...]
    now: int


class ContentsPage(LoadedPage[Shelf]):
    """A line a course; ways to bring one in, to begin one, to write one out."""

    margin_width: ClassVar[int] = MARGIN
    concerns: ClassVar[frozenset[int]] = DRAFT_KINDS | PUBLISHED_KINDS

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self._asks = False
        self._new_id = b""

    def read(self, params: Mapping[str, Any]) -> Shelf:
        return Shelf(self.workplace.drafts.shelf(), self.workplace.desk.now())

    def show_found(self, found: Shelf) -> None:
        self.set_crumbs(Crumb(_("Contents")))
        self.main.add(Text(_("Your courses"), "title", wrap=True))
        written = [one for one in found.courses if not one.is_blank]
        for place, shelved in enumerate(written):
            self.main.add(self._row(shelved, found.now, line=place < len(written) - 1), 16 if place == 0 else 0)
        for shelved in (one for one in found.courses if one.is_blank):
            self._add_blank(shelved)
        if not found.courses:
            said = _("No course is open to you for writing yet.")
            self.main.add(Text(said, "body", "muted", wrap=True), 16)
        bring = Button(_("Import a folder"), "primary" if not written else "plain", "folder-down")
        bring.setObjectName("import")
        bring.clicked.connect(lambda _checked=False: self.frame.open("contents_import"))
        new = Button(_("New course"), icon="plus")
        new.setObjectName("new_course")
        new.clicked.connect(self._new)
        self.main.add(flow(bring, new, gap=12), 24)
        if self._asks:
            self._add_request()
        self._fill_margin(written)

    def _row(self, shelved: Shelved, now: int, *, line: bool) -> Row:
        row = Row(
            shelved.title,
            edition_words(shelved, now),
            leading=Cover(cover_colour(self._colour(shelved))),
            end=change_words(shelved),
            end_colour="text" if shelved.differences.count else "muted",
            title_role="card",
            line=line,
        )
        row.setObjectName(f"draft_{shelved.course_id.hex()}")
        row.clicked.connect(lambda: self.frame.open("contents_course", course_id=shelved.course_id))
        return row

    @staticmethod
    def _colour(shelved: Shelved) -> str:
        named = shelved.drafts.course if shelved.drafts is not None else shelved.edition
        return named.colour if named is not None else "ochre"

    def _add_blank(self, shelved: Shelved) -> None:
        begin = Button(_("Begin this course"), "primary", "pencil-line")
        begin.setObjectName(f"begin_{shelved.course_id.hex()}")
        begin.clicked.connect(lambda: self.frame.open("contents_new", course_id=shelved.course_id))
        said = _("The server has opened an empty course for you. Give it a title and write.")
        self.main.add(
            Box(
                Text(_("An empty course waits for you"), "card", wrap=True),
                Text(said, "body", "muted", wrap=True),
                flow(begin),
            ),
            24,
        )

    # -- a place for a new course

    def _new(self) -> None:
        blank = next((one for one in self.found.courses if one.is_blank), None) if self.found is not None else None
        if blank is not None:
            self.frame.open("contents_new", course_id=blank.course_id)
            return
        self._asks = True
        self._new_id = self._new_id or self.workplace.desk.new_id()
        self.redraw()
        announce(self, _("Your IT department opens a place for it on the server."))

    @property
    def request(self) -> str:
        """What the IT department types for a new course."""
        return f"spoc-server author {UUID(bytes=self._new_id)} {self.workplace.profile.login}"

    def _add_request(self) -> None:
        copy = Button(_("Copy the line"), icon="clipboard-list", size="small")
        copy.setObjectName("copy_request")
        copy.clicked.connect(self._copy)
        self.main.add(
            Box(
                Text(_("Your IT department opens a place for it on the server."), "card", wrap=True),
                Text(_("Send them this line. They type it on the server, once."), "body", wrap=True),
                Text(self.request, "mono", wrap=True),
                Text(
                    _("After the next synchronisation the empty course stands here, and you write in it."),
                    "body",
                    "muted",
                    wrap=True,
                ),
                flow(copy),
            ),
            24,
        )

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.request)
        self.frame.toast(lambda: _("The line is copied."))

    # -- out of the program

    def _fill_margin(self, written: list[Shelved]) -> None:
        self.margin.add(Text(_("A course in files"), "section"))
        said = _("A course is a folder of Markdown files with its pictures: keep it, share it, write it elsewhere.")
        self.margin.add(Text(said, "small", "muted", wrap=True), 8)
        for shelved in (one for one in written if one.drafts is not None):
            way = LinkButton(_("Export “{title}”").format(title=shelved.title), "folder-down")
            way.setObjectName(f"export_{shelved.course_id.hex()}")
            way.clicked.connect(lambda _checked=False, shelved=shelved: self._choose(shelved))
            self.margin.add(way, 8, left=True)
        self.margin.add(Hairline(), 24)
        add_stick(self)

    def _choose(self, shelved: Shelved) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("Where shall the folder of the course go?"))
        if folder:
            self.export_to(shelved, Path(folder))

    def export_to(self, shelved: Shelved, above: Path) -> None:
        """Write a course into a new folder below `above`."""
        target = above / safe_name(shelved.title)
        authoring = self.workplace.authoring

        def written(_text: object) -> None:
            self.frame.toast(lambda: _("Written: {folder}").format(folder=target))

        self.write(lambda: authoring.export(shelved.course_id, target), written)


def places(workplace: Workplace) -> tuple[Place, ...]:
    """The section of authors and trainers, with the pages that it opens."""
    roles = workplace.roles()
    if not roles.author:
        return ()
    title = _contents
    inner = (
        *contents_new.places(workplace),
        *contents_course.places(workplace),
        *contents_settings.places(workplace),
        *contents_lesson.places(workplace),
        *contents_quiz.places(workplace),
        *contents_question.places(workplace),
        *contents_exercise.places(workplace),
        *contents_import.places(workplace),
    )
    return (Place(SECTION, lambda frame: ContentsPage(frame, workplace), title, icon="library", order=50), *inner)


def _contents() -> str:
    return _("Contents")
