"""The fixture `world`: a server core on a real database, closed at the end of the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.server.world import POSTGRESQL, SQLITE, World
from tests.integration.server.world import world as made_world

ON_BOTH = {
    "test_push",
    "test_pull",
    "test_edits",
    "test_claims",
    "test_grading",
    "test_returning",
    "test_publish",
    "test_erasing",
    "test_signing_in",
    "test_backup_and_commands",
    "test_people_file",
    "test_quotas",
    "test_compaction",
    "test_mail",
    "test_narrowing",
}
"""Files whose every test is told of a server on SQLite and of one on PostgreSQL."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames and metafunc.module.__name__.rpartition(".")[2] in ON_BOTH:
        metafunc.parametrize("database", [SQLITE, POSTGRESQL])


@pytest.fixture
def database() -> str:
    return SQLITE


@pytest.fixture
def world(tmp_path: Path, database: str) -> Iterator[World]:
    with made_world(tmp_path, database) as made:
        yield made
