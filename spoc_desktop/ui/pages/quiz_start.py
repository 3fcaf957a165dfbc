"""A quiz before it is begun: how much, how long, what it is for, what it means without a network, earlier attempts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from spoc_desktop.i18n import _, capital, day_and_time, duration, moment, ngettext, percent
from spoc_desktop.services.results import Stage
from spoc_desktop.ui.page import Page
from spoc_desktop.ui.widgets.block_view import BlockView
from spoc_desktop.ui.widgets.callout import Callout
from spoc_desktop.ui.widgets.flow import row
from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.row import Row
from spoc_desktop.ui.widgets.sheet import Column
from spoc_desktop.ui.widgets.text import Text
from sync.domain.quizzes import Mode, QuizEdition, Release

if TYPE_CHECKING:
    from spoc_desktop.services.quizzes import QuizOverview
    from spoc_desktop.services.results import Result


def fill_start(page: Page, overview: QuizOverview) -> None:
    """Title, introduction and facts; the actions are the page's."""
    edition = overview.edition
    heading = Text(f"{overview.module.title} · {kind_of(edition)}", "small", "muted", wrap=True)
    heading.set_weight(500)
    page.main.add(heading)
    page.main.add(Text(edition.title, "title", wrap=True), 4)
    if edition.introduction:
        page.main.add(BlockView(edition.introduction, "note"), 16)
    for icon, text in _facts(overview):
        page.main.add(row(Glyph(icon), Text(text, wrap=True), gap=12, stretch=1, top=True), 16)
    if overview.attempts_left == 0:
        words = ngettext(
            "This quiz allows {allowed} attempt and you have used it.",
            "This quiz allows {allowed} attempts and you have used them all.",
            edition.attempts,
        ).format(allowed=edition.attempts)
        page.main.add(Callout("info", words, _("Your answers and their results stay here.")), 24)


def kind_of(edition: QuizEdition) -> str:
    """What the quiz is for, in two words."""
    return _("Graded quiz") if edition.mode is Mode.GRADED else _("Training quiz")


def _facts(overview: QuizOverview) -> list[tuple[str, str]]:
    edition = overview.edition
    count = len(edition.questions)
    size = ngettext("{count} question", "{count} questions", count).format(count=count)
    length = _("about {duration}").format(duration=duration(edition.minutes))
    facts = [("clock", f"{size} · {length}")]
    if edition.mode is Mode.GRADED:
        passing = percent(edition.pass_percent / 100)
        facts.append(("medal", _("Graded by the server; the pass mark is {percent}.").format(percent=passing)))
        facts.append(("cloud-off", _("It works offline: your answers are saved here and sent at the next sync.")))
        facts.append(("file-check", release_words(edition.release)))
    else:
        facts.append(("circle-check", _("Each answer is corrected at once, here, also without a network.")))
    facts.append(("repeat", _attempts(overview)))
    return facts


def release_words(release: Release) -> str:
    """When the grade of a graded quiz comes."""
    words = {
        Release.AT_ONCE: _("The grade comes back as soon as the server has your answers."),
        Release.AT_CLOSE: _("The grade comes when the quiz is over for everybody."),
        Release.BY_TRAINER: _("The grade comes when your trainer releases it."),
    }
    return words.get(release, _("The grade comes later."))


def _attempts(overview: QuizOverview) -> str:
    left = overview.attempts_left
    if left is None:
        return _("As many attempts as you like.")
    text = ngettext("{left} attempt left of {allowed}.", "{left} attempts left of {allowed}.", left)
    return text.format(left=left, allowed=overview.edition.attempts)


def add_attempts(column: Column, results: tuple[Result, ...], now: int, go: Callable[[bytes], None]) -> None:
    """The attempts handed in, the newest first, each a way to its result."""
    if not results:
        return
    column.add(Text(_("Your attempts"), "section"))
    for result in results:
        made = attempt_row(result, now)
        made.clicked.connect(lambda _checked=False, attempt_id=result.attempt_id: go(attempt_id))
        column.add(made, 4)


def attempt_row(result: Result, now: int) -> Row:
    """One attempt: when, and what came of it."""
    when = capital(day_and_time(moment(result.submitted), moment(now).date()))
    title = _("Attempt {number}").format(number=result.number)
    made = Row(title, f"{when} · {stage_words(result)}", line=False)
    made.setObjectName(f"attempt_{result.attempt_id.hex()}")
    return made


def stage_words(result: Result) -> str:
    """What came of an attempt, in a few words."""
    if result.share is not None and result.provisional:
        return _("{percent}, provisional").format(percent=percent(result.share))
    if result.share is not None:
        return percent(result.share)
    return _("waits to be sent") if result.stage is Stage.WAITING else _("grade not released yet")
