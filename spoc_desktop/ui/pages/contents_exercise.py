"""An exercise being written: what is asked, when it is due, and the rubric that its review goes by."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from spoc_desktop.i18n import _, ngettext
from spoc_desktop.services.authoring_drafts import Opened
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.layouts import empty
from spoc_desktop.ui.links import ask_to_open
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.contents_editing import SECTION
from spoc_desktop.ui.pages.contents_lesson import ActivityPage, lines_of
from spoc_desktop.ui.pages.contents_text import DraftText
from spoc_desktop.ui.pages.exercise_parts import add_criteria
from spoc_desktop.ui.pages.lesson_files import LessonFiles
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.criterion_edit import CriterionEdit
from spoc_desktop.ui.widgets.field import Field, TextArea, text_of
from spoc_desktop.ui.widgets.flow import Hairline, column
from spoc_desktop.ui.widgets.number_edit import NumberEdit
from spoc_desktop.ui.widgets.segmented import Segmented
from spoc_desktop.ui.widgets.text import Text
from sync.domain.exercises import Criterion, Exercise, Level, best_of

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace
    from spoc_desktop.ui.page import Frame

MOST_CRITERIA, MOST_DAYS = 20, 60

Criteria = tuple[Criterion, ...]


class ExerciseEditorPage(ActivityPage):
    """`criteria` is the truth while somebody types; the store follows each keystroke."""

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self.brief: DraftText | None = None
        self.criteria: Criteria = ()
        self._pictures = LessonFiles(self)
        self._preview: QWidget | None = None

    def opened(self, **params: object) -> None:
        if params != self.params:
            self.brief = None
        super().opened(**params)

    def arrived(self, found: Opened) -> None:
        if self.brief is None:
            self.take_files(found)
            self.brief = DraftText(self, "brief", found.body.brief, self.named, shown=self.show_preview)
            self.criteria = found.body.criteria
        elif not self.is_typing:
            self.brief.take(found.body.brief)
            self.criteria = found.body.criteria

    # -- drawing

    def show_found(self, found: Opened) -> None:
        if self.brief is None:
            return
        exercise: Exercise = found.body
        self.add_crumbs(found, Crumb(_("Exercise")))
        self.add_head(found, _("Exercise"))
        due = NumberEdit(exercise.due_day, 0, MOST_DAYS)
        due.setObjectName("due_day")
        due.changed.connect(lambda count: self.keep(due_day=count))
        self.add_number(_("Due so many days after its week opens (0: when the week ends)"), due)
        area = self.brief.make_area(_("What is asked"), 8)
        if self.brief.files is not None:
            self.main.add(self.brief.files.holder, 16)
        self.main.add(area, 16)
        files = Segmented([("yes", _("Text and files")), ("no", _("Text alone"))], _("What is handed in"))
        files.setObjectName("files")
        files.choose("yes" if exercise.files else "no")
        files.picked.connect(lambda key: self.keep(files=key == "yes"))
        self.main.add(Text(_("What is handed in"), "label"), 16)
        self.main.add(files, 6, left=True)
        objectives = TextArea(2, most=8)
        objectives.setObjectName("objectives")
        objectives.setPlainText("\n".join(exercise.objectives))
        objectives.textChanged.connect(lambda: self.keep(objectives=lines_of(text_of(objectives))))
        self.main.add(Field(_("Objectives, one a line"), objectives), 16)
        self.main.add(Hairline(), 24)
        best = best_of(self.criteria)
        points = ngettext("Rubric, {count} point", "Rubric, {count} points", best).format(count=best)
        self.main.add(Text(points, "section"), 16)
        if not self.criteria:
            said = _("Say what you will look at: your review goes by it, and learners read it before they begin.")
            self.main.add(Text(said, "body", "muted", wrap=True), 8)
        for place, criterion in enumerate(self.criteria):
            self.main.add(self._criterion(criterion, place), 12)
        add = Button(_("Add a criterion"), icon="plus")
        add.setObjectName("add_criterion")
        add.clicked.connect(self.add_criterion)
        self.main.add(add, 16, left=True)
        self.main.add(self.make_saved_line(), 16)
        self.show_margin(found)

    def show_margin(self, found: Opened) -> None:
        self.margin.add(Text(_("As the learner sees it"), "section"))
        self._preview = column(gap=16)
        self.margin.add(self._preview, 12)
        self.show_preview()
        add_criteria(self.margin, self.criteria, 24)
        self.publishing.add_checks(found.shelved, 32)

    def show_preview(self) -> None:
        """Show what is asked as the text says it now."""
        layout = self._preview.layout() if self._preview is not None and isValid(self._preview) else None
        if layout is None or self.brief is None:
            return
        empty(layout)
        if self.brief.blocks:
            view = self._pictures.view(self.brief.blocks)
            view.link_wanted.connect(lambda href: ask_to_open(href, self))
            layout.addWidget(view)
        else:
            layout.addWidget(Text(_("What you write appears here."), "small", "muted", wrap=True))

    def _criterion(self, criterion: Criterion, place: int) -> CriterionEdit:
        made = CriterionEdit(criterion, place, len(self.criteria))
        made.said.connect(self._say)
        made.reshaped.connect(lambda changed: self._put(self._with(changed)))
        made.moved.connect(lambda step: self._move(place, step))
        made.taken.connect(lambda: self.take_criterion(place))
        return made

    # -- writing

    def _with(self, changed: Criterion) -> Criteria:
        return tuple(changed if one.number == changed.number else one for one in self.criteria)

    def _say(self, changed: Criterion) -> None:
        self.criteria = self._with(changed)
        self.keep(criteria=self.criteria)

    def _put(self, criteria: Criteria) -> None:
        self.criteria = criteria
        self.keep(criteria=criteria)
        self.redraw()

    def add_criterion(self) -> None:
        """One more criterion with three levels, ready to be named."""
        if len(self.criteria) >= MOST_CRITERIA:
            announce(self, _("A rubric has at most {count} criteria.").format(count=MOST_CRITERIA), urgent=True)
            return
        number = max((one.number for one in self.criteria), default=0) + 1
        levels = (
            Level(title=_("To do again"), points=0),
            Level(title=_("Getting there"), points=1),
            Level(title=_("Achieved"), points=2),
        )
        self._put((*self.criteria, Criterion(number=number, title="", levels=levels)))
        line = self.findChild(QWidget, f"criterion_{number}")
        if line is not None:
            line.setFocus()

    def _move(self, place: int, step: int) -> None:
        other = place + step
        if 0 <= other < len(self.criteria):
            criteria = list(self.criteria)
            criteria[place], criteria[other] = criteria[other], criteria[place]
            self._put(tuple(criteria))

    def take_criterion(self, place: int) -> None:
        """Take a criterion out; for ten seconds it can be put back."""
        gone = self.criteria[place]
        self._put(tuple(one for one in self.criteria if one is not gone))
        self.frame.toast(lambda: _("The criterion was removed."), self._putting_back(gone, place))

    def _putting_back(self, gone: Criterion, place: int) -> Callable[[], None]:
        return lambda: self._put((*self.criteria[:place], gone, *self.criteria[place:]))


def places(workplace: Workplace) -> tuple[Place, ...]:
    """Opened from the outline."""
    make = lambda frame: ExerciseEditorPage(frame, workplace)  # noqa: E731  # as every page is made
    return (Place("contents_exercise", make, lambda: _("Exercise"), section=SECTION),)
