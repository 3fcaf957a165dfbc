"""How lists, times and sizes are written for somebody who reads a terminal 80 columns wide."""

import shutil
from collections.abc import Sequence
from datetime import datetime

_LEAST = 12
"""Characters that a column keeps, however narrow the terminal is."""
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
    """Columns under their heads; the widest are cut so that a line fits the terminal. `none` where there is no row."""
    if not rows:
        return none
    room = shutil.get_terminal_size((80, 24)).columns
    widths = [max(len(row[place]) for row in (heads, *rows)) for place in range(len(heads))]
    while sum(widths) + 2 * (len(widths) - 1) > room and max(widths) > _LEAST:
        widths[widths.index(max(widths))] -= 1
    return "\n".join(
        "  ".join(_cut(cell, width).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (heads, *rows)
    )


def _cut(cell: str, width: int) -> str:
    return cell if len(cell) <= width else cell[: width - 1] + _CUT
