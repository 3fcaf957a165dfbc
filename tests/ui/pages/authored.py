"""An author's laptop and its pages: what its drafts say, and how its texts are typed into."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit

from spoc_desktop.app import Application
from spoc_desktop.services.authoring_drafts import Shelved
from spoc_desktop.ui.main_window import MainWindow
from sync.domain.courses import Lesson
from sync.domain.publishing import Drafts
from sync.domain.quizzes import Quiz
from tests.ui.pages.looking import named, settle
from tools.sample_author import tell_drafts
from tools.sample_laptop import CLAIRE, SampleLaptop


def author_laptop() -> SampleLaptop:
    """Claire's laptop, with the drafts as the server told them and an empty course."""
    laptop = SampleLaptop(CLAIRE)
    laptop.told_all()
    tell_drafts(laptop)
    return laptop


def register(window: MainWindow, laptop: SampleLaptop) -> None:
    """Every page of this person, as the program registers them."""
    for make in Application().page_makers():
        for place in make(laptop.workplace):
            window.register(place)
    laptop.workplace.syncing.listen(window.notify)


def drafts(laptop: SampleLaptop, course_id: bytes | None = None) -> Drafts:
    found = shelved(laptop, course_id).drafts
    assert found is not None
    return found


def shelved(laptop: SampleLaptop, course_id: bytes | None = None) -> Shelved:
    return laptop.workplace.drafts.course(course_id or laptop.course_id)


def lesson_of(laptop: SampleLaptop) -> tuple[bytes, Lesson]:
    return next((id_, body) for id_, body in drafts(laptop).lessons.items() if body.video is None)


def quiz_of(laptop: SampleLaptop) -> tuple[bytes, Quiz]:
    first = drafts(laptop)
    named_ = (id_ for module in first.course.modules for id_ in module.activities)
    id_ = next(one for one in named_ if one in first.quizzes)
    return id_, first.quizzes[id_]


def type_into(window: MainWindow, name: str, text: str) -> None:
    """Type at the end of a text."""
    area = named(window, name)
    assert isinstance(area, QPlainTextEdit)
    area.setFocus()
    QTest.keyClick(area, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    for line in text.split("\n"):
        if line is not text.split("\n", maxsplit=1)[0]:
            QTest.keyClick(area, Qt.Key.Key_Return)
        QTest.keyClicks(area, line)
    settle(window)
