"""A course is written in the window, published on a real server, and learnt on another laptop."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QWidget

from spoc_desktop.app import Application
from spoc_desktop.services.workplace import Workplace
from spoc_desktop.ui.language import set_language
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.memory import ShortMemory
from spoc_desktop.ui.workers import Workers
from sync.content.reading import plain_text
from sync.domain.courses import ActivityType
from sync.domain.quizzes import Answer
from tests.integration.laptop.harness import School, school
from tests.ui.conftest import app, qapp

__all__ = ["app", "qapp"]
pytestmark = pytest.mark.qt_log_ignore(r"This plugin does not support|PulseAudioService|No audio device|No RHI")


class Desk:
    """The author's hands: what is done goes through the window alone."""

    def __init__(self, workplace: Workplace) -> None:
        self.workers = Workers()
        self.window = MainWindow(ShortMemory(), self.workers)
        for make in Application().page_makers():
            for place in make(workplace):
                self.window.register(place)
        self.window.resize(1280, 800)
        self.window.show()

    def close(self) -> None:
        self.window.close()
        self.workers.close()

    def settle(self) -> None:
        for _each in range(4):
            self.workers.wait()
            QApplication.processEvents()

    def open(self, route: str, **params: object) -> None:
        self.window.open(route, **params)
        self.settle()

    def find(self, name: str) -> QWidget:
        return next(one for one in self.window.findChildren(QWidget) if one.objectName() == name and one.isVisible())

    def starting(self, name: str) -> str:
        return next(
            one.objectName()
            for one in self.window.findChildren(QAbstractButton)
            if one.objectName().startswith(name) and one.isVisible()
        )

    def click(self, name: str) -> None:
        button = self.find(name)
        assert isinstance(button, QAbstractButton)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def type(self, name: str, text: str) -> None:
        field = self.find(name)
        assert isinstance(field, QLineEdit | QPlainTextEdit)
        field.setFocus()
        if isinstance(field, QLineEdit):
            field.clear()
        QTest.keyClicks(field, text)
        self.settle()


def write_a_course(desk: Desk) -> None:
    """Title, one week, a lesson, a quiz with one question."""
    desk.open("contents")
    desk.click(desk.starting("begin_"))
    for name, text in (("title", "Consignation"), ("technical", "Samir"), ("pedagogical", "Paul")):
        desk.type(name, text)
    desk.click("begin")
    desk.click("add_module")
    desk.click(desk.starting("add_lesson_"))
    desk.type("title", "Couper")
    desk.type("text", "Couper n'est pas **separer**.")
    desk.window.go_back()
    desk.settle()
    desk.click(desk.starting("add_quiz_"))
    desk.type("title", "Controler")
    desk.click("add_question")
    desk.type("text", "Que faut-il encore ?")
    for number, words in enumerate(("Rien", "Une etiquette", "La position visible"), 1):
        desk.type(f"choice_{number}", words)
        desk.type(f"remark_{number}", f"Remarque {number}.")
    desk.click("right_3")


def publish(desk: Desk, course: bytes) -> list[str]:
    """Ask for it as a person does; what can be read afterwards."""
    desk.open("contents_course", course_id=course)
    desk.click("publish")
    return [
        text
        for one in desk.window.findChildren(QWidget)
        if callable(text_ := getattr(one, "text", None))
        for text in [str(text_())]
        if one.isVisible()
    ]


def test_a_blank_course_is_written_in_the_window_published_and_learnt(tmp_path: Path, app: QApplication) -> None:
    with school(tmp_path, published=False) as here:
        authors, paul = here.joined(here.sample.paul)
        course = here.sample.course
        desk = Desk(paul)
        set_language("fr")
        try:
            authors.wire.cut()
            write_a_course(desk)
            assert any("Rien n’est publié" in text for text in publish(desk, course))
            authors.wire.mend()
            assert any("L’édition 1 est publiée." in text for text in publish(desk, course))
        finally:
            desk.close()
        learnt_by_ines(here)


def learnt_by_ines(here: School) -> None:
    """Her store gets the lesson and the question, and answers it."""
    _laptop, ines = here.joined(here.sample.ines)
    outline = ines.courses.outline(here.sample.id)
    lesson, quiz = (row.activity for row in outline.activities)
    assert (outline.enrolled.title, lesson.type, quiz.type) == ("Consignation", ActivityType.LESSON, ActivityType.QUIZ)
    page = ines.courses.lesson(here.sample.id, lesson.id)
    assert plain_text(page.parts[0]) == "Couper n'est pas separer."
    sitting = ines.quizzes.begin(here.sample.id, quiz.id)
    (view,) = sitting.questions
    answered = ines.quizzes.answer(sitting.start_id, Answer(question=view.question.id, chosen=(3,)))
    assert answered.feedback is not None
    assert answered.feedback.right
    assert plain_text(answered.feedback.said) == "Remarque 3."
