"""The outline of a course, its settings, what is left to do before it is published."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.widgets.segmented import Segmented
from tests.ui.pages.authored import drafts, shelved
from tests.ui.pages.looking import click, named, press, says, settle, write
from tools.sample_author import BLANK
from tools.sample_laptop import SampleLaptop


def test_a_module_and_its_first_lesson_are_added_by_keyboard(author: MainWindow, laptop: SampleLaptop) -> None:
    laptop.workplace.drafts.begin(BLANK, "Consignation", "fr", "", "")
    author.open("contents_course", course_id=BLANK)
    settle(author)
    named(author, "add_module").setFocus()
    press(author, Qt.Key.Key_Return)
    (module,) = drafts(laptop, BLANK).course.modules
    named(author, f"add_lesson_{module.id.hex()}").setFocus()
    press(author, Qt.Key.Key_Return)
    assert author.route == "contents_lesson"
    (module,) = drafts(laptop, BLANK).course.modules
    assert drafts(laptop, BLANK).lessons[module.activities[0]].title == "Nouvelle leçon"


def test_an_activity_moves_down_by_keyboard_and_the_focus_stays_on_the_arrow(
    author: MainWindow, laptop: SampleLaptop
) -> None:
    author.open("contents_course", course_id=laptop.course_id)
    settle(author)
    before = drafts(laptop).course.modules[0].activities
    name = f"down_{before[0].hex()}"
    named(author, name).setFocus()
    press(author, Qt.Key.Key_Return)
    after = drafts(laptop).course.modules[0].activities
    assert after == (before[1], before[0], *before[2:])
    assert named(author, name).hasFocus()


def test_an_arrow_at_its_end_hands_the_keyboard_to_the_other_one(author: MainWindow, laptop: SampleLaptop) -> None:
    author.open("contents_course", course_id=laptop.course_id)
    settle(author)
    second = drafts(laptop).course.modules[0].activities[1].hex()
    named(author, f"up_{second}").setFocus()
    press(author, Qt.Key.Key_Return)
    assert not named(author, f"up_{second}").isEnabled()
    assert named(author, f"down_{second}").hasFocus()


def test_what_was_taken_out_of_the_outline_comes_back_with_undo(author: MainWindow, laptop: SampleLaptop) -> None:
    author.open("contents_course", course_id=laptop.course_id)
    settle(author)
    before = drafts(laptop).course.modules
    click(author, f"take_{before[0].activities[1].hex()}")
    assert before[0].activities[1] not in drafts(laptop).course.modules[0].activities
    click(author, f"take_{before[1].id.hex()}")
    assert len(drafts(laptop).course.modules) == len(before) - 1
    author.open("contents_course", course_id=laptop.course_id)
    settle(author)
    QTest.keyClick(author, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(author)
    assert [module.id for module in drafts(laptop).course.modules] == [module.id for module in before]


def test_titles_and_minutes_are_kept_as_they_are_typed(author: MainWindow, laptop: SampleLaptop) -> None:
    author.open("contents_course", course_id=laptop.course_id)
    settle(author)
    module = drafts(laptop).course.modules[0]
    write(author, f"module_{module.id.hex()}", "Voir venir")
    write(author, f"minutes_{module.activities[0].hex()}", "17")
    assert drafts(laptop).course.modules[0].title == "Voir venir"
    body = drafts(laptop).find(module.activities[0])
    assert body is not None
    assert body.minutes == 17
    assert says(author, "Enregistré sur cet ordinateur, 8 h 52")


def test_the_settings_are_kept_as_they_are_typed_and_the_certificate_can_be_left_out(
    author: MainWindow, laptop: SampleLaptop
) -> None:
    author.open("contents_settings", course_id=laptop.course_id)
    settle(author)
    write(author, "title", "Autre titre")
    write(author, "minutes_percent", "65")
    course = drafts(laptop).course
    assert course.title == "Autre titre"
    assert course.certificate is not None
    assert course.certificate.minutes_percent == 65
    given = named(author, "certificate")
    assert isinstance(given, Segmented)
    given.picked.emit("no")
    settle(author)
    assert drafts(laptop).course.certificate is None
    assert says(author, "Ce cours ne délivre pas de certificat.")


def test_the_check_list_leads_to_what_is_left_to_do(author: MainWindow, laptop: SampleLaptop) -> None:
    laptop.workplace.drafts.change_course(laptop.course_id, technical_contact="")
    author.open("contents_course", course_id=laptop.course_id)
    settle(author)
    assert says(author, "Il reste 1 point à faire.")
    place = next(n for n, line in enumerate(shelved(laptop).checks) if not line.is_done)
    click(author, "publish")
    assert named(author, f"check_{place}").hasFocus()
    press(author, Qt.Key.Key_Return)
    assert author.route == "contents_settings"
    write(author, "technical_contact", "Samir")
    assert all(line.is_done for line in shelved(laptop).checks)


def test_publishing_without_a_network_says_that_the_draft_stays(author: MainWindow, laptop: SampleLaptop) -> None:
    author.open("contents_course", course_id=laptop.course_id)
    settle(author)
    click(author, "publish")
    assert says(author, "Votre brouillon reste sur cet ordinateur.")
    assert named(author, "publish").isEnabled()
