"""Times as an author writes them: 2:05, 1:02:05, 0:07.250."""

from __future__ import annotations

import re

_TIME = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)(?:\.(\d{1,3}))?")


def read_time(written: str) -> int | None:
    """Milliseconds, or None when it is no time."""
    found = _TIME.fullmatch(written)
    if found is None:
        return None
    hours, minutes, seconds, part = found.groups()
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int((part or "0").ljust(3, "0"))


def write_time(milliseconds: int) -> str:
    """The time that `read_time` reads back."""
    seconds, part = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, rest = divmod(minutes, 60)
    clock = f"{hours}:{rest:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{clock}.{part:03}" if part else clock
