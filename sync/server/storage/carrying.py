"""Carrying a database's whole content into a SQLite file and back: the backups of a PostgreSQL server.

The file is that of a server on SQLite, so `check` reads it by itself, and it can be restored on either database.
"""

from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Table, func, select, text
from sqlcipher3 import dbapi2

from sync.server.storage import migrate
from sync.server.storage.dialect import Bulk, add_rows
from sync.server.storage.engine import writing_engine
from sync.server.storage.schema import metadata

PASSING = frozenset({"tries"})
"""Tables of what is over in a quarter of an hour: no backup holds them."""
_PART = 5_000


def write_file(source: Connection, target: Path) -> None:
    """Write all tables, as the transaction that is open sees them, into a new file."""
    target.touch(mode=0o600)
    engine = writing_engine(target)
    try:
        with engine.begin() as connection:
            migrate.upgrade(connection)
            for table in _tables():
                _carry(source, connection, table)
    finally:
        engine.dispose()
    make_plain(target)


def read_file(source: Path, target: Connection) -> None:
    """Put a file's content into a PostgreSQL database in place of its own; an older one is brought up to date first."""
    with TemporaryDirectory(prefix="spoc-restore-") as folder:
        copy = Path(folder) / "backup.db"
        copyfile(source, copy)
        engine = writing_engine(copy)
        try:
            with engine.begin() as connection:
                migrate.upgrade(connection)
                target.execute(text(f"TRUNCATE {', '.join(metadata.tables)}"))
                for table in _tables():
                    _carry(connection, target, table)
        finally:
            engine.dispose()
    _count_on(target)


def make_plain(path: Path) -> None:
    """Make one file of a database whose last changes may lie beside it."""
    connection = dbapi2.connect(str(path))
    try:
        connection.execute("PRAGMA journal_mode=DELETE").close()
    finally:
        connection.close()


def _tables() -> Iterator[Table]:
    """Those that others name come first."""
    return (table for table in metadata.sorted_tables if table.name not in PASSING)


def _carry(source: Connection, target: Connection, table: Table) -> None:
    bulk = Bulk(table)
    rows = source.execution_options(yield_per=_PART).execute(select(table))
    for part in rows.partitions():
        add_rows(target, bulk, [tuple(row) for row in part])


def _count_on(target: Connection) -> None:
    """Numbers that are given by themselves go on above those that were carried."""
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None:
            continue
        highest = target.execute(select(func.max(column))).scalar()
        values = {"table": f'"{table.name}"', "column": column.name, "value": highest or 1, "used": highest is not None}
        target.execute(text("SELECT setval(pg_get_serial_sequence(:table, :column), :value, :used)"), values)
