"""Undo and typing on the encrypted file: durable at once, and an entry that left is never another."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from spoc_desktop.storage.changes import Edited, New, Removed
from spoc_desktop.storage.errors import TooLargeToSave, TooLateToUndo
from spoc_desktop.storage.store import LocalStore
from sync.domain.forum import POST
from sync.protocol.limits import MAX_BODY
from tests.unit.storage.support import COHORT, KEY, ME, SERVER, a_post, an_id

WIDE = (10_000, 4_000_000)


def a_store(folder: Path) -> LocalStore:
    return LocalStore.create(folder / "store.db", KEY, server=SERVER, person=ME)


def test_a_held_change_is_on_the_disk_at_once_and_is_simply_sent_after_a_restart(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    held = store.write_held([New(POST, COHORT, an_id(1), a_post())], 10**9)
    assert store.waiting(*WIDE) == []
    store.close()
    with LocalStore.open(tmp_path / "store.db", KEY) as again:
        assert len(again.waiting(*WIDE)) == 1
        with pytest.raises(TooLateToUndo):
            again.undo(held)


def test_several_changes_of_one_click_are_taken_back_together(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        store.write([New(POST, COHORT, an_id(1), a_post("a"))])
        held = store.write_held([Removed(POST, an_id(1)), New(POST, COHORT, an_id(2), a_post("b"))])
        assert [seen.id for seen in store.view(POST)] == [an_id(2)]
        changes = store.undo(held)
        assert [seen.id for seen in store.view(POST)] == [an_id(1)]
        assert changes.kinds == {POST.number}
        assert changes.outbox
        with pytest.raises(TooLateToUndo):
            store.undo(held)


def test_what_joins_is_measured_as_a_whole(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        store.write([New(POST, COHORT, an_id(1), a_post("a"))])
        with pytest.raises(TooLargeToSave):
            store.write([Edited(POST, an_id(1), {"text": "b" * MAX_BODY})])
        assert [seen.body.text for seen in store.view(POST)] == ["a"]


def test_a_copy_that_is_about_to_be_made_closes_what_it_will_hold(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        store.write([New(POST, COHORT, an_id(1), a_post("a"))])
        store.count_as_left()
        store.write([Edited(POST, an_id(1), {"text": "b"})])
        assert store.counts().waiting == 2


def test_whoever_types_while_a_sync_takes_what_waits_never_changes_what_was_taken(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        store.write([New(POST, COHORT, an_id(1), a_post("start"))])
        taken: dict[tuple[int, int], set[bytes]] = {}
        over = threading.Event()

        def take() -> None:
            while not over.is_set():
                for each in store.waiting(*WIDE):
                    taken.setdefault((each.writer, each.n), set()).add(each.entry)

        thread = threading.Thread(target=take)
        thread.start()
        for number in range(150):
            store.write([Edited(POST, an_id(1), {"text": f"{number}"})])
        over.set()
        thread.join()
        assert all(len(entries) == 1 for entries in taken.values())
        assert [seen.body.text for seen in store.view(POST)] == ["149"]
