"""Every page of the learner, of the trainer and of signing in, walked for what would shut somebody out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from spoc_desktop.i18n import read_catalogue
from spoc_desktop.services.accounts import Accounts
from spoc_desktop.services.profiles import Profile, remember
from spoc_desktop.ui.audit import all_findings, controls, name_of
from spoc_desktop.ui.language import set_language
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages import sign_in
from spoc_desktop.ui.pages.contents_import import ImportPage
from spoc_desktop.ui.pages.exercise import ExercisePage
from spoc_desktop.ui.pages.quiz import QuizPage
from spoc_desktop.ui.pages.sign_in import SignInPage
from spoc_desktop.ui.pages.sign_in_steps import Step
from spoc_desktop.ui.theme import theme
from sync.domain.exercises import EXERCISE_EDITION
from tests.ui.pages import authored
from tests.ui.pages.conftest import Taught
from tests.ui.pages.filmed import ACTIVITY, tell_video
from tests.ui.pages.looking import click, has, settle, texts
from tools.catalogues import path_of
from tools.sample_author import author_routes, leave_unfinished
from tools.sample_exercise import sample_exercise
from tools.sample_group import SampleGroup
from tools.sample_laptop import ADDRESS, COHORT_ID, COURSE_FOLDER, NADIA, SERVER, SampleLaptop
from tools.sample_talk import post_id, sample_talk, sample_wipe
from tools.sample_work import SampleWork, sample_work, stuck_work


@dataclass(frozen=True)
class Look:
    """Language, theme, text size and window in which a page is walked."""

    language: str
    mode: str
    scale: float
    size: tuple[int, int]

    def put_on(self, window: MainWindow) -> None:
        set_language(self.language)
        theme().set(mode=self.mode, scale=self.scale)
        window.resize(*self.size)


LOOKS = [
    Look("fr", "light", 1.0, (1280, 800)),
    Look("fr", "contrast", 1.0, (1024, 640)),
    Look("en", "dark", 2.0, (1024, 640)),
    Look("fr", "dark", 1.0, (640, 480)),
]
BY_NIGHT = [
    Look("en", "dark", 1.0, (1280, 800)),
    Look("en", "contrastLight", 1.0, (1024, 640)),
    Look("fr", "light", 2.0, (1024, 640)),
]
"""The looks that go the same way again: each page in each takes minutes in all."""


def _each(by_day: list[Look]) -> pytest.MarkDecorator:
    found = [*by_day, *(pytest.param(look, marks=pytest.mark.nightly) for look in BY_NIGHT)]
    return pytest.mark.parametrize(
        "look", found, ids=lambda look: f"{look.language}-{look.mode}-{look.scale}-{look.size[0]}"
    )


EACH_LOOK = _each(LOOKS)


def routes(work: SampleWork, exercise: bytes) -> Iterator[tuple[str, dict[str, object]]]:
    here: dict[str, object] = {"cohort_id": COHORT_ID}
    yield "today", {}
    yield "exchanges", here | {"thread": post_id(5, 0)}
    yield "exchanges", here | {"new": True}
    yield "exchanges", here | {"private": True}
    yield "exchanges", here
    yield "sync", {}
    yield "courses", {}
    yield "course", here
    yield "lesson", here | {"activity_id": work.lesson}
    yield "video", here | {"activity_id": ACTIVITY}
    yield "quiz", here | {"activity_id": work.exam}
    yield "quiz", here | {"activity_id": work.training}
    yield "quiz", here | {"activity_id": work.exam, "attempt_id": work.graded}
    yield "quiz", here | {"activity_id": work.practised, "attempt_id": work.provisional}
    yield "exercise", here | {"activity_id": exercise}
    yield "results", {}
    yield "ahead", {}
    yield "carry", {}


def trainers_routes(group: SampleGroup) -> Iterator[tuple[str, dict[str, object]]]:
    here: dict[str, object] = {"cohort_id": COHORT_ID}
    yield "dashboard", {}
    yield "exchanges", here | {"thread": post_id(4, 0)}
    yield "exchanges", here | {"learner": NADIA}
    yield "group", here
    yield "gradebook", here
    yield "reviewing", {}
    yield "learner_file", here | {"learner": group.learner}
    yield "quiz_results", here | {"activity_id": group.quiz}
    yield "attempt", here | {"learner": group.learner, "attempt_id": group.attempt}
    yield "sync", {}
    yield "ahead", {}
    yield "carry", {}


@EACH_LOOK
def test_no_page_of_the_trainer_shuts_anybody_out(trainer: MainWindow, taught: Taught, look: Look) -> None:
    look.put_on(trainer)
    found = {}
    for route, params in trainers_routes(taught.group):
        trainer.open(route, **params)
        settle(trainer)
        assert not has(trainer, "again"), route
        found[route] = all_findings(trainer)
    assert {name: findings for name, findings in found.items() if findings} == {}


@EACH_LOOK
def test_no_page_of_the_learner_shuts_anybody_out(learner: MainWindow, laptop: SampleLaptop, look: Look) -> None:
    work = sample_work(laptop)
    sample_talk(laptop)
    stuck_work(laptop)
    sample_wipe(laptop)
    look.put_on(learner)
    found = {}
    exercise = sample_exercise(laptop)
    tell_video(laptop)
    for number, (route, params) in enumerate(routes(work, exercise)):
        learner.open(route, **params)
        settle(learner)
        found[f"{number} {route}"] = all_findings(learner)
        if isinstance(learner.page, ExercisePage):
            click(learner, "begin_next")
            found[f"{number} writing"] = all_findings(learner)
        if isinstance(learner.page, QuizPage) and params.get("activity_id") == work.training:
            learner.page.submit()
            settle(learner)
            found[f"{number} review"] = all_findings(learner)
    assert {name: findings for name, findings in found.items() if findings} == {}


@_each(LOOKS[1:])
def test_no_page_of_the_author_shuts_anybody_out(window: MainWindow, look: Look) -> None:
    laptop = authored.author_laptop()
    leave_unfinished(laptop)
    authored.register(window, laptop)
    look.put_on(window)
    found = {}
    for number, (route, params) in enumerate(author_routes(laptop)):
        window.open(route, **params)
        settle(window)
        assert not has(window, "again"), route
        found[f"{number} {route}"] = all_findings(window)
        if isinstance(window.page, ImportPage):
            window.page.read_from(COURSE_FOLDER)
            settle(window)
            found["read"] = all_findings(window)
    laptop.workplace.close()
    assert {name: findings for name, findings in found.items() if findings} == {}


@EACH_LOOK
def test_no_step_of_signing_in_shuts_anybody_out(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, look: Look
) -> None:
    monkeypatch.setenv("SPOC_HOME", str(tmp_path))
    remember(tmp_path / "people.json", Profile(SERVER, NADIA, bytes(16), "Nadia Benali", "nadia", "Rhône", ADDRESS))
    look.put_on(window)
    for place in sign_in.places(Accounts(), lambda _workplace: None):
        window.register(place)
    window.open("sign_in")
    page = window.page
    assert isinstance(page, SignInPage)
    found = {}
    for step in Step:
        page.go(step)
        settle(window)
        found[step.name] = all_findings(window)
    assert {name: findings for name, findings in found.items() if findings} == {}


def french_only() -> set[str]:
    """Texts of the program that are French and not English too."""
    return words_of("fr") - words_of("en")


def words_of(language: str) -> set[str]:
    catalogue = read_catalogue(path_of(language), language)
    return {form for forms in catalogue.messages.values() for form in forms if form and "{" not in form}


def test_switching_the_language_leaves_no_french_word_of_the_program_on_any_page_of_the_learner(
    learner: MainWindow, laptop: SampleLaptop
) -> None:
    exercise = sample_exercise(laptop)
    tell_video(laptop)
    assert french_words_left(learner, routes(sample_work(laptop), exercise)) == {}


def test_switching_the_language_leaves_no_french_word_of_the_program_on_any_page_of_the_trainer(
    trainer: MainWindow, taught: Taught
) -> None:
    levels = {
        level.title
        for seen in taught.laptop.store.view(EXERCISE_EDITION)
        for criterion in seen.body.criteria
        for level in criterion.levels
    }
    left = french_words_left(trainer, trainers_routes(taught.group))
    assert {route: words - levels for route, words in left.items() if words - levels} == {}


def test_switching_the_language_leaves_no_french_word_of_the_program_on_any_page_of_the_author(
    window: MainWindow,
) -> None:
    laptop = authored.author_laptop()
    leave_unfinished(laptop)
    authored.register(window, laptop)
    left = french_words_left(window, author_routes(laptop))
    laptop.workplace.close()
    assert left == {}


def french_words_left(window: MainWindow, walk: Iterator[tuple[str, dict[str, object]]]) -> dict[str, set[str]]:
    """What is still French on each page after it was switched to English."""
    left = {}
    for number, (route, params) in enumerate(walk):
        set_language("fr")
        window.open(route, **params)
        settle(window)
        assert set(texts(window)) & french_only(), route
        window.settings_menu.speak("en")
        settle(window)
        names = [name_of(control) for control in controls(window)]
        left[f"{number} {route}"] = {text for text in [*texts(window), *names] if text in french_only()}
    return {route: words for route, words in left.items() if words}
