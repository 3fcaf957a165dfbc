"""A learner's file: what is known of them, day by day, and what their trainers note."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import ClassVar

import pytest
from PySide6.QtTest import QTest

from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.page import Frame, Page, Place
from spoc_desktop.ui.pages.learner_file import LearnerFilePage
from spoc_desktop.ui.widgets.field import Choice, LineEdit, TextArea
from spoc_desktop.ui.widgets.timeline import TimelineRow
from sync.domain import spaces
from sync.domain.followup import NEXT_ACTION, PRIVATE_NOTE
from tests.ui.pages.conftest import TRAINERS_PAGES, Taught, register
from tests.ui.pages.looking import click, has, named, says, settle, texts
from tools.sample_laptop import CLAIRE, COHORT_ID, LEARNERS, NADIA, SampleLaptop
from tools.sample_reviews import sample_reviews, with_exercise

IDS = {name: who for who, name in LEARNERS.items()}


@pytest.fixture
def desk() -> Iterator[SampleLaptop]:
    laptop = with_exercise(SampleLaptop(CLAIRE))
    laptop.told_all()
    sample_reviews(laptop)
    with closing(laptop.workplace):
        yield laptop


@pytest.fixture
def page(window: MainWindow, desk: SampleLaptop) -> Iterator[MainWindow]:
    """Nadia's file."""
    register(window, desk.workplace, TRAINERS_PAGES)
    desk.workplace.syncing.listen(window.notify)
    window.show()
    window.open("learner_file", cohort_id=COHORT_ID, learner=NADIA)
    settle(window)
    yield window
    settle(window)


class Elsewhere(Page):
    """Stands for the page of exchanges: it only remembers what it was opened with."""

    came_with: ClassVar[dict[str, object]] = {}

    def opened(self, **params: object) -> None:
        type(self).came_with = params
        self.redraw()

    def fill(self) -> None:
        """Nothing."""


def events(window: MainWindow) -> list[str]:
    """The titles of the timeline, from the top."""
    rows = [row for row in window.findChildren(TimelineRow) if row.isVisible()]
    rows.sort(key=lambda row: row.mapTo(window, row.rect().topLeft()).y())
    return [" ".join(row.text().split()) for row in rows]


def test_it_says_what_happened_newest_first(page: MainWindow) -> None:
    assert events(page) == [
        "Message dans le fil privé",
        "« Analyser un message douteux », version 2 rendue",
        "« Analyser un message douteux », version 1 à reprendre",
        "« Analyser un message douteux », version 1 rendue",
        "Début de la session",
    ]
    assert says(page, "« Je confonds toujours l’adresse affichée et l’adresse réelle. »")
    assert says(page, "3 sur 12, par vous")


def test_figures_stand_over_their_words(page: MainWindow) -> None:
    said = [text.replace("\u00a0", " ") for text in texts(page)]
    for figure, words in (("1 sur 2", "exercices rendus"), ("0 jour", "sans activité")):
        assert said[said.index(words) - 1] == figure


def test_a_day_that_is_not_near_is_written_short(page: MainWindow) -> None:
    said = [text.replace("\u00a0", " ") for text in texts(page)]
    assert {"aujourd’hui", "ven. 20 nov.", "jeu. 19 nov.", "lun. 16 nov."} <= set(said)


def test_only_work_or_only_messages_can_be_shown(page: MainWindow) -> None:
    assert isinstance(page.page, LearnerFilePage)
    page.page._show_only("messages")
    settle(page)
    assert events(page) == ["Message dans le fil privé"]
    page.page._show_only("work")
    settle(page)
    assert "Message dans le fil privé" not in events(page)
    assert len(events(page)) == 3


def test_a_hand_in_opens_its_review(page: MainWindow) -> None:
    row = next(row for row in page.findChildren(TimelineRow) if row.text().endswith("version 2 rendue"))
    row.click()
    settle(page)
    assert page.route == "reviewing"
    assert says(page, "Version 2")


def test_an_attempt_opens_its_answers(trainer: MainWindow, taught: Taught) -> None:
    trainer.open("learner_file", cohort_id=COHORT_ID, learner=taught.group.learner)
    settle(trainer)
    row = next(row for row in trainer.findChildren(TimelineRow) if row.objectName().startswith("event_attempt_"))
    row.click()
    settle(trainer)
    assert trainer.route == "attempt"


