"""The hand-in on the page: whose it is, which version, its text with remarks and what is new, its files."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from spoc_desktop.i18n import _, day, day_and_time, moment
from spoc_desktop.services.comparing import lost_passages, new_passages
from spoc_desktop.services.hand_ins import Version
from spoc_desktop.services.reviewing import Copy, Waiting
from spoc_desktop.ui.widgets.anchored_text import Mark
from spoc_desktop.ui.widgets.avatar import Avatar
from spoc_desktop.ui.widgets.box import Box
from spoc_desktop.ui.widgets.compared_text import ComparedText
from spoc_desktop.ui.widgets.flow import column, flow, row
from spoc_desktop.ui.widgets.segmented import Segmented
from spoc_desktop.ui.widgets.tag import Tag
from spoc_desktop.ui.widgets.text import Text
from sync.domain.anchors import locate
from sync.domain.exercises import Remark
from sync.domain.timing import Doubt

COMPARE = "compare"


def header(copy: Copy, view: str, picked: Callable[[str], None], now: int) -> QWidget:
    """Who handed in what, when; and the switch between the versions."""
    about = copy.about
    name = Text(about.name, "label", wrap=True)
    tag = Tag(_("Version {number}").format(number=about.version), "plain")
    lines = [Text(line, "small", "muted", wrap=True) for line in handed_words(about, now)]
    lines[0].setObjectName("handed_in")
    doubt = [Tag(_("Time in doubt"), "info", "clock")] if about.timed.is_in_doubt else []
    below = [column(*lines, gap=2)] if len(lines) > 1 else []
    who = column(flow(name, tag, *doubt, gap=8), *(each for each in lines if not below), gap=2)
    left = row(Avatar(about.name), who, gap=12, stretch=1)
    if not copy.earlier_versions:
        return column(left, *below, gap=8)
    switch = Segmented(_choices(copy), _("Version shown"))
    switch.choose(view)
    switch.picked.connect(picked)
    return column(flow(left, switch, spread=True, least=240), *below, gap=8)


def handed_words(about: Waiting, now: int) -> tuple[str, ...]:
    """When it was handed in and whether in time; where the two clocks disagree both times, and which counts."""
    today, when = moment(now).date(), about.timed
    received = day_and_time(moment(about.received), today)
    if not when.is_apart:
        said = _("Handed in {when}, in time") if about.on_time else _("Handed in {when}, late")
        return (said.format(when=received),)
    claimed = day_and_time(moment(when.claimed), today)
    both = _("Handed in {when} (their computer’s clock) · received {received}").format(when=claimed, received=received)
    return both, _WHICH_COUNTS[when.doubt]() + " " + (_("In time.") if about.on_time else _("Late."))


_WHICH_COUNTS: dict[Doubt, Callable[[], str]] = {
    Doubt.NONE: lambda: _("They were offline; their clock is confirmed, so its time counts."),
    Doubt.POLICY: lambda: _("In this group the time of receipt counts."),
    Doubt.UNKNOWN: lambda: _("Nothing is known of their clock, so the time of receipt counts."),
    Doubt.AWAY: lambda: _("More than 14 days went by without the server, so the time of receipt counts."),
    Doubt.JUMPED: lambda: _("Their clock was changed meanwhile, so the time of receipt counts."),
    Doubt.AHEAD: lambda: _("Their clock was ahead of the server’s, so the time of receipt counts."),
}


def _choices(copy: Copy) -> list[tuple[str, str]]:
    versions = (copy.version, *reversed(copy.earlier_versions))
    found = [(one.id.hex(), _("Version {number}").format(number=one.number)) for one in versions]
    return [*found, (COMPARE, _("Compare"))]


def marks_of(remarks: Sequence[Remark], text: str) -> list[Mark]:
    """The passages of remarks in a text; a remark about the whole, or whose words are gone, has none."""
    found = []
    for one in remarks:
        place = locate(one.anchor, text) if one.anchor else None
        if place is not None:
            found.append(Mark(one.number, *place, one.text))
    return found


def document(version: Version, remarks: Sequence[Remark], before: Version | None) -> tuple[QWidget, ComparedText]:
    """A version's text on its paper; what `before` lacks is underlined."""
    text = version.body.text
    view = ComparedText(text, marks_of(remarks, text), name=_("Text of the hand-in"), selectable=True)
    view.setObjectName("hand_in_text")
    parts: list[QWidget] = []
    if before is not None:
        view.show_changes(new_passages(before.body.text, text))
        words = _("Replaces the version of {day}. New passages are underlined.")
        parts.append(Text(words.format(day=day(moment(before.at).date())), "small", "muted", wrap=True))
    if not text.strip():
        parts.append(Text(_("No text was written, see the files."), "body", "muted", wrap=True))
    return Box(*parts, view), view


def comparison(now: Version, before: Version) -> QWidget:
    """Both texts, what came and what went underlined."""
    fresh = ComparedText(now.body.text, name=_("Version {number}").format(number=now.number))
    fresh.show_changes(new_passages(before.body.text, now.body.text))
    old = ComparedText(before.body.text, name=_("Version {number}").format(number=before.number))
    old.show_changes(lost_passages(before.body.text, now.body.text), "danger")
    return column(
        Text(_("Version {number}: new words underlined in green").format(number=now.number), "section", wrap=True),
        Box(fresh),
        Text(
            _("Version {number}: words that went away underlined in red").format(number=before.number),
            "section",
            wrap=True,
        ),
        Box(old),
        gap=12,
    )
