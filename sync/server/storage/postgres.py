"""A server's database on PostgreSQL 15 or newer: several processes serve from it, on one computer or on several."""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from sync.server.lock import AlreadyServing
from sync.server.storage import carrying, migrate
from sync.server.storage.database import Database, Unreachable, Unsound
from sync.server.storage.elsewhere import Elsewhere
from sync.server.storage.engine import READERS
from sync.server.storage.pooled import PooledWriter
from sync.server.storage.postgres_elsewhere import PostgresElsewhere
from sync.server.storage.schema import metadata
from sync.server.storage.sqlite import SET_ASIDE

OLDEST = 150_000
"""PostgreSQL 15, as the server itself counts its versions."""
_WAIT_S = 15
_CONNECT_S = 10
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
        self._engine = _engine(address, READERS + _SPARE)
        self._locks = _engine(address, READERS + _SPARE).execution_options(isolation_level="AUTOCOMMIT")
        self.writing = self._engine
        self.reading = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        try:
            with self._engine.connect() as connection:
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
        with self._locks.connect() as connection:
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
                raise AlreadyServing(self._engine.url.database or "")
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
        """PostgreSQL holds its keys by itself; here its tables are looked for."""
        missing = set(metadata.tables) - set(inspect(connection).get_table_names())
        if missing:
            raise Unsound(f"tables are missing: {', '.join(sorted(missing))}")

    def scrub(self) -> bool:
        """By VACUUM FULL, which writes each table anew; its own write-ahead log goes by IT's rule for keeping it."""
        with self._locks.connect() as connection:
            for table in metadata.sorted_tables:
                connection.exec_driver_sql(f'VACUUM (FULL) "{table.name}"')
        return True

    def close(self) -> None:
        """Let go of it."""
        self._engine.dispose()
        self._locks.dispose()


def _engine(address: str, size: int) -> Engine:
    """Connections are looked at before they are used: the database may have been started again meanwhile."""
    engine = create_engine(
        make_url(address).set(drivername="postgresql+psycopg"),
        isolation_level="READ COMMITTED",
        pool_size=size,
        max_overflow=0,
        pool_timeout=_WAIT_S,
        pool_pre_ping=True,
        connect_args={"connect_timeout": _CONNECT_S, "application_name": "spoc-server"},
    )

    def prepare(connection: "psycopg.Connection[Any]", _record: object) -> None:
        connection.execute(f"SET lock_timeout = '{_WAIT_S}s'")
        connection.execute("SET idle_in_transaction_session_timeout = '120s'")
        connection.commit()

    event.listen(engine, "connect", prepare)
    return engine
