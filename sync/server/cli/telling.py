"""How lists, times and sizes are written for somebody who reads a terminal 80 columns wide."""

import os
import shutil
import sys
from collections.abc import Sequence
from datetime import datetime

_LEAST = 10
"""Characters that a column keeps, however narrow the terminal is."""
_ID = 36
"""Characters of an id."""
_CUT = "…"
_KIB = 1024


def moment(at: int) -> str:
    """An instant in milliseconds, in this computer's time; a dash for none."""
    return f"{datetime.fromtimestamp(at / 1000).astimezone():%Y-%m-%d %H:%M}" if at else "-"


def day(at: int) -> str:
    """The day of an instant in milliseconds, in this computer's time."""
    return moment(at)[:10]


def size(count: int) -> str:
    """A number of bytes, short."""
    value, unit = float(count), "B"
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if value < _KIB or unit == "TiB":
            break
        value /= _KIB
    return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], none: str) -> str:
    """Columns under their heads; `none` where there is no row.

    On a terminal the widest are cut so that a line fits. The first, which the next command is given, is cut last, and
    an id never.
    """
    if not rows:
        return none
    widths = [max(len(row[place]) for row in (heads, *rows)) for place in range(len(heads))]
    room = _room() - 2 * (len(widths) - 1)
    while sum(widths) > room and max(widths[1:], default=0) > _LEAST:
        widths[widths.index(max(widths[1:]), 1)] -= 1
    widths[0] = min(widths[0], max(_ID, room - sum(widths[1:])))
    return "\n".join(
        "  ".join(_cut(cell, width).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (heads, *rows)
    )


def _room() -> int:
    """Columns to write in: no bound where no terminal reads."""
    if sys.stdout.isatty() or "COLUMNS" in os.environ:
        return shutil.get_terminal_size((80, 24)).columns
    return sys.maxsize


def _cut(cell: str, width: int) -> str:
    return cell if len(cell) <= width else cell[: width - 1] + _CUT
