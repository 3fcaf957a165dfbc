"""Mes cours: the person's courses; one alone opens at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from spoc_desktop.i18n import _
from spoc_desktop.services.courses import Enrolled, Outline
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.course import CourseView, show_outline
from spoc_desktop.ui.pages.loaded import LoadedPage, not_here_yet
from spoc_desktop.ui.pages.people import course_row
from spoc_desktop.ui.pages.today import SHOWN_KINDS
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.text import Text

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace
    from spoc_desktop.ui.page import Frame


class CoursesPage(LoadedPage["tuple[CourseView | None, tuple[Enrolled, ...], int]"]):
    """A line a course, or the one course itself."""

    concerns: ClassVar[frozenset[int]] = SHOWN_KINDS

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self._opened: set[bytes] = set()

    def read(self, params: Mapping[str, Any]) -> tuple[CourseView | None, tuple[Enrolled, ...], int]:
        now = self.workplace.desk.true_now()
        mine = self.workplace.courses.enrolled()
        here = [one for one in mine if one.edition is not None and one.cohort is not None]
        if len(mine) == 1 and here:
            outline: Outline = self.workplace.courses.outline(mine[0].cohort_id)
            return CourseView(outline, (), now), mine, now
        return None, mine, now

    def show_found(self, found: tuple[CourseView | None, tuple[Enrolled, ...], int]) -> None:
        view, mine, now = found
        self.set_crumbs(Crumb(_("My courses")))
        if view is not None:
            show_outline(self, view, self._opened)
            self._add_stick()
            return
        if not mine:
            self.main.add(not_here_yet(self.workplace, _("Your courses arrive with the next synchronisation.")))
            return
        self.main.add(Text(_("My courses"), "title", wrap=True))
        for place, course in enumerate(mine):
            row = course_row(self.frame, course, now, line=place < len(mine) - 1)
            row.setObjectName(f"course_{course.cohort_id.hex()}")
            self.main.add(row, 16 if place == 0 else 0)
        self._add_stick()

    def _add_stick(self) -> None:
        """The way in for a course that comes without a network."""
        bring = Button(_("Bring a course from a USB stick"), "quiet", "folder-down", size="small")
        bring.setObjectName("stick")
        bring.clicked.connect(lambda: self.frame.open("carry"))
        self.main.add(bring, 24, left=True)


def places(workplace: Workplace) -> tuple[Place, ...]:
    """The learner's way to their courses."""
    roles = workplace.roles()
    if not roles.learner and (roles.trainer or roles.author):
        return ()
    return (
        Place("courses", lambda frame: CoursesPage(frame, workplace), lambda: _("My courses"), "book-open", order=20),
    )
