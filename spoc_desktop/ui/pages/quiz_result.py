"""What became of an attempt: waiting, received or graded, and each question with the person's answer beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spoc_desktop.i18n import _, day_and_time, moment, ngettext, number, percent
from spoc_desktop.services.results import Stage
from spoc_desktop.ui.page import Page
from spoc_desktop.ui.pages.question_form import CHOICES, option_words, title_of
from spoc_desktop.ui.pages.quiz_margin import expected_words, plain_number
from spoc_desktop.ui.pages.quiz_start import release_words
from spoc_desktop.ui.widgets.block_view import BlockView
from spoc_desktop.ui.widgets.callout import Callout
from spoc_desktop.ui.widgets.flow import Hairline, column, flow, row
from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.tag import Tag
from spoc_desktop.ui.widgets.text import Span, Text
from sync.domain.quizzes import QuestionType

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from spoc_desktop.services.results import QuestionResult, Result


def fill_result(page: Page, title: str, result: Result, now: int, *, own: bool = True) -> None:
    """The figure first, then what it rests on. `own`: the reader is the one who answered."""
    at = day_and_time(moment(result.submitted), moment(now).date())
    heading = _("Attempt {number} · handed in {when}").format(number=result.number, when=at)
    page.main.add(Text(heading, "small", "muted", wrap=True))
    page.main.add(Text(title, "title", wrap=True), 4)
    if result.points is not None:
        page.main.add(_score(result), 16)
    page.main.add(_state(result), 16)
    if not result.counts:
        words = _("It is kept, with its answers. The server found more attempts than this quiz allows.")
        page.main.add(Callout("attention", _("This attempt does not count"), words), 16)
    page.main.add(Text(_("Your answers") if own else _("Answers"), "section"), 32)
    for place, question in enumerate(result.questions, 1):
        page.main.add(_question(page, place, question, own=own), 16)
        page.main.add(Hairline(), 16)


def score_words(result: Result) -> str:
    """As "8 of 10", with decimals where there are some."""
    return _("{points} of {best}").format(points=plain_number(result.points or 0.0), best=plain_number(result.best))


def _score(result: Result) -> QWidget:
    figure = Text(score_words(result), "figure")
    share = Text(percent(result.share or 0.0), "body", "muted")
    tags = []
    if result.passed is not None:
        tags.append(
            Tag(_("Passed"), "success", "circle-check")
            if result.passed
            else Tag(_("Not passed yet"), "warning", "repeat")
        )
    if result.provisional:
        tags.append(Tag(_("Provisional"), "info", "clock"))
    return flow(figure, share, *tags, gap=12)


def _state(result: Result) -> QWidget:
    """Where the attempt is: a calm line, no warning."""
    if result.stage is Stage.GRADED:
        return row(Glyph("cloud-check", "success"), Text(_("Graded by the server."), wrap=True), stretch=1)
    if result.stage is Stage.WAITING:
        words = _("Your answers are saved on this computer and sent at the next sync.")
        icon = "cloud-upload"
    else:
        words, icon = _("The server has your answers."), "cloud-check"
    after = _("The server has the last word on the points.") if result.provisional else release_words(result.release)
    return row(Glyph(icon), Text(f"{words} {after}", wrap=True), gap=12, stretch=1, top=True)


def _question(page: Page, place: int, one: QuestionResult, *, own: bool) -> QWidget:
    title = Text(_("{number}. {title}").format(number=place, title=title_of(one.question)), "card", wrap=True)
    parts: list[QWidget] = [
        title,
        *([_points(one)] if one.points is not None else []),
        Text(_answer(one, own=own), wrap=True),
    ]
    expected = _expected(one)
    if expected:
        parts.append(Text([Span(_("Expected answer:") + " ", colour="muted"), Span(expected, 600)], wrap=True))
    if one.explanation:
        text = BlockView(one.explanation, "note")
        text.link_wanted.connect(lambda href: _open(href, page))
        parts.append(text)
    icon, colour = _verdict(one)
    return row(Glyph(icon, colour), column(*parts, gap=6), gap=12, stretch=1, top=True)


def _open(href: str, page: Page) -> None:
    from spoc_desktop.ui.links import ask_to_open

    ask_to_open(href, page)


def _verdict(one: QuestionResult) -> tuple[str, str]:
    if one.right is None:
        return "circle", "muted"
    return ("circle-check", "success") if one.right else ("circle-x", "danger")


def _points(one: QuestionResult) -> Text:
    points = one.points or 0.0
    text = ngettext("{points} / {best} point", "{points} / {best} points", one.question.points)
    word = _("Right") if one.right else _("Not yet")
    words = text.format(points=plain_number(points), best=number(one.question.points))
    return Text(f"{word} · {words}", "small", "success" if one.right else "danger")


def _answer(one: QuestionResult, *, own: bool) -> list[Span]:
    given = one.answer
    if given is None:
        return [Span(_("No answer"), colour="muted")]
    if one.question.type in CHOICES:
        words = " · ".join(option_words(one.question, chosen) for chosen in given.chosen)
    elif one.question.type is QuestionType.NUMERIC and one.question.unit not in given.text:
        words = f"{given.text}\u00a0{one.question.unit}"
    else:
        words = given.text
    label = _("Your answer:") if own else _("Answer:")
    return [Span(label + " ", colour="muted"), Span(words)]


def _expected(one: QuestionResult) -> str:
    if one.expected is None or one.right:
        return ""
    if one.expected.chosen:
        return " · ".join(option_words(one.question, chosen) for chosen in one.expected.chosen)
    return expected_words(one.expected)
