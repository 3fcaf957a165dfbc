"""Parts of the exercise page: its head with the steps, what is looked at, receipts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from spoc_desktop.i18n import _, clock, day, day_and_time, duration, moment, ngettext
from spoc_desktop.ui.pages.standing import last_day
from spoc_desktop.ui.widgets.flow import column, flow
from spoc_desktop.ui.widgets.sheet import Column
from spoc_desktop.ui.widgets.stepper import Step, Stepper
from spoc_desktop.ui.widgets.tag import Tag
from spoc_desktop.ui.widgets.text import Span, Text
from sync.domain.exercises import Criterion, Handed, Verdict

if TYPE_CHECKING:
    from spoc_desktop.services.exercises import ExerciseView
    from spoc_desktop.services.versions import Version


def head(view: ExerciseView) -> QWidget:
    """Where it belongs and how long it takes, its title, its state in a word."""
    week = _("Week {week}").format(week=view.module.week)
    kicker = Text(" · ".join((week, _("Exercise"), duration(view.edition.minutes))), "small", "muted", wrap=True)
    kicker.set_weight(500)
    words = column(kicker, Text(view.edition.title, "title", wrap=True), gap=2)
    tag = state_tag(view)
    return flow(words, tag, spread=True, least=360) if tag is not None else words


def state_tag(view: ExerciseView) -> Tag | None:
    """The state, where there is more to say than "to do"."""
    match view.standing:
        case Handed.RETURNED:
            return Tag(_("To revise"), "human", "corner-down-left")
        case Handed.ACCEPTED:
            return Tag(_("Accepted"), "success", "circle-check")
        case Handed.SENT:
            return Tag(_("Handed in"), "accent", "send")
    return None


def steps(view: ExerciseView) -> Stepper:
    """The way of the version that counts, and what comes after it."""
    latest = view.latest
    accepted = Step(_("Accepted"), "", "coming")
    if latest is None:
        made = [_next_step(view, "current"), Step(_("Read by your trainer"), "", "coming"), accepted]
        return Stepper(made, _("The steps of this exercise"))
    handed = Step(_("Version {number} handed in").format(number=latest.number), _short(latest.at), "done")
    review = latest.review
    if review is None:
        on_its_way = _("with your trainer") if latest.received else _("will be sent at the next sync")
        made = [handed, Step(_("Read by your trainer"), on_its_way, "current"), accepted]
    elif view.standing is Handed.ACCEPTED:
        made = [handed, Step(_read_by(review.trainer), "", "done"), Step(_("Accepted"), _short(review.at), "done")]
    else:
        read = Step(_read_by(review.trainer), _short(review.at), "done")
        made = [handed, read, _next_step(view, "waits"), accepted]
    return Stepper(made, _("The steps of this exercise"))


def _next_step(view: ExerciseView, state: str) -> Step:
    title = _("Version {number}").format(number=view.next_number)
    detail = _("until {day}").format(day=last_day(view.due)) if view.now < view.due else ""
    return Step(title, detail, "waits" if state == "waits" else "current")


def _read_by(trainer: str) -> str:
    return _("Read by {name}").format(name=trainer.split(" ", maxsplit=1)[0]) if trainer else _("Read by your trainer")


def _short(at: int) -> str:
    when: datetime = moment(at)
    return _("{day}, {time}").format(day=day(when.date()), time=clock(when))


def receipt(version: Version, due: int, now: int) -> str:
    """When it was handed in and when the server took it: both real dates; and which counts, where it matters."""
    today = moment(now).date()
    handed = day_and_time(moment(version.at), today)
    if version.received is None:
        words = _("Handed in {when} on this computer. It will be sent as soon as there is a network.")
        return words.format(when=handed)
    received = day_and_time(moment(version.received), today)
    said = _("Handed in {when}. Received by the server {received}.").format(when=handed, received=received)
    if version.received <= due:
        return said
    counts = _("It counts as late.") if version.timed.is_late(due) else _("It counts as handed in on time.")
    return f"{said} {counts}"


def due_words(view: ExerciseView) -> str:
    """Until when, without blame when it has passed."""
    until = last_day(view.due)
    if view.now < view.due:
        return _("Due by {day}.").format(day=until)
    return _("It was due {day}; you can still hand it in.").format(day=until)


def add_criteria(margin: Column, criteria: tuple[Criterion, ...], gap: int = 0) -> None:
    """What is looked at, so that a learner knows it before."""
    if not criteria:
        return
    margin.add(Text(_("What is assessed"), "section", wrap=True), gap)
    for place, criterion in enumerate(criteria):
        best = max((level.points for level in criterion.levels), default=0)
        points = ngettext("{count} point", "{count} points", best).format(count=best)
        margin.add(
            Text([Span(criterion.title, 500), Span(f" · {points}", colour="muted")], wrap=True), 12 if place else 8
        )
        if criterion.description:
            margin.add(Text(criterion.description, "small", "muted", wrap=True), 2)
        levels = " · ".join(
            _("{points}: {level}").format(points=level.points, level=level.title) for level in criterion.levels
        )
        if levels:
            margin.add(Text(levels, "small", "muted", wrap=True), 2)


def is_accepted(version: Version | None) -> bool:
    """Whether the last word on a version is that it is accepted."""
    return version is not None and version.review is not None and version.review.verdict is Verdict.ACCEPTED
