"""An author's laptop: the sample course as drafts and as an edition, a second course that nobody has begun."""

from __future__ import annotations

from spoc_desktop.app import Application
from spoc_desktop.ui.main_window import MainWindow
from sync.domain import spaces
from sync.domain.courses import COURSE, LESSON
from sync.domain.exercises import EXERCISE
from sync.domain.ids import CourseId
from sync.domain.kind import encode
from sync.domain.quizzes import QUIZ
from tools.sample_laptop import CLAIRE, SampleLaptop

BLANK = CourseId(bytes.fromhex("0192f0c0bbbb7000800000000000c0de"))


def author_laptop(*, blank: bool = False) -> SampleLaptop:
    """Claire's laptop, with the drafts as the server told them."""
    laptop = SampleLaptop(CLAIRE)
    laptop.told_all()
    text = laptop.text
    bodies = (
        *((LESSON, i, b) for i, b in text.lessons.items()),
        *((QUIZ, i, b) for i, b in text.quizzes.items()),
        *((EXERCISE, i, b) for i, b in text.exercises.items()),
    )
    laptop.told(
        spaces.authoring(laptop.course_id),
        [(COURSE, text.course_id, encode(text.course)), *((kind, id_, encode(body)) for kind, id_, body in bodies)],
        CLAIRE,
    )
    for file, path in text.files.items():
        laptop.store.files.put(file, path.read_bytes())
    if blank:
        laptop.told(spaces.authoring(BLANK), [])
    return laptop


def register(window: MainWindow, laptop: SampleLaptop) -> None:
    """Every page of this person, as the program registers them."""
    for make in Application().page_makers():
        for place in make(laptop.workplace):
            window.register(place)
    laptop.workplace.syncing.listen(window.notify)
