"""What lies on a trainer's table: whose hand-in, which version, when it came, its files, who else reviews it."""

from __future__ import annotations

import msgspec
import pytest

from spoc_desktop.services.files import Danger
from spoc_desktop.ui.attachments import FileDialog
from spoc_desktop.ui.audit import all_findings
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages.reviewing import ReviewingPage
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.compared_text import ComparedText
from sync.domain import spaces
from sync.domain.exercises import HAND_IN, REVIEW, HandIn, Review, review_id
from sync.domain.files import Attachment
from sync.domain.ids import PersonId, derived
from sync.domain.kind import encode
from sync.domain.timing import Witness
from tests.ui.pages.conftest import TRAINERS_PAGES, register
from tests.ui.pages.looking import click, named, says, settle
from tests.ui.pages.reviewed import stored, type_into
from tools.sample_laptop import COHORT_ID, NADIA, SampleLaptop
from tools.sample_reviews import EXERCISE_ID, SampleReviews


def test_it_says_whose_which_version_and_when(page: MainWindow) -> None:
    for words in ("Nadia Benali", "Version 2", "Rendue aujourd’hui à 8 h 40, dans les temps", "3 sur 3 à corriger"):
        assert says(page, words), words
    assert says(page, "Remplace la version du jeudi 19 novembre.")
    assert says(page, "ouvre le site du transporteur")


def test_without_a_hand_in_the_one_due_first_opens(page: MainWindow) -> None:
    page.open("reviewing")
    settle(page)
    assert says(page, "1 sur 3 à corriger")
    assert says(page, "Karim Ouali")


def test_the_whole_text_is_in_view_in_a_narrow_window_however_often_it_is_drawn(page: MainWindow) -> None:
    page.resize(1024, 640)
    settle(page)
    for _again in range(3):
        assert page.page is not None
        page.page.redraw()
        settle(page)
        view = named(page, "hand_in_text")
        assert isinstance(view, ComparedText)
        assert view.height() >= view.document().size().height()


def test_the_version_before_is_shown_with_what_was_said_and_both_can_be_compared(
    page: MainWindow, handed_in: SampleReviews
) -> None:
    assert isinstance(page.page, ReviewingPage)
    page.page.show_version(handed_in.first.hex())
    settle(page)
    for words in (
        "Correction de la version 1",
        "Les indices sont là. Il manque la vérification.",
        "Et vos collègues ?",
    ):
        assert says(page, words), words
    click(page, "back_to_current")
    assert says(page, "Avis pour Nadia")
    page.page.show_version("compare")
    settle(page)
    assert says(page, "Version 2 : mots nouveaux soulignés en vert")


def test_a_version_that_comes_meanwhile_is_told_and_what_was_written_stays(
    page: MainWindow, desk: SampleLaptop, handed_in: SampleReviews
) -> None:
    type_into(page, "opinion", "Bien")
    seen = desk.store.one(HAND_IN, handed_in.second)
    assert seen is not None
    third = HandIn(activity=EXERCISE_ID, edition=seen.body.edition, version=3, text="Encore", at=1)
    desk.told(spaces.personal(COHORT_ID, NADIA), [(HAND_IN, derived("third"), encode(third))], author=NADIA)
    assert page.page is not None
    page.page.reload()  # type: ignore[attr-defined]
    settle(page)
    assert says(page, "La version 3 est arrivée depuis.")
    assert stored(desk, handed_in.second).opinion == "Bien"
    click(page, "open_newer")
    assert says(page, "Version 3")


def test_another_trainers_review_under_way_is_told(
    page: MainWindow, desk: SampleLaptop, handed_in: SampleReviews
) -> None:
    other = PersonId(derived("another trainer"))
    theirs = Review(hand_in=handed_in.second, activity=EXERCISE_ID, version=2, opinion="Je lis")
    space = spaces.staff(COHORT_ID, NADIA)
    desk.told(space, [(REVIEW, review_id(handed_in.second, other), encode(theirs))], author=other)
    assert page.page is not None
    page.page.reload()  # type: ignore[attr-defined]
    settle(page)
    assert says(page, "a commencé sa propre correction")
    assert not says(page, "Je lis")
    type_into(page, "opinion", "Bien")
    click(page, "accept")
    page.open("reviewing", hand_in=handed_in.second)
    settle(page)
    assert says(page, "Correction de")
    assert says(page, "Je lis")
    both = [seen.body.opinion for seen in desk.store.view(REVIEW, space) if seen.body.hand_in == handed_in.second]
    assert sorted(both) == ["Bien", "Je lis"]


def test_each_of_several_files_stands_in_its_row_and_one_that_has_not_come_says_so(
    page: MainWindow, desk: SampleLaptop
) -> None:
    seen = desk.store.one(HAND_IN, page.page.params["hand_in"])  # type: ignore[union-attr]
    assert seen is not None
    away = Attachment(sha256=bytes(32), name="photo du poste.png", size=2_100_000, type="image/png")
    files = (*seen.body.files, desk.store.files.keep(b"MZ", "outil.exe"), away)
    third = HandIn(activity=EXERCISE_ID, edition=seen.body.edition, version=3, text="Encore", at=1, files=files)
    id_ = derived("three files")
    desk.told(spaces.personal(COHORT_ID, NADIA), [(HAND_IN, id_, encode(third))], author=NADIA)
    page.open("reviewing", hand_in=id_)
    settle(page)
    for words in ("capture du message.pdf", "outil.exe", "photo du poste.png"):
        assert says(page, words), words
    click(page, f"open_{files[1].sha256.hex()}")
    (dialog,) = page.findChildren(FileDialog)
    assert dialog.danger is Danger.PROGRAM
    dialog.reject()
    assert all_findings(page) == []


def test_a_file_of_the_hand_in_opens_only_after_a_question(page: MainWindow) -> None:
    assert says(page, "capture du message.pdf")
    button = next(one for one in page.findChildren(Button) if one.objectName().startswith("open_"))
    click(page, button.objectName())
    (dialog,) = page.findChildren(FileDialog)
    assert dialog.danger is None
    dialog.reject()


@pytest.mark.parametrize(("set_back_hours", "words"), [(0, "c’est elle qui compte"), (50, "a été changée entre-temps")])
def test_where_two_clocks_disagree_both_times_stand_there_and_which_one_counts(
    window: MainWindow, desk: SampleLaptop, handed_in: SampleReviews, set_back_hours: int, words: str
) -> None:
    """Protocol rule 11: the trainer sees both, calmly."""
    seen = desk.store.one(HAND_IN, handed_in.second)
    assert seen is not None
    hour = 3_600_000
    at, contact = desk.clock.time - (30 + set_back_hours) * hour, desk.clock.time - 60 * hour
    body = msgspec.structs.replace(seen.body, at=at, witness=Witness(contact=contact, span=30 * hour), version=9)
    id_ = derived("hand-in of the traveller")
    desk.told(spaces.personal(COHORT_ID, NADIA), [(HAND_IN, id_, encode(body))], author=NADIA)
    register(window, desk.workplace, TRAINERS_PAGES)
    window.show()
    window.open("reviewing", hand_in=id_)
    settle(window)
    assert says(window, "(heure de son poste) · reçu")
    assert says(window, words)
    assert says(window, "Heure incertaine") == bool(set_back_hours)
    assert all_findings(window) == []
