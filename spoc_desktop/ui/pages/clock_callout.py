"""The clock of this computer is wrong: what is safe, by how much, what to do."""

from __future__ import annotations

from spoc_desktop.i18n import _, ngettext
from spoc_desktop.ui.widgets.callout import Callout

_MINUTE = 60_000
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_YEAR = 365 * _DAY


def clock_callout(off: int) -> Callout:
    """`off`: milliseconds by which the clock is behind the server's; negative: before it."""
    words = _("Your clock is {much} slow.") if off > 0 else _("Your clock is {much} fast.")
    said = _(
        "Your work is safe and in order: the server’s clock decides. Set the date and time of this computer, so that "
        "the dates shown here are right."
    )
    made = Callout("attention", words.format(much=_much(abs(off))), said)
    made.setObjectName("clock_off")
    return made


def _much(off: int) -> str:
    """About how long, in the largest unit that fits."""
    if off >= _YEAR:
        return ngettext("{count} year", "{count} years", round(off / _YEAR)).format(count=round(off / _YEAR))
    if off >= _DAY:
        return ngettext("{count} day", "{count} days", round(off / _DAY)).format(count=round(off / _DAY))
    if off >= _HOUR:
        return ngettext("{count} hour", "{count} hours", round(off / _HOUR)).format(count=round(off / _HOUR))
    count = max(1, round(off / _MINUTE))
    return ngettext("{count} minute", "{count} minutes", count).format(count=count)
