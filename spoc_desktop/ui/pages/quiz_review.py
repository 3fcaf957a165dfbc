"""The questions of an attempt before it is handed in: what is answered, what is not, and a way to each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from spoc_desktop.i18n import _, ngettext
from spoc_desktop.ui.page import Page
from spoc_desktop.ui.pages.question_form import title_of
from spoc_desktop.ui.widgets.row import Row
from spoc_desktop.ui.widgets.text import Text
from sync.domain.quizzes import Mode

if TYPE_CHECKING:
    from spoc_desktop.services.feedback import QuestionView
    from spoc_desktop.services.quizzes import Sitting


def fill_review(page: Page, sitting: Sitting, go: Callable[[int], None]) -> None:
    """A line a question; nothing is handed in by coming here."""
    left = len(sitting.questions) - sitting.answered
    page.main.add(Text(sitting.edition.title, "small", "muted", wrap=True))
    page.main.add(Text(_("Look over before you hand in"), "title", wrap=True), 4)
    page.main.add(Text(_left_words(left), wrap=True), 12)
    for place, view in enumerate(sitting.questions):
        page.main.add(_line(place, view, go), 12 if place == 0 else 0)
    is_graded = sitting.edition.mode is Mode.GRADED
    page.margin.add(Text(_("After you hand in"), "section"))
    for text in _consequences(is_graded=is_graded):
        page.margin.add(Text(text, wrap=True), 12)


def _left_words(left: int) -> str:
    if not left:
        return _("Every question has an answer.")
    return ngettext(
        "{left} question has no answer yet. Without an answer it earns nothing.",
        "{left} questions have no answer yet. Without an answer they earn nothing.",
        left,
    ).format(left=left)


def _line(place: int, view: QuestionView, go: Callable[[int], None]) -> Row:
    answered = view.answer is not None
    made = Row(
        _("{number}. {title}").format(number=place + 1, title=title_of(view.question)),
        icon="circle-check" if answered else "circle",
        icon_colour="success" if answered else "muted",
        end=_("Answered") if answered else _("No answer yet"),
        end_colour="muted" if answered else "human",
    )
    made.setObjectName(f"question_{place + 1}")
    made.clicked.connect(lambda: go(place))
    return made


def _consequences(*, is_graded: bool) -> tuple[str, ...]:
    if not is_graded:
        return (_("You see your result at once, with the explanations."),)
    return (
        _("Your answers cannot be changed any more."),
        _("They are saved on this computer and sent at the next sync, at once if there is a network."),
    )
