"""What SQLite and PostgreSQL say differently, in one place: the rest writes one statement, with `?` for its values.

Everyday statements are SQLAlchemy's, which speaks both. This is for the hot path, which hands tuples to the driver.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, Self

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

_CHUNK = 500
"""Values asked for at once on SQLite, which binds each alone."""


class Cursor(Protocol):
    """A cursor of either driver, as far as it is used here."""

    @property
    def rowcount(self) -> int:
        """Rows that the last statement changed."""

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> Self:
        """Run a statement."""

    def executemany(self, statement: str, rows: Sequence[Sequence[Any]], /) -> Any:
        """Run a statement once for each row of values."""

    def fetchone(self) -> Any:
        """The next row, None at the end."""

    def fetchmany(self, size: int, /) -> list[Any]:
        """The next rows."""

    def fetchall(self) -> list[Any]:
        """All rows that are left."""


class Bulk:
    """A way to add many rows to a table, made once."""

    def __init__(self, table: Table, *columns: str) -> None:
        self.table = table
        self.columns = columns or tuple(column.name for column in table.columns)

    @cached_property
    def insert(self) -> str:
        """The statement that adds one row."""
        marks = ", ".join("?" * len(self.columns))
        return f'INSERT INTO "{self.table.name}" ({self.names}) VALUES ({marks})'  # noqa: S608  # names only

    @cached_property
    def names(self) -> str:
        """The columns, for a statement."""
        return ", ".join(f'"{name}"' for name in self.columns)


class Dialect(Protocol):
    """What a database's own way of saying it decides."""

    taking: str
    """What a SELECT of a row ends with that keeps the row for this transaction."""

    def cursor(self, connection: Connection) -> Cursor:
        """The driver's own cursor."""

    def among(self, statement: str, values: Sequence[Any]) -> Iterable[tuple[str, list[Any]]]:
        """A statement with `{among}` for one or more runs, each with its last values."""

    def add(self, cursor: Cursor, bulk: Bulk, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows, the quickest way."""

    def upsert(self, table: Table) -> Any:
        """An insert that may meet what is there (`on_conflict_do_nothing`, `on_conflict_do_update`)."""

    def hold(self, connection: Connection, person_no: int) -> None:
        """Keep a person's seats as they are until the transaction ends; others may hold them as well."""


class _Sqlite:
    taking = ""

    def cursor(self, connection: Connection) -> Cursor:
        driver: Any = connection.connection
        found: Cursor = driver.cursor()
        return found

    def among(self, statement: str, values: Sequence[Any]) -> Iterable[tuple[str, list[Any]]]:
        for start in range(0, len(values), _CHUNK):
            some = list(values[start : start + _CHUNK])
            yield statement.replace("{among}", f"IN ({','.join('?' * len(some))})"), some

    def add(self, cursor: Cursor, bulk: Bulk, rows: Sequence[Sequence[Any]]) -> None:
        cursor.executemany(bulk.insert, rows)

    def upsert(self, table: Table) -> Any:
        return sqlite.insert(table)

    def hold(self, connection: Connection, person_no: int) -> None:
        """Nothing to do: there is one writer."""


def _postgresql() -> Dialect:
    made: Dialect = import_module("sync.server.storage.postgres_dialect").Postgres()  # its driver loads only there
    return made


_MAKES: Mapping[str, Callable[[], Dialect]] = {"sqlite": _Sqlite, "postgresql": _postgresql}


@cache
def _named(name: str) -> Dialect:
    return _MAKES[name]()


def dialect_of(connection: Connection) -> Dialect:
    """How to speak with the database behind a connection."""
    return _named(connection.dialect.name)


def cursor_of(connection: Connection) -> Cursor:
    """The driver's own cursor, for the hot path: statements have `?` for their values, whatever the driver's mark."""
    return dialect_of(connection).cursor(connection)


def row_of(connection: Connection, statement: str, values: Sequence[Any] = ()) -> Any:
    """The first row of a statement, as a tuple; None without any."""
    return cursor_of(connection).execute(statement, values).fetchone()


def rows_of(connection: Connection, statement: str, values: Sequence[Any] = ()) -> list[Any]:
    """The rows of a statement, as tuples."""
    return cursor_of(connection).execute(statement, values).fetchall()


def rows_among(
    connection: Connection, statement: str, before: Sequence[Any], values: Sequence[Any]
) -> Iterable[Sequence[Any]]:
    """The rows of a statement whose last condition is `column {among}`: any of many values."""
    cursor = cursor_of(connection)
    for text, some in dialect_of(connection).among(statement, values):
        yield from cursor.execute(text, (*before, *some)).fetchall()


def delete_among(connection: Connection, statement: str, before: Sequence[Any], values: Sequence[Any]) -> None:
    """Run a DELETE whose last condition is `column {among}`."""
    cursor = cursor_of(connection)
    for text, some in dialect_of(connection).among(statement, values):
        cursor.execute(text, (*before, *some))


def add_rows(connection: Connection, bulk: Bulk, rows: Sequence[Sequence[Any]]) -> None:
    """Add rows, the quickest way that the database knows."""
    if rows:
        speech = dialect_of(connection)
        speech.add(speech.cursor(connection), bulk, rows)


def upsert(connection: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """An insert that may meet what is there: both databases say `on_conflict_do_nothing` and `…_do_update`."""
    made: sqlite.Insert | postgresql.Insert = dialect_of(connection).upsert(table)
    return made


def is_of_database(connection: Connection, error: BaseException) -> bool:
    """Whether an error is the database's own: the transaction is over, and nothing more may be tried in it."""
    driver: Any = connection.dialect.dbapi
    return isinstance(error, (DBAPIError, driver.Error))
