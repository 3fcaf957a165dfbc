"""F28: databases of released servers come to this program's schema with the content that they had."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from sync.server.storage import migrate
from sync.server.storage.backups import verify
from sync.server.storage.engine import writing_engine

FIXTURES = Path(__file__).parents[2] / "fixtures" / "databases"
RELEASED = sorted(FIXTURES.glob("server-*.db"))


@pytest.fixture(params=RELEASED, ids=lambda path: path.stem)
def released(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(request.param, tmp_path / "server.db"))


@pytest.fixture
def engine(released: Path) -> Iterator[Engine]:
    made = writing_engine(released)
    yield made
    made.dispose()


def content(engine: Engine, columns: dict[str, list[str]]) -> dict[str, str]:
    """A digest of each table over these columns, and how many rows it has."""
    found = {}
    with engine.connect() as connection:
        for table, names in columns.items():
            rows = connection.exec_driver_sql(f"SELECT {', '.join(names)} FROM {table}").all()  # noqa: S608
            texts = sorted(repr(tuple(row)) for row in rows)
            found[table] = f"{len(rows)} {hashlib.sha256(repr(texts).encode()).hexdigest()}"
    return found


def columns_of(engine: Engine) -> dict[str, list[str]]:
    """What a database knows: its tables and their columns."""
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'table'").scalars()
        tables = [name for name in found if not name.startswith(("alembic", "sqlite"))]
        return {
            table: [f'"{row[1]}"' for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")]
            for table in tables
        }


def test_a_released_database_is_migrated_and_its_content_is_as_it_was(engine: Engine, released: Path) -> None:
    known = columns_of(engine)
    before = content(engine, known)
    assert all(not before[table].startswith("0 ") for table in ("log", "applied", "tail", "seat", "incident", "safe"))
    with engine.begin() as connection:
        migrate.upgrade(connection)
        assert migrate.revision_of(connection) == migrate.newest()
    assert content(engine, known) == before
    engine.dispose()
    covered = verify(released)
    assert covered.rows > 0


def test_a_migration_of_a_released_database_that_fails_leaves_it_as_it_was(engine: Engine) -> None:
    known = columns_of(engine)
    before = content(engine, known)
    with engine.connect() as connection:
        migrate.upgrade(connection)
        connection.rollback()
    assert columns_of(engine) == known
    assert content(engine, known) == before
