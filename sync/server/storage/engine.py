"""Connections to the server's database: one that writes, some that read, all with the same guards.

The driver is sqlcipher3 without a key: it brings a SQLite of its own, newer than the one that Python was built with.
"""

from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

BUSY_MS = 15_000
_CACHE_KIB = 16 * 1024
_CHECKPOINT_PAGES = 4_000
READERS = 8


def writing_engine(path: Path) -> Engine:
    """The engine of the one connection that writes: WAL, a commit is on the disk when it returns."""
    return _engine(path, "BEGIN IMMEDIATE", size=1, extra=("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"))


def reading_engine(path: Path) -> Engine:
    """The engine of connections that cannot write."""
    return _engine(path, "BEGIN", size=READERS, extra=("PRAGMA query_only=ON",))


def _engine(path: Path, begin: str, size: int, extra: tuple[str, ...]) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        module=dbapi2,
        connect_args={"isolation_level": None, "check_same_thread": False, "cached_statements": 256},
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
    )
    pragmas = (
        f"PRAGMA busy_timeout={BUSY_MS}",
        "PRAGMA foreign_keys=ON",
        "PRAGMA trusted_schema=OFF",
        "PRAGMA temp_store=MEMORY",
        f"PRAGMA cache_size=-{_CACHE_KIB}",
        f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}",
        *extra,
    )

    def prepare(connection: dbapi2.Connection, _record: object) -> None:
        for pragma in pragmas:
            connection.execute(pragma).close()

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", start)
    return engine
