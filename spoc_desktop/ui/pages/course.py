"""A course as its outline: weeks with their réglette, activities with their state, and what is still closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QWidget

from spoc_desktop.i18n import _, day_with_year, duration, ngettext, percent
from spoc_desktop.services.courses import Enrolled, Outline
from spoc_desktop.ui.page import Crumb, Page, Place
from spoc_desktop.ui.pages.loaded import LoadedPage
from spoc_desktop.ui.pages.modules import ModuleBlock
from spoc_desktop.ui.pages.people import add_courses, add_trainers
from spoc_desktop.ui.pages.standing import first_date, last_date, segment
from spoc_desktop.ui.pages.today import SHOWN_KINDS
from spoc_desktop.ui.widgets.cover import Cover, cover_colour
from spoc_desktop.ui.widgets.flow import Hairline, column, row
from spoc_desktop.ui.widgets.reglette import Reglette
from spoc_desktop.ui.widgets.text import Text
from sync.domain.cohorts import Cohort
from sync.domain.courses import ActivityType, CertificateRule
from sync.domain.progress import State

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace
    from spoc_desktop.ui.page import Frame


@dataclass(frozen=True, slots=True)
class CourseView:
    """An outline with the person's other courses, at an instant in milliseconds."""

    outline: Outline
    others: tuple[Enrolled, ...]
    now: int


class CoursePage(LoadedPage[CourseView]):
    """The outline of one course."""

    concerns: ClassVar[frozenset[int]] = SHOWN_KINDS

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self._opened: set[bytes] = set()

    def read(self, params: Mapping[str, Any]) -> CourseView:
        cohort_id = params["cohort_id"]
        others = tuple(one for one in self.workplace.courses.enrolled() if one.cohort_id != cohort_id)
        return CourseView(self.workplace.courses.outline(cohort_id), others, self.workplace.desk.true_now())

    def show_found(self, found: CourseView) -> None:
        self.set_crumbs(Crumb(_("My courses"), "courses"), Crumb(found.outline.enrolled.title))
        show_outline(self, found, self._opened)


def show_outline(page: Page, view: CourseView, opened: set[bytes]) -> None:
    """Fill a page with an outline. `opened`: modules that the person opened or closed by hand; it is kept."""
    outline = view.outline
    page.main.add(_head(outline))
    page.main.add(Hairline(), 12)
    current = _current(outline)
    for number, module in enumerate(outline.modules, 1):
        page.main.add(
            ModuleBlock(
                page.frame,
                outline.enrolled.cohort_id,
                module,
                number,
                opened=opened,
                is_current=module.module.id == current,
            )
        )
    _fill_margin(page, view)


def _current(outline: Outline) -> bytes:
    """The module that stands open: this week's, else the first with something to do, else the first."""
    open_now = [one for one in outline.modules if one.module.week == outline.week]
    to_do = [one for one in outline.modules if one.standing.state in (State.BEGUN, State.TODO, State.LATE)]
    return next((one.module.id for one in [*open_now, *to_do, *outline.modules]), b"")


def _head(outline: Outline) -> QWidget:
    enrolled = outline.enrolled
    parts = [
        ngettext("{count} week", "{count} weeks", outline.weeks).format(count=outline.weeks),
        _("{duration} of work planned").format(duration=duration(outline.minutes)),
    ]
    if enrolled.cohort is not None:
        parts.insert(0, _period(enrolled.cohort))
    words = column(Text(enrolled.title, "title", wrap=True), Text(" · ".join(parts), "body", "muted", wrap=True), gap=4)
    colour = cover_colour(enrolled.edition.colour if enrolled.edition else "")
    return row(Cover(colour, 56, 72), words, gap=20, stretch=1, top=True)


def _period(cohort: Cohort) -> str:
    """From when to when, the year said once."""
    first, last = first_date(cohort.starts), last_date(cohort.ends)
    said = day_with_year(first)
    if first.year == last.year:
        said = said.removesuffix(f" {first.year}")
    return _("From {first} to {last}").format(first=said, last=day_with_year(last))


