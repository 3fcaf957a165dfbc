"""Backups that are worth the name: copied, opened, checked, and only then numbered (rule 1, fault F32).

The files lie in a folder beside the backup, by hash: the backups of a folder share them, so each adds only what is new.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Engine, delete, func, insert, select
from sqlalchemy.exc import DatabaseError, NoResultFound

from sync.protocol.digest import EMPTY, joined, row_hash
from sync.server.storage import database as databases
from sync.server.storage.database import Database
from sync.server.storage.depot import Depot, depot_beside
from sync.server.storage.dialect import rows_of
from sync.server.storage.engine import reading_engine
from sync.server.storage.schema import backup, file, log, organisation, safe, space
from sync.server.storage.soundness import unreadable
from sync.server.storage.spaces import SpaceHead
from sync.server.storage.sqlite import check_file, copy_file

Unsound = databases.Unsound
_PART = 5_000
_NAMED = 5
_ROWS = "SELECT id, seq, author, at, body FROM log WHERE space_no = ? AND seq > ? ORDER BY seq LIMIT ?"


class Covered(NamedTuple):
    """What a verified copy holds: the heads of its spaces, and the counts of its rows and files."""

    heads: list[tuple[int, int, int]]
    rows: int
    files: int


def newest(connection: Connection) -> int:
    """The number of the last verified backup, 0 for none."""
    found: int | None = connection.exec_driver_sql("SELECT max(number) FROM backup").scalar()
    return found or 0


def export(source: Database, files: Depot, target: Path) -> None:
    """Copy a database at one moment, also while the server runs, and then its files. FileExistsError, Unsound."""
    if target.exists():
        raise FileExistsError(str(target))
    target.touch(mode=0o600)
    source.copy(target)
    if not files.is_remote:
        fetch_files(target, into=depot_beside(target), source=files)


def copy(source: Path, target: Path) -> None:
    """`export` of a server's database that is a SQLite file."""
    if target.exists():
        raise FileExistsError(str(target))
    target.touch(mode=0o600)
    copy_file(source, target)
    fetch_files(target, into=depot_beside(target), source=depot_beside(source))


def fetch_files(database: Path, *, into: Depot, source: Depot) -> None:
    """Copy the files that a database knows, those that are there already left alone. Unsound when one is missing."""
    engine = reading_engine(database)
    try:
        fetch_known(engine, into=into, source=source)
    finally:
        engine.dispose()


def fetch_known(engine: Engine, *, into: Depot, source: Depot) -> int:
    """The same of an open database; how many files it knows."""
    with engine.begin() as connection:
        known = _known(connection)
    for sha256, size in known:
        if not into.fetch(sha256, size, source):
            raise Unsound(f"the file {sha256.hex()} is missing or damaged")
    return len(known)


def verify(path: Path, files: Depot | None = None, *, deep: bool = False) -> Covered:
    """Open a database and check pages, keys, each space's checksum against its rows, each file against its hash.

    `files`: where they are, the folder beside it without. Of files in a store elsewhere presence and size are asked
    for, and the bytes only with `deep`, since all of them travel then. Unsound if one fails.
    """
    if not path.is_file():
        raise Unsound(f"there is no file {path}")
    engine = reading_engine(path)
    try:
        return _verify(engine, _FileCheck(files or depot_beside(path), deep=deep), check_file)
    finally:
        engine.dispose()


def server_of(path: Path) -> bytes:
    """The id of the server that a backup is of. Unsound when it cannot be told."""
    if not path.is_file():
        raise Unsound(f"there is no file {path}")
    engine = reading_engine(path)
    try:
        with engine.begin() as connection:
            found: bytes = connection.execute(select(organisation.c.server)).scalar_one()
    except (DatabaseError, NoResultFound) as error:
        raise Unsound(f"{path} is no backup of a server") from error
    finally:
        engine.dispose()
    return found


def verify_database(database: Database, files: Depot, *, deep: bool = False) -> Covered:
    """The same of a server's own database and files, also while it runs."""
    if not database.is_there():
        raise Unsound("there is no database")
    return _verify(database.reading, _FileCheck(files, deep=deep), database.check)


class _FileCheck:
    """Looks at the files that a database knows."""

    def __init__(self, depot: Depot, *, deep: bool) -> None:
        self._is_there = depot.is_sound if deep or not depot.is_remote else depot.has

    def count(self, known: list[tuple[bytes, int]]) -> int:
        """How many there are, all of them in order. Unsound."""
        for sha256, size in known:
            if not self._is_there(sha256, size):
                raise Unsound(f"the file {sha256.hex()} is missing or damaged")
        return len(known)


def _known(connection: Connection) -> list[tuple[bytes, int]]:
    """Hash and size of each file. They are read afterwards: PostgreSQL ends a transaction that is idle so long."""
    found = connection.execute(select(file.c.sha256, file.c.size).order_by(file.c.sha256))
    return [(bytes(sha256), size) for sha256, size in found]


def _verify(engine: Engine, files: _FileCheck, check: Callable[[Connection], None]) -> Covered:
    try:
        with engine.begin() as connection:
            heads, rows = _covered(connection, check)
            known = _known(connection)
    except DatabaseError as error:
        raise Unsound(str(error.orig)) from error
    return Covered(heads, rows, files.count(known))


def _covered(connection: Connection, check: Callable[[Connection], None]) -> tuple[list[tuple[int, int, int]], int]:
    check(connection)
    columns = (space.c.no, space.c.id, space.c.epoch, space.c.seq, space.c.tail, space.c.records, space.c.sum)
    heads = [SpaceHead(*row) for row in connection.execute(select(*columns))]
    for head in heads:
        _verify_space(connection, head)
    rows = connection.execute(select(func.count()).select_from(log)).scalar_one()
    return [(head.no, head.epoch, head.seq) for head in heads], rows


def _verify_space(connection: Connection, head: SpaceHead) -> None:
    found, seq = EMPTY, 0
    while some := rows_of(connection, _ROWS, (head.no, seq, _PART)):
        found, seq = joined(found, (row_hash(*row) for row in some)), some[-1][1]
    if found != head.checksum:
        bad = "".join(f"; record {id_.hex()} cannot be read" for id_ in unreadable(connection, head.no)[:_NAMED])
        raise Unsound(f"space {head.id.hex()} does not fit its checksum{bad}")


def record(connection: Connection, covered: Covered, now: int) -> int:
    """Remember a verified backup and what it covers; its number."""
    number = newest(connection) + 1
    connection.execute(insert(backup).values(number=number, at=now, rows=covered.rows))
    connection.execute(delete(safe))
    if covered.heads:
        rows = [{"space_no": no, "epoch": epoch, "seq": seq} for no, epoch, seq in covered.heads]
        connection.execute(insert(safe), rows)
    return number
