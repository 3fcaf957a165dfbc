"""A dressed application without a display, and a window that is closed again after each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from spoc_desktop.ui import theme
from spoc_desktop.ui.language import set_language
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.memory import ShortMemory
from spoc_desktop.ui.theme import Appearance
from spoc_desktop.ui.workers import Workers
from tests.ui.sample_pages import bring_up

OFFSCREEN = (
    r"This plugin does not support (raise\(\)|propagateSizeHints\(\)|grabbing the (keyboard|mouse))"
    r"|PulseAudioService: |No audio device detected|No RHI backend"
)
"""What the platform says of menus without a display and of films without a sound card and a graphics card; every other
Qt warning fails the test."""

PLAIN = Appearance(mode="light", scale=1.0, motion=False)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests of this folder open menus without a display."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.qt_log_ignore(OFFSCREEN))


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The one application of the test run, dressed."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.install(app, PLAIN)
    return app


@pytest.fixture(autouse=True)
def app(qapp: QApplication, qtbot: QtBot) -> Iterator[QApplication]:
    """Each test begins in French, light, at 100 %, and leaves no window open."""
    set_language("fr")
    theme.theme().set(mode=PLAIN.mode, scale=PLAIN.scale, sans=PLAIN.sans, motion=PLAIN.motion)
    before = set(qapp.topLevelWidgets())
    yield qapp
    for widget in qapp.topLevelWidgets():
        if widget not in before:
            widget.close()
            widget.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()


@pytest.fixture
def workers() -> Iterator[Workers]:
    """Worker threads, ended again."""
    made = Workers()
    yield made
    made.close()


@pytest.fixture
def memory() -> ShortMemory:
    """What the window remembers."""
    return ShortMemory()


@pytest.fixture
def window(app: QApplication, workers: Workers, memory: ShortMemory) -> Iterator[MainWindow]:
    """The frame, 1280 by 800, visible, without pages."""
    made = MainWindow(memory, workers)
    bring_up(made)
    yield made
    made.close()
