"""« Contenus »: the courses of an author, by keyboard and mouse on a real store."""

from __future__ import annotations

from pathlib import Path

from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages.contents import ContentsPage
from spoc_desktop.ui.pages.contents_import import ImportPage
from tests.ui.pages.authored import drafts, lesson_of, shelved
from tests.ui.pages.looking import click, says, settle, write
from tools.sample_author import BLANK
from tools.sample_laptop import SampleLaptop


def test_the_list_says_which_edition_is_learnt_and_what_was_changed_since(
    author: MainWindow, laptop: SampleLaptop
) -> None:
    author.open("contents")
    settle(author)
    assert says(author, "Édition 1")
    assert says(author, "Rien n’a changé depuis")
    activity, _body = lesson_of(laptop)
    laptop.workplace.drafts.change_activity(laptop.course_id, activity, minutes=33)
    author.open("contents")
    settle(author)
    assert says(author, "1 modification non publiée")


def test_an_empty_course_is_begun_with_a_title_and_its_contacts(author: MainWindow, laptop: SampleLaptop) -> None:
    author.open("contents")
    settle(author)
    click(author, f"begin_{BLANK.hex()}")
    click(author, "begin")
    assert author.route == "contents_new"
    write(author, "title", "Consignation")
    write(author, "technical", "Samir")
    write(author, "pedagogical", "Claire")
    click(author, "begin")
    assert author.route == "contents_course"
    course = drafts(laptop, BLANK).course
    assert (course.title, course.technical_contact, course.pedagogical_contact) == ("Consignation", "Samir", "Claire")


def test_who_has_no_place_for_a_new_course_learns_what_the_it_department_types(
    author: MainWindow, laptop: SampleLaptop
) -> None:
    laptop.workplace.drafts.begin(BLANK, "Consignation", "fr", "", "")
    author.open("contents")
    settle(author)
    click(author, "new_course")
    page = author.page
    assert isinstance(page, ContentsPage)
    assert page.request.startswith("spoc-server author ")
    assert page.request.endswith(" claire")
    assert says(author, page.request)


def test_a_course_is_written_into_a_folder_that_reads_as_the_same_course(
    author: MainWindow, laptop: SampleLaptop, tmp_path: Path
) -> None:
    author.open("contents")
    settle(author)
    page = author.page
    assert isinstance(page, ContentsPage)
    page.export_to(shelved(laptop), tmp_path)
    settle(author)
    (folder,) = tmp_path.iterdir()
    author.open("contents_import")
    settle(author)
    assert isinstance(author.page, ImportPage)
    author.page.read_from(folder)
    settle(author)
    assert says(author, "le brouillon dit déjà la même chose")
