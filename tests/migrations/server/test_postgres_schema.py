"""The revisions on PostgreSQL make the same tables, whole or not at all, also when several processes begin at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from sync.server.storage import migrate
from sync.server.storage.postgres import PostgresDatabase
from sync.server.storage.schema import metadata
from tests import postgres


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[PostgresDatabase]:
    cluster = postgres.cluster()
    name = cluster.make()
    database = PostgresDatabase(cluster.address(name), tmp_path)
    yield database
    database.close()
    cluster.drop(name)


def test_the_revisions_together_are_the_schema_but_for_one_key(empty: PostgresDatabase) -> None:
    """The foreign key of each row of a log was 40 % of a push (decision 0018)."""
    empty.upgrade()
    with empty.writing.begin() as connection:
        ((change, key),) = compare_metadata(MigrationContext.configure(connection), metadata)
    assert (change, key.parent.name, key.column_keys) == ("add_fk", "log", ["space_no"])


def test_several_that_begin_at_once_make_the_tables_once(empty: PostgresDatabase, tmp_path: Path) -> None:
    others = [PostgresDatabase(empty.writing.url.render_as_string(hide_password=False), tmp_path) for _ in range(2)]
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda each: each.upgrade(), (empty, *others)))
    for each in others:
        each.close()
    assert empty.is_there()


def test_a_migration_that_fails_leaves_the_database_as_it_was(empty: PostgresDatabase) -> None:
    """Fault F3."""
    with empty.writing.connect() as connection:
        migrate.upgrade(connection)
        connection.rollback()
    assert not empty.is_there()


def test_a_database_of_a_newer_program_is_refused(empty: PostgresDatabase) -> None:
    """Fault F26."""
    empty.upgrade()
    with empty.writing.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(migrate.TooNew):
        empty.upgrade()


def test_who_reads_cannot_write(empty: PostgresDatabase) -> None:
    empty.upgrade()
    with pytest.raises(Exception, match="read-only transaction"), empty.read() as connection:
        connection.execute(text("DELETE FROM person"))
