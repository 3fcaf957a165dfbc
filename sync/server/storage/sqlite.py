"""A server's database as one SQLite file: one process, one thread that writes."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection
from sqlcipher3 import dbapi2

from sync.server.lock import locked
from sync.server.settings import LOCK, WOKEN
from sync.server.storage import migrate
from sync.server.storage.carrying import make_plain
from sync.server.storage.database import Database, Unsound
from sync.server.storage.elsewhere import Elsewhere, FileElsewhere
from sync.server.storage.engine import BUSY_MS, reading_engine, writing_engine
from sync.server.storage.writer import Writer

SET_ASIDE = ".before-restore-"
_SCRUBS = 4
"""How often to wait for readers to let go of what the write-ahead log still holds."""
_STRIPES = 64
"""Locks for what only one does at a time."""


class SqliteDatabase(Database):
    """A file that is there."""

    is_shared = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writing = writing_engine(path)
        self.reading = reading_engine(path)
        self._alone = tuple(threading.Lock() for _ in range(_STRIPES))

    def is_there(self) -> bool:
        """Whether there is the file."""
        return self.path.exists()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot."""
        with self.reading.begin() as connection:
            yield connection

    def make(self) -> None:
        """An empty file that only this account reads. FileExistsError."""
        os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))

    def upgrade(self) -> None:
        """Bring it to this program's schema."""
        with self.writing.begin() as connection:
            migrate.upgrade(connection)

    def writer(self, elsewhere: Elsewhere) -> Writer:
        """The one thread that writes; the server hears it itself, so only commands leave word."""
        return Writer(self.writing, elsewhere.tell)

    def elsewhere(self) -> FileElsewhere:
        """The file beside it in which commands leave word."""
        return FileElsewhere(self.path.with_name(WOKEN))

    @contextmanager
    def alone(self, key: bytes) -> Iterator[None]:
        """One at a time for a key; two keys rarely share a lock."""
        with self._alone[hash(key) % _STRIPES]:
            yield

    @contextmanager
    def served(self) -> Iterator[None]:
        """By the folder's lock."""
        with locked(self.path.with_name(LOCK)):
            yield

    replaced = served

    def copy(self, target: Path) -> None:
        """By SQLite's own backup."""
        copy_file(self.path, target)

    def restore(self, backup: Path, finish: Callable[[Connection], None]) -> None:
        """By the file: the old one gets another name."""
        for each in (self.path, *(self.path.with_name(self.path.name + end) for end in ("-wal", "-shm"))):
            if each.exists():
                each.rename(each.with_name(f"{each.name}{SET_ASIDE}{time.time_ns() // 1_000_000}"))
        shutil.copyfile(backup, self.path)
        self.path.chmod(0o600)
        with self.writing.begin() as connection:
            migrate.upgrade(connection)
            finish(connection)

    def check(self, connection: Connection) -> None:
        """Pages and keys."""
        check_file(connection)

    def scrub(self) -> bool:
        """By VACUUM, and by a checkpoint after which the write-ahead log is empty."""
        connection = dbapi2.connect(str(self.path), isolation_level=None)
        try:
            for pragma in (f"busy_timeout={BUSY_MS}", "temp_store=MEMORY", "secure_delete=ON"):
                connection.execute(f"PRAGMA {pragma}").close()
            connection.execute("VACUUM").close()
            for _ in range(_SCRUBS):
                blocked, _pages, _done = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                if not blocked:
                    return True
            return False
        finally:
            connection.close()

    def close(self) -> None:
        """Let go of it."""
        self.reading.dispose()
        self.writing.dispose()


def check_file(connection: Connection) -> None:
    """Let SQLite look at its pages and keys. Unsound."""
    said = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    if said != ["ok"]:
        raise Unsound("; ".join(map(str, said[:3])))
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise Unsound("a row names another that is not there")


def copy_file(source: Path, target: Path) -> None:
    """Copy a database at one moment, also while it is written into."""
    reading, writing = dbapi2.connect(str(source)), dbapi2.connect(str(target))
    try:
        reading.backup(writing)
    finally:
        reading.close()
        writing.close()
    make_plain(target)
