"""Notes in the margin of a lesson, its pictures and its documents."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QBuffer, QIODevice, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPlainTextEdit

from spoc_desktop.ui.attachments import FileDialog
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages.exchanges import ExchangesPage
from spoc_desktop.ui.pages.lesson import LessonPage
from spoc_desktop.ui.widgets.figure import FigureView
from spoc_desktop.ui.widgets.rich_text import RichText
from sync.client.ports import Changes
from sync.content.reading import plain_text
from sync.domain import spaces
from sync.domain.blocks import Block, Download, Figure
from sync.domain.courses import EDITION, LESSON_EDITION
from sync.domain.files import Attachment
from sync.domain.ids import derived
from sync.domain.kind import encode
from sync.domain.notes import NOTE, Note
from tests.ui.pages.looking import click, has, named, press, says, settle
from tools.sample_laptop import COHORT_ID, SampleLaptop


def open_lesson(window: MainWindow, laptop: SampleLaptop, part: int = 1) -> LessonPage:
    window.open("lesson", cohort_id=COHORT_ID, activity_id=laptop.text.course.modules[1].activities[0])
    settle(window)
    assert isinstance(window.page, LessonPage)
    window.page.go_to(part)
    settle(window)
    return window.page


def notes(laptop: SampleLaptop) -> list[Note]:
    return [seen.body for seen in laptop.store.view(NOTE)]


def select(page: LessonPage, words: str) -> RichText:
    for text in page.main.findChildren(RichText):
        found = text.document().find(words, 0)
        if not found.isNull():
            text.setTextCursor(found)
            return text
    raise LookupError(words)


def write_note(window: MainWindow, page: LessonPage, words: str, text: str) -> None:
    if words:
        select(page, words)
    click(window, "begin_note")
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, text)
    page.setFocus()
    settle(window)


def test_an_empty_margin_says_how_to_write_a_note(learner: MainWindow, laptop: SampleLaptop) -> None:
    open_lesson(learner, laptop)
    assert says(learner, "Aucune note. Sélectionnez une phrase pour en écrire une.")


def test_a_note_about_selected_words_keeps_them_and_is_underlined_in_the_text(
    learner: MainWindow, laptop: SampleLaptop
) -> None:
    page = open_lesson(learner, laptop)
    write_note(learner, page, "devant votre écran", "Vu chez nous.")
    ((note),) = notes(laptop)
    assert note.anchor is not None
    assert (note.text, note.anchor.quote, note.anchor.part) == ("Vu chez nous.", "devant votre écran", 1)
    assert page.found is not None
    words = plain_text(page.found.parts[1])
    assert words[note.anchor.start : note.anchor.end] == "devant votre écran"
    assert any(text._passages for text in page.main.findChildren(RichText))
    assert not says(learner, "Aucune note.")


def test_the_words_of_a_list_are_anchored_without_its_numbers(learner: MainWindow, laptop: SampleLaptop) -> None:
    page = open_lesson(learner, laptop)
    write_note(learner, page, "On le vole ailleurs", "Et au bureau ?")
    ((note),) = notes(laptop)
    assert note.anchor is not None
    assert page.found is not None
    assert plain_text(page.found.parts[1])[note.anchor.start : note.anchor.end] == "On le vole ailleurs"


def test_every_running_text_of_the_course_is_found_in_the_plain_text_of_its_part(
    learner: MainWindow, laptop: SampleLaptop
) -> None:
    page = open_lesson(learner, laptop, part=0)
    assert page.found is not None
    for part, blocks in enumerate(page.found.parts):
        page.go_to(part)
        settle(learner)
        for text in page.main.findChildren(RichText):
            assert text.words()[0] in plain_text(blocks)


def test_without_a_selection_the_note_is_about_the_whole_lesson(learner: MainWindow, laptop: SampleLaptop) -> None:
    page = open_lesson(learner, laptop)
    QTest.keyClick(learner, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    settle(learner)
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, "Relire avant jeudi.")
    page.go_to(2)
    settle(learner)
    assert [(note.text, note.anchor) for note in notes(laptop)] == [("Relire avant jeudi.", None)]
    assert page.beside is not None
    assert len(page.beside.keepers) == 1


def test_a_note_stands_beside_its_line_and_two_never_lie_over_one_another(
    learner: MainWindow, laptop: SampleLaptop
) -> None:
    page = open_lesson(learner, laptop)
    write_note(learner, page, "devant votre écran", "Un")
    write_note(learner, page, "essayer des mots", "Deux")
    write_note(learner, page, "long et", "Trois")
    settle(learner)
    assert page.beside is not None
    page.beside.arrange()
    first, second, third = (keeper.widget.geometry() for keeper in page.beside.keepers)
    assert first.bottom() < second.top()
    assert second.bottom() < third.top()
    lines = [page.beside._line_of(keeper) for keeper in page.beside.keepers]
    top = page.beside._top_of(page.beside.layer)
    assert lines[2] is not None
    assert abs(third.top() + top - lines[2]) < 8


def test_a_note_is_edited_in_place_and_saved_when_it_is_left(learner: MainWindow, laptop: SampleLaptop) -> None:
    page = open_lesson(learner, laptop)
    write_note(learner, page, "devant votre écran", "Un")
    assert page.beside is not None
    edit = page.beside.keepers[0].widget.edit
    edit.setFocus()
    edit.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(edit, " deux")
    learner.open("today")
    settle(learner)
    assert [note.text for note in notes(laptop)] == ["Un deux"]


def test_a_deleted_note_goes_and_undo_brings_it_back(learner: MainWindow, laptop: SampleLaptop) -> None:
    page = open_lesson(learner, laptop)
    write_note(learner, page, "devant votre écran", "Un")
    assert page.beside is not None
    QTest.mouseClick(page.beside.keepers[0].widget.delete, Qt.MouseButton.LeftButton)
    settle(learner)
    assert notes(laptop) == []
    assert says(learner, "Note supprimée.")
    QTest.keyClick(learner, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(learner)
    assert [note.text for note in notes(laptop)] == ["Un"]


def publish_again(laptop: SampleLaptop, *blocks: Block) -> None:
    """The first lesson of the second week in a second edition, with other blocks."""
    published = laptop.published().course
    edition = EDITION.decode(next(row.body for row in published if row.kind is EDITION))
    activity = edition.modules[1].activities[0]
    lesson = LESSON_EDITION.decode(next(row.body for row in published if row.id == activity.edition))
    lesson = msgspec.structs.replace(lesson, blocks=blocks)
    id_ = derived("again", encode(lesson))
    week = edition.modules[1]
    others = (msgspec.structs.replace(activity, edition=id_), *week.activities[1:])
    modules = (edition.modules[0], msgspec.structs.replace(week, activities=others), *edition.modules[2:])
    edition = msgspec.structs.replace(edition, number=2, modules=modules)
    rows = [(LESSON_EDITION, id_, encode(lesson)), (EDITION, derived("edition again"), encode(edition))]
    laptop.told(spaces.course(laptop.course_id), rows)


def test_when_the_words_are_gone_from_a_new_edition_the_note_says_which_they_were(
    learner: MainWindow, laptop: SampleLaptop
) -> None:
    page = open_lesson(learner, laptop)
    write_note(learner, page, "devant votre écran", "Un")
    publish_again(laptop, *[block for part in page.found.parts[2:] for block in part] if page.found else [])
    learner.open("today")
    settle(learner)
    open_lesson(learner, laptop, part=0)
    assert says(learner, "Sur des mots qui ne sont plus là : « devant votre écran »")


def picture() -> bytes:
    image = QImage(40, 20, QImage.Format.Format_RGB32)
    image.fill(0)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs know no device here
    return bytes(buffer.data().data())


def test_a_picture_that_comes_later_takes_the_place_of_its_description(
    learner: MainWindow, laptop: SampleLaptop
) -> None:
    content = picture()
    file = laptop.store.files.keep(content, "cadenas.png", "image/png")
    laptop.store.files.drop(file.sha256)
    publish_again(laptop, Figure(file=file, alternative="Un cadenas jaune."))
    page = open_lesson(learner, laptop, part=0)
    assert says(learner, "Cette image arrive à la prochaine synchronisation. Un cadenas jaune.")
    laptop.store.files.put(file.sha256, content)
    laptop.workplace.changed(Changes(files=frozenset({file.sha256})))
    settle(learner)
    assert not says(learner, "Un cadenas jaune.")
    figure = page.findChild(FigureView)
    assert figure is not None
    assert figure.picture.sizeHint().width() == 40


def tell_document(laptop: SampleLaptop, name: str) -> Attachment:
    file = laptop.store.files.keep(b"%PDF-1.7", name, "application/pdf")
    publish_again(laptop, Download(file=file, title="La fiche"))
    return file


def test_a_document_opens_after_a_click_only(
    learner: MainWindow, laptop: SampleLaptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    file = tell_document(laptop, "fiche.pdf")
    open_lesson(learner, laptop, part=0)
    assert says(learner, "La fiche")
    assert opened == []
    click(learner, f"open_{file.sha256.hex()[:12]}")
    assert [Path(url.toLocalFile()).read_bytes() for url in opened] == [b"%PDF-1.7"]


def test_a_document_is_saved_where_the_person_says(
    learner: MainWindow, laptop: SampleLaptop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "a.pdf"), ""))
    file = tell_document(laptop, "fiche.pdf")
    open_lesson(learner, laptop, part=0)
    click(learner, f"save_{file.sha256.hex()[:12]}")
    assert (tmp_path / "a.pdf").read_bytes() == b"%PDF-1.7"
    assert says(learner, "Le fichier est enregistré.")


def test_what_could_start_a_program_is_only_saved(learner: MainWindow, laptop: SampleLaptop) -> None:
    file = tell_document(laptop, "fiche.pdf.exe")
    open_lesson(learner, laptop, part=0)
    assert says(learner, "fiche.pdf.exe")
    assert not has(learner, f"open_{file.sha256.hex()[:12]}")
    assert named(learner, f"save_{file.sha256.hex()[:12]}").isEnabled()


def test_escape_leaves_a_note_for_the_lesson(learner: MainWindow, laptop: SampleLaptop) -> None:
    page = open_lesson(learner, laptop)
    click(learner, "begin_note")
    press(learner, Qt.Key.Key_Escape)
    assert page.beside is not None
    assert page.beside.keepers == []


def test_the_keyboard_alone_chooses_words_and_writes_a_note_about_them(
    learner: MainWindow, laptop: SampleLaptop
) -> None:
    page = open_lesson(learner, laptop)
    text = page.main.findChildren(RichText)[0]
    while QApplication.focusWidget() is not text:
        QTest.keyClick(QApplication.focusWidget() or learner, Qt.Key.Key_Tab)
    QTest.keyClick(text, Qt.Key.Key_Home)
    for _letter in range(7):
        QTest.keyClick(text, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(text, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, "Sans souris.")
    page.setFocus()
    settle(learner)
    ((note),) = notes(laptop)
    assert note.anchor is not None
    assert note.anchor.quote == "Comment"


def test_space_and_page_down_turn_the_page_from_inside_the_text_too(learner: MainWindow, laptop: SampleLaptop) -> None:
    page = open_lesson(learner, laptop)
    bar = page.body.scroller.verticalScrollBar()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_PageDown):
        bar.setValue(0)
        text = page.main.findChildren(RichText)[0]
        text.setFocus()
        QTest.keyClick(text, key)
        assert bar.value() > 0


def test_fixed_spaces_of_french_stay_in_a_note(learner: MainWindow, laptop: SampleLaptop) -> None:
    page = open_lesson(learner, laptop)
    click(learner, "begin_note")
    field = QApplication.focusWidget()
    assert isinstance(field, QPlainTextEdit)
    field.insertPlainText("À quoi bon\u202f? 3\u00a0000 fois «\u00a0oui\u00a0».")
    page.setFocus()
    settle(learner)
    assert [note.text for note in notes(laptop)] == ["À quoi bon\u202f? 3\u00a0000 fois «\u00a0oui\u00a0»."]


def test_documents_stand_at_the_foot_of_the_margin_and_are_opened_after_a_question(
    learner: MainWindow, laptop: SampleLaptop
) -> None:
    file = tell_document(laptop, "fiche.pdf")
    page = open_lesson(learner, laptop, part=0)
    shown = named(page.lying.foot, f"document_{file.sha256.hex()}")
    assert shown is not None
    click(learner, f"document_{file.sha256.hex()}")
    settle(learner)
    dialog = page.findChild(FileDialog)
    assert dialog is not None
    assert dialog.isVisible()
    dialog.reject()


def test_the_foot_leads_to_what_the_group_says_or_to_a_first_question(
    learner: MainWindow, laptop: SampleLaptop
) -> None:
    page = open_lesson(learner, laptop)
    assert says(page.lying.foot, "Interroger le groupe sur cette leçon")
    assert page.found is not None
    told = laptop.workplace.forum.open_thread(COHORT_ID, "Quel coffre ?", "Lequel ?", activity=page.found.activity_id)
    page.reload()
    settle(learner)
    assert says(page.lying.foot, "1 échange sur cette leçon")
    click(learner, "talk")
    settle(learner)
    assert learner.route == "exchanges"
    assert isinstance(learner.page, ExchangesPage)
    assert learner.page.params["thread"] == told.id