def test_the_next_action_is_done_and_can_be_taken_back(page: MainWindow, desk: SampleLaptop) -> None:
    assert says(page, "L’appeler avant jeudi")
    assert says(page, "Rappel mercredi 25 novembre, 9 h 00")
    click(page, "done")
    assert all(seen.body.done_at for seen in desk.store.view(NEXT_ACTION))
    assert has(page, "plan")
    assert page._toast.undo()
    settle(page)
    assert says(page, "L’appeler avant jeudi")


def test_another_action_is_noted_once_the_last_is_done(page: MainWindow, desk: SampleLaptop) -> None:
    click(page, "done")
    edit = named(page, "action")
    assert isinstance(edit, LineEdit)
    QTest.keyClicks(edit, "Proposer une heure")
    remind = named(page, "remind")
    assert isinstance(remind, Choice)
    words = [remind.itemText(place).replace("\u00a0", " ") for place in range(5)]
    assert words == [
        "Sans rappel",
        "mer. 25 nov., 9 h 00",
        "jeu. 26 nov., 9 h 00",
        "ven. 27 nov., 9 h 00",
        "lun. 30 nov., 9 h 00",
    ]
    remind.setCurrentIndex(4)
    remind.activated.emit(4)
    click(page, "plan")
    assert says(page, "Proposer une heure")
    assert says(page, "Rappel lundi 30 novembre, 9 h 00")
    assert {seen.body.text for seen in desk.store.view(NEXT_ACTION)} >= {"Proposer une heure"}


def test_a_note_is_kept_for_the_trainers_and_an_own_one_can_be_deleted(page: MainWindow, desk: SampleLaptop) -> None:
    assert says(page, "De nuit jusqu’au 27 : proposer l’après-midi.")
    assert says(page, "Lues par les formateurs de ce groupe, jamais par l’apprenant.")
    area = named(page, "note")
    assert isinstance(area, TextArea)
    QTest.keyClicks(area, "A appeler")
    click(page, "keep_note")
    assert says(page, "A appeler")
    fresh = next(seen for seen in desk.store.view(PRIVATE_NOTE) if seen.body.text == "A appeler")
    click(page, f"forget_{fresh.id.hex()}")
    assert not says(page, "A appeler")
    assert page._toast.undo()
    settle(page)
    assert says(page, "A appeler")


def test_a_note_half_written_survives_what_arrives(page: MainWindow) -> None:
    area = named(page, "note")
    assert isinstance(area, TextArea)
    QTest.keyClicks(area, "A moitie")
    assert isinstance(page.page, LearnerFilePage)
    page.page.reload()
    settle(page)
    again = named(page, "note")
    assert isinstance(again, TextArea)
    assert again.toPlainText() == "A moitie"


def test_writing_opens_the_private_thread_with_this_person(page: MainWindow) -> None:
    def make(frame: Frame) -> Page:
        return Elsewhere(frame)

    page.register(Place("exchanges", make, lambda: "Échanges"))
    click(page, "write")
    assert (page.route, Elsewhere.came_with) == ("exchanges", {"cohort_id": COHORT_ID, "learner": NADIA})


def test_it_says_why_somebody_is_in_the_list_and_on_what_day_that_rests(trainer: MainWindow) -> None:
    trainer.open("learner_file", cohort_id=COHORT_ID, learner=IDS["Amélie Caron"])
    settle(trainer)
    for words in (
        "Pourquoi cette personne est dans la liste",
        "N’a encore rien envoyé.",
        "Rien reçu de cette personne",
    ):
        assert says(trainer, words), words


def test_the_evidence_file_is_saved_where_the_person_says(page: MainWindow, desk: SampleLaptop, tmp_path: Path) -> None:
    assert isinstance(page.page, LearnerFilePage)
    assert has(page, "export_evidence")
    target = tmp_path / "preuves.json"
    page.page.export_to(target)
    settle(page)
    assert says(page, "Le dossier de preuves est enregistré.")
    kept = json.loads(target.read_text("utf-8"))
    space = spaces.personal(COHORT_ID, NADIA)
    assert [row["seq"] for row in kept["rows"]] == [row[0] for row in desk.store.told(space)]
    assert {"hand_in", "returned"} <= {row["name"] for row in kept["rows"]}
    page.page.export_to(tmp_path / "absent" / "preuves.json")
    settle(page)
    assert says(page, "Choisissez un autre dossier.")
