"""Eyes and hands on one window of the program: read it, click, type, wait. Everything waits until it can be done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLineEdit, QPlainTextEdit, QWidget

from spoc_desktop.ui.pages.quiz import QuizPage, Screen
from spoc_desktop.ui.pages.video import VideoPage
from spoc_desktop.ui.player.film import Film
from spoc_desktop.ui.widgets.rich_text import RichText
from tools.sample_learners import finish
from tools.tour.eyes import Eyes, NotSeen, plain


class Hands(Eyes):
    """What a person at this laptop can do. Every public method is one command of the tour."""

    def click(self, name: str) -> None:
        """Click the control of this object name."""
        self.press(self.one(QAbstractButton, name))

    def click_words(self, words: str) -> None:
        """Click the control that carries these words."""

        def found() -> QAbstractButton | None:
            visible = [one for one in self.window.findChildren(QAbstractButton) if one.isVisible() and one.isEnabled()]
            said = ((one, plain(f"{one.text()} {one.accessibleName()}")) for one in visible)
            return next((one for one, text in said if plain(words) in text), None)

        self.wait(lambda: found() is not None, f"a control that says “{words}”")
        button = found()
        if button is not None:
            self.press(button)

    def go(self, route: str) -> None:
        """Click a place in the rail."""
        self.press(self.window.rail.items[route])

    def open(self, route: str, **ids: str) -> None:
        """Open a page whose way there is another step's; ids in hex."""
        self.window.open(route, **{name: bytes.fromhex(id_) for name, id_ in ids.items()})
        self.rest()

    def fill(self, name: str, text: str) -> None:
        """Type into the field of this object name, in place of what stands there."""
        field = self.one(QLineEdit, name)
        field.setFocus()
        field.selectAll()
        _type(field, text)
        self.rest()

    def write(self, name: str, text: str) -> None:
        """Type at the end of the text area of this object name, as fast as keys can be pressed."""
        area = self.one(QPlainTextEdit, name)
        area.setFocus()
        area.moveCursor(QTextCursor.MoveOperation.End)
        for place, line in enumerate(text.split("\n")):
            if place:
                QTest.keyClick(area, Qt.Key.Key_Return)
            _type(area, line)
        QApplication.processEvents()

    def write_slowly(self, name: str, text: str) -> None:
        """Type as people do: the disk has a letter before the next one comes."""
        area = self.one(QPlainTextEdit, name)
        for letter in text:
            _type(area, letter)
            self.window.workers.wait()
        QApplication.processEvents()

    def clear(self, name: str) -> None:
        """Empty a text area by keys."""
        area = self.one(QPlainTextEdit, name)
        area.setFocus()
        QTest.keyClick(area, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(area, Qt.Key.Key_Delete)

    def written(self, name: str) -> str:
        """What stands in a text area."""
        return str(self.one(QPlainTextEdit, name).toPlainText())

    def select_words(self, words: str, name: str = "") -> None:
        """Select words of a text by the keyboard: the caret before them, then Shift and the arrow key."""
        sought = words.replace("\u00a0", " ")  # the document's own search takes its fixed spaces for plain ones

        def found() -> tuple[RichText, QTextCursor] | None:
            for text in self.window.findChildren(RichText, name) if name else self.window.findChildren(RichText):
                cursor = text.document().find(sought)
                if text.isVisible() and not cursor.isNull():
                    return text, cursor
            return None

        self.wait(lambda: found() is not None, f"“{words}” in a text")
        text, cursor = found() or (None, None)
        if text is None or cursor is None:
            return
        caret = text.textCursor()
        caret.setPosition(cursor.selectionStart())
        text.setFocus()
        text.setTextCursor(caret)
        for _letter in range(cursor.selectionEnd() - cursor.selectionStart()):
            QTest.keyClick(text, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
        self.rest()

    def mark(self, row: int, level: int) -> None:
        """Rate a criterion by keys: its digit, then the arrow as often as needed; level from 0."""
        QTest.keyClicks(self.window.page or self.window, str(row))
        for _step in range(level):
            QTest.keyClick(QApplication.focusWidget() or self.window, Qt.Key.Key_Right)
        if level == 0:
            QTest.keyClick(QApplication.focusWidget() or self.window, Qt.Key.Key_Left)
        self.rest()

    def key(self, keys: str) -> None:
        """Press keys, as "F5" or "Ctrl+1"."""
        combination: QKeyCombination = QKeySequence(keys)[0]  # type: ignore[index]  # PySide's own stub lacks it
        target = QApplication.focusWidget() or self.window
        QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
        self.rest()

    def synchronise(self) -> dict[str, Any]:
        """Ask for an exchange by its key, and wait until one begun since has left nothing behind here."""
        syncing = self.workplace().syncing
        self.wait(lambda: not syncing.status().busy, "the exchange under way")
        before = syncing.status().last
        self.key("F5")

        def done() -> bool:
            status = syncing.status()
            return status.last != before and not status.busy and status.waiting == 0 and status.files.count == 0

        self.wait(done, "an exchange that leaves nothing behind")
        self.rest()
        return self.facts()

    def will_choose(self, path: str) -> None:
        """What the person picks in the next dialog of the system that asks for a file or a folder."""
        QFileDialog.getOpenFileNames = staticmethod(lambda *_a, **_k: ([path], ""))  # type: ignore[method-assign]
        QFileDialog.getOpenFileName = staticmethod(lambda *_a, **_k: (path, ""))  # type: ignore[method-assign]
        QFileDialog.getSaveFileName = staticmethod(lambda *_a, **_k: (path, ""))  # type: ignore[method-assign]
        QFileDialog.getExistingDirectory = staticmethod(lambda *_a, **_k: path)  # type: ignore[method-assign]

    def speak(self, language: str) -> None:
        """Choose another language in the window's settings."""
        self.window.settings_menu.speak(language)
        self.rest()

    def quit(self) -> None:
        """Close the window as a person does."""
        self.window.close()

    # -- quizzes

    def question(self) -> str:
        """The id of the question in view, in hex."""
        self.wait(lambda: self._quiz().question.form is not None, "a question")
        return self._quiz().question.view.question.id.hex()

    def is_asking(self) -> bool:
        """Whether a question of a quiz is in view, and not its look-over or its result."""
        page = self.window.page
        return isinstance(page, QuizPage) and page.shown is Screen.QUESTION

    def is_judged(self) -> bool:
        """Whether the question in view says already what it thinks of the answer."""
        return self._quiz().question.shown_feedback is not None

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
        self.rest()

    # -- videos

    def watch(self, until: int) -> dict[str, Any]:
        """Play the film until a moment (ms) has passed and a caption was in view, then stop it."""
        film = self._film()
        seen = ""

        def watched() -> bool:
            nonlocal seen
            seen = film.caption() or seen
            return bool(film.trouble) or (film.moment >= until and bool(seen))

        film.play()
        self.wait(watched, f"the film at {until} ms with a caption, it is at {film.moment}")
        film.pause()
        self.rest()
        return {"moment": film.moment, "caption": seen, "trouble": film.trouble, "picture": film.picture is not None}

    def moment(self) -> int:
        """Where the film stands (ms)."""
        return self._film().moment

    def _film(self) -> Film:
        def found() -> Film | None:
            page = self.window.page
            film = page.film if isinstance(page, VideoPage) else None
            return film if film is not None and (film.loaded or film.trouble) else None

        self.wait(lambda: found() is not None, "a film that can be played")
        film = found()
        if film is None:
            raise NotSeen("the film went away")
        return film

    # -- what is no part of the story

    def work_through(self, cohort: str, course: str) -> int:
        """Do everything of the course that is not done yet, all right, through this laptop's own services."""
        return finish(self.workplace(), bytes.fromhex(cohort), Path(course))

    # -- how

    def press(self, button: QWidget) -> None:
        """A click in the middle of a control."""
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.rest()

    def _quiz(self) -> QuizPage:
        page = self.window.page
        if not isinstance(page, QuizPage):
            raise NotSeen(f"the page {self.window.route} is no quiz")
        return page


def _type(target: QWidget, text: str) -> None:
    """A key press and release a letter; QTest itself knows no other letters than Latin-1."""
    for letter in text:
        for type_ in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(target, QKeyEvent(type_, 0, Qt.KeyboardModifier.NoModifier, letter))
