"""Keeps None, True and False alive under PySide6 6.12 on Python 3.11.

PySide6 6.12 hands these back without counting the reference, as if they were immortal; they are from Python 3.12 on. On
3.11 each Qt call that returns None takes one reference away, and after a few thousand calls the interpreter aborts with
"deallocating None". Giving each of them a very high count at the start makes them as immortal as 3.12 does.
"""

import ctypes
import sys

_HIGH = 1 << 40


def pin() -> None:
    """Make the singletons immortal where the interpreter does not; call before Qt is used, as often as you like."""
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    for singleton in (None, True, False, NotImplemented, Ellipsis):
        if sys.getrefcount(singleton) < _HIGH // 2:
            # CPython 3.11 keeps the reference count as the first field of every object.
            ctypes.c_ssize_t.from_address(id(singleton)).value += _HIGH
