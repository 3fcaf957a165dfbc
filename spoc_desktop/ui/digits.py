"""The digit that a key means where digits are shortcuts: also on a French keyboard, whose digits want Shift."""

from __future__ import annotations

from PySide6.QtGui import QKeyEvent

_DIGITS = {str(digit): digit for digit in range(1, 10)}
_FRENCH = {letter: digit for digit, letter in enumerate("&é\"'(-è_ç", 1)}
"""The upper row of an AZERTY keyboard without Shift. Its first key gives "²", which is no digit that counts."""


def digit_of(event: QKeyEvent) -> int | None:
    """From 1 to 9, None for any other key. Only for widgets in which nothing is written."""
    return (_DIGITS | _FRENCH).get(event.text())
