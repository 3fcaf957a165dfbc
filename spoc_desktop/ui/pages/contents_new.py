"""An empty course gets its title, its language and its contacts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from spoc_desktop.i18n import _, language
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.contents_editing import MARGIN, SECTION
from spoc_desktop.ui.pages.loaded import LoadedPage
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.field import Choice, Field, LineEdit
from spoc_desktop.ui.widgets.text import Text

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace
    from sync.client.ports import Changes


def language_choice(chosen: str) -> Choice:
    """The language that a course is written in."""
    made = Choice()
    for code, word in (("fr", _("French")), ("en", _("English"))):
        made.addItem(word, code)
    made.setCurrentIndex(max(0, made.findData(chosen)))
    return made


class NewCoursePage(LoadedPage[bool]):
    """One form. What is typed is kept in the page until the course is begun."""

    margin_width = MARGIN
    measure = 616

    def read(self, params: Mapping[str, Any]) -> bool:
        return True

    def show_found(self, found: bool) -> None:  # noqa: FBT001  # the shape that every page has
        self.set_crumbs(Crumb(_("Contents"), SECTION), Crumb(_("New course")))
        self.main.add(Text(_("A new course"), "title", wrap=True))
        self._title = Field(_("Title"), LineEdit(), _("As learners will read it. It can be changed later."))
        self._title.edit.setObjectName("title")
        self._language = language_choice(language())
        self._language.setObjectName("language")
        self._technical = Field(_("Technical contact"), LineEdit(), _("Who helps when the program does not work."))
        self._technical.edit.setObjectName("technical")
        self._pedagogical = Field(_("Pedagogical contact"), LineEdit(), _("Who answers questions about the course."))
        self._pedagogical.edit.setObjectName("pedagogical")
        for place, field in enumerate(
            (self._title, Field(_("Language"), self._language), self._technical, self._pedagogical)
        ):
            self.main.add(field, 24 if place == 0 else 16)
        begin = Button(_("Begin the course"), "primary", "pencil-line", key="Ctrl+⏎")
        begin.setObjectName("begin")
        begin.clicked.connect(self.submit)
        self.main.add(begin, 24, left=True)
        self.margin.add(Text(_("Nothing is public yet"), "section"))
        said = _("What you write stays a draft, on this computer and on the server. Learners see it when you publish.")
        self.margin.add(Text(said, "small", "muted", wrap=True), 8)

    def submit(self) -> None:
        """Begin the course."""
        title = self._title.edit.text().strip() if isinstance(self._title.edit, LineEdit) else ""
        self._title.show_error("" if title else _("Give it a title first."))
        if not title:
            return
        course_id = bytes(self.params["course_id"])
        technical, pedagogical = (
            field.edit.text().strip() if isinstance(field.edit, LineEdit) else ""
            for field in (self._technical, self._pedagogical)
        )
        code = str(self._language.currentData())

        def begun(changes: Changes) -> None:
            self.workplace.changed(changes)
            self.frame.open("contents_course", course_id=course_id)

        drafts = self.workplace.drafts
        self.write(lambda: drafts.begin(course_id, title, code, technical, pedagogical), begun)


def places(workplace: Workplace) -> tuple[Place, ...]:
    """Opened from the list of courses."""
    make = lambda frame: NewCoursePage(frame, workplace)  # noqa: E731  # as every page is made
    return (Place("contents_new", make, lambda: _("New course"), section=SECTION),)
