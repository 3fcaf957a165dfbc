"""A lesson is written: kept at each key, shown as the learner sees it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages.contents_lesson import LessonEditorPage
from sync.domain.blocks import Figure, Heading, Strong
from tests.ui.pages.authored import drafts, lesson_of, type_into
from tests.ui.pages.looking import click, has, named, says, settle, write
from tools.sample_laptop import COURSE_FOLDER, SampleLaptop


def open_lesson(window: MainWindow, laptop: SampleLaptop) -> bytes:
    activity, _body = lesson_of(laptop)
    window.open("contents_lesson", course_id=laptop.course_id, activity_id=activity)
    settle(window)
    return activity


def test_a_lesson_is_kept_at_each_key_and_shown_as_the_learner_sees_it(
    author: MainWindow, laptop: SampleLaptop, qtbot: QtBot
) -> None:
    activity = open_lesson(author, laptop)
    type_into(author, "text", "\n\n## Une partie\n\nDes mots **importants**.")
    blocks = drafts(laptop).lessons[activity].blocks
    assert isinstance(blocks[-2], Heading)
    assert any(isinstance(span, Strong) for span in blocks[-1].spans)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: says(named(author, "preview"), "Des mots importants."), timeout=10_000)
    assert not says(named(author, "preview"), "**importants**")


def test_every_lesson_of_the_course_goes_through_the_editor_and_loses_nothing(
    author: MainWindow, laptop: SampleLaptop
) -> None:
    for activity, lesson in drafts(laptop).lessons.items():
        author.open("contents_lesson", course_id=laptop.course_id, activity_id=activity)
        settle(author)
        page = author.page
        assert isinstance(page, LessonEditorPage)
        assert page.text is not None
        assert page.named.read(page.text.typed).blocks == lesson.blocks


def test_what_cannot_be_kept_is_said_with_its_line_and_typing_goes_on(
    author: MainWindow, laptop: SampleLaptop, qtbot: QtBot
) -> None:
    activity = open_lesson(author, laptop)
    type_into(author, "text", "\n\n![badge](media/absent.png)\n\nLa suite.")
    qtbot.waitUntil(lambda: says(author, "absent.png"), timeout=10_000)
    assert "La suite." in str(drafts(laptop).lessons[activity].blocks[-1])


def test_a_picture_goes_in_only_with_words_that_say_what_it_shows(author: MainWindow, laptop: SampleLaptop) -> None:
    activity = open_lesson(author, laptop)
    page = author.page
    assert isinstance(page, LessonEditorPage)
    assert page.text is not None
    assert page.text.files is not None
    page.text.files.take_picture(next(COURSE_FOLDER.glob("media/*.png")))
    settle(author)
    click(author, "put_picture")
    assert has(author, "alternative")
    write(author, "alternative", "Un faux message")
    click(author, "put_picture")
    figures = [one for one in drafts(laptop).lessons[activity].blocks if isinstance(one, Figure)]
    assert figures[-1].alternative == "Un faux message" or figures[0].alternative == "Un faux message"
    assert laptop.store.files.has(figures[0].file.sha256)


def test_a_program_that_calls_itself_a_picture_is_refused_and_said(
    author: MainWindow, laptop: SampleLaptop, tmp_path: Path
) -> None:
    open_lesson(author, laptop)
    page = author.page
    assert isinstance(page, LessonEditorPage)
    assert page.text is not None
    assert page.text.files is not None
    false = tmp_path / "photo.png"
    false.write_bytes(b"MZ" + bytes(200))
    page.text.files.take_picture(false)
    settle(author)
    assert says(author, "photo.png")
    assert not has(author, "alternative")


def test_what_was_typed_right_before_leaving_is_kept_in_the_lesson_that_it_was_typed_in(
    author: MainWindow, laptop: SampleLaptop
) -> None:
    first = open_lesson(author, laptop)
    other = next(id_ for id_, one in drafts(laptop).lessons.items() if id_ != first and one.video is None)
    before = drafts(laptop).lessons[other]
    area = named(author, "text")
    assert isinstance(area, QPlainTextEdit)
    area.setFocus()
    QTest.keyClicks(area, "Debut ")
    author.open("contents_lesson", course_id=laptop.course_id, activity_id=other)
    QTest.qWait(250)
    settle(author)
    assert str(drafts(laptop).lessons[first].blocks[0]).count("Debut") == 1
    assert drafts(laptop).lessons[other] == before


def test_what_another_author_changes_meanwhile_leaves_the_text_under_the_fingers(
    author: MainWindow, laptop: SampleLaptop
) -> None:
    activity = open_lesson(author, laptop)
    type_into(author, "text", "Ici.")
    typed = drafts(laptop).lessons[activity].blocks
    area = named(author, "text")
    laptop.workplace.changed(laptop.workplace.drafts.change_activity(laptop.course_id, activity, minutes=44))
    settle(author)
    assert named(author, "text") is area
    assert area.hasFocus()
    type_into(author, "text", "La.")
    assert drafts(laptop).lessons[activity].minutes == 44
    assert drafts(laptop).lessons[activity].blocks != typed


def test_undo_takes_back_what_was_typed(author: MainWindow, laptop: SampleLaptop) -> None:
    activity = open_lesson(author, laptop)
    before = drafts(laptop).lessons[activity].blocks
    type_into(author, "text", " Trop.")
    assert drafts(laptop).lessons[activity].blocks != before
    click(author, "undo")
    assert drafts(laptop).lessons[activity].blocks == before
