"""One encrypted SQLite file: a connection that writes, readers of their own, failures by name.

SQLCipher with a raw 256-bit key, WAL and synchronous=FULL: a commit that was answered survives a power cut.
"""

import hmac
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool, StaticPool
from sqlcipher3 import dbapi2

from spoc_desktop.storage import errors, schema
from spoc_desktop.storage.disk import private_file, private_folder, write_private

KEY_BYTES: Final = 32
READERS: Final = 4
_BUSY_SECONDS: Final = 5.0
_CHECK_SUFFIX: Final = ".check"
_SUSPECT_SUFFIX: Final = ".suspect"
_PRIMARY: Final = 0xFF
_ERRORS: Final[dict[int, type[errors.StoreError]]] = {
    sqlite3.SQLITE_FULL: errors.DiskFull,
    sqlite3.SQLITE_IOERR: errors.DiskFull,
    sqlite3.SQLITE_BUSY: errors.StoreBusy,
    sqlite3.SQLITE_LOCKED: errors.StoreBusy,
    sqlite3.SQLITE_READONLY: errors.StoreReadOnly,
    sqlite3.SQLITE_PERM: errors.StoreReadOnly,
    sqlite3.SQLITE_CANTOPEN: errors.StoreReadOnly,
    sqlite3.SQLITE_CORRUPT: errors.StoreDamaged,
    sqlite3.SQLITE_NOTADB: errors.StoreDamaged,
}
# cipher_memory_security stays off: measured, it leaves 38,000 of 123,000 rows/s, and it holds for the whole process.
PRAGMAS: Final = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "trusted_schema = OFF",
    "temp_store = MEMORY",
    "mmap_size = 0",
)


def key_check(key: bytes) -> bytes:
    """What is written beside the file to tell a wrong key from a damaged file: it gives nothing of the key away."""
    return hmac.digest(key, b"spoc store key", "sha256")[:16]


class Database:
    """An open store file. `path` None keeps all in memory, for tests: readers then share the writer's connection."""

    def __init__(self, path: Path | None, key: bytes) -> None:
        self.path = path
        self._key = key
        self._lock = threading.RLock()
        self._engines: list[Engine] = []
        with _named_errors():
            writers = self._engine(StaticPool)
            self._writer = writers.connect()
            self._readers = None if path is None else self._engine(QueuePool, pool_size=READERS, max_overflow=0)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction on the writing connection: committed at the end, nothing of it after an exception."""
        with self._lock, self._watched():
            self._writer.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.commit()
            except BaseException:
                self._writer.rollback()
                raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One view of the data that no writing changes meanwhile."""
        if self._readers is None:
            with self._lock, self._watched():
                yield self._writer
            return
        with self._watched(), self._readers.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection

    def moment(self, connection: Connection) -> int | None:
        """A number that is another one after each commit that a reading transaction sees, whoever made it.

        None in memory: a connection hears so of the commits of others, and there is only one.
        """
        if self._readers is None:
            return None
        cursor: Any = connection.connection.cursor()
        return int(cursor.execute("PRAGMA data_version").fetchone()[0])

    def version(self) -> int:
        """The version of its tables."""
        with self.reading() as connection:
            return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())

    def check(self) -> None:
        """Read and check every page. StoreDamaged when one is not as it was written.

        The log is folded in first: after a power cut the file alone may hold half a page that the log has whole.
        """
        with self._lock, self._watched():
            self.fold_log()
            is_bad = self._writer.exec_driver_sql("PRAGMA cipher_integrity_check").first() is not None
            self._writer.commit()
            if is_bad:
                raise errors.StoreDamaged("a page does not check")

    def fold_log(self) -> None:
        """Fold the log into the file and empty it: nothing of what was deleted is left.

        In the file it was written over at once: SQLCipher's `secure_delete` is on. StoreBusy: at the end, then.
        """
        with self._lock, self._watched():
            self._writer.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
            self._writer.commit()

    def copy_to(self, place: Path) -> None:
        """Copy what is committed now into an empty file, encrypted with the same key. Nobody waits for it.

        Every page in use is read and checked on the way: StoreDamaged.
        """
        with self._watched():
            connection = self._connect()
            try:
                connection.execute("VACUUM INTO ?", (str(place),))
            finally:
                connection.close()

    def beside(self, copy: Path) -> "Database":
        """A copy of this store, opened with the same key."""
        return Database(copy, self._key)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """A damaged page that is met while the program runs is looked into at the next start."""
        try:
            with _named_errors():
                yield
        except errors.StoreDamaged:
            if self.path is not None:
                suspect_file(self.path).touch(mode=0o600)
            raise

    def close(self) -> None:
        """Close all connections; the log is folded into the file."""
        with self._lock:
            if self._readers is not None:
                self._readers.dispose()
            self._writer.close()
            for engine in self._engines:
                engine.dispose()

    def _engine(self, pool: type[QueuePool] | type[StaticPool], **options: Any) -> Engine:
        engine = create_engine("sqlite://", module=dbapi2, creator=self._connect, poolclass=pool, **options)
        self._engines.append(engine)
        return engine

    def _connect(self) -> Any:
        name = ":memory:" if self.path is None else str(self.path)
        connection = _keyed(name, self._key)
        try:
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
        except dbapi2.Error:
            # A file left open could not be moved aside.
            connection.close()
            raise
        return connection


