"""Files that no record names any more go: replaced snapshots of documents, drafts that were handed in, deleted posts.

For 30 days everything can be brought back (rule 6). Then the server forgets the file, and a week later its bytes go.
The week is for a backup under way, which copies the files after the database, and for a record that names the file at
that very moment: then the file is known again. A laptop that names it later is told that it is missing and sends it.
A store elsewhere is left alone: backups name the files there and hold no copy of them.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, exists, insert, select

from sync.server.core import Core
from sync.server.storage.depot import FolderDepot, Lying
from sync.server.storage.schema import file, naming, unnamed, upload
from sync.server.sync import filing
from sync.server.sync.filing import Stored

DAY_MS = 86_400_000
KEPT_MS = 30 * DAY_MS
"""For how long a file without a name stays known."""
BYTES_MS = 7 * DAY_MS
"""For how long the bytes of a file stay that the server does not know."""
_AT_ONCE = 500


class Swept(NamedTuple):
    """How many files were forgotten, and of how many the bytes were removed."""

    forgotten: int
    removed: int


def sweep(core: Core) -> Swept:
    """Note what has no name, forget what had none for long, remove bytes that nobody knows."""
    depot, now = core.files, core.now()
    if not isinstance(depot, FolderDepot):
        return Swept(0, 0)
    _note(core, now)
    with core.reading() as connection:
        due = connection.execute(select(unnamed.c.sha256).where(unnamed.c.since <= now - KEPT_MS)).scalars().all()
    parts = [due[start : start + _AT_ONCE] for start in range(0, len(due), _AT_ONCE)]
    forgotten = sum(core.writer.run(partial(_forget, depot, part, now)) for part in parts)
    removed = sum(_settle(core, depot, some) for some in depot.lying())
    return Swept(forgotten, removed)


def _is_named(sha256: ColumnElement[bytes]) -> ColumnElement[bool]:
    return exists().where(naming.c.sha256 == sha256)


def _note(core: Core, now: int) -> None:
    """Bring the list of files without a name up to date."""
    noted = exists().where(unnamed.c.sha256 == file.c.sha256)
    fresh = select(file.c.sha256).where(~_is_named(file.c.sha256), ~noted)
    known = exists().where(file.c.sha256 == unnamed.c.sha256)
    over = select(unnamed.c.sha256).where(_is_named(unnamed.c.sha256) | ~known)
    with core.reading() as connection:
        added = [{"sha256": name, "since": now} for name in connection.execute(fresh).scalars()]
        gone = connection.execute(over).scalars().all()

    def write(connection: Connection) -> None:
        for name in gone:
            connection.execute(delete(unnamed).where(unnamed.c.sha256 == name))
        if added:
            connection.execute(insert(unnamed), added)

    core.writer.run(write)


def _forget(depot: FolderDepot, names: Sequence[bytes], now: int, connection: Connection) -> int:
    """Forget those of some files that still have no name, and who sent them; their bytes stay for a week from now."""
    due = (unnamed.c.sha256.in_(names), unnamed.c.since <= now - KEPT_MS, ~_is_named(unnamed.c.sha256))
    found = connection.execute(select(unnamed.c.sha256).where(*due)).scalars().all()
    for name in found:
        depot.touch(name, now / 1000)
    for table in (upload, unnamed, file):
        connection.execute(delete(table).where(table.c.sha256.in_(found)))
    return len(found)


def _settle(core: Core, depot: FolderDepot, some: Iterable[Lying]) -> int:
    """Remove bytes that nobody knows and that lie there long; those that a record names are known again."""
    found, now = {each.sha256: each for each in some}, core.now()
    with core.reading() as connection:
        known = set(connection.execute(select(file.c.sha256).where(file.c.sha256.in_(list(found)))).scalars())
        strange = [each for name, each in found.items() if name not in known]
        asked = select(naming.c.sha256).where(naming.c.sha256.in_([each.sha256 for each in strange]))
        named = set(connection.execute(asked).scalars())
    old, before = 0, (now - BYTES_MS) / 1000
    for each in strange:
        stored = Stored(each.sha256, each.size)
        if each.sha256 not in named and each.at < before:
            depot.drop(each.sha256, before)
            old += 1
        elif each.sha256 in named and depot.is_sound(*stored):
            core.writer.run(lambda connection, stored=stored: filing.know(connection, stored, now))  # type: ignore[misc]  # bound now
    return old
