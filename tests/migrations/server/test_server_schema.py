"""Fault F26 and F28: the revisions make the schema that the program works on, and a newer database is left alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine

from sync.server.core import Core
from sync.server.settings import Settings
from sync.server.storage import migrate
from sync.server.storage.engine import reading_engine, writing_engine
from sync.server.storage.schema import metadata, signed, unsigned
from tests.server_fixture import CommandFailed, command, new_server


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Engine]:
    engine = writing_engine(tmp_path / "server.db")
    yield engine
    engine.dispose()


def structure(engine: Engine) -> set[tuple[str, ...]]:
    """What the file itself says of its tables and indexes; the order of the clauses does not matter."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'alembic%'").scalars()
        plain = [" ".join(str(sql).replace('"', "").split()) for sql in rows if sql is not None]
    return {tuple(sorted(sql.removesuffix(" )").split(", "))) for sql in plain}


def test_the_revisions_together_are_the_schema(empty: Engine, tmp_path: Path) -> None:
    with empty.begin() as connection:
        migrate.upgrade(connection)
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    direct = create_engine(f"sqlite:///{tmp_path / 'direct.db'}")
    metadata.create_all(direct)
    assert structure(empty) == structure(direct)
    direct.dispose()


def test_an_up_to_date_database_is_not_touched(empty: Engine) -> None:
    for _ in range(2):
        with empty.begin() as connection:
            migrate.upgrade(connection)
            assert migrate.revision_of(connection) == migrate.newest()


def test_a_migration_that_fails_leaves_the_database_as_it_was(empty: Engine) -> None:
    """Fault F3: old state or new, never half."""
    with empty.connect() as connection:
        migrate.upgrade(connection)
        connection.rollback()
    assert structure(empty) == set()


def test_a_database_of_a_newer_program_is_refused_and_its_bytes_stay(tmp_path: Path) -> None:
    server = new_server(tmp_path)
    engine = writing_engine(server.data / "server.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    path = server.data / "server.db"
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(migrate.TooNew):
        Core(Settings(server.data))
    with pytest.raises(CommandFailed, match="newer program"):
        command(server.data, "person", "add", "Inès", "ines")
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


def test_connections_are_durable_guarded_and_readers_cannot_write(empty: Engine, tmp_path: Path) -> None:
    with empty.begin() as connection:
        migrate.upgrade(connection)
        asked = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
        said = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
        assert said == ["wal", 2, 1, 0]
        major, minor, patch = map(int, str(connection.exec_driver_sql("SELECT sqlite_version()").scalar()).split("."))
        assert (major, minor, patch) >= (3, 51, 3), "older ones can lose commits at a checkpoint"
    reading = reading_engine(tmp_path / "server.db")
    with pytest.raises(Exception, match="readonly"), reading.begin() as connection:
        connection.exec_driver_sql("DELETE FROM person")
    reading.dispose()


@pytest.mark.parametrize("number", [0, 1, 2**63 - 1, 2**63, 2**64 - 1])
def test_unsigned_numbers_survive_signed_columns(number: int) -> None:
    assert -(2**63) <= signed(number) < 2**63
    assert unsigned(signed(number)) == number
