"""What the server erased with its person goes from this laptop, out of the pages of the file too (rule 13)."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from spoc_desktop.storage import raw_pages
from spoc_desktop.storage.changes import Edited
from spoc_desktop.storage.store import LocalStore
from sync.client.steps import Apply, Begin, Confirm, Reach, Stage
from sync.domain.followup import NEXT_ACTION, NextAction
from sync.domain.merge import ERASED
from sync.protocol.messages import Row
from tests.unit.storage.support import KEY, ME, NOW, OTHER, SERVER, STAFF, a_row, an_id, checksum, place, tell

CANARY = "canari 7f3a"


def erased(seq: int, number: int) -> Row:
    return Row(seq, NEXT_ACTION.number, an_id(number), OTHER, NOW + seq, msgspec.Raw(ERASED))


def pages_with_canary(path: Path) -> list[int]:
    """Pages that hold the canary, in use or free, decrypted with the key."""
    pages = raw_pages.read(path, KEY).items()
    return [number for number, page in pages if CANARY.encode() in page]


@pytest.fixture
def store_file(tmp_path: Path) -> Path:
    """A trainer's store: an action that another trainer wrote, one that they edited, and one that was set aside.

    Free pages hold what was edited before.
    """
    path = tmp_path / "store.db"
    with LocalStore.create(path, KEY, server=SERVER, person=ME) as store:
        rows = [a_row(n, NEXT_ACTION, an_id(n), NextAction(text=f"{CANARY} {n}", at=NOW)) for n in (1, 2, 3)]
        longer = [a_row(n, NEXT_ACTION, an_id(n), NextAction(text=CANARY * 40, at=NOW)) for n in range(4, 60)]
        tell(store, STAFF, *rows, *longer)
        store.perform([Begin(STAFF, 1), Apply(STAFF, tuple(rows), place(1, 3)), Reach(STAFF, checksum(*rows))])
        kept = [one for one in store.incidents() if one.body]
        assert len(kept) == len(longer)
        store.write([Edited(NEXT_ACTION, an_id(2), {"text": f"mine {CANARY}"})])
        first = store.waiting(1, 1)[0]
        store.perform([Confirm(STAFF, first.writer, first.n, 1, 1, 4)])
        store.perform([Begin(STAFF, 1), Apply(STAFF, tuple(rows[:2]), place(1, 4)), Reach(STAFF, checksum(*rows[:2]))])
        assert an_id(3) in [one.id for one in store.incidents() if one.body]
    assert pages_with_canary(path)
    return path


@pytest.mark.parametrize("aside", [False, True], ids=["at once", "after lying aside"])
def test_after_the_next_sync_no_page_of_the_file_holds_what_was_erased(store_file: Path, *, aside: bool) -> None:
    told = tuple(erased(100 + number, number) for number in range(1, 60))
    with LocalStore.open(store_file, KEY) as store:
        step = Stage if aside else Apply
        store.perform([step(STAFF, told, place(1, 159)), Reach(STAFF, checksum(*told))])
        assert store.view(NEXT_ACTION, STAFF) == []
        assert not [one for one in store.incidents() if one.body]
        assert store_file.with_name(store_file.name + "-wal").stat().st_size == 0
    assert pages_with_canary(store_file) == []
