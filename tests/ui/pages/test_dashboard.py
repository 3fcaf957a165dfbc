"""A trainer's morning: who handed in, who is late and on what date that rests, and a group that has not come yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from spoc_desktop.ui.main_window import MainWindow
from sync.domain.cohorts import DAY_MS, WEEK_MS
from sync.domain.followup import NEXT_ACTION
from sync.domain.kind import encode
from sync.domain.quizzes import ATTEMPT
from tests.ui.pages.conftest import TRAINERS_PAGES, Taught, register
from tests.ui.pages.looking import click, has, named, says, settle, texts
from tools.sample_laptop import CLAIRE, LEARNERS, SampleLaptop
from tools.sample_reviews import sample_reviews, with_exercise

IDS = {name: who for who, name in LEARNERS.items()}


@pytest.fixture
def told_nobodys_work() -> Iterator[SampleLaptop]:
    """Claire's laptop: the group has come, nobody has sent anything."""
    laptop = SampleLaptop(CLAIRE)
    laptop.told_all()
    with closing(laptop.workplace):
        yield laptop


def open_dashboard(window: MainWindow) -> None:
    window.open("dashboard")
    settle(window)


def test_it_greets_by_first_name_and_says_where_the_group_is(trainer: MainWindow) -> None:
    open_dashboard(trainer)
    for words in ("Bonjour Claire", "Mardi 24 novembre", "Automne 2026", "8 personnes, semaine 2 sur 4"):
        assert says(trainer, words)


def test_its_three_figures_stand_over_their_words(trainer: MainWindow) -> None:
    open_dashboard(trainer)
    said = texts(trainer)
    for figure, words in (("11", "quiz reçus"), ("5", "personnes au rythme prévu"), ("3", "personnes en retard")):
        assert said[said.index(words) - 1] == figure


def test_it_names_who_handed_in_which_quiz_and_opens_the_attempt(trainer: MainWindow, taught: Taught) -> None:
    open_dashboard(trainer)
    row = named(trainer, f"attempt_{taught.group.attempt.hex()}")
    assert LEARNERS[taught.group.learner] in row.accessibleName()
    assert "Évaluation" in row.accessibleName()
    click(trainer, row.objectName())
    assert trainer.route == "attempt"
    assert says(trainer, LEARNERS[taught.group.learner])


def test_a_graded_quiz_is_told_from_practice_by_its_word(trainer: MainWindow) -> None:
    open_dashboard(trainer)
    said = texts(trainer)
    assert (said.count("Quiz noté"), said.count("Entraînement")) == (2, 9)


def test_the_late_stand_in_the_margin_with_the_reason_and_what_it_rests_on(trainer: MainWindow) -> None:
    open_dashboard(trainer)
    assert says(trainer, "En retard sur « Disséquer un message » et 4 autres activités.")
    assert says(trainer, "N’a encore rien envoyé.")
    assert says(trainer, "jours de retard.")
    assert says(trainer, "Chaque raison tient au dernier envoi de la personne.")


def test_the_most_urgent_come_first_and_each_only_once(trainer: MainWindow) -> None:
    open_dashboard(trainer)
    margin = texts(trainer.page.margin) if trainer.page else []
    assert list(dict.fromkeys(text for text in margin if text in IDS)) == [
        "Amélie Caron",
        "Inès Moreau",
        "Léa Fontaine",
    ]


def test_a_name_opens_the_file_and_a_button_the_private_thread(trainer: MainWindow) -> None:
    open_dashboard(trainer)
    who = IDS["Léa Fontaine"]
    assert named(trainer, f"write_{who.hex()}").accessibleName() == "Lui écrire, Léa Fontaine"
    assert has(trainer, f"file_{who.hex()}")
    click(trainer, f"file_{who.hex()}")
    assert trainer.route == "learner_file"
    assert says(trainer, "Léa Fontaine")


