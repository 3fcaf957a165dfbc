"""The fixture `world`: a server core on a real file, closed at the end of the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.server.world import World
from tests.integration.server.world import world as made_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with made_world(tmp_path) as made:
        yield made
