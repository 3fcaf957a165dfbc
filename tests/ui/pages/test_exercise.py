"""An exercise from the first keystroke to the version that answers what came back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from spoc_desktop.services.workplace import Workplace
from spoc_desktop.ui.attachments import FileDialog
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages import course, exercise, today
from spoc_desktop.ui.pages.exercise import ExercisePage
from spoc_desktop.ui.widgets.field import TextArea
from sync.domain.exercises import Verdict
from tests.ui.pages.conftest import register
from tests.ui.pages.looking import click, has, named, press, says, settle
from tests.unit.services.classroom import COHORT_ID, Laptop, workplace
from tests.unit.services.exercise_desk import SHEET, come_back, exercise_laptop, server_refuses, server_takes


@pytest.fixture
def desk() -> Laptop:
    return exercise_laptop()


@pytest.fixture
def work(desk: Laptop, tmp_path: Path) -> Iterator[Workplace]:
    made = workplace(desk, tmp_path)
    yield made
    made.close()


@pytest.fixture
def shown(window: MainWindow, work: Workplace) -> Iterator[MainWindow]:
    register(window, work, (today.places, course.places, exercise.places))
    work.syncing.listen(window.notify)
    yield window
    settle(window)


def open_exercise(window: MainWindow) -> ExercisePage:
    window.open("exercise", cohort_id=COHORT_ID, activity_id=SHEET)
    settle(window)
    page = window.page
    assert isinstance(page, ExercisePage)
    return page


def write(window: MainWindow, text: str) -> None:
    area = named(window, "answer")
    assert isinstance(area, TextArea)
    area.setFocus()
    if text.isascii():
        QTest.keyClicks(area, text)
    else:
        area.insertPlainText(text)  # QTest types ASCII only
    settle(window)


def hand_in(work: Workplace, desk: Laptop, text: str) -> bytes:
    work.exercises.write(COHORT_ID, SHEET, text)
    work.exercises.hand_in(COHORT_ID, SHEET)
    server_takes(desk)
    latest = work.exercises.view(COHORT_ID, SHEET).latest
    assert latest is not None
    return latest.id


def test_what_is_asked_and_what_is_looked_at_stand_there_before_the_first_word(shown: MainWindow) -> None:
    open_exercise(shown)
    for words in ("Rédigez la fiche.", "Ce qui est regardé", "Identification · 3 points", "À rendre jusqu’au vendredi"):
        assert says(shown, words), words


def test_every_keystroke_is_kept_and_the_page_says_so_once(
    shown: MainWindow, work: Workplace, heard: list[str]
) -> None:
    open_exercise(shown)
    write(shown, "Je consigne")
    assert says(shown, "Enregistré sur cet ordinateur, ")
    assert len([words for words in heard if words.startswith("Enregistré")]) == 1
    shown.open("today")
    settle(shown)
    open_exercise(shown)
    area = named(shown, "answer")
    assert isinstance(area, TextArea)
    assert area.toPlainText() == "Je consigne"
    assert work.exercises.view(COHORT_ID, SHEET).draft.text == "Je consigne"


def test_the_caret_stays_where_it_is_when_the_page_is_drawn_again(shown: MainWindow) -> None:
    page = open_exercise(shown)
    write(shown, "abc 😀 def")
    for _ in range(3):
        press(shown, Qt.Key.Key_Left)
    page.redraw()
    press(shown, "X")
    assert page.editor is not None
    assert page.editor.area.toPlainText() == "abc 😀 Xdef"


def test_ctrl_enter_hands_in_with_a_receipt_and_undo_puts_the_text_back(shown: MainWindow) -> None:
    open_exercise(shown)
    write(shown, "Version une")
    QTest.keyClick(named(shown, "answer"), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(shown)
    assert says(shown, "sur cet ordinateur. Elle part dès qu’il y a un réseau.")
    assert not has(shown, "answer")
    QTest.keyClick(shown, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(shown)
    area = named(shown, "answer")
    assert isinstance(area, TextArea)
    assert area.toPlainText() == "Version une"


def test_an_empty_version_is_not_handed_in_and_the_page_says_what_to_do(shown: MainWindow) -> None:
    open_exercise(shown)
    click(shown, "hand_in")
    assert says(shown, "Écrivez d’abord votre réponse ou joignez un fichier.")


def test_the_receipt_of_the_server_appears_by_itself(shown: MainWindow, work: Workplace, desk: Laptop) -> None:
    open_exercise(shown)
    write(shown, "Version une")
    click(shown, "hand_in")
    server_takes(desk)
    settle(shown)
    open_exercise(shown)
    assert says(shown, "Reçue par le serveur")


def test_what_came_back_stands_beside_the_text_and_each_leads_to_the_other(
    shown: MainWindow, work: Workplace, desk: Laptop
) -> None:
    come_back(desk, hand_in(work, desk, "Je consigne. Puis j'ouvre."), Verdict.RETURNED, quote="Je consigne")
    page = open_exercise(shown)
    for words in (
        "À reprendre",
        "Reprenez la condamnation.",
        "Hélène Vasseur",
        "3 sur 3 · plan cité",
        "Dans quel ordre ?",
    ):
        assert says(shown, words), words
    assert page.reviewed is not None
    text = page.reviewed.text
    text.setFocus()
    press(shown, Qt.Key.Key_Down)
    assert text.current == 1
    QTest.mouseClick(page.reviewed.remarks[1], Qt.MouseButton.LeftButton)
    assert text.current == 2


def test_an_answer_to_a_remark_says_which_remark_it_is_about(
    shown: MainWindow, work: Workplace, desk: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    come_back(desk, hand_in(work, desk, "Je consigne."), Verdict.RETURNED, quote="Je consigne")
    page = open_exercise(shown)
    went: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(shown, "open", lambda route, **params: went.append((route, params)))
    click(shown, "answer_2")
    review = page.found.view.versions[0].review if page.found else None
    assert review is not None
    assert went == [("exchanges", {"cohort_id": COHORT_ID, "private": True, "about": review.id, "remark": 2})]


def test_the_next_version_begins_from_the_last_one_which_stays_in_view(
    shown: MainWindow, work: Workplace, desk: Laptop
) -> None:
    come_back(desk, hand_in(work, desk, "Je consigne."), Verdict.RETURNED, quote="Je consigne")
    page = open_exercise(shown)
    click(shown, "begin_next")
    assert page.editor is not None
    assert page.editor.area.toPlainText() == "Je consigne."
    assert says(shown, "Reprenez la condamnation.")
    assert page.editor.area.hasFocus(), "what is typed now goes into the version that was begun"
    assert page.editor.area.visibleRegion().boundingRect().height() > 0
    write(shown, " Puis j’ouvre.")
    click(shown, "hand_in")
    assert next(one.text for one in work.exercises.view(COHORT_ID, SHEET).versions) == "Je consigne."
    assert says(shown, "Version 2 rendue")


def test_a_version_that_says_the_same_as_the_last_one_is_not_handed_in(
    shown: MainWindow, work: Workplace, desk: Laptop
) -> None:
    come_back(desk, hand_in(work, desk, "Je consigne."), Verdict.RETURNED, quote="Je consigne")
    open_exercise(shown)
    click(shown, "begin_next")
    click(shown, "hand_in")
    assert says(shown, "Cette version dit la même chose que la précédente.")
    assert len(work.exercises.view(COHORT_ID, SHEET).versions) == 1


def test_an_accepted_exercise_takes_no_further_version(shown: MainWindow, work: Workplace, desk: Laptop) -> None:
    come_back(desk, hand_in(work, desk, "Je consigne."), Verdict.ACCEPTED, quote="Je consigne")
    open_exercise(shown)
    assert says(shown, "Accepté")
    assert not has(shown, "begin_next")
    assert not has(shown, "answer")


def test_a_refused_version_is_shown_with_its_reason_and_can_be_exported(
    shown: MainWindow, work: Workplace, desk: Laptop, tmp_path: Path
) -> None:
    work.exercises.write(COHORT_ID, SHEET, "refusée")
    work.exercises.hand_in(COHORT_ID, SHEET)
    server_refuses(desk)
    page = open_exercise(shown)
    assert says(shown, "Une version n’a pas été prise par le serveur")
    assert page.found is not None
    page.export_to(page.found.view.refused[0], tmp_path / "version.txt")
    settle(shown)
    assert (tmp_path / "version.txt").read_text(encoding="utf-8") == "refusée"


def test_files_are_attached_opened_only_after_a_click_and_removed(
    shown: MainWindow, work: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_exercise(shown)
    (tmp_path / "plan.pdf").write_bytes(b"%PDF")
    (tmp_path / "report.pdf.exe").write_bytes(b"MZ")
    page.attach([tmp_path / "plan.pdf", tmp_path / "report.pdf.exe"])
    settle(shown)
    opened: list[QUrl] = []
    monkeypatch.setattr(FileDialog, "opener", staticmethod(opened.append))
    safe, program = work.exercises.view(COHORT_ID, SHEET).draft.files
    click(shown, f"open_{safe.sha256.hex()}")
    dialog = shown.page.findChild(FileDialog) if shown.page else None
    assert isinstance(dialog, FileDialog)
    assert opened == []
    click_in(dialog, "open_copy")
    settle(shown)
    assert [Path(url.toLocalFile()).read_bytes() for url in opened] == [b"%PDF"]
    dialog.deleteLater()
    settle(shown)
    click(shown, f"open_{program.sha256.hex()}")
    warning = [one for one in page.findChildren(FileDialog) if one.danger is not None][-1]
    assert not has(warning, "open_copy")
    assert says(warning, "Son nom cache ce qu’il est")
    warning.reject()
    click(shown, f"remove_{program.sha256.hex()}")
    assert work.exercises.view(COHORT_ID, SHEET).draft.files == (safe,)


def click_in(dialog: QDialog, name: str) -> None:
    button = named(dialog, name)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_today_leads_to_what_came_back(shown: MainWindow, work: Workplace, desk: Laptop) -> None:
    come_back(desk, hand_in(work, desk, "Je consigne."), Verdict.RETURNED, quote="Je consigne")
    shown.open("today")
    settle(shown)
    assert says(shown, "Lire les 2 remarques")
    click(shown, f"review_{SHEET.hex()}")
    assert isinstance(shown.page, ExercisePage)


def test_the_way_to_the_answer_stands_beside_what_is_asked(shown: MainWindow) -> None:
    page = open_exercise(shown)
    click(shown, "go_to_answer")
    assert page.editor is not None
    assert page.editor.area.hasFocus()
    assert not page.editor.area.visibleRegion().isEmpty()


def test_fixed_spaces_of_french_stay_in_an_answer(shown: MainWindow, work: Workplace) -> None:
    page = open_exercise(shown)
    assert page.editor is not None
    page.editor.area.insertPlainText("Vraiment\u202f? 3\u00a0000 fois.")
    settle(shown)
    assert work.exercises.view(COHORT_ID, SHEET).draft.text == "Vraiment\u202f? 3\u00a0000 fois."
