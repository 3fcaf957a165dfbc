"""F8 and F28 together: a row that was written before its table got a column is still known by its shape."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from spoc_desktop.storage.backup import Backups
from spoc_desktop.storage.store import LocalStore
from tests.faults.disk_support import ledger, opened
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
