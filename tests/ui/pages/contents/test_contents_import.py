"""A course is brought in from a folder: told and compared first, saved afterwards."""

from __future__ import annotations

from pathlib import Path

from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages.contents_import import ImportPage
from tests.ui.pages.authored import drafts, lesson_of
from tests.ui.pages.looking import click, has, says, settle
from tools.sample_author import BLANK
from tools.sample_laptop import COURSE_FOLDER, SampleLaptop


def test_a_folder_is_told_and_compared_before_anything_is_saved(
    author: MainWindow, laptop: SampleLaptop, tmp_path: Path
) -> None:
    activity, body = lesson_of(laptop)
    laptop.workplace.drafts.change_activity(laptop.course_id, activity, title="Autre titre")
    author.open("contents_import")
    settle(author)
    page = author.page
    assert isinstance(page, ImportPage)
    page.read_from(COURSE_FOLDER)
    settle(author)
    assert says(author, "4 modules")
    assert says(author, f"Modifié · {body.title}")
    assert drafts(laptop).lessons[activity].title == "Autre titre"
    click(author, "bring")
    assert author.route == "contents_course"
    assert drafts(laptop).lessons[activity].title == body.title


def test_a_course_goes_into_the_empty_one_as_a_copy_under_ids_of_its_own(
    author: MainWindow, laptop: SampleLaptop
) -> None:
    author.open("contents_import")
    settle(author)
    page = author.page
    assert isinstance(page, ImportPage)
    page.read_from(COURSE_FOLDER)
    settle(author)
    page.compare(BLANK)
    settle(author)
    assert says(author, "Il entre comme une copie")
    click(author, "bring")
    copy = drafts(laptop, BLANK)
    assert copy.course.title == drafts(laptop).course.title
    assert not copy.lessons.keys() & drafts(laptop).lessons.keys()


def test_a_broken_folder_names_file_and_line_and_offers_no_import(
    author: MainWindow, laptop: SampleLaptop, tmp_path: Path
) -> None:
    (tmp_path / "course.md").write_text("---\ntitle: Sans identité\n---\n", "utf-8")
    author.open("contents_import")
    settle(author)
    page = author.page
    assert isinstance(page, ImportPage)
    page.read_from(tmp_path)
    settle(author)
    assert says(author, "course.md:1")
    assert says(author, "Rien n’a été enregistré")
    assert not has(author, "bring")
    assert laptop.store.counts().waiting == 0


def test_an_import_that_is_stopped_saves_no_draft(author: MainWindow, laptop: SampleLaptop) -> None:
    activity, _body = lesson_of(laptop)
    laptop.workplace.drafts.change_activity(laptop.course_id, activity, title="Autre titre")
    author.open("contents_import")
    settle(author)
    page = author.page
    assert isinstance(page, ImportPage)
    page.read_from(COURSE_FOLDER)
    settle(author)
    page.submit()
    page.stop()
    settle(author)
    assert says(author, "Modifié")
    assert drafts(laptop).lessons[activity].title == "Autre titre"
