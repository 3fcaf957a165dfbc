"""Eyes on one window of the program: what can be read in it, what lies on its laptop. Waits for conditions only."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPlainTextEdit, QTextEdit, QWidget

from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.widgets.anchored_text import AnchoredText
from spoc_desktop.ui.widgets.matrix import MatrixView
from tools.tour.looks import facts, files_named, held_words, records_by_kind

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace

SECONDS = 40.0
"""How long anything may take; only what is broken takes so long."""

_PAUSE = 0.01


class NotSeen(Exception):
    """What the tour waited for did not come; the message says what stood on the screen instead."""


class Eyes:
    """What a person at this laptop can see. Every public method without Qt in its types is one command of the tour."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    def says(self, words: str) -> str:
        """Wait until these words can be read; any white space counts as a space."""
        wanted = plain(words)
        self.wait(lambda: any(wanted in plain(text) for text in self.texts()), f"“{words}”")
        return words

    def is_silent_about(self, words: str) -> bool:
        """Whether these words can be read nowhere now."""
        return all(plain(words) not in plain(text) for text in self.texts())

    def chip(self, words: str) -> list[str]:
        """Wait until the status chip says these words."""
        chip = self.window.rail.chip
        self.wait(lambda: any(plain(words) in plain(line) for line in chip.lines()), f"“{words}” on the chip")
        return list(chip.lines())

    def shows(self, name: str) -> bool:
        """Whether a control of this object name is in view now."""
        return any(one.isVisible() for one in self.window.findChildren(QWidget, name))

    def names(self, beginning: str) -> list[str]:
        """The object names in view that begin so, once there is one."""

        def found() -> list[str]:
            visible = (one.objectName() for one in self.window.findChildren(QWidget) if one.isVisible())
            return [name for name in visible if name.startswith(beginning)]

        self.wait(lambda: bool(found()), f"a control {beginning}…")
        return found()

    def beside(self, name: str) -> list[str]:
        """The words that stand in one block with a control."""
        around = self.one(QWidget, name).parentWidget()
        return [text for label in around.findChildren(QLabel) if (text := plain(label.text()))]

    def has_page(self, route: str) -> bool:
        """Whether the rail leads to this page."""
        return route in self.window.rail.items

    def matrix(self, name: str) -> list[str]:
        """What the group's matrix says about one person."""
        model = self.one(MatrixView, "matrix").model()
        rows = {str(model.headerData(row, Qt.Orientation.Vertical)): row for row in range(model.rowCount())}
        return [str(model.index(rows[name], column).data()) for column in range(model.columnCount())]

    def passages(self, name: str) -> list[str]:
        """The words of a text that remarks are about, in the order of the remarks."""
        view = self.one(AnchoredText, name)
        return [view._text[mark.start : mark.end] for mark in view.marks]  # noqa: SLF001  # as it was given

    def queue(self) -> list[dict[str, Any]]:
        """What waits for this trainer's review."""
        queue = self.workplace().reviewing.queue()
        return [
            {"hand_in": one.hand_in.hex(), "version": one.version, "activity": one.activity_id.hex()} for one in queue
        ]

    def picture(self, path: str) -> str:
        """Save what the window shows."""
        self.rest()
        self.window.grab().save(str(Path(path)))
        return path

    # -- the laptop's store, for what must and what must not be on it

    def facts(self) -> dict[str, Any]:
        """What lies on this laptop."""
        return facts(self.workplace())

    def arrived(self, kind: str, count: int) -> None:
        """Wait until so many records of a kind are on this laptop."""
        store = self.workplace().store
        self.wait(lambda: records_by_kind(store).get(kind, 0) >= count, f"{count} records of {kind}")
        self.rest()

    def holds(self, words: list[str]) -> list[str]:
        """Which of these words stand anywhere in the store of this laptop, files included."""
        return held_words(self.workplace().store, words)

    def has_file(self, name: str) -> bool:
        """Whether a file of this name is named by a record here, and its bytes are here too."""
        store = self.workplace().store
        return any(file.name == name and store.files.has(file.sha256) for file in files_named(store))

    # -- how

    def workplace(self) -> Workplace:
        """The services of who is signed in. NotSeen when nobody is."""
        workplace: Workplace | None = getattr(self.window.page, "workplace", None)
        if workplace is None:
            raise NotSeen("nobody is signed in")
        return workplace

    def texts(self) -> list[str]:
        """Every text in view."""
        root = self.window
        found = [label.text() for label in root.findChildren(QLabel) if label.isVisible()]
        for button in root.findChildren(QAbstractButton):
            if button.isVisible():
                found += [button.text(), button.accessibleName()]
        found += [text.toPlainText() for text in root.findChildren(QTextEdit) if text.isVisible()]
        return found + [text.toPlainText() for text in root.findChildren(QPlainTextEdit) if text.isVisible()]

    def one(self, type_: type[Any], name: str) -> Any:
        """The control of a type and an object name, once it is in view and answers."""

        def found() -> list[Any]:
            return [one for one in self.window.findChildren(type_, name) if one.isVisible() and one.isEnabled()]

        self.wait(lambda: bool(found()), f"the control {name}")
        return found()[0]

    def rest(self) -> None:
        """Let what is under way on this laptop's disk come to its end, and be drawn."""
        for _ in range(3):
            self.window.workers.wait()
            QApplication.processEvents()

    def wait(self, until: Callable[[], bool], what: str) -> None:
        """Let the program run until a condition holds. NotSeen when it does not in `SECONDS`."""
        deadline = time.monotonic() + SECONDS
        while not until():
            if time.monotonic() > deadline:
                raise NotSeen(f"waited for {what}; on the screen: {' | '.join(text for text in self.texts() if text)}")
            QApplication.processEvents()
            time.sleep(_PAUSE)


def plain(text: str) -> str:
    """A text with every white space as one space."""
    return " ".join(text.split())
