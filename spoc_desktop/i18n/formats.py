"""Dates, durations and numbers as the person's language writes them.

French: U+00A0 around "h" and before units, U+202F between thousands and before "%". Every function reads the language
in use when it is called, so pages call them while drawing and never keep what they return.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from spoc_desktop.i18n.catalogue import _, language

NBSP = "\u00a0"
THIN = "\u202f"

_WEEKDAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "fr": (
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
_SHORT_MONTHS = {
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_UNITS = {"fr": ("o", "ko", "Mo", "Go", "To"), "en": ("B", "kB", "MB", "GB", "TB")}
_WEEK = 7


def moment(milliseconds: int) -> datetime:
    """A record's time (UTC milliseconds) as local time of this computer."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone()


def capital(text: str) -> str:
    """The text with its first letter raised, for the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def day(when: date) -> str:
    """Day in words: "mardi 24 novembre", "Tuesday 24 November"."""
    return f"{_WEEKDAYS[language()][when.weekday()]} {_ordinal(when.day)} {_MONTHS[language()][when.month - 1]}"


def day_with_year(when: date) -> str:
    """Date in words with its year: "24 novembre 2026", "24 November 2026"."""
    return f"{_ordinal(when.day)} {_MONTHS[language()][when.month - 1]} {when.year}"


def short_day(when: date) -> str:
    """Weekday and day for narrow columns: "ven. 20", "Fri 20"."""
    weekday = _WEEKDAYS[language()][when.weekday()][:3]
    return f"{weekday}.{NBSP}{when.day}" if language() == "fr" else f"{weekday}{NBSP}{when.day}"


def short_date(when: date) -> str:
    """Weekday, day and month for a narrow column: "ven. 20 nov.", "Fri 20 Nov"."""
    return f"{short_day(when)}{NBSP}{_SHORT_MONTHS[language()][when.month - 1]}"


def near_day(when: date, today: date) -> str:
    """Yesterday, today, tomorrow, a weekday within six days, else the date in words."""
    distance = (when - today).days
    if distance == 0:
        return _("today")
    if distance == 1:
        return _("tomorrow")
    if distance == -1:
        return _("yesterday")
    if 0 < distance < _WEEK:
        return _WEEKDAYS[language()][when.weekday()]
    return day(when) if abs(when - today) < timedelta(days=300) else day_with_year(when)


def clock(when: datetime) -> str:
    """Time of day: "10 h 42" in French, "10:42" in English."""
    if language() == "fr":
        return f"{when.hour}{NBSP}h{NBSP}{when.minute:02}"
    return f"{when.hour}:{when.minute:02}"


def day_and_time(when: datetime, today: date) -> str:
    """Near day and time of day: "hier à 17 h 20"."""
    return _("{day} at {time}").format(day=near_day(when.date(), today), time=clock(when))


def duration(minutes: int) -> str:
    """Length of work in whole minutes: "25 min", "1 h 05", "2 h"."""
    hours, rest = divmod(max(0, minutes), 60)
    if not hours:
        return f"{rest}{NBSP}min"
    return f"{hours}{NBSP}h{NBSP}{rest:02}" if rest else f"{hours}{NBSP}h"


def number(value: float, decimals: int = 0) -> str:
    """A figure with its thousands grouped: "12 500,5" in French, "12,500.5" in English."""
    text = f"{value:,.{decimals}f}"
    if language() == "fr":
        return text.replace(",", THIN).replace(".", ",")
    return text


def percent(share: float) -> str:
    """A share from 0 to 1 as whole percent: "54 %" in French, "54%" in English."""
    return f"{round(share * 100)}{NBSP}%" if language() == "fr" else f"{round(share * 100)}%"


def size(octets: int) -> str:
    """Size of a file in the unit that fits: "210 ko", "1,4 Go"."""
    units = _UNITS[language()]
    amount, unit = float(octets), 0
    while amount >= 1000 and unit < len(units) - 1:
        amount, unit = amount / 1000, unit + 1
    decimals = 1 if unit >= 3 and amount < 10 and round(amount, 1) % 1 else 0
    return f"{number(amount, decimals)}{NBSP}{units[unit]}"


def _ordinal(day_of_month: int) -> str:
    return "1er" if day_of_month == 1 and language() == "fr" else str(day_of_month)
