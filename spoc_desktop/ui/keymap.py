"""The one key map: which key does what, where; shown on F1. No two actions share a key in one place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from spoc_desktop.i18n import _

Scope = Literal["window", "question", "review", "reading"]

SECTIONS = 6


@dataclass(frozen=True, slots=True)
class Binding:
    """One action with its keys in Qt's notation; `words` says what it does.

    Scope "question": only inside a quiz; "review": beside a hand-in, while no text has the keyboard;
    "reading": in a lesson or a video.
    """

    action: str
    keys: tuple[str, ...]
    words: Callable[[], str]
    scope: Scope = "window"


KEYMAP: tuple[Binding, ...] = (
    *(
        Binding(f"section_{number}", (f"Ctrl+{number}",), lambda number=number: _section(number))  # type: ignore[misc]
        for number in range(1, SECTIONS + 1)
    ),
    Binding("search", ("Ctrl+F",), lambda: _("Search")),
    Binding("back", ("Alt+Left",), lambda: _("Back")),
    Binding("forward", ("Alt+Right",), lambda: _("Forward")),
    Binding("next_pane", ("F6",), lambda: _("Next part of the window")),
    Binding("previous_pane", ("Shift+F6",), lambda: _("Previous part of the window")),
    Binding("menu", ("F10",), lambda: _("Menu of the sections")),
    Binding("sync", ("F5",), lambda: _("Sync now")),
    Binding("submit", ("Ctrl+Return", "Ctrl+Enter"), lambda: _("Submit")),
    Binding("save", ("Ctrl+S",), lambda: _("Save")),
    Binding("undo", ("Ctrl+Z",), lambda: _("Undo")),
    *(
        Binding(f"answer_{digit}", (str(digit),), lambda digit=digit: _answer(digit), "question")  # type: ignore[misc]
        for digit in range(1, 10)
    ),
    Binding("note", ("Ctrl+N",), lambda: _("Write a note about the selected words"), "reading"),
    Binding("next_hand_in", ("J",), lambda: _("Next hand-in"), "review"),
    Binding("previous_hand_in", ("K",), lambda: _("Previous hand-in"), "review"),
    *(
        Binding(f"criterion_{digit}", (str(digit),), lambda digit=digit: _criterion(digit), "review")  # type: ignore[misc]
        for digit in range(1, 5)
    ),
    Binding("larger", ("Ctrl++", "Ctrl+="), lambda: _("Larger text")),
    Binding("smaller", ("Ctrl+-",), lambda: _("Smaller text")),
    Binding("contrast", ("Ctrl+Shift+H",), lambda: _("High contrast on or off")),
    Binding("help", ("F1",), lambda: _("This list of keys")),
)


def _section(number: int) -> str:
    return _("Section {number}").format(number=number)


def _answer(digit: int) -> str:
    return _("Choose answer {digit}").format(digit=digit)


def _criterion(digit: int) -> str:
    return _("Go to criterion {digit}, then choose with the arrows").format(digit=digit)


def shared_keys(bindings: tuple[Binding, ...] = KEYMAP) -> list[str]:
    """Keys that more than one action answers to in one place; must be empty."""
    keys = [(binding.scope, QKeySequence(key).toString()) for binding in bindings for key in binding.keys]
    return [key for (_scope, key), times in Counter(keys).items() if times > 1]


def key_name(action: str) -> str:
    """The first key of an action as a person reads it: "Ctrl F", "F5"."""
    binding = next(binding for binding in KEYMAP if binding.action == action)
    native = QKeySequence(binding.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
    return native if native.endswith("+") else native.replace("+", " ")


def keys_of(action: str) -> tuple[str, ...]:
    """The keys of an action that a page binds itself."""
    return next(binding.keys for binding in KEYMAP if binding.action == action)


def bind(window: QWidget, handlers: Mapping[str, Callable[[], object]]) -> None:
    """Give a window the shortcuts of all actions that it handles."""
    for binding in KEYMAP:
        handler = handlers.get(binding.action)
        if handler is None:
            continue
        for key in binding.keys:
            shortcut = QShortcut(QKeySequence(key), window)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(handler)
