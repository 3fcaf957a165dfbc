"""Eyes and hands on one window of the program: read it, click, type, wait. Everything waits until it can be done."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QTextEdit, QWidget

from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages.quiz import QuizPage, Screen
from spoc_desktop.ui.widgets.matrix import MatrixView
from tools.tour.contents import cells, records_by_kind

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace

SECONDS = 30.0
"""How long anything may take; only what is broken takes so long."""

_PAUSE = 0.01


class NotSeen(Exception):
    """What the tour waited for did not come; the message says what stood on the screen instead."""


class Hands:
    """What a person at this laptop can do. Every public method is one command of the tour."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    # -- looking

    def says(self, words: str) -> str:
        """Wait until these words can be read; any white space counts as a space."""
        wanted = _plain(words)
        self._wait(lambda: any(wanted in _plain(text) for text in self._texts()), f"“{words}”")
        return words

    def is_silent_about(self, words: str) -> bool:
        """Whether these words can be read nowhere now."""
        return all(_plain(words) not in _plain(text) for text in self._texts())

    def chip(self, words: str) -> list[str]:
        """Wait until the status chip says these words."""
        chip = self.window.rail.chip
        self._wait(lambda: any(_plain(words) in _plain(line) for line in chip.lines()), f"“{words}” on the chip")
        return list(chip.lines())

    def question(self) -> str:
        """The id of the question in view, in hex."""
        self._wait(lambda: self._quiz().question.form is not None, "a question")
        return self._quiz().question.view.question.id.hex()

    def is_asking(self) -> bool:
        """Whether a question of a quiz is in view, and not its look-over or its result."""
        page = self.window.page
        return isinstance(page, QuizPage) and page.shown is Screen.QUESTION

    def is_judged(self) -> bool:
        """Whether the question in view says already what it thinks of the answer."""
        return self._quiz().question.shown_feedback is not None

    def shows(self, name: str) -> bool:
        """Whether a control of this object name is in view now."""
        return any(one.isVisible() for one in self.window.findChildren(QWidget, name))

    def matrix(self, name: str) -> list[str]:
        """What the group's matrix says about one person."""
        found = self._one(MatrixView, "matrix")
        model = found.model()
        rows = {str(model.headerData(row, Qt.Orientation.Vertical)): row for row in range(model.rowCount())}
        return [str(model.index(rows[name], column).data()) for column in range(model.columnCount())]

    def picture(self, path: str) -> str:
        """Save what the window shows."""
        self._rest()
        self.window.grab().save(str(Path(path)))
        return path

    # -- doing

    def click(self, name: str) -> None:
        """Click the control of this object name."""
        self._press(self._one(QAbstractButton, name))

    def click_words(self, words: str) -> None:
        """Click the control that carries these words."""

        def found() -> QAbstractButton | None:
            visible = [one for one in self.window.findChildren(QAbstractButton) if one.isVisible() and one.isEnabled()]
            return next(
                (one for one in visible if _plain(words) in _plain(f"{one.text()} {one.accessibleName()}")), None
            )

        self._wait(lambda: found() is not None, f"a control that says “{words}”")
        button = found()
        if button is not None:
            self._press(button)

    def fill(self, name: str, text: str) -> None:
        """Type into the field of this object name, in place of what stands there."""
        field = self._one(QLineEdit, name)
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        self._rest()

    def key(self, keys: str) -> None:
        """Press keys, as "F5" or "Ctrl+1"."""
        combination: QKeyCombination = QKeySequence(keys)[0]  # type: ignore[index]  # PySide's own stub lacks it
        target = QApplication.focusWidget() or self.window
        QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
        self._rest()

    def answer(self, given: dict[str, Any]) -> None:
        """Answer the question in view: {"chosen": [option numbers]} by digits, or {"text": …} by typing."""
        form = self._quiz().question.form
        if form is None:
            raise NotSeen("no question is in view")
        if form.options is None:
            self.fill("answer", str(given["text"]))
            return
        for number in given["chosen"]:
            QTest.keyClicks(form.options.options[0], str(form.numbers.index(number) + 1))
        self._rest()

    def speak(self, language: str) -> None:
        """Choose another language in the window's settings."""
        self.window.settings_menu.speak(language)
        self._rest()

    def quit(self) -> None:
        """Close the window as a person does."""
        self.window.close()

    # -- the laptop's store, for what must and what must not be on it

    def facts(self) -> dict[str, Any]:
        """What lies on this laptop, read through the program's own store."""
        workplace = self._workplace()
        counts = workplace.store.counts()
        session = workplace.store.login()
        return {
            "waiting": counts.waiting,
            "refused": counts.refused,
            "records": records_by_kind(workplace.store),
            "device": session.device.hex() if session else "",
        }

    def arrived(self, kind: str, count: int) -> None:
        """Wait until so many records of a kind are on this laptop."""
        store = self._workplace().store
        self._wait(lambda: records_by_kind(store).get(kind, 0) >= count, f"{count} records of {kind}")
        self._rest()

    def holds(self, words: list[str]) -> list[str]:
        """Which of these words stand anywhere in the store of this laptop."""
        everything = list(cells(self._workplace().store))
        return [word for word in words if any(word.encode() in cell for cell in everything)]

    # -- how

    def _workplace(self) -> Workplace:
        workplace: Workplace | None = getattr(self.window.page, "workplace", None)
        if workplace is None:
            raise NotSeen("nobody is signed in")
        return workplace

    def _quiz(self) -> QuizPage:
        page = self.window.page
        if not isinstance(page, QuizPage):
            raise NotSeen(f"the page {self.window.route} is no quiz")
        return page

    def _texts(self) -> list[str]:
        root = self.window
        found = [label.text() for label in root.findChildren(QLabel) if label.isVisible()]
        for button in root.findChildren(QAbstractButton):
            if button.isVisible():
                found += [button.text(), button.accessibleName()]
        return found + [text.toPlainText() for text in root.findChildren(QTextEdit) if text.isVisible()]

    def _one(self, type_: type[Any], name: str) -> Any:
        def found() -> list[Any]:
            return [one for one in self.window.findChildren(type_, name) if one.isVisible() and one.isEnabled()]

        self._wait(lambda: bool(found()), f"the control {name}")
        return found()[0]

    def _press(self, button: QAbstractButton) -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self._rest()

    def _rest(self) -> None:
        """Let what is under way on this laptop's disk come to its end, and be drawn."""
        for _ in range(3):
            self.window.workers.wait()
            QApplication.processEvents()

    def _wait(self, until: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + SECONDS
        while not until():
            if time.monotonic() > deadline:
                raise NotSeen(f"waited for {what}; on the screen: {' | '.join(text for text in self._texts() if text)}")
            QApplication.processEvents()
            time.sleep(_PAUSE)


def _plain(text: str) -> str:
    return " ".join(text.split())