def _fill_margin(page: Page, view: CourseView) -> None:
    outline, margin = view.outline, page.margin
    margin.add(Text(_("Where you are"), "section"))
    margin.add(Text(duration(outline.minutes_done), "figure"), 4)
    margin.add(Text(_sum_up(outline), "body", "muted", wrap=True), 2)
    weeks = [segment(one.minutes, one.standing, one.module.title) for one in outline.modules]
    done = _("{done} of {planned}").format(done=duration(outline.minutes_done), planned=duration(outline.minutes))
    margin.add(Reglette(weeks, _("The weeks of the course"), value=done), 12)
    if outline.trainers:
        margin.add(Hairline(), 24)
        add_trainers(margin, outline.trainers, 16)
    _add_rule(page, outline)
    if view.others:
        margin.add(Hairline(), 24)
        add_courses(margin, page.frame, view.others, view.now, 16)


def _sum_up(outline: Outline) -> str:
    planned = duration(outline.minutes)
    if not 0 < outline.week <= outline.weeks:
        return _("done of {planned}").format(planned=planned)
    text = ngettext("done of {planned}, in the first week", "done of {planned}, in {week} weeks", outline.week)
    return text.format(planned=planned, week=outline.week)


def _add_rule(page: Page, outline: Outline) -> None:
    """What counts, and whom to ask: what the course says of itself."""
    edition, margin = outline.enrolled.edition, page.margin
    counts = [
        words for words in (_counted(outline, ActivityType.QUIZ), _counted(outline, ActivityType.EXERCISE)) if words
    ]
    rule = _certificate_rule(edition.certificate) if edition and edition.certificate else ""
    if counts or rule:
        margin.add(Hairline(), 24)
        margin.add(Text(_("What counts"), "section"), 16)
        for words in (*counts, rule):
            if words:
                margin.add(Text(words, "body", wrap=True), 8)
    contacts = [one for one in (edition.pedagogical_contact, edition.technical_contact) if one] if edition else []
    if contacts:
        margin.add(Hairline(), 24)
        margin.add(Text(_("Whom to ask"), "section"), 16)
        for contact in dict.fromkeys(contacts):
            margin.add(Text(contact, "body", wrap=True), 4)


def _counted(outline: Outline, kind: ActivityType) -> str:
    """Which quizzes are graded, or which exercises are reviewed; "" for none."""
    rows = [one.activity for one in outline.activities if one.activity.graded and one.activity.type is kind]
    titles = ", ".join(_("“{title}”").format(title=one.title) for one in rows)
    if not rows:
        return ""
    if kind is ActivityType.QUIZ:
        text = ngettext("One quiz is graded: {titles}.", "These quizzes are graded: {titles}.", len(rows))
    else:
        text = ngettext("One exercise is reviewed: {titles}.", "These exercises are reviewed: {titles}.", len(rows))
    return text.format(titles=titles)


def _certificate_rule(rule: CertificateRule) -> str:
    """What earns the certificate, in one sentence."""
    share = percent(rule.minutes_percent / 100)
    if rule.quizzes and rule.exercises:
        text = _(
            "The certificate is given for {percent} of the planned time, all graded quizzes passed and all exercises"
            " accepted."
        )
    elif rule.quizzes:
        text = _("The certificate is given for {percent} of the planned time and all graded quizzes passed.")
    elif rule.exercises:
        text = _("The certificate is given for {percent} of the planned time and all exercises accepted.")
    else:
        text = _("The certificate is given for {percent} of the planned time.")
    return text.format(percent=share)


def places(workplace: Workplace) -> tuple[Place, ...]:
    """One course, opened from a list."""
    return (Place("course", lambda frame: CoursePage(frame, workplace), lambda: _("Course"), section="courses"),)
