"""Looking at a window as a person does: what is written on it, which button says what, what was announced."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QTextEdit, QWidget

from spoc_desktop.ui.main_window import MainWindow


def settle(window: MainWindow) -> None:
    """Let everything that is under way come to its end."""
    for _ in range(4):
        window.workers.wait()
        QApplication.processEvents()


def texts(root: QWidget) -> list[str]:
    """Every text that can be seen, from labels, buttons and running text."""
    found = [label.text() for label in root.findChildren(QLabel) if label.isVisible()]
    found += [button.text() for button in root.findChildren(QAbstractButton) if button.isVisible()]
    found += [text.toPlainText() for text in root.findChildren(QTextEdit) if text.isVisible()]
    return [text for text in found if text]


def says(root: QWidget, words: str) -> bool:
    """Whether these words can be read somewhere; any white space counts as a space."""
    wanted = " ".join(words.split())
    return any(wanted in " ".join(text.split()) for text in texts(root))


def named(root: QWidget, name: str) -> QWidget:
    """The visible widget of an object name. LookupError when there is none."""
    for widget in root.findChildren(QWidget, name):
        if widget.isVisible():
            return widget
    raise LookupError(name)


def has(root: QWidget, name: str) -> bool:
    """Whether a widget of this object name can be seen."""
    return any(widget.isVisible() for widget in root.findChildren(QWidget, name))


def click(window: MainWindow, name: str) -> None:
    """Click a button by its object name and let what follows happen."""
    button = named(window, name)
    assert isinstance(button, QAbstractButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(window)


def press(window: MainWindow, key: Qt.Key | str) -> None:
    """Press a key where the keyboard is now."""
    target = QApplication.focusWidget() or window
    if isinstance(key, str):
        QTest.keyClicks(target, key)
    else:
        QTest.keyClick(target, key)
    settle(window)


def write(window: MainWindow, name: str, text: str) -> None:
    """Type into a field."""
    field = named(window, name)
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.clear()
    QTest.keyClicks(field, text)
    settle(window)
