"""F22 on the screen: one calm notice, one click, and a way out for who may not write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from spoc_desktop.services.trash import Heap
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages import trash
from spoc_desktop.ui.pages.synchronisation import SyncPage
from sync.domain import spaces
from sync.domain.forum import POST
from tests.ui.pages.looking import click, has, named, says, settle, texts
from tools.sample_laptop import COHORT_ID, NADIA, SampleLaptop
from tools.sample_talk import person, sample_wipe

SPACE = spaces.cohort(COHORT_ID)


@pytest.fixture
def wiped(learner: MainWindow, laptop: SampleLaptop) -> Iterator[Heap]:
    """A trainer has deleted 62 messages; the page is open."""
    sample_wipe(laptop)
    open_sync(learner)
    (heap,) = laptop.workplace.trash.heaps()
    yield heap
    settle(learner)


def open_sync(window: MainWindow) -> SyncPage:
    window.open("sync")
    settle(window)
    page = window.page
    assert isinstance(page, SyncPage)
    return page


def button(heap: Heap, word: str) -> str:
    return f"{word}_{heap.space.hex()}_{heap.noticed:x}"


def test_it_says_who_deleted_what_and_until_when_it_is_kept_in_both_languages(learner: MainWindow, wiped: Heap) -> None:
    assert says(learner, "Claire Delmas a supprimé 62 messages dans « Automne 2026 »"), texts(learner)
    assert says(learner, "Tout reste dans la corbeille de cet ordinateur jusqu’au")
    learner.settings_menu.speak("en")
    settle(learner)
    assert says(learner, "Claire Delmas deleted 62 messages in “Automne 2026”")
    assert named(learner, button(wiped, "bring_back")).accessibleName() == "Bring back, 62 messages"


def test_nothing_is_said_where_nothing_was_wiped(learner: MainWindow) -> None:
    open_sync(learner)
    assert not says(learner, "Corbeille")


def test_one_click_brings_everything_back_in_its_discussion_under_the_names_that_wrote_it(
    learner: MainWindow, laptop: SampleLaptop, wiped: Heap
) -> None:
    before = len(laptop.store.view(POST, SPACE))
    click(learner, button(wiped, "bring_back"))
    assert not says(learner, "Corbeille")
    posts = laptop.store.view(POST, SPACE)
    back = {seen.body.restored_from: seen for seen in posts if seen.body.restored_from}
    assert len(posts) == before + 62
    assert back.keys() == {one.id for one in wiped.records}
    opener = back[wiped.records[0].id]
    assert opener.body.title == "Foire aux questions"
    assert {seen.body.thread for seen in back.values()} == {b"", opener.id}
    mine = next(seen for one, seen in ((one, back[one.id]) for one in wiped.records) if one.author == NADIA)
    theirs = next(back[one.id] for one in wiped.records if one.author == person("Karim"))
    assert mine.body.text.startswith("Question")
    assert theirs.body.text.startswith("Message de Karim"), theirs.body.text
    assert laptop.store.counts().waiting == 62


def test_who_may_not_write_there_can_export_it(
    learner: MainWindow, laptop: SampleLaptop, wiped: Heap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = replace(wiped, may_write=False)
    monkeypatch.setattr("spoc_desktop.services.trash.TrashBin.heaps", lambda _self: (foreign,))
    page = open_sync(learner)
    page.reload()
    settle(learner)
    assert not has(learner, button(wiped, "bring_back"))
    assert says(learner, "Vous ne pouvez pas y écrire")
    out = tmp_path / "out"
    out.mkdir()
    trash.export_to(page, foreign, out)
    settle(learner)
    (folder,) = out.iterdir()
    (words,) = folder.iterdir()
    assert "Question 61" in words.read_text("utf-8")
