"""Saves a picture of each page under build/screenshots/: light and dark, French and English, and at 200 % text.

A page is added by a line in `SCENES`; every place of the rail is in by itself. Type words to take only the pictures
whose name holds one of them: `python -m tools.screenshots quiz fr`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtWidgets import QApplication

import spoc_desktop.ui  # noqa: F401  # holds Qt's singletons before anything else calls Qt
from spoc_desktop import paths
from spoc_desktop.app import Application
from spoc_desktop.i18n import _, moment
from spoc_desktop.services.accounts import Accounts
from spoc_desktop.services.profiles import Profile, remember
from spoc_desktop.ui import theme
from spoc_desktop.ui.language import set_language
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.memory import ShortMemory
from spoc_desktop.ui.pages import sign_in
from spoc_desktop.ui.pages.quiz import QuizPage
from spoc_desktop.ui.pages.reviewing import ReviewingPage
from spoc_desktop.ui.pages.reviewing_document import COMPARE
from spoc_desktop.ui.pages.sign_in import SignInPage
from spoc_desktop.ui.pages.sign_in_steps import Step
from spoc_desktop.ui.pages.video import VideoPage
from spoc_desktop.ui.widgets.cover import cover_colour
from spoc_desktop.ui.widgets.sync_chip import SyncStatus
from spoc_desktop.ui.workers import Workers
from tools.sample_author import author_routes, tell_drafts
from tools.sample_exercise import begin_exercise, sample_exercise
from tools.sample_group import sample_group
from tools.sample_laptop import ADDRESS, CLAIRE, COHORT_ID, NADIA, SERVER, SampleLaptop
from tools.sample_reviews import begin_review, sample_reviews, with_exercise
from tools.sample_talk import post_id, sample_talk, sample_wipe
from tools.sample_work import answer_all, note_beside, sample_work, stuck_work

_FILM_SECONDS = 5.0
_AT_A_TIME = 2
BUILD = Path(__file__).resolve().parents[1] / "build" / "screenshots"


@dataclass(frozen=True, slots=True)
class Variant:
    """How a page is shown. `size` in px of the window."""

    name: str
    language: str
    mode: str = "light"
    scale: float = 1.0
    size: tuple[int, int] = (1280, 800)


VARIANTS = (
    Variant("fr_light", "fr"),
    Variant("fr_dark", "fr", "dark"),
    Variant("en_light", "en"),
    Variant("en_dark", "en", "dark"),
    Variant("fr_200", "fr", scale=2.0),
    Variant("fr_1024", "fr", size=(1024, 640)),
    Variant("fr_contrast", "fr", "contrast"),
)


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: a page with its parameters, and what is done on it before the picture is taken."""

    name: str
    route: str
    params: dict[str, object]
    act: Callable[[MainWindow], None] = lambda _window: None


def learner_scenes(laptop: SampleLaptop) -> list[Scene]:
    """The pages of a learner that no rail item opens."""
    work = sample_work(laptop)
    sample_talk(laptop)
    provisional = answer_all(laptop, work.practised, wrong=2)  # the first one is refused below
    stuck_work(laptop)
    sample_wipe(laptop)
    exercise = sample_exercise(laptop)
    draft = begin_exercise(laptop)
    note_beside(laptop, work.lesson)
    film = next(activity for activity, lesson in laptop.text.lessons.items() if lesson.video is not None)
    cohort: dict[str, object] = {"cohort_id": COHORT_ID}
    return [
        Scene("sync", "sync", {}),
        Scene("ahead", "ahead", {}),
        Scene("carry", "carry", {}),
        Scene("exercise_draft", "exercise", cohort | {"activity_id": draft}),
        Scene("exchanges_thread", "exchanges", cohort | {"thread": post_id(5, 0)}),
        Scene("exchanges_new", "exchanges", cohort | {"new": True}),
        Scene("exchanges_private", "exchanges", cohort | {"private": True}),
        Scene("lesson", "lesson", cohort | {"activity_id": work.lesson}),
        Scene("video", "video", cohort | {"activity_id": film}, _play),
        Scene("quiz", "quiz", cohort | {"activity_id": work.training}),
        Scene("quiz_start", "quiz", cohort | {"activity_id": work.exam}),
        Scene("quiz_review", "quiz", cohort | {"activity_id": work.training}, _review),
        Scene("quiz_result", "quiz", cohort | {"activity_id": work.exam, "attempt_id": work.graded}),
        Scene("exercise_returned", "exercise", cohort | {"activity_id": exercise}),
        Scene("quiz_provisional", "quiz", cohort | {"activity_id": work.practised, "attempt_id": provisional}),
    ]


