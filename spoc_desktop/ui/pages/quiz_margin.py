"""What is said about an answer, in the margin: only when it was given, and the expected one only at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from spoc_desktop.i18n import _, number
from spoc_desktop.ui.widgets.block_view import BlockView
from spoc_desktop.ui.widgets.flow import Hairline, row
from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.sheet import Column
from spoc_desktop.ui.widgets.text import Span, Text
from sync.domain.courses import ActivityType, PublishedActivity, PublishedModule

if TYPE_CHECKING:
    from spoc_desktop.services.feedback import Expected, Feedback

MOST_DECIMALS = 6


def verdict_word(said: Feedback) -> str:
    """The word "Right" or "Not yet": a wrong answer is a step."""
    return _("Right") if said.right else _("Not yet")


def plain_number(value: float) -> str:
    """A figure with the decimals that it has, at most six."""
    decimals = next((n for n in range(MOST_DECIMALS) if round(value, n) == value), MOST_DECIMALS)
    return number(value, decimals)


def expected_words(expected: Expected) -> str:
    """An expected text or number as it is shown; empty where options are marked instead."""
    if expected.value is not None:
        return " ".join(part for part in (plain_number(expected.value), expected.unit) if part).replace(" ", "\u00a0")
    return expected.text


def add_feedback(margin: Column, said: Feedback, open_link: Callable[[str], object]) -> None:
    """Verdict, the author's words for who chose this, and at the end the expected answer and why."""
    colour = "success" if said.right else "danger"
    icon = "circle-check" if said.right else "circle-x"
    margin.add(row(Glyph(icon, colour), Text(verdict_word(said), "label", colour), stretch=1))
    for blocks in (said.said, said.explanation):
        if blocks:
            text = BlockView(blocks, "note")
            text.link_wanted.connect(open_link)
            margin.add(text, 12)
    words = expected_words(said.expected) if said.expected is not None and not said.right else ""
    if words:
        margin.add(Text([Span(_("Expected answer:") + " ", colour="muted"), Span(words, 600)], wrap=True), 12)


def lesson_before(module: PublishedModule, activity_id: bytes) -> PublishedActivity | None:
    """The lesson of the module that comes last before the quiz: where to look again."""
    found = None
    for activity in module.activities:
        if activity.id == activity_id:
            return found
        found = activity if activity.type is ActivityType.LESSON else found
    return None


def add_review_link(margin: Column, lesson: PublishedActivity, go: Callable[[], None]) -> None:
    """A way back to the lesson."""
    link = LinkButton(_("Read “{title}” again").format(title=lesson.title), "file-text")
    link.setObjectName("lesson")
    link.clicked.connect(go)
    margin.add(link, 16)
    margin.add(Hairline(), 16)
