"""How PostgreSQL is spoken to by psycopg 3 on the hot path: binary values, arrays for many, COPY for bulk."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Self

import psycopg
from sqlalchemy import BigInteger, Boolean, Connection, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects import postgresql

from sync.server.storage.dialect import Bulk, Cursor

_FEW = 24
"""Rows up to which single inserts in one go are quicker than to begin a COPY."""
_TYPES = {BigInteger: "int8", Integer: "int4", LargeBinary: "bytea", Text: "text", Boolean: "bool"}


_HINT = re.compile(r" INDEXED BY \w+")
"""SQLite is told which index to take; PostgreSQL has statistics."""


@cache
def _translated(statement: str) -> str:
    return _HINT.sub("", statement).replace("%", "%%").replace("?", "%b")


class PostgresCursor:
    """A cursor of psycopg that takes `?` for values."""

    def __init__(self, cursor: "psycopg.Cursor[Any]") -> None:
        self.driver = cursor

    @property
    def rowcount(self) -> int:
        """Rows that the last statement changed."""
        return self.driver.rowcount

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> Self:
        """Run a statement."""
        self.driver.execute(_translated(statement), values)
        return self

    def executemany(self, statement: str, rows: Sequence[Sequence[Any]], /) -> None:
        """Run a statement once for each row of values, in one round trip."""
        self.driver.executemany(_translated(statement), rows)

    def fetchone(self) -> Any:
        """The next row, None at the end."""
        return self.driver.fetchone()

    def fetchmany(self, size: int, /) -> list[Any]:
        """The next rows."""
        return self.driver.fetchmany(size)

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        return self.driver.fetchall()


class Postgres:
    """The dialect."""

    taking = " FOR NO KEY UPDATE"

    def cursor(self, connection: Connection) -> PostgresCursor:
        """A cursor whose values travel in binary."""
        driver: Any = connection.connection.driver_connection
        return PostgresCursor(driver.cursor(binary=True))

    def among(self, statement: str, values: Sequence[Any]) -> Iterable[tuple[str, list[Any]]]:
        """One run, however many values: they are one array."""
        if values:
            yield statement.replace("{among}", "= ANY(?)"), [list(values)]

    def add(self, cursor: Cursor, bulk: Bulk, rows: Sequence[Sequence[Any]]) -> None:
        """By binary COPY; few rows by inserts that share a round trip."""
        if not isinstance(cursor, PostgresCursor):
            raise TypeError("a cursor of another database")
        if len(rows) <= _FEW:
            cursor.executemany(bulk.insert, rows)
            return
        with cursor.driver.copy(_copying(bulk)) as copy:
            copy.set_types(_types(bulk))
            for row in rows:
                copy.write_row(row)

    def upsert(self, table: Table) -> postgresql.Insert:
        """PostgreSQL's own insert."""
        return postgresql.insert(table)

    def hold(self, connection: Connection, person_no: int) -> None:
        """A shared lock on the person's row; who gives or takes seats wants it alone."""
        self.cursor(connection).execute("SELECT 1 FROM person WHERE no = ? FOR SHARE", (person_no,))


@cache
def _copying(bulk: Bulk) -> str:
    return f'COPY "{bulk.table.name}" ({bulk.names}) FROM STDIN (FORMAT BINARY)'


@cache
def _types(bulk: Bulk) -> tuple[str, ...]:
    return tuple(_TYPES[type(bulk.table.c[name].type)] for name in bulk.columns)