def trainer_scenes(laptop: SampleLaptop) -> list[Scene]:
    """The pages of a trainer that no rail item opens."""
    group, handed_in = sample_group(laptop), sample_reviews(laptop)
    sample_talk(laptop, split=False)
    cohort: dict[str, object] = {"cohort_id": COHORT_ID}
    attempt = {"learner": group.learner, "attempt_id": group.attempt}
    return [
        Scene("quiz_results", "quiz_results", cohort | {"activity_id": group.quiz}),
        Scene("attempt", "attempt", cohort | attempt),
        Scene("gradebook", "gradebook", cohort),
        Scene("reviewing_second", "reviewing", {"hand_in": handed_in.second}, _review_begun),
        Scene("reviewing_compared", "reviewing", {"hand_in": handed_in.second}, _compare),
        Scene("learner_file", "learner_file", cohort | {"learner": NADIA}),
        Scene("exchanges_thread", "exchanges", cohort | {"thread": post_id(4, 0)}),
        Scene("exchanges_inbox", "exchanges", cohort | {"learner": NADIA}),
        Scene("sync", "sync", {}),
        Scene("ahead", "ahead", {}),
        *(
            Scene(f"{route}_{place}", route, params)
            for place, (route, params) in enumerate(author_routes(laptop))
            if route != "contents"
        ),
    ]


def _review_begun(window: MainWindow) -> None:
    """A review with two marks, a remark on some words and an opinion; it stays, so once is enough."""
    if isinstance(window.page, ReviewingPage) and not (window.page.sheet and window.page.sheet.remarks):
        begin_review(window.page)


def _compare(window: MainWindow) -> None:
    if isinstance(window.page, ReviewingPage):
        window.page.show_version(COMPARE)


def _play(window: MainWindow) -> None:
    """The film at its 46th second, with its picture there."""
    if not isinstance(window.page, VideoPage) or window.page.film is None:
        return
    until = time.monotonic() + _FILM_SECONDS
    window.page.film.seek(46_000)
    while time.monotonic() < until and window.page.film.picture is None:
        QApplication.processEvents()


def _review(window: MainWindow) -> None:
    if isinstance(window.page, QuizPage):
        window.page.submit()


def _step(step: Step) -> Callable[[MainWindow], None]:
    def act(window: MainWindow) -> None:
        if isinstance(window.page, SignInPage):
            window.page.profile = next(iter(window.page.known), None)
            window.page.go(step)

    return act


SIGN_IN_SCENES = [
    Scene("sign_in_people", "sign_in", {}),
    *(
        Scene(f"sign_in_{step.name.lower()}", "sign_in", {}, _step(step))
        for step in (Step.INVITATION, Step.PASSWORD, Step.LOGIN, Step.PASSPHRASE, Step.UNLOCK, Step.RECOVER)
    ),
]


def main(words: Sequence[str]) -> int:
    """Take all pictures whose name holds all of the words; without words, all of them, a process a variant."""
    if words:
        return take(words)
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        codes = list(pool.map(_in_a_process, (variant.name for variant in VARIANTS)))
    return max(codes)