def test_what_waits_for_a_review_stands_first_and_opens(window: MainWindow) -> None:
    laptop = with_exercise(SampleLaptop(CLAIRE))
    laptop.told_all()
    handed_in = sample_reviews(laptop)
    register(window, laptop.workplace, TRAINERS_PAGES)
    with closing(laptop.workplace):
        open_dashboard(window)
        assert says(window, "3 remises à corriger")
        assert says(window, "1 question attend une réponse")
        assert says(window, "Je confonds toujours l’adresse affichée et l’adresse réelle.")
        click(window, f"hand_in_{handed_in.second.hex()}")
        assert window.route == "reviewing"
        assert says(window, "Nadia Benali")


def test_a_group_that_sent_nothing_says_so_and_names_the_silent(
    window: MainWindow, told_nobodys_work: SampleLaptop
) -> None:
    register(window, told_nobodys_work.workplace, TRAINERS_PAGES)
    open_dashboard(window)
    assert says(window, "Aucun quiz rendu depuis sept jours.")
    assert texts(window).count("Rien reçu de cette personne pour l’instant") == 5
    click(window, "everybody_to_follow")
    assert window.route == "group"


def test_who_is_put_aside_comes_back_the_next_working_morning_and_it_can_be_undone(
    window: MainWindow, told_nobodys_work: SampleLaptop
) -> None:
    laptop, who = told_nobodys_work, IDS["Amélie Caron"]
    register(window, laptop.workplace, TRAINERS_PAGES)
    laptop.workplace.syncing.listen(window.notify)
    open_dashboard(window)
    click(window, f"later_{who.hex()}")
    assert not has(window, f"later_{who.hex()}")
    assert says(window, "Amélie Caron : plus tard, demain")
    assert window._toast.undo()
    settle(window)
    assert has(window, f"later_{who.hex()}")
    click(window, f"later_{who.hex()}")
    laptop.clock.time += DAY_MS + DAY_MS // 24
    window.page.reload()  # type: ignore[union-attr]
    settle(window)
    assert has(window, f"later_{who.hex()}")
    assert says(window, "Rappel : Y repenser")
    click(window, f"later_{who.hex()}")
    assert says(window, "Amélie Caron : plus tard, demain")
    assert len([seen for seen in laptop.store.view(NEXT_ACTION) if not seen.body.done_at]) == 1


def test_before_the_first_week_nobody_is_late_and_nobody_is_silent(
    window: MainWindow, told_nobodys_work: SampleLaptop
) -> None:
    told_nobodys_work.clock.time -= 2 * WEEK_MS
    register(window, told_nobodys_work.workplace, TRAINERS_PAGES)
    open_dashboard(window)
    assert says(window, "Personne n’est en retard")
    assert says(window, "8 personnes, commence lundi 16 novembre")


def test_work_that_comes_while_the_page_is_open_appears(window: MainWindow, taught: Taught) -> None:
    laptop = SampleLaptop(CLAIRE)
    laptop.told_course(keys=True)
    laptop.told_cohort()
    register(window, laptop.workplace, TRAINERS_PAGES)
    laptop.workplace.syncing.listen(window.notify)
    with closing(laptop.workplace):
        open_dashboard(window)
        name = f"attempt_{taught.group.attempt.hex()}"
        assert not has(window, name)
        copy_work(taught, laptop)
        settle(window)
        assert has(window, name)


def copy_work(taught: Taught, laptop: SampleLaptop) -> None:
    """Tell a laptop the one attempt of the group that tests name."""
    seen = taught.laptop.store.one(ATTEMPT, taught.group.attempt)
    assert seen is not None
    laptop.told_place(taught.group.learner)
    laptop.told(seen.space, [(ATTEMPT, seen.id, encode(seen.body))], author=taught.group.learner)


def test_switching_the_language_changes_the_words_of_the_page(trainer: MainWindow) -> None:
    open_dashboard(trainer)
    trainer.settings_menu.speak("en")
    settle(trainer)
    assert says(trainer, "Hello Claire")
    assert says(trainer, "To follow up, and why")
    assert not says(trainer, "Bonjour Claire")
