"""The matrix of a group: who is where, in pictures or in words; a cell opens the quiz of its week."""

from __future__ import annotations

from contextlib import closing

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.page import Place
from spoc_desktop.ui.pages.group import GroupPage
from spoc_desktop.ui.widgets.matrix import MatrixModel, MatrixView
from tests.ui.pages.conftest import Taught
from tests.ui.pages.looking import click, has, named, press, says, settle, texts
from tools.sample_laptop import CLAIRE, COHORT_ID, LEARNERS, SampleLaptop

IDS = {name: who for who, name in LEARNERS.items()}


def open_group(window: MainWindow) -> None:
    window.open("group", cohort_id=COHORT_ID)
    settle(window)


def matrix(window: MainWindow) -> MatrixView:
    view = named(window, "matrix")
    assert isinstance(view, MatrixView)
    return view


def words(window: MainWindow) -> list[list[str]]:
    """What the table says, row by row, the name first."""
    model = matrix(window).model()
    assert isinstance(model, MatrixModel)
    return [
        [row.name, *(str(model.index(place, column).data()) for column in range(model.columnCount()))]
        for place, row in enumerate(model.rows)
    ]


def go_to(window: MainWindow, row: int, column: int) -> None:
    view = matrix(window)
    view.setFocus()
    view.setCurrentIndex(view.model().index(row, column))


def test_it_says_how_many_are_on_time_and_how_many_late(trainer: MainWindow) -> None:
    open_group(trainer)
    assert says(trainer, "8 personnes, semaine 2 sur 4. 5 au rythme prévu, 3 en retard.")


def test_each_person_has_a_row_with_a_word_for_each_week_and_the_day_of_the_last_sending(trainer: MainWindow) -> None:
    open_group(trainer)
    rows = words(trainer)
    assert [row[0] for row in rows] == sorted(IDS)
    assert rows[0] == ["Amélie Caron", "En retard", "À faire", "Pas ouvert", "Pas ouvert", "jamais"]
    assert rows[2] == ["Karim Ouali", "Fait", "Fait", "Pas ouvert", "Pas ouvert", "aujourd’hui"]
    assert [cell.replace("\u00a0", " ") for cell in rows[1][:3]] == ["Inès Moreau", "30 %", "À faire"]
    assert rows[1][-1] == "aujourd’hui"


def test_a_screen_reader_hears_name_week_and_state_of_a_cell(trainer: MainWindow) -> None:
    open_group(trainer)
    index = matrix(trainer).model().index(0, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).replace("\u00a0", " ") == "Amélie Caron, S 1, En retard"
    assert matrix(trainer).accessibleName() == "Progression du groupe"


def test_a_cell_opens_the_quiz_of_its_week_by_enter(trainer: MainWindow) -> None:
    open_group(trainer)
    go_to(trainer, 2, 1)
    press(trainer, Qt.Key.Key_Return)
    assert trainer.route == "quiz_results"
    assert says(trainer, "Évaluation : les deux premières semaines")


def test_a_week_without_a_graded_quiz_opens_its_practice(trainer: MainWindow) -> None:
    open_group(trainer)
    go_to(trainer, 0, 0)
    press(trainer, Qt.Key.Key_Return)
    assert trainer.route == "quiz_results"
    assert says(trainer, "Quiz d’entraînement")


def test_the_day_of_sending_and_the_name_open_the_file_of_the_person(trainer: MainWindow) -> None:
    open_group(trainer)
    go_to(trainer, 2, 4)
    press(trainer, Qt.Key.Key_Return)
    assert trainer.route == "learner_file"
    open_group(trainer)
    matrix(trainer).verticalHeader().sectionClicked.emit(0)
    settle(trainer)
    assert trainer.route == "learner_file"
    assert says(trainer, "Amélie Caron")


def test_table_draws_words_instead_of_pictures_and_stays_chosen(trainer: MainWindow) -> None:
    open_group(trainer)
    pictures = matrix(trainer).grab().toImage()
    choose(trainer, "Tableau")
    in_words = matrix(trainer).grab().toImage()
    assert in_words != pictures
    trainer.go_back()
    open_group(trainer)
    assert matrix(trainer).grab().toImage() == in_words
    choose(trainer, "Grille")
    assert matrix(trainer).grab().toImage() != in_words


def test_every_quiz_can_be_found_by_its_name(trainer: MainWindow, taught: Taught) -> None:
    open_group(trainer)
    quizzes = taught.laptop.text.quizzes
    assert all(has(trainer, f"quiz_{quiz.hex()}") for quiz in quizzes)
    click(trainer, f"quiz_{taught.group.quiz.hex()}")
    assert trainer.route == "quiz_results"


def test_whom_to_follow_up_stand_beside_it_ranked_with_their_reasons(trainer: MainWindow) -> None:
    open_group(trainer)
    assert says(trainer, "N’a encore rien envoyé.")
    assert says(trainer, "Chaque raison tient au dernier envoi de la personne.")
    margin = texts(trainer.page.margin) if trainer.page else []
    assert list(dict.fromkeys(text for text in margin if text in IDS)) == [
        "Amélie Caron",
        "Inès Moreau",
        "Léa Fontaine",
    ]
    click(trainer, f"file_{IDS['Inès Moreau'].hex()}")
    assert trainer.route == "learner_file"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_before_the_first_sync_it_says_that_groups_come_and_how_to_fetch_them(
    window: MainWindow, language: str
) -> None:
    empty = SampleLaptop(CLAIRE)
    with closing(empty.workplace):
        open_empty(window, empty)
        window.settings_menu.speak(language)
        settle(window)
        come = {
            "fr": "Vos groupes arrivent à la prochaine synchronisation.",
            "en": "Your groups arrive with the next synchronisation.",
        }
        assert says(window, come[language]), texts(window)
        assert has(window, "sync_now")


def open_empty(window: MainWindow, laptop: SampleLaptop) -> None:
    """Open the page of a laptop on which nothing has come: it is in no rail yet."""
    window.register(Place("group", lambda frame: GroupPage(frame, laptop.workplace), lambda: "Groupe", "users-round"))
    window.open("group")
    settle(window)


def choose(window: MainWindow, text: str) -> None:
    """Click one of the two views."""
    [button] = [one for one in window.findChildren(QToolButton) if one.text() == text and one.isVisible()]
    button.click()
    settle(window)


def test_switching_the_language_changes_the_words_of_the_matrix(trainer: MainWindow) -> None:
    open_group(trainer)
    trainer.settings_menu.speak("en")
    settle(trainer)
    assert words(trainer)[0] == ["Amélie Caron", "Late", "To do", "Not open", "Not open", "never"]
    assert says(trainer, "8 people, week 2 of 4. 5 on time, 3 late.")