def _in_a_process(variant: str) -> int:
    code = subprocess.call([sys.executable, "-m", "tools.screenshots", variant], cwd=BUILD.parents[1])
    if code:
        print(f"{variant}: ended with {code}", file=sys.stderr)
    return abs(code)


def take(words: Sequence[str]) -> int:
    """Take these pictures in this process."""
    BUILD.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication([])
    if isinstance(app, QApplication):
        theme.install(app)
    with tempfile.TemporaryDirectory() as folder:
        os.environ[paths.HOME_VARIABLE] = folder
        count = _of_person(words, "learner", NADIA) + _of_person(words, "trainer", CLAIRE) + _of_nobody(words)
    print(f"{count} pictures in {BUILD.relative_to(BUILD.parents[1])}")
    return 0


def _of_person(words: Sequence[str], name: str, person: bytes) -> int:
    laptop = SampleLaptop(NADIA) if person == NADIA else with_exercise(SampleLaptop(CLAIRE))
    laptop.told_all()
    if person == CLAIRE:
        tell_drafts(laptop)
    with closing(laptop.workplace) as workplace:
        window = MainWindow(ShortMemory(), Workers())
        scenes = learner_scenes(laptop) if person == NADIA else trainer_scenes(laptop)
        for make in Application().page_makers():
            for place in make(workplace):
                window.register(place)
                if place.icon:
                    scenes.insert(0, Scene(place.route, place.route, {}))
        title, colour = workplace.course() or ("", "")
        status = workplace.syncing.status()
        last_sync = moment(laptop.clock.now())  # the rows were told at that moment, as by a sync
        window.rail.chip.show_status(SyncStatus(waiting=status.waiting, attention=status.attention, at=last_sync))
        window.rail.show_course(title, cover_colour(colour))
        count = 0
        for scene, variant in _wanted(scenes, words, name):
            _dress(window, variant)
            role = _("Trainer") if person == CLAIRE else _("Learner")
            window.rail.person.show_person(workplace.name, role, trainer=person == CLAIRE)
            count += _shoot(window, scene, _name(scene, variant, name))
        window.workers.close()
        return count


def _of_nobody(words: Sequence[str]) -> int:
    accounts = Accounts()
    person = Profile(SERVER, NADIA, bytes(16), "Nadia Benali", "nadia", "Ateliers du Rhône", ADDRESS)
    remember(paths.root() / "people.json", person)
    window = MainWindow(ShortMemory(), Workers())
    for place in sign_in.places(accounts, lambda _workplace: None):
        window.register(place)
    count = 0
    for scene, variant in _wanted(SIGN_IN_SCENES, words, "nobody"):
        _dress(window, variant)
        count += _shoot(window, scene, _name(scene, variant, "nobody"))
    window.workers.close()
    return count


def _wanted(scenes: Sequence[Scene], words: Sequence[str], who: str) -> Iterator[tuple[Scene, Variant]]:
    for variant in VARIANTS:
        for scene in scenes:
            name = _name(scene, variant, who)
            if not words or all(word in name for word in words):
                yield scene, variant


def _name(scene: Scene, variant: Variant, who: str) -> str:
    return f"{who}_{scene.name}_{variant.name}"


def _dress(window: MainWindow, variant: Variant) -> None:
    """Once a variant: every page that was opened is styled anew each time."""
    if window.property("variant") == variant.name:
        return
    window.setProperty("variant", variant.name)
    set_language(variant.language)
    theme.theme().set(mode=variant.mode, scale=variant.scale, motion=False)
    window.resize(*variant.size)
    window.show()


def _shoot(window: MainWindow, scene: Scene, name: str) -> int:
    window.open(scene.route, **scene.params)
    _settle(window)
    scene.act(window)
    _settle(window)
    window.grab().save(str(BUILD / f"{name}.png"))
    return 1


def _settle(window: MainWindow) -> None:
    for _again in range(4):
        window.workers.wait()
        QApplication.processEvents()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
