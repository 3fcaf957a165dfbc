"""How the exchanges page says who wrote, when, and what about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from spoc_desktop.i18n import _, clock, day, moment, ngettext
from spoc_desktop.services.messages import About, InboxRow
from spoc_desktop.services.writers import Writer

_WEEK = 7


def name_of(writer: Writer) -> str:
    """A person's name; a card that has not come leaves a word."""
    return writer.name or (_("You") if writer.is_me else _("Somebody whose card has not come"))


def shortened(text: str, most: int) -> str:
    """The beginning of a text in one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def first_name(writer: Writer) -> str:
    """The first word of a name."""
    return name_of(writer).split(" ")[0] if writer.name else name_of(writer)


def near(at: int, now: int) -> str:
    """When, as short as it can be understood: "10 h 12", "hier", "lundi", "3 novembre"."""
    when, today = moment(at), moment(now).date()
    return clock(when) if when.date() == today else near_word(when.date(), today)


def near_word(when: date, today: date) -> str:
    """Yesterday, the weekday within a week, else the day."""
    distance = (today - when).days
    if distance == 0:
        return _("today")
    if distance == 1:
        return _("yesterday")
    weekday, rest = day(when).split(" ", 1)
    return weekday if 0 < distance < _WEEK else rest


def near_time(at: int, now: int) -> str:
    """Day and time of a message: "lundi, 18 h 02"."""
    when, today = moment(at), moment(now).date()
    return _("{day}, {time}").format(day=near_word(when.date(), today), time=clock(when))


def people_of(people: Sequence[Writer]) -> str:
    """Who takes part: one by name, two by first name, then how many more."""
    if len(people) == 1:
        return name_of(people[0])
    first, second, *others = people
    if not others:
        return _("{first} and {second}").format(first=first_name(first), second=first_name(second))
    said = ngettext("{first}, {second} and {count} other", "{first}, {second} and {count} others", len(others))
    return said.format(first=first_name(first), second=first_name(second), count=len(others))


def about_line(about: About) -> str:
    """What a message speaks of, in one line."""
    title = about.title or _("a piece of work that has not come yet")
    if about.remark and about.quote:
        return _("On remark {number} of “{title}”: {quote}").format(number=about.remark, title=title, quote=about.quote)
    if about.remark:
        return _("On remark {number} of “{title}”").format(number=about.remark, title=title)
    if about.is_returned:
        return _("On the review of version {number} of “{title}”").format(number=about.version, title=title)
    if about.version:
        return _("On version {number} of “{title}”").format(number=about.version, title=title)
    return _("About “{title}”").format(title=title)


def waiting_since(row: InboxRow, now: int) -> str:
    """How long a learner's question has been waiting."""
    if row.unanswered_since is None:
        return ""
    hours = max(0, now - row.unanswered_since) // 3_600_000
    if hours < 1:
        return _("waiting for less than an hour")
    if hours < 48:
        return ngettext("waiting for {count} hour", "waiting for {count} hours", hours).format(count=hours)
    return ngettext("waiting for {count} day", "waiting for {count} days", hours // 24).format(count=hours // 24)