def create(path: Path | None, key: bytes, first: Iterable[tuple[str, tuple[object, ...]]]) -> Database:
    """A new store file with its tables and the statements of `first`, all in one transaction.

    StoreExists when one is there. A file left empty by a crash before that transaction is taken over.
    """
    if path is not None:
        _make_file(path, key)
    database = Database(path, key)
    try:
        with database.writing() as connection:
            for statement in schema.TABLES:
                connection.exec_driver_sql(statement)
            for statement, values in first:
                connection.exec_driver_sql(statement, values)
            connection.exec_driver_sql(f"PRAGMA user_version = {schema.VERSION}")
    except BaseException:
        database.close()
        raise
    return database


def open_existing(path: Path, key: bytes) -> Database:
    """The store at `path`, of this version or an older one.

    StoreMissing, WrongKey, StoreDamaged or WrittenByNewerProgram leave the file as it is.
    """
    if not path.exists() or path.stat().st_size == 0:
        if _check_file(path).exists() and path.exists():
            raise errors.StoreDamaged("the file is empty")
        raise errors.StoreMissing(path.name)
    check = _check_file(path)
    if check.exists() and not hmac.compare_digest(check.read_bytes(), key_check(key)):
        raise errors.WrongKey
    version, program = _version_untouched(path, key)
    if version > schema.VERSION:
        raise errors.WrittenByNewerProgram(version, schema.VERSION, program)
    if version == 0:
        raise errors.StoreMissing("never finished")
    return Database(path, key)


def _version_untouched(path: Path, key: bytes) -> tuple[int, str]:
    """The schema version and, of a newer file, its program's, read without writing a byte of the file."""
    with _named_errors():
        connection = _keyed(f"{path.resolve().as_uri()}?mode=ro", key, uri=True)
        try:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            return version, _program(connection) if version > schema.VERSION else ""
        finally:
            connection.close()


def _program(connection: Any) -> str:
    try:
        row = connection.execute("SELECT value FROM meta WHERE name = 'program'").fetchone()
    except dbapi2.OperationalError:
        return ""  # a newer schema may keep it elsewhere
    return str(row[0]) if row else ""


def _keyed(name: str, key: bytes, *, uri: bool = False) -> Any:
    if len(key) != KEY_BYTES:
        raise errors.WrongKey
    connection = dbapi2.connect(
        name, isolation_level=None, check_same_thread=False, timeout=_BUSY_SECONDS, uri=uri, cached_statements=256
    )
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return connection


def _make_file(path: Path, key: bytes) -> None:
    """The file's place, open to nobody else: folder 0700, files 0600; SQLite gives its log the mode of the file."""
    private_folder(path.parent)
    if path.exists() and path.stat().st_size:
        raise errors.StoreExists(path.name)
    write_private(_check_file(path), key_check(key))
    private_file(path)


def _check_file(path: Path) -> Path:
    return path.with_name(path.name + _CHECK_SUFFIX)


def suspect_file(path: Path) -> Path:
    """There while a damaged page of the store was met and not dealt with."""
    return path.with_name(path.name + _SUSPECT_SUFFIX)


@contextmanager
def _named_errors() -> Iterator[None]:
    """Turn the library's failures into ours. A failure that we have no name for stays what it is: a fault of ours."""
    try:
        yield
    except DBAPIError as error:
        raise named(error.orig) from error
    except dbapi2.Error as error:
        raise named(error) from error
    except PoolTimeout as error:
        raise errors.StoreBusy from error
    except OverflowError as error:
        raise errors.Unstorable from error


def named(error: BaseException | None) -> BaseException:
    """Our error for one of the library's."""
    code = getattr(error, "sqlite_errorcode", None)
    found = None if code is None else _ERRORS.get(code & _PRIMARY)
    return found(str(getattr(error, "sqlite_errorname", ""))) if found else error or errors.StoreError()
