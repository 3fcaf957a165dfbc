"""A trainer's window with a hand-in on the table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from spoc_desktop.ui.main_window import MainWindow
from tests.ui.pages.conftest import TRAINERS_PAGES, register
from tests.ui.pages.looking import settle
from tools.sample_laptop import CLAIRE, SampleLaptop
from tools.sample_reviews import SampleReviews, sample_reviews, with_exercise


@pytest.fixture
def desk() -> Iterator[SampleLaptop]:
    laptop = with_exercise(SampleLaptop(CLAIRE))
    laptop.told_all()
    with closing(laptop.workplace):
        yield laptop


@pytest.fixture
def handed_in(desk: SampleLaptop) -> SampleReviews:
    return sample_reviews(desk)


@pytest.fixture
def page(window: MainWindow, desk: SampleLaptop, handed_in: SampleReviews) -> Iterator[MainWindow]:
    """Nadia's second version on the table."""
    register(window, desk.workplace, TRAINERS_PAGES)
    window.show()
    window.open("reviewing", hand_in=handed_in.second)
    settle(window)
    yield window
    settle(window)
