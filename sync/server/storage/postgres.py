"""A server's database on PostgreSQL 15 or newer: several processes serve from it, on one computer or on several."""

import hashlib
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from sync.server.lock import AlreadyServing
from sync.server.storage import carrying, migrate
from sync.server.storage.database import Database, Unreachable, Unsound
from sync.server.storage.elsewhere import Elsewhere
from sync.server.storage.engine import READERS
from sync.server.storage.passing import bearing
from sync.server.storage.pooled import PooledWriter
from sync.server.storage.postgres_elsewhere import PostgresElsewhere
from sync.server.storage.schema import metadata
from sync.server.storage.sqlite import SET_ASIDE

OLDEST = 150_000
"""PostgreSQL 15, as the server itself counts its versions."""
_WAIT_S = 15
_CONNECT_S = 10
_FRESH_S = 2.0
_STRAY = "SELECT 1 FROM log WHERE NOT EXISTS (SELECT 1 FROM space WHERE space.no = log.space_no) LIMIT 1"
_USED = "used"
_SPARE = 2
"""Connections beside those of the threads that answer: for what follows a push, and for a command."""
_SERVING, _UPGRADING = 0x53504F43_0001, 0x53504F43_0002


class TooOld(Unreachable):
    """PostgreSQL older than 15."""


class PostgresDatabase(Database):
    """A database that an address names. `data`: the folder where what is set aside goes. Unreachable, TooOld."""

    is_shared = True

    def __init__(self, address: str, data: Path) -> None:
        self._data = data
        self.writing = _engine(address, "READ COMMITTED")
        self.reading = _engine(address, "REPEATABLE READ", "SET default_transaction_read_only = on")
        self._locks = _engine(address, "AUTOCOMMIT")
        try:
            with self.writing.connect() as connection:
                version = connection.connection.driver_connection.info.server_version  # type: ignore[union-attr]
        except OperationalError as error:
            self.close()
            raise Unreachable(str(error.orig).strip().splitlines()[-1]) from error
        if version < OLDEST:
            self.close()
            raise TooOld(f"PostgreSQL {version // 10_000}; 15 or newer is needed")

    def is_there(self) -> bool:
        """Whether it has a server's tables."""
        with self.reading.begin() as connection:
            return inspect(connection).has_table("organisation")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot."""
        with bearing(), self.reading.begin() as connection:
            yield connection

    def make(self) -> None:
        """IT made it."""

    def upgrade(self) -> None:
        """Bring it to this program's schema; several processes that start together do it one after the other."""
        with self.writing.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADING})
            migrate.upgrade(connection)

    def writer(self, elsewhere: Elsewhere) -> PooledWriter:
        """Jobs run side by side."""
        return PooledWriter(self.writing, elsewhere.tell)

    def elsewhere(self) -> PostgresElsewhere:
        """By LISTEN and NOTIFY."""
        return PostgresElsewhere(self._locks)

    @contextmanager
    def alone(self, key: bytes) -> Iterator[None]:
        """By an advisory lock: it goes with its connection, so a process that is killed leaves none behind."""
        number = {"key": int.from_bytes(hashlib.sha256(key).digest()[:8], "big", signed=True)}
        with bearing(), self._locks.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), number)
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), number)

    @contextmanager
    def served(self) -> Iterator[None]:
        """By an advisory lock that all who serve share."""
        with self._advisory("pg_try_advisory_lock_shared"):
            yield

    @contextmanager
    def replaced(self) -> Iterator[None]:
        """By the same lock, wanted alone."""
        with self._advisory("pg_try_advisory_lock"):
            yield

    @contextmanager
    def _advisory(self, take: str) -> Iterator[None]:
        with self._locks.connect() as connection:
            if not connection.execute(text(f"SELECT {take}(:key)"), {"key": _SERVING}).scalar_one():
                raise AlreadyServing(self.writing.url.database or "")
            yield
            connection.invalidate()  # the lock goes with it

    def copy(self, target: Path) -> None:
        """Row by row, in one snapshot."""
        with self.reading.begin() as connection:
            carrying.write_file(connection, target)

    def restore(self, backup: Path, finish: Callable[[Connection], None]) -> None:
        """What stood there is first written into a file of the data folder; then all is one transaction."""
        self.upgrade()
        self.copy(self._data / f"postgresql{SET_ASIDE}{time.time_ns() // 1_000_000}")
        with self.writing.begin() as connection:
            carrying.read_file(backup, connection)
            finish(connection)

    def check(self, connection: Connection) -> None:
        """PostgreSQL holds its keys itself, but for the one that each row of a log would ask for (migration 0003)."""
        missing = set(metadata.tables) - set(inspect(connection).get_table_names())
        if missing:
            raise Unsound(f"tables are missing: {', '.join(sorted(missing))}")
        if connection.execute(text(_STRAY)).first() is not None:
            raise Unsound("a row names a space that is not there")

    def scrub(self) -> bool:
        """By VACUUM FULL, which writes each table anew; its own write-ahead log goes by IT's rule for keeping it."""
        try:
            with self._locks.connect() as connection:
                for table in metadata.sorted_tables:
                    connection.exec_driver_sql(f'VACUUM (FULL) "{table.name}"')
        except OperationalError:
            return False  # somebody held a table longer than a lock is waited for
        return True

    def close(self) -> None:
        """Let go of it."""
        for each in (self.writing, self.reading, self._locks):
            each.dispose()


def _engine(address: str, level: str, *settings: str) -> Engine:
    """Connections that nobody used for a while are looked at first: the database may have been started again."""
    engine = create_engine(
        make_url(address).set(drivername="postgresql+psycopg"),
        isolation_level=level,
        pool_size=READERS + _SPARE,
        max_overflow=0,
        hide_parameters=True,
        pool_timeout=_WAIT_S,
        connect_args={"connect_timeout": _CONNECT_S, "application_name": "spoc-server"},
    )

    def prepare(connection: "psycopg.Connection[Any]", _record: object) -> None:
        bounds = (f"SET lock_timeout = '{_WAIT_S}s'", "SET idle_in_transaction_session_timeout = '120s'")
        for each in (*bounds, *settings):
            connection.execute(each.encode())
        connection.commit()

    def put_back(_connection: "psycopg.Connection[Any]", record: ConnectionPoolEntry) -> None:
        record.info[_USED] = time.monotonic()

    def look_at(connection: "psycopg.Connection[Any]", record: ConnectionPoolEntry, _lent: object) -> None:
        if time.monotonic() - record.info.get(_USED, -math.inf) < _FRESH_S:
            return
        try:
            connection.execute("SELECT 1")
            connection.rollback()
        except psycopg.OperationalError as error:
            raise DisconnectionError from error

    event.listen(engine, "connect", prepare)
    event.listen(engine, "checkin", put_back)
    event.listen(engine, "checkout", look_at)
    return engine
