"""Telling a screen reader that something happened."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

_hooks: list[Callable[[QWidget, str], None]] = []


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Have the screen reader say `text`: a sync result, a save, a verdict. `urgent` interrupts what it is saying."""
    event = QAccessibleAnnouncementEvent(widget, text)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)
    for hook in tuple(_hooks):
        hook(widget, text)


def on_announce(hook: Callable[[QWidget, str], None]) -> Callable[[], None]:
    """Hear every announcement too; returns the function that stops it."""
    _hooks.append(hook)
    return lambda: _hooks.remove(hook)
