"""Today: what to go on with, the week in minutes, what is late, what came back; and a laptop that has nothing yet."""

from __future__ import annotations

from time import tzset

import pytest

from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages.exchanges import ExchangesPage
from spoc_desktop.ui.pages.standing import first_day, last_day
from spoc_desktop.ui.pages.today import MOST_THREADS
from spoc_desktop.ui.widgets.reglette import Reglette
from sync.domain.cohorts import WEEK_MS
from tests.ui.pages.conftest import Furnish
from tests.ui.pages.looking import click, has, says, settle, texts
from tools.sample_laptop import COHORT_ID, SampleLaptop
from tools.sample_talk import sample_talk
from tools.sample_work import sample_work


def open_today(window: MainWindow) -> None:
    window.open("today")
    settle(window)


def test_before_the_first_sync_it_says_what_comes_and_how_to_fetch_it(
    window: MainWindow, fresh_laptop: SampleLaptop, furnish: Furnish
) -> None:
    furnish(fresh_laptop.workplace)
    open_today(window)
    assert says(window, "Bonjour Nadia")
    assert says(window, "Vos cours arrivent à la prochaine synchronisation.")
    assert has(window, "sync_now")


def test_the_course_appears_by_itself_when_it_has_come(
    window: MainWindow, fresh_laptop: SampleLaptop, furnish: Furnish
) -> None:
    furnish(fresh_laptop.workplace)
    open_today(window)
    fresh_laptop.told_all()
    settle(window)
    assert says(window, "Semaine 2 sur 4")
    assert has(window, "resume")


def test_it_greets_by_first_name_and_says_the_day_in_words(learner: MainWindow) -> None:
    open_today(learner)
    assert says(learner, "Bonjour Nadia")
    assert says(learner, "Mardi 24 novembre")


def test_the_week_is_told_in_minutes_by_words_and_by_a_strip(learner: MainWindow, laptop: SampleLaptop) -> None:
    sample_work(laptop)
    open_today(learner)
    assert says(learner, "Semaine 2 sur 4")
    assert says(learner, "19 min sur 1 h 14")
    assert says(learner, "jusqu’à dimanche")
    [strip] = [strip for strip in learner.findChildren(Reglette) if strip.isVisible()]
    assert [segment.state for segment in strip.segments] == ["part", "todo", "todo", "part", "done", "todo"]
    assert strip.accessibleDescription() == "19\u00a0min sur 1\u00a0h\u00a014"


def test_the_one_card_goes_on_with_the_lesson_that_was_begun(learner: MainWindow, laptop: SampleLaptop) -> None:
    sample_work(laptop)
    open_today(learner)
    assert says(learner, "Reprendre où vous en étiez")
    assert says(learner, "partie 2 sur 6")
    click(learner, "resume")
    assert learner.route == "lesson"
    assert says(learner, "Partie 2 sur 6")


def test_what_earlier_weeks_left_is_listed_as_late_with_its_day(learner: MainWindow) -> None:
    open_today(learner)
    assert says(learner, "Resté des semaines passées")
    assert says(learner, "prévu jusqu’au dimanche 22 novembre")
    assert texts(learner).count("En retard") == 5


def test_a_grade_that_came_back_stands_in_the_margin_and_opens_its_result(
    learner: MainWindow, laptop: SampleLaptop
) -> None:
    work = sample_work(laptop)
    open_today(learner)
    assert says(learner, "12 points sur 13 · réussi")
    click(learner, f"result_{work.graded.hex()}")
    assert learner.route == "quiz"
    assert says(learner, "Noté par le serveur.")


def test_a_grade_released_while_the_page_is_open_appears_once(learner: MainWindow, laptop: SampleLaptop) -> None:
    open_today(learner)
    assert not says(learner, "réussi")
    sample_work(laptop)
    settle(learner)
    assert sum("points sur 13" in text for text in texts(learner)) == 1


def test_after_the_last_week_it_says_that_the_course_is_over(learner: MainWindow, laptop: SampleLaptop) -> None:
    laptop.clock.time += 4 * WEEK_MS
    open_today(learner)
    assert says(learner, "est terminé. Tout reste ici pour être relu.")


def test_before_the_first_week_it_says_when_the_course_opens(learner: MainWindow, laptop: SampleLaptop) -> None:
    laptop.clock.time -= 2 * WEEK_MS
    open_today(learner)
    assert says(learner, "ouvre lundi 16 novembre.")


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "UTC"])
def test_the_days_of_a_week_are_those_of_the_cohort_also_on_a_laptop_far_away(
    monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    midnight_in_paris = 1_795_993_200_000
    monkeypatch.setenv("TZ", zone)
    tzset()
    try:
        assert first_day(midnight_in_paris) == "lundi 30 novembre"
        assert last_day(midnight_in_paris) == "dimanche 29 novembre"
    finally:
        monkeypatch.undo()
        tzset()


def test_switching_the_language_changes_the_words_of_the_page(learner: MainWindow) -> None:
    open_today(learner)
    learner.settings_menu.speak("en")
    settle(learner)
    assert says(learner, "Hello Nadia")
    assert says(learner, "Tuesday 24 November")
    assert not says(learner, "Bonjour Nadia")


def test_a_row_opens_its_activity(learner: MainWindow, laptop: SampleLaptop) -> None:
    open_today(learner)
    quiz = next(iter(laptop.text.quizzes))
    click(learner, f"row_{quiz.hex()}")
    assert learner.route == "quiz"
    assert laptop.workplace.quizzes.overview(COHORT_ID, quiz).running is None


def test_what_the_group_wrote_and_was_not_read_stands_in_the_margin_and_opens(
    learner: MainWindow, laptop: SampleLaptop
) -> None:
    sample_talk(laptop)
    learner.open("today")
    settle(learner)
    assert says(learner, "Le groupe")
    unread = [row for row in laptop.workplace.forum.threads(COHORT_ID) if row.unread]
    assert len(unread) > MOST_THREADS
    assert says(learner, unread[0].title)
    assert not has(learner, f"thread_{unread[MOST_THREADS].thread.hex()}")
    click(learner, f"thread_{unread[0].thread.hex()}")
    assert isinstance(learner.page, ExchangesPage)
    assert learner.page.params["thread"] == unread[0].thread
