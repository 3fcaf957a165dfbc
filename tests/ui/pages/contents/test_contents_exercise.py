"""An exercise is written, with the rubric that its hand-ins are reviewed by."""

from __future__ import annotations

from spoc_desktop.ui.main_window import MainWindow
from tests.ui.pages.authored import drafts, type_into
from tests.ui.pages.looking import click, says, settle, write
from tools.sample_laptop import SampleLaptop


def test_an_exercise_is_written_with_its_rubric(author: MainWindow, laptop: SampleLaptop) -> None:
    module = drafts(laptop).course.modules[0]
    author.open("contents_course", course_id=laptop.course_id)
    settle(author)
    click(author, f"add_exercise_{module.id.hex()}")
    type_into(author, "text", "Une page, **dix** minutes.")
    write(author, "due_day", "4")
    click(author, "add_criterion")
    write(author, "criterion_1", "La lecture")
    write(author, "level_2_1", "Acquis")
    write(author, "points_2_1", "5")
    click(author, "drop_1_1")
    exercise = drafts(laptop).exercises[drafts(laptop).course.modules[0].activities[-1]]
    (criterion,) = exercise.criteria
    assert (exercise.due_day, len(exercise.brief), criterion.title) == (4, 1, "La lecture")
    assert [(level.title, level.points) for level in criterion.levels] == [("À reprendre", 0), ("Acquis", 5)]
    assert says(author, "Grille, 5 points")
