"""A server core on a real database, closed at the end of the test, and two people who write at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.server.world import POSTGRESQL, SQLITE, World
from tests.integration.server.world import world as made_world
from tests.integration.server.writers import Person, two_people

ON_BOTH = {
    "test_push",
    "test_pull",
    "test_edits",
    "test_claims",
    "test_narrowing",
    "test_backup_and_commands",
}
"""Files whose every test is told of a server on SQLite and of one on PostgreSQL."""
ON_BOTH_BY_NIGHT = {
    "test_grading",
    "test_release_at_close",
    "test_returning",
    "test_publish",
    "test_erasing",
    "test_signing_in",
    "test_people_file",
    "test_quotas",
    "test_compaction",
    "test_mail",
    "test_unnamed",
}
"""The same, PostgreSQL by night alone: what they ask of the database the others ask by day."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    name = metafunc.module.__name__.rpartition(".")[2]
    if "database" in metafunc.fixturenames and name in ON_BOTH | ON_BOTH_BY_NIGHT:
        marks = [pytest.mark.nightly] if name in ON_BOTH_BY_NIGHT else []
        metafunc.parametrize("database", [SQLITE, pytest.param(POSTGRESQL, marks=marks)])


@pytest.fixture
def database() -> str:
    return SQLITE


@pytest.fixture
def world(tmp_path: Path, database: str) -> Iterator[World]:
    with made_world(tmp_path, database) as made:
        yield made


@pytest.fixture
def people(world: World) -> Iterator[tuple[Person, Person]]:
    with two_people(world) as found:
        yield found
