from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from spoc_desktop.storage.store import LocalStore
from tests.unit.storage.support import KEY, ME, NOW, SERVER


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store of these tests is; not made yet."""
    return tmp_path / "person" / "store.db"


@pytest.fixture
def store(path: Path) -> Iterator[LocalStore]:
    """A fresh encrypted store on the disk."""
    with LocalStore.create(path, KEY, server=SERVER, person=ME, now=lambda: NOW) as made:
        yield made
