"""A version that came back: the text with its passages, the grid, and the trainer's words in the margin."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from spoc_desktop.i18n import _, capital, day_and_time, moment
from spoc_desktop.ui.page import Page
from spoc_desktop.ui.widgets.anchored_text import AnchoredText, Mark
from spoc_desktop.ui.widgets.avatar import Avatar
from spoc_desktop.ui.widgets.box import Box
from spoc_desktop.ui.widgets.flow import Hairline, column, row
from spoc_desktop.ui.widgets.remark import Remark
from spoc_desktop.ui.widgets.rubric_view import RubricRow, RubricView
from spoc_desktop.ui.widgets.sheet import Column
from spoc_desktop.ui.widgets.text import Text

if TYPE_CHECKING:
    from spoc_desktop.services.messages import MessageView
    from spoc_desktop.services.versions import ReviewView, RubricLine, Version

Replies = Mapping[int, Sequence["MessageView"]]


class ReviewedVersion:
    """Ties a text and the remarks beside it: going to one shows the other."""

    def __init__(self, page: Page, version: Version) -> None:
        self._page = page
        self._review = version.review
        marks = [
            Mark(one.number, one.start, one.end, one.text)
            for one in (self._review.remarks if self._review else ())
            if one.end > one.start
        ]
        self.text = AnchoredText(version.text, marks, name=_("Version {number}").format(number=version.number))
        self.text.setObjectName("version_text")
        self.text.picked.connect(self.go_to)
        self.remarks: list[Remark] = []

    def add_text(self, gap: int) -> None:
        """The text in its frame."""
        self._page.main.add(Box(self.text), gap)

    def add_grid(self, gap: int) -> None:
        """What was reached of each criterion."""
        review = self._review
        if review is None or not review.rubric:
            return
        heading = _("Your grid · {points} points of {best}").format(points=review.points, best=review.best)
        self._page.main.add(Text(heading, "section", wrap=True), gap)
        self._page.main.add(RubricView([rubric_row(line) for line in review.rubric]), 4)

    def add_margin(self, margin: Column, now: int, replies: Replies, answer: Callable[[int], None]) -> None:
        """Who read it, what they think of it, and each remark with what was answered."""
        review = self._review
        if review is None:
            return
        margin.add(_who(review, now))
        if review.opinion:
            margin.add(Text(review.opinion, "note", wrap=True), 12)
        if review.remarks:
            margin.add(Hairline(), 16)
        for one in review.remarks:
            made = Remark(one.number, one.text, answer=_("Answer"))
            for reply in replies.get(one.number, ()):
                made.add_reply(reply.text, _reply_head(reply, now))
            made.picked.connect(self.go_to)
            made.answer_wanted.connect(answer)
            self.remarks.append(made)
            margin.add(made, 4)

    def go_to(self, number: int) -> None:
        """Show a remark and its passage as the current ones."""
        self.text.set_current(number, reveal=True)
        for one in self.remarks:
            one.show_current(is_current=one.number == number)


def rubric_row(line: RubricLine) -> RubricRow:
    """A criterion in figures and in words."""
    best = max((level.points for level in line.criterion.levels), default=0)
    if line.level is None:
        return RubricRow(line.criterion.title, 0, best, line.comment or _("not rated"))
    reached = _("{points} of {best}").format(points=line.level.points, best=best)
    words = " · ".join(part for part in (reached, line.comment or line.level.title) if part)
    return RubricRow(line.criterion.title, line.level.points, best, words)


def _who(review: ReviewView, now: int) -> QWidget:
    name = review.trainer or _("The trainer")
    title = Text(name, "label", wrap=True)
    at = Text(capital(day_and_time(moment(review.at), moment(now).date())), "caption", "muted", wrap=True)
    return row(Avatar(name, trainer=True), column(title, at, gap=0), gap=12, stretch=1, top=True)


def _reply_head(reply: MessageView, now: int) -> str:
    who = _("You") if reply.writer.is_me else reply.writer.name
    return _("{who}, {when}").format(who=who, when=day_and_time(moment(reply.at), moment(now).date()))
