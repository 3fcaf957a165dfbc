"""The window of an author, on a laptop of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from spoc_desktop.ui.main_window import MainWindow
from tests.ui.pages.authored import author_laptop, register
from tests.ui.pages.looking import settle
from tools.sample_laptop import SampleLaptop


@pytest.fixture
def laptop() -> Iterator[SampleLaptop]:
    made = author_laptop()
    yield made
    made.workplace.close()


@pytest.fixture
def author(window: MainWindow, laptop: SampleLaptop) -> Iterator[MainWindow]:
    """The window of an author, no page open yet."""
    register(window, laptop)
    yield window
    settle(window)
