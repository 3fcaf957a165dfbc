"""A real window on a real encrypted store that was told the sample course."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from spoc_desktop.services.workplace import Workplace
from spoc_desktop.ui.accessible import on_announce
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.page import Place
from spoc_desktop.ui.pages import (
    ahead,
    attempt,
    carry,
    course,
    courses,
    dashboard,
    exchanges,
    exercise,
    group,
    learner_file,
    lesson,
    quiz,
    quiz_results,
    results,
    reviewing,
    synchronisation,
    today,
    video,
)
from tests.ui.pages.looking import settle
from tools.sample_group import SampleGroup, sample_group
from tools.sample_laptop import CLAIRE, NADIA, SampleLaptop
from tools.sample_talk import sample_talk

Furnish = Callable[[Workplace], None]
Makers = tuple[Callable[[Workplace], tuple[Place, ...]], ...]
LEARNERS_PAGES: Makers = (
    today.places,
    courses.places,
    course.places,
    lesson.places,
    video.places,
    quiz.places,
    exercise.places,
    results.places,
    exchanges.places,
    synchronisation.places,
    ahead.places,
    carry.places,
)
TRAINERS_PAGES: Makers = (
    dashboard.places,
    reviewing.places,
    group.places,
    learner_file.places,
    quiz_results.places,
    attempt.places,
    exchanges.places,
    synchronisation.places,
    ahead.places,
    carry.places,
)


@pytest.fixture
def fresh_laptop(tmp_path: Path) -> Iterator[SampleLaptop]:
    """Nadia's laptop before its first sync."""
    made = SampleLaptop(NADIA, tmp_path / "store")
    yield made
    made.workplace.close()


@pytest.fixture
def laptop(fresh_laptop: SampleLaptop) -> SampleLaptop:
    """Nadia's laptop after its first sync, on the Tuesday of the second week."""
    fresh_laptop.told_all()
    return fresh_laptop


class StrayWindows(QObject):
    """Hears of every window that shows itself beside the program's."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_window = event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow()
        if is_window and not isinstance(watched, MainWindow | QDialog | QMenu):
            self.seen.append(repr(watched))
        return False


@pytest.fixture(autouse=True)
def no_stray_window(app: QApplication) -> Iterator[None]:
    """A part of a page that is shown before it has its place flashes up as a window of its own."""
    ears = StrayWindows()
    app.installEventFilter(ears)
    yield
    app.removeEventFilter(ears)
    assert ears.seen == []


def register(window: MainWindow, workplace: Workplace, makers: Makers) -> None:
    """Give a window the pages of a workplace."""
    for make in makers:
        for place in make(workplace):
            window.register(place)


@pytest.fixture
def furnish(window: MainWindow) -> Furnish:
    """Gives the window the learner's pages of a workplace; again after a restart."""

    def put(workplace: Workplace) -> None:
        window.forget_pages()
        register(window, workplace, LEARNERS_PAGES)
        workplace.syncing.listen(window.notify)

    return put


@pytest.fixture
def learner(window: MainWindow, laptop: SampleLaptop, furnish: Furnish) -> Iterator[MainWindow]:
    """The window of a learner, no page open yet."""
    furnish(laptop.workplace)
    yield window
    settle(window)


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """What a screen reader was told."""
    said: list[str] = []
    stop = on_announce(lambda _widget, text: said.append(text))
    yield said
    stop()


@dataclass(frozen=True)
class Taught:
    """Claire's laptop with all that her group handed in. It is shared: tests read it and write nothing."""

    laptop: SampleLaptop
    group: SampleGroup


@pytest.fixture(scope="session")
def taught() -> Iterator[Taught]:
    """Filled once a test run, for that takes some seconds."""
    laptop = SampleLaptop(CLAIRE)
    laptop.told_all()
    sample_talk(laptop)
    yield Taught(laptop, sample_group(laptop))
    laptop.workplace.close()


@pytest.fixture
def trainer(window: MainWindow, taught: Taught) -> Iterator[MainWindow]:
    """The window of a trainer, no page open yet."""
    register(window, taught.laptop.workplace, TRAINERS_PAGES)
    yield window
    settle(window)
