"""Every character of every page is drawn by a face that the program brings along."""

from __future__ import annotations

from contextlib import closing

import pytest

from spoc_desktop.app import Application
from spoc_desktop.i18n import LANGUAGES
from spoc_desktop.ui import fonts
from spoc_desktop.ui.language import set_language
from spoc_desktop.ui.main_window import MainWindow
from tests.ui.pages import authored
from tests.ui.pages.filmed import tell_video
from tests.ui.pages.looking import settle
from tools.sample_author import author_routes
from tools.sample_group import sample_group
from tools.sample_laptop import CLAIRE, COHORT_ID, NADIA, SampleLaptop
from tools.sample_reviews import sample_reviews, with_exercise
from tools.sample_talk import post_id, sample_talk, sample_wipe
from tools.sample_work import sample_work


def walk(window: MainWindow, laptop: SampleLaptop, pages: dict[str, dict[str, object]]) -> list[str]:
    """Open each page and give the characters that another face had to draw."""
    found = []
    for make in Application().page_makers():
        for place in make(laptop.workplace):
            window.register(place)
    window.show()
    for route, params in pages.items():
        window.open(route, **params)
        settle(window)
        assert window.route == route
        found += [f"{route}: {fallback}" for fallback in fonts.fallbacks(window)]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_a_learner_falls_back_to_a_foreign_font(window: MainWindow, language: str) -> None:
    laptop = SampleLaptop(NADIA)
    laptop.told_all()
    work = sample_work(laptop)
    sample_talk(laptop)
    sample_wipe(laptop)
    set_language(language)
    cohort: dict[str, object] = {"cohort_id": COHORT_ID}
    pages: dict[str, dict[str, object]] = {
        "today": {},
        "courses": {},
        "course": cohort,
        "lesson": cohort | {"activity_id": work.lesson},
        "video": cohort | {"activity_id": tell_video(laptop)},
        "quiz": cohort | {"activity_id": work.training},
        "search": {"words": "mot de passe"},
        "sync": {},
        "ahead": {},
        "carry": {},
        "exchanges": cohort | {"thread": post_id(5, 0)},
    }
    with closing(laptop.workplace):
        assert walk(window, laptop, pages) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_a_trainer_falls_back_to_a_foreign_font(window: MainWindow, language: str) -> None:
    laptop = with_exercise(SampleLaptop(CLAIRE))
    laptop.told_all()
    group, handed_in = sample_group(laptop), sample_reviews(laptop)
    set_language(language)
    cohort: dict[str, object] = {"cohort_id": COHORT_ID}
    pages: dict[str, dict[str, object]] = {
        "dashboard": {},
        "group": cohort,
        "gradebook": cohort,
        "quiz_results": cohort | {"activity_id": group.quiz},
        "exchanges": cohort | {"thread": post_id(4, 0)},
        "attempt": cohort | {"learner": group.learner, "attempt_id": group.attempt},
        "learner_file": cohort | {"learner": group.learner},
        "reviewing": {"hand_in": handed_in.second},
    }
    with closing(laptop.workplace):
        assert walk(window, laptop, pages) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_an_author_falls_back_to_a_foreign_font(window: MainWindow, language: str) -> None:
    laptop = authored.author_laptop()
    set_language(language)
    authored.register(window, laptop)
    window.show()
    found = []
    with closing(laptop.workplace):
        for route, params in author_routes(laptop):
            window.open(route, **params)
            settle(window)
            found += [f"{route}: {fallback}" for fallback in fonts.fallbacks(window)]
    assert found == []
