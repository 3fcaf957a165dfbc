"""The gradebook: what each learner reached, how far the certificate is, and the same as a file for a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages.gradebook import GradebookPage
from spoc_desktop.ui.widgets.matrix import MatrixModel, MatrixView
from tests.ui.pages.looking import click, named, press, says, settle
from tests.ui.pages.test_group import choose, matrix, open_group
from tools.sample_laptop import COHORT_ID, LEARNERS

IDS = {name: who for who, name in LEARNERS.items()}


@pytest.fixture
def page(trainer: MainWindow) -> MainWindow:
    trainer.open("gradebook", cohort_id=COHORT_ID)
    settle(trainer)
    return trainer


def book(window: MainWindow) -> MatrixModel:
    view = named(window, "book")
    assert isinstance(view, MatrixView)
    model = view.model()
    assert isinstance(model, MatrixModel)
    return model


def test_the_group_leads_to_it_and_it_leads_back_to_the_grid_or_the_table(trainer: MainWindow) -> None:
    open_group(trainer)
    choose(trainer, "Carnet de notes")
    assert trainer.route == "gradebook"
    choose(trainer, "Tableau")
    assert trainer.route == "group"
    assert matrix(trainer)._delegate.plain
    choose(trainer, "Carnet de notes")
    choose(trainer, "Grille")
    assert not matrix(trainer)._delegate.plain


def test_each_learner_has_a_line_with_what_counts_in_whole_words_for_who_hears_them(page: MainWindow) -> None:
    model = book(page)
    assert [row.name for row in model.rows] == sorted(IDS)
    column = next(place for place, head in enumerate(model.headers) if head == "Quiz S 2")
    said = {row.name: str(model.index(place, column).data()) for place, row in enumerate(model.rows)}
    assert said["Karim Ouali"] == "Réussi, 13 sur 13"
    assert said["Amélie Caron"] == "Rien rendu"
    heard = model.index(0, column).data(Qt.ItemDataRole.AccessibleTextRole)
    assert heard == "Amélie Caron, Quiz S 2, Rien rendu"


def test_two_activities_of_one_sort_in_a_week_are_told_apart_and_named_below(page: MainWindow) -> None:
    heads = book(page).headers
    assert len(set(heads)) == len(heads)
    assert says(page, "Quiz S 2 : Évaluation : les deux premières semaines")


def test_the_margin_says_who_has_the_certificate_and_what_the_others_lack(page: MainWindow) -> None:
    assert says(page, "0 sur 8 l’a obtenu.")
    assert says(page, "l’exercice est à rendre.")
    click(page, f"missing_{IDS['Amélie Caron'].hex()}")
    assert page.route == "learner_file"
    assert says(page, "Amélie Caron")


def test_a_cell_of_a_quiz_opens_its_results_and_the_last_one_the_persons_file(page: MainWindow) -> None:
    view = named(page, "book")
    assert isinstance(view, MatrixView)
    view.setFocus()
    view.setCurrentIndex(view.model().index(2, book(page).headers.index("Quiz S 2")))
    press(page, Qt.Key.Key_Return)
    assert page.route == "quiz_results"
    page.go_back()
    settle(page)
    view = named(page, "book")
    assert isinstance(view, MatrixView)
    view.setFocus()
    view.setCurrentIndex(view.model().index(2, view.model().columnCount() - 1))
    press(page, Qt.Key.Key_Return)
    assert page.route == "learner_file"


def test_it_is_exported_where_the_person_says(
    page: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(_parent: object, _title: str, name: str, _filter: str) -> tuple[str, str]:
        asked.append(name)
        return str(tmp_path / "carnet.csv"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    click(page, "export")
    assert asked == ["Carnet de notes, Automne 2026.csv"]
    lines = (tmp_path / "carnet.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 9
    assert lines[1].startswith("Amélie Caron;")
    assert says(page, "Le carnet est enregistré.")


def test_a_place_that_takes_no_file_is_said_calmly(page: MainWindow, tmp_path: Path) -> None:
    assert isinstance(page.page, GradebookPage)
    page.page.export_to(tmp_path / "absent" / "carnet.csv")
    settle(page)
    assert says(page, "Choisissez un autre dossier.")
