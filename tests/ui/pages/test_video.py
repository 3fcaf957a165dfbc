"""A video: played from memory, its captions, its transcript, notes at their moments, and where the person stopped."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from spoc_desktop.ui.language import set_language
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages import video
from spoc_desktop.ui.pages.video import VideoPage
from spoc_desktop.ui.player.film import Film
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.video_player import FullScreen
from sync.domain.courses import READING
from sync.domain.notes import NOTE
from sync.domain.videos import PLACE
from tests.ui.pages.conftest import Furnish
from tests.ui.pages.filmed import ACTIVITY, CLIP, tell_video
from tests.ui.pages.looking import click, has, named, press, says, settle
from tools.sample_laptop import COHORT_ID, SampleLaptop

RED, YELLOW, GREEN = (176, 32, 38), (216, 164, 20), (30, 120, 80)


def open_video(window: MainWindow) -> VideoPage:
    window.open("video", cohort_id=COHORT_ID, activity_id=ACTIVITY)
    settle(window)
    assert isinstance(window.page, VideoPage)
    return window.page


def film_of(page: VideoPage) -> Film:
    assert page.film is not None
    return page.film


def colour(film: Film) -> tuple[int, ...]:
    assert film.picture is not None
    found = film.picture.pixelColor(80, 30)
    return found.red(), found.green(), found.blue()


def near(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 12 for one, other in zip(found, wanted, strict=True))


def see(qtbot: QtBot, film: Film, wanted: tuple[int, ...]) -> None:
    qtbot.waitUntil(lambda: film.picture is not None and near(colour(film), wanted), timeout=10_000)


@pytest.fixture
def page(learner: MainWindow, laptop: SampleLaptop) -> VideoPage:
    tell_video(laptop)
    return open_video(learner)


def test_it_plays_from_memory_and_shows_the_picture_of_the_moment(page: VideoPage, qtbot: QtBot) -> None:
    film = film_of(page)
    film.seek(6_000)
    see(qtbot, film, RED)
    film.play()
    qtbot.waitUntil(lambda: film.moment > 6_300, timeout=10_000)
    film.pause()
    assert not film.playing
    film.seek(21_000)
    see(qtbot, film, GREEN)


def test_nothing_of_the_film_lies_on_the_disk_unencrypted(page: VideoPage, laptop: SampleLaptop) -> None:
    assert film_of(page).loaded
    assert laptop.folder is not None
    marks = [path for path in laptop.folder.rglob("*") if path.is_file() and CLIP[:64] in path.read_bytes()]
    assert marks == []


def test_the_caption_of_the_moment_is_painted_over_the_picture_in_the_language_that_was_chosen(
    page: VideoPage,
) -> None:
    film = film_of(page)
    assert page.player is not None
    film.seek(6_000)
    assert page.player.screen_view.caption.startswith("Je pose mon cadenas")
    film.set_language("en")
    assert page.player.screen_view.caption.startswith("I put my padlock on")
    film.set_language("")
    assert page.player.screen_view.caption == ""


def test_captions_begin_in_the_language_of_the_program(learner: MainWindow, laptop: SampleLaptop) -> None:
    set_language("en")
    tell_video(laptop)
    assert film_of(open_video(learner)).language == "en"


def test_the_speed_is_chosen_from_a_list_and_kept_while_it_plays(page: VideoPage, qtbot: QtBot) -> None:
    assert page.player is not None
    speeds = page.player.controls.speeds()
    assert [word for word, _current, _do in speeds] == [
        *("0,75\u00a0×", "1\u00a0×", "1,25\u00a0×", "1,5\u00a0×", "1,75\u00a0×", "2\u00a0×")
    ]
    speeds[-1][2]()
    assert page.player.controls.speed.text() == "2\u00a0×"
    assert film_of(page).rate == 2.0


def test_the_keys_of_the_player_work_while_the_focus_is_in_it_only(learner: MainWindow, page: VideoPage) -> None:
    film = film_of(page)
    named(learner, "video_place").setFocus()
    press(learner, Qt.Key.Key_Right)
    assert film.moment == 5_000
    press(learner, Qt.Key.Key_L)
    assert film.moment == 15_000
    press(learner, Qt.Key.Key_PageUp)
    assert film.moment == 11_000
    played = []
    film.changed.connect(lambda: played.append(film.playing))
    press(learner, Qt.Key.Key_Space)
    press(learner, Qt.Key.Key_MediaPlay)
    assert played == [True, False]
    page.setFocus()
    press(learner, Qt.Key.Key_Space)
    assert played == [True, False]


def test_a_chapter_jumps_to_its_beginning(learner: MainWindow, page: VideoPage) -> None:
    click(learner, "chapter_3")
    assert film_of(page).moment == 22_000


def test_a_line_of_the_transcript_jumps_and_the_one_that_is_said_is_marked(
    learner: MainWindow, page: VideoPage
) -> None:
    click(learner, "cue_1")
    assert film_of(page).moment == 5_000
    assert page.beside is not None
    said = [bool(line.accessibleDescription()) for line in page.beside.transcript.lines]
    assert said == [False, True, False, False, False]


def test_the_transcript_is_searched_without_accents_and_says_which_of_how_many(
    learner: MainWindow, page: VideoPage
) -> None:
    assert page.beside is not None
    field = page.beside.search
    field.setFocus()
    QTest.keyClicks(field, "etiquette")
    settle(learner)
    assert field.accessibleDescription() == "1 sur 3"
    press(learner, Qt.Key.Key_Return)
    assert field.accessibleDescription() == "2 sur 3"
    lines = page.beside.transcript.lines
    assert [len(line.marks) for line in lines] == [0, 0, 1, 0, 2]
    assert [is_hit for _start, _end, is_hit in lines[4].marks] == [True, False]
    QTest.keyClicks(field, "x")
    assert field.accessibleDescription() == "Rien trouvé"


def test_a_note_is_written_at_the_moment_that_is_shown_and_found_again(
    learner: MainWindow, page: VideoPage, laptop: SampleLaptop
) -> None:
    film_of(page).seek(6_000)
    assert says(learner, "Noter à 0:06")
    click(learner, "note_here")
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, "Chez nous, elle va au tableau.")
    learner.open("today")
    settle(learner)
    ((note),) = [seen.body for seen in laptop.store.view(NOTE)]
    assert (note.text, note.moment) == ("Chez nous, elle va au tableau.", 6_000)
    again = open_video(learner)
    assert again.beside is not None
    assert [keeper.widget.edit.toPlainText() for keeper in again.beside.keepers] == [note.text]


def test_a_note_that_was_begun_and_left_empty_leaves_nothing(
    learner: MainWindow, page: VideoPage, laptop: SampleLaptop
) -> None:
    click(learner, "note_here")
    named(learner, "video_place").setFocus()
    settle(learner)
    assert page.beside is not None
    assert page.beside.keepers == []
    assert laptop.store.view(NOTE) == []


def test_it_goes_on_where_the_person_stopped_also_after_a_restart(
    learner: MainWindow, page: VideoPage, laptop: SampleLaptop, furnish: Furnish, qtbot: QtBot
) -> None:
    film_of(page).seek(12_000)
    learner.open("today")
    settle(learner)
    furnish(laptop.restart())
    film = film_of(open_video(learner))
    assert film.moment == 12_000
    see(qtbot, film, YELLOW)


def test_while_it_plays_the_place_is_kept_every_few_seconds(
    learner: MainWindow, laptop: SampleLaptop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(video, "KEEP_MS", 100)
    tell_video(laptop)
    page = open_video(learner)
    film_of(page).seek(6_000)
    film_of(page).play()
    qtbot.waitUntil(lambda: len(laptop.store.view(PLACE)) == 1, timeout=10_000)
    assert film_of(page).playing
    film_of(page).pause()
    settle(learner)


def test_what_was_watched_counts_in_parts_of_fifteen_seconds(
    learner: MainWindow, page: VideoPage, laptop: SampleLaptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    film, now = film_of(page), [0.0]
    monkeypatch.setattr(video, "monotonic", lambda: now[0])
    film.playing = True
    for moment in range(0, 12_000, 1_000):
        now[0] = moment / 1000
        film.moved.emit(moment)
    film.playing = False
    settle(learner)
    ((reading),) = [seen.body for seen in laptop.store.view(READING)]
    assert (reading.activity, reading.part, reading.parts, reading.seconds) == (ACTIVITY, 0, 3, 10)


def test_a_film_that_has_not_come_says_so_and_its_transcript_is_read_meanwhile(
    learner: MainWindow, laptop: SampleLaptop
) -> None:
    tell_video(laptop, content=None)
    page = open_video(learner)
    assert page.player is not None
    assert not page.player.controls.play.isEnabled()
    assert has(learner, "cue_4")
    assert ("Le film n’est pas encore sur cet ordinateur.", page.player.screen_view._caption_font()) in (
        page.player.screen_view.painted_texts()
    )


def test_a_film_that_cannot_be_played_leaves_the_transcript_which_counts_when_it_was_read(
    learner: MainWindow, laptop: SampleLaptop, qtbot: QtBot
) -> None:
    tell_video(laptop, content=b"no film at all" * 100)
    page = open_video(learner)
    qtbot.waitUntil(lambda: film_of(page).trouble == "unreadable", timeout=10_000)
    settle(learner)
    assert says(learner, "Ce film ne peut pas être lu sur cet ordinateur.")
    click(learner, "transcript_read")
    assert {seen.body.part for seen in laptop.store.view(READING)} == {0, 1, 2}
    assert not has(learner, "transcript_read")


def test_without_qt_multimedia_the_words_say_what_to_do(
    learner: MainWindow, laptop: SampleLaptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    tell_video(laptop)
    page = open_video(learner)
    settle(learner)
    assert film_of(page).trouble == "missing"
    assert says(learner, "Il manque à cet ordinateur de quoi lire les vidéos.")
    assert has(learner, "cue_0")


def test_the_whole_screen_shows_the_same_film_and_escape_comes_back(
    learner: MainWindow, page: VideoPage, qtbot: QtBot
) -> None:
    click(learner, "full_screen")
    (filled,) = [window for window in QApplication.topLevelWidgets() if isinstance(window, FullScreen)]
    assert filled.isVisible()
    QTest.keyClick(filled.player, Qt.Key.Key_L)
    assert film_of(page).moment == 10_000
    QTest.keyClick(filled, Qt.Key.Key_Escape)
    assert not filled.isVisible()


@pytest.mark.parametrize(("size", "scale"), [((640, 480), 1.0), ((1024, 640), 1.0), ((1024, 640), 2.0)])
def test_nothing_scrolls_sideways_in_a_small_window(
    learner: MainWindow, laptop: SampleLaptop, size: tuple[int, int], scale: float
) -> None:
    theme().set(scale=scale)
    learner.resize(*size)
    tell_video(laptop)
    page = open_video(learner)
    settle(learner)
    content = page.body.scroller.widget()
    assert content is not None
    assert content.width() <= page.body.scroller.viewport().width()


def test_no_video_means_no_qt_multimedia_in_memory() -> None:
    lines = (
        "import sys, spoc_desktop.ui.pages.video as page",
        "sys.exit('PySide6.QtMultimedia' in sys.modules or 'webvtt' in sys.modules)",
    )
    root = Path(__file__).resolve().parents[3]
    assert subprocess.run([sys.executable, "-c", "\n".join(lines)], cwd=root, check=False).returncode == 0
