"""Reviewing as a trainer does: rubric, remarks on words, an opinion, a verdict; all kept as it is typed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest

from spoc_desktop.ui.audit import all_findings
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages.reviewing import ReviewingPage
from spoc_desktop.ui.widgets.field import TextArea
from sync.domain.exercises import Verdict
from tests.ui.pages.looking import click, has, named, press, says, settle
from tests.ui.pages.reviewed import choose_words, stored, type_into
from tests.ui.pages.test_pages_access import LOOKS, Look
from tools.sample_laptop import COHORT_ID, NADIA, SampleLaptop
from tools.sample_reviews import SECOND, SampleReviews


def test_a_level_is_chosen_by_its_row_digit_and_the_arrows_and_is_kept(
    page: MainWindow, desk: SampleLaptop, handed_in: SampleReviews
) -> None:
    assert isinstance(page.page, ReviewingPage)
    page.page.setFocus()
    press(page, "2")
    press(page, Qt.Key.Key_Right)
    assert [(one.criterion, one.level) for one in stored(desk, handed_in.second).marks] == [(2, 1)]
    click(page, "level_1_3")
    assert [(one.criterion, one.level) for one in stored(desk, handed_in.second).marks] == [(1, 3), (2, 1)]
    assert says(page, "4 sur 12")


def test_every_keystroke_of_the_opinion_is_on_the_disk(
    page: MainWindow, desk: SampleLaptop, handed_in: SampleReviews
) -> None:
    area = type_into(page, "opinion", "Bie")
    assert stored(desk, handed_in.second).opinion == "Bie"
    QTest.keyClicks(area, "n")
    settle(page)
    assert stored(desk, handed_in.second).opinion == "Bien"
    assert says(page, "Enregistré sur cet ordinateur, 8 h 52")


def test_typing_goes_on_where_it_was_when_something_arrives(page: MainWindow, desk: SampleLaptop) -> None:
    area = type_into(page, "opinion", "Bien ")
    area.moveCursor(QTextCursor.MoveOperation.Start)
    QTest.keyClicks(area, "X")
    page.notify(desk.workplace.reviewing.save(page.page.sheet.about, page.page.sheet.review))  # type: ignore[union-attr]
    page.page.reload()  # type: ignore[union-attr]
    settle(page)
    assert type_into(page, "opinion", "Y").toPlainText() == "XYBien "


def test_a_letter_in_a_text_is_a_letter_and_elsewhere_goes_on_to_the_next(page: MainWindow) -> None:
    type_into(page, "opinion", "k")
    assert says(page, "3 sur 3 à corriger")
    assert page.page is not None
    page.page.setFocus()
    press(page, "k")
    assert says(page, "2 sur 3 à corriger")
    assert says(page, "Sophie Lemoine")
    press(page, "j")
    assert says(page, "3 sur 3 à corriger")


def test_a_remark_belongs_to_the_selected_words_and_is_numbered_by_their_place(
    page: MainWindow, desk: SampleLaptop, handed_in: SampleReviews
) -> None:
    choose_words(page, "par mes favoris")
    click(page, "add_remark")
    type_into(page, "remark_1", "Bien")
    choose_words(page, "L’urgence est là")
    click(page, "add_remark")
    type_into(page, "remark_1", "Oui")
    first, second = stored(desk, handed_in.second).remarks
    assert first.anchor is not None
    assert second.anchor is not None
    assert (first.number, first.text, first.anchor.quote) == (1, "Oui", "L’urgence est là")
    assert (second.number, second.text) == (2, "Bien")
    assert SECOND[second.anchor.start : second.anchor.end] == "par mes favoris"
    click(page, "drop_remark")
    assert [one.text for one in stored(desk, handed_in.second).remarks] == ["Bien"]
    assert page._toast.undo()
    settle(page)
    assert [one.text for one in stored(desk, handed_in.second).remarks] == ["Oui", "Bien"]


def test_a_remark_without_selected_words_is_about_the_whole_and_can_be_kept_in_the_bank(
    page: MainWindow, desk: SampleLaptop, handed_in: SampleReviews
) -> None:
    click(page, "add_remark")
    type_into(page, "remark_1", "Nommez la source.")
    assert stored(desk, handed_in.second).remarks[0].anchor is None
    click(page, "keep_remark")
    (kept,) = desk.workplace.bank.kept()
    assert kept.text == "Nommez la source."
    page.page._take_from_bank(kept)  # type: ignore[union-attr]
    settle(page)
    assert [one.text for one in stored(desk, handed_in.second).remarks] == ["Nommez la source."] * 2
    assert desk.workplace.bank.kept()[0].used == 1


def test_remarks_but_the_current_one_are_folded_so_that_opinion_and_verdict_stay_in_view(page: MainWindow) -> None:
    for words in ("par mes favoris", "L’urgence est là", "le supprime"):
        choose_words(page, words)
        click(page, "add_remark")
        type_into(page, f"remark_{page.page.sheet.current}", "Ok")  # type: ignore[union-attr]
    assert [has(page, f"remark_{number}") for number in (1, 2, 3)] == [False, False, True]
    for name in ("open_remark_1", "open_remark_2", "remark_3", "opinion", "return", "accept"):
        shown = named(page, name)
        assert shown.visibleRegion().boundingRect() == shown.rect(), name
    click(page, "open_remark_1")
    assert [has(page, f"remark_{number}") for number in (1, 2, 3)] == [True, False, False]
    assert named(page, "remark_1").hasFocus()


def test_the_way_to_a_remark_says_what_it_will_be_about(page: MainWindow) -> None:
    add = named(page, "add_remark")
    assert add.accessibleName() == "Ajouter, Remarque sur l’ensemble"
    choose_words(page, "par mes favoris")
    assert says(page, "Sur ces mots")
    assert add.accessibleName() == "Sur ces mots, Remarque sur les mots choisis"


def test_returning_goes_on_to_the_next_and_can_be_undone(
    page: MainWindow, desk: SampleLaptop, handed_in: SampleReviews
) -> None:
    click(page, "return")
    assert stored(desk, handed_in.second).verdict is Verdict.RETURNED
    assert says(page, "Sophie Lemoine")
    assert says(page, "Rendue à reprendre. Nadia Benali")
    assert page._toast.undo()
    settle(page)
    assert stored(desk, handed_in.second).verdict is Verdict.NONE
    assert says(page, "3 sur 3 à corriger")
    assert has(page, "accept")


def test_when_all_is_accepted_it_says_when_the_next_is_expected(
    page: MainWindow, desk: SampleLaptop, handed_in: SampleReviews
) -> None:
    for _hand_in in (handed_in.second, *handed_in.others):
        click(page, "accept")
    assert desk.workplace.reviewing.queue() == ()
    assert says(page, "Rien à corriger. La prochaine remise est attendue pour le mardi 24 novembre.")
    click(page, "see_group")
    assert page.route == "group"


def test_a_decided_version_is_shown_again_but_can_no_longer_be_changed(
    page: MainWindow, handed_in: SampleReviews
) -> None:
    click(page, "accept")
    page.open("reviewing", hand_in=handed_in.second)
    settle(page)
    assert says(page, "Vous avez accepté cette version aujourd’hui à 8 h 52.")
    assert not has(page, "accept")
    area = named(page, "opinion")
    assert isinstance(area, TextArea)
    assert area.isReadOnly()


def test_what_was_written_is_there_after_leaving_the_page(page: MainWindow) -> None:
    type_into(page, "opinion", "À suivre")
    page.open("group")
    settle(page)
    page.go_back()
    settle(page)
    area = named(page, "opinion")
    assert isinstance(area, TextArea)
    assert area.toPlainText() == "À suivre"


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.language}-{look.mode}-{look.scale}-{look.size[0]}")
def test_a_review_under_way_shuts_nobody_out(page: MainWindow, handed_in: SampleReviews, look: Look) -> None:
    look.put_on(page)
    settle(page)
    assert isinstance(page.page, ReviewingPage)
    page.page.add_remark()
    settle(page)
    found = {"review": all_findings(page)}
    for view in (handed_in.first.hex(), "compare"):
        page.page.show_version(view)
        settle(page)
        found[view] = all_findings(page)
    page.open("learner_file", cohort_id=COHORT_ID, learner=NADIA)
    settle(page)
    found["file"] = all_findings(page)
    assert {name: findings for name, findings in found.items() if findings} == {}


def test_switching_the_language_changes_the_words_and_keeps_what_was_typed(page: MainWindow) -> None:
    type_into(page, "opinion", "Bien")
    page.settings_menu.speak("en")
    settle(page)
    for words in ("Rubric", "Opinion for Nadia", "Return to take up again", "Saved on this computer, 8:52"):
        assert says(page, words), words
    assert not says(page, "Grille")
    area = named(page, "opinion")
    assert isinstance(area, TextArea)
    assert area.toPlainText() == "Bien"


def test_the_rail_counts_what_waits(page: MainWindow, desk: SampleLaptop) -> None:
    assert desk.workplace.counts()["reviewing"] == 3
    click(page, "accept")
    assert desk.workplace.counts()["reviewing"] == 2
