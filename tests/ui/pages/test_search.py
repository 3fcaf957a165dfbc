"""The page behind the search field."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages import search
from sync.content.reading import plain_text
from tests.ui.pages.filmed import tell_video
from tests.ui.pages.looking import click, says, settle
from tools.sample_exercise import sample_exercise
from tools.sample_laptop import SampleLaptop


def searched(window: MainWindow, laptop: SampleLaptop, words: str) -> None:
    """Type into the field and press Enter, as the program wires it."""
    for place in search.places(laptop.workplace):
        window.register(place)
    window.search_wanted.connect(lambda text: window.open("search", words=text))
    window.top_bar.search.setFocus()
    QTest.keyClicks(window.top_bar.search, words)
    QTest.keyClick(window.top_bar.search, Qt.Key.Key_Return)
    settle(window)


def test_enter_in_the_search_field_lists_what_holds_the_words_and_a_click_opens_it(
    learner: MainWindow, laptop: SampleLaptop, heard: list[str]
) -> None:
    learner.show()
    searched(learner, laptop, "gare lyon")
    assert says(learner, "Lyon-Part-Dieu")
    assert any("trouvé" in said for said in heard)
    click(learner, "hit_1")
    assert learner.route == "lesson"


def test_an_exercise_is_found_by_its_brief_and_opens_on_its_own_page(learner: MainWindow, laptop: SampleLaptop) -> None:
    sample_exercise(laptop)
    learner.show()
    brief = next(iter(laptop.text.exercises.values())).brief
    line = next(line for line in plain_text(brief).split("\n") if len(line) > 30)
    words = " ".join(word for word in line.split() if word.isascii() and word.isalpha())
    hits = laptop.workplace.search.find(words)
    hit = next(one for one in hits if one.route == "exercise")
    searched(learner, laptop, words)
    assert says(learner, hit.title)
    click(learner, f"hit_{hits.index(hit) + 1}")
    assert learner.route == "exercise"


def test_words_that_are_nowhere_are_answered_with_what_to_try(learner: MainWindow, laptop: SampleLaptop) -> None:
    learner.show()
    searched(learner, laptop, "zygomatique")
    assert says(learner, "Rien ici ne contient ces mots.")
    assert says(learner, "Essayez moins de mots")


def test_what_is_said_in_a_video_is_found_and_opens_the_video(learner: MainWindow, laptop: SampleLaptop) -> None:
    tell_video(laptop)
    learner.show()
    searched(learner, laptop, "cadenas tire dessus")
    assert says(learner, "Je pose mon cadenas, je tire dessus, puis je mets la clé dans ma poche.")
    click(learner, "hit_1")
    assert learner.route == "video"
