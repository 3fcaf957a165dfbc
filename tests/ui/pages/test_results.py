"""Mes résultats: what counts, and the certificate or what is missing for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from spoc_desktop.services.workplace import Workplace
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages import course, exercise, quiz, results, today
from spoc_desktop.ui.pages.exercise import ExercisePage
from spoc_desktop.ui.pages.results import ResultsPage
from spoc_desktop.ui.widgets.row import Row
from sync.domain import spaces
from sync.domain.certificates import CERTIFICATE, Certificate, Statement
from sync.domain.exercises import Verdict
from tests.ui.pages.conftest import register
from tests.ui.pages.looking import click, has, named, says, settle
from tests.unit.services.classroom import COHORT_ID, MONDAY, NADIA, Laptop, name, workplace
from tests.unit.services.exercise_desk import SHEET, come_back, exercise_laptop, server_takes


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
    register(window, work, (today.places, course.places, exercise.places, quiz.places, results.places))
    work.syncing.listen(window.notify)
    yield window
    settle(window)


def open_results(window: MainWindow) -> ResultsPage:
    window.open("results")
    settle(window)
    page = window.page
    assert isinstance(page, ResultsPage)
    return page


def award(desk: Laptop, *, here: bool) -> Certificate:
    statement = Statement(
        number="2026-0007",
        issuer="Ateliers",
        name="Nadia Benali",
        course="Sécurité",
        language="fr",
        starts=MONDAY,
        ends=MONDAY,
        awarded_at=desk.clock.now(),
        timezone="Europe/Paris",
        minutes_planned=60,
        minutes_done=60,
        score_percent=90,
        exercises_accepted=1,
        weeks=(1,),
        skills=(),
        signatories=(),
        key=bytes(8),
        learner=NADIA,
        cohort=COHORT_ID,
    )
    document = desk.store.files.keep(b"%PDF-1.7", "certificat.pdf", "application/pdf")
    if not here:
        desk.store.files.drop(document.sha256)
    body = Certificate(statement=statement, signature=bytes(64), document=document)
    desk.told(spaces.personal(COHORT_ID, NADIA), (CERTIFICATE, name("certificate"), body))
    return body


def test_an_exercise_that_came_back_stands_with_its_points_and_opens(
    shown: MainWindow, work: Workplace, desk: Laptop
) -> None:
    work.exercises.write(COHORT_ID, SHEET, "un")
    work.exercises.hand_in(COHORT_ID, SHEET)
    open_results(shown)
    assert says(shown, "Part à la prochaine synchronisation")
    server_takes(desk)
    latest = work.exercises.view(COHORT_ID, SHEET).latest
    assert latest is not None
    come_back(desk, latest.id, Verdict.RETURNED)
    open_results(shown)
    line = named(shown, f"entry_{SHEET.hex()}")
    assert isinstance(line, Row)
    for words in ("Fiche", "1 version", "3 sur 5", "À reprendre"):
        assert words in line.accessibleName(), words
    click(shown, f"entry_{SHEET.hex()}")
    assert isinstance(shown.page, ExercisePage)


def test_the_certificate_has_its_number_and_is_saved_beside_what_is_there(
    shown: MainWindow, desk: Laptop, tmp_path: Path
) -> None:
    award(desk, here=True)
    page = open_results(shown)
    assert says(shown, "N° 2026-0007")
    assert page.found is not None
    held = page.found.courses[0][1].held
    assert held is not None
    (tmp_path / "certificat.pdf").write_bytes(b"another")
    page.save_to(held, tmp_path)
    settle(shown)
    assert (tmp_path / "certificat.pdf").read_bytes() == b"another"
    assert (tmp_path / "certificat (2).pdf").read_bytes() == b"%PDF-1.7"


def test_a_certificate_whose_document_has_not_come_says_when_it_does(shown: MainWindow, desk: Laptop) -> None:
    award(desk, here=False)
    open_results(shown)
    assert says(shown, "Le document arrive à la prochaine synchronisation.")
    assert not has(shown, f"save_{name('certificate').hex()}")
