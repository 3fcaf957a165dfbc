"""F8 and F28 together: rows are known by their shape, those of today and those of before a table got a column."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from spoc_desktop.storage import raw_pages, raw_rows, salvage
from spoc_desktop.storage.backup import Backups
from spoc_desktop.storage.store import LocalStore
from tests.faults.disk_support import ledger, opened, worked_in
from tests.unit.storage.support import KEY, NOW

FIXTURE = Path(__file__).parents[2] / "fixtures" / "databases" / "0.2.0.db"


@pytest.mark.allows_warnings  # the log tells IT of a damaged store
def test_a_damaged_store_of_an_older_program_gives_its_unsent_work_without_any_copy(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    shutil.copyfile(FIXTURE, path)
    with LocalStore.open(path, KEY, now=lambda: NOW) as store:
        before = ledger(store)
    assert before
    for copy in Backups(path).listed():
        copy.unlink()
    damaged = bytearray(path.read_bytes())
    damaged[100] ^= 1
    path.write_bytes(damaged)
    store, restored = opened(path)
    with store:
        assert restored is not None
        assert restored.day == ""
        assert before.items() <= ledger(store).items(), "and what was confirmed waits again"


def test_spaces_are_known_by_their_rows_when_the_page_of_their_index_is_lost(path: Path) -> None:
    worked_in(path)
    pages = raw_pages.read(path, KEY)
    whole = salvage.told(pages).spaces
    assert len(whole) >= 3
    index = [
        number for number, page in pages.items() if any(_is_of_index(row) for row in raw_rows.rows({number: page}))
    ]
    assert index
    left = {number: page for number, page in pages.items() if number not in index}
    assert salvage.told(left).spaces == whole


def _is_of_index(row: raw_rows.Row) -> bool:
    match row.values:
        case (bytes(), int()):
            return True
        case _:
            return False
