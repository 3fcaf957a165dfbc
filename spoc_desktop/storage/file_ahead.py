"""What a person wants of files on this laptop: how much room they may take, which were asked for or carried in.

The index (`file_index.py`) knows what is named and what is here; this adds the person's side to it. A wish outlives the
file's coming, so that what was asked for is not let go of the next minute.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from enum import IntEnum
from typing import Final, NamedTuple, TypeVar

from spoc_desktop.storage import file_index, meta
from spoc_desktop.storage.files import Files
from spoc_desktop.storage.transaction import Transaction
from sync.client.ahead import Known
from sync.client.ports import Changes, FileRef

KEEP_WISHES_MS: Final = 60 * 86_400_000
DEFAULT_LIMIT: Final = 2 * 1000**3
"""Bytes; what a course of some weeks with films takes, on a disk that has room for it."""
_LIMIT: Final = "files_limit"
_NO_LIMIT: Final = -1
_TABLE: Final = """CREATE TABLE IF NOT EXISTS file_wish(
    sha256 BLOB PRIMARY KEY, why INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID"""
_Result = TypeVar("_Result")


class Why(IntEnum):
    """Why a file was wished for; a stronger wish takes the place of a weaker one."""

    OPENED = 1
    """A page that names it was opened."""
    ASKED = 2
    """The person said "download now"."""
    CARRIED = 3
    """It came on a stick."""


class Naming(NamedTuple):
    """A told record that names a file."""

    sha256: bytes
    space: bytes
    kind: int
    id: bytes


class FilesAhead:
    """For one store: every method is one transaction. Any thread may call."""

    def __init__(
        self,
        files: Files,
        read: Callable[[Callable[[Transaction], object]], object],
        write: Callable[[], AbstractContextManager[Transaction]],
        now: Callable[[], int],
    ) -> None:
        self._files = files
        self._read_any = read
        self._write = write
        self._now = now

    def ensure(self, transaction: Transaction) -> None:
        """At start: make the table if it is missing."""
        transaction.run(_TABLE)

    def limit(self) -> int | None:
        """How many bytes files may take here before they are asked for; None: no limit."""
        found = self._read(lambda transaction: meta.get(transaction, _LIMIT))
        limit = DEFAULT_LIMIT if found is None else int(found)
        return None if limit == _NO_LIMIT else limit

    def keep_limit(self, limit: int | None) -> None:
        """Set the room for files on this laptop; it does not follow the person to others."""
        with self._write() as transaction:
            meta.put(transaction, _LIMIT, _NO_LIMIT if limit is None else limit)

    def wish(self, files: Iterable[bytes], why: Why) -> None:
        """Remember that these are wanted."""
        with self._write() as transaction:
            _wish(transaction, files, why, self._now())

    def wishes(self) -> dict[bytes, tuple[Why, int]]:
        """What is wished for, why and since when; whether or not it is here."""
        found = self._read(lambda transaction: transaction.rows("SELECT sha256, why, at FROM file_wish"))
        return {bytes(sha256): (Why(why), at) for sha256, why, at in found}

    def told(self) -> list[Known]:
        """All files that told records name."""
        found = self._read(
            lambda transaction: transaction.rows(
                """SELECT f.sha256, f.name, f.size, f.here, f.sent = 0 OR EXISTS (
                       SELECT 1 FROM file_entry e JOIN outbox o ON o.place = e.place
                       WHERE e.sha256 = f.sha256 AND o.state <> 4)
                   FROM file f WHERE EXISTS (SELECT 1 FROM file_record r WHERE r.sha256 = f.sha256)"""
            )
        )
        return [
            Known(FileRef(bytes(sha256), name, size), bool(here), bool(kept))
            for sha256, name, size, here, kept in found
        ]

    def namings(self) -> list[Naming]:
        """Which told records name which files."""
        found = self._read(
            lambda transaction: transaction.rows(
                "SELECT r.sha256, s.name, r.kind, r.id FROM file_record r JOIN space s ON s.num = r.space"
            )
        )
        return [Naming(bytes(sha256), bytes(space), kind, bytes(id_)) for sha256, space, kind, id_ in found]

    def bodies(self, space: bytes, ids: Collection[bytes]) -> list[tuple[int, bytes, bytes]]:
        """Told records of a space in their wire form, as kind, id and body: what a signature of the server is over."""
        found = self._read(
            lambda transaction: transaction.rows(
                """SELECT r.kind, r.id, r.body FROM record r JOIN space s ON s.num = r.space
                   WHERE s.name = ? AND s.visible = 1""",
                (space,),
            )
        )
        return [(kind, bytes(id_), bytes(body)) for kind, id_, body in found if bytes(id_) in ids]

    def let_go(self, files: Sequence[bytes]) -> Changes:
        """Take these from the disk; they come again when they are asked for.

        Nothing that a change of the person's names, that the server has not got, or that was attached just now.
        """
        with self._write() as transaction:
            going = [sha256 for sha256 in files if _may_go(transaction, sha256)]
            for sha256 in going:
                file_index.set_here(transaction, sha256, here=False)
            transaction.files.update(going)
        # The disk after the commit: what a crash leaves lying is found to be here at the next start.
        stayed = [sha256 for sha256 in going if not self._files.drop_unused(sha256)]
        if stayed:
            with self._write() as transaction:
                for sha256 in stayed:
                    file_index.set_here(transaction, sha256, here=True)
        return transaction.changed

    def carried(self, files: Sequence[bytes]) -> Changes:
        """These came on a stick and lie here, checked; those that no record names yet wait for it."""
        with self._write() as transaction:
            _wish(transaction, files, Why.CARRIED, self._now())
            for sha256 in files:
                if file_index.set_here(transaction, sha256, here=True):
                    transaction.files.add(sha256)
        return transaction.changed

    def give_back(self, files: Iterable[bytes]) -> None:
        """These were taken from a stick that turned out to be bad: none of them is kept."""
        here = {one.file.sha256 for one in self.told() if one.here}
        for sha256 in files:
            if sha256 not in here:
                self._files.drop(sha256)

    def _read(self, query: Callable[[Transaction], _Result]) -> _Result:
        found: _Result = self._read_any(query)  # type: ignore[assignment]  # it gives what the query gives
        return found


def forget(transaction: Transaction, now: int) -> None:
    """Let go of old wishes."""
    transaction.run("DELETE FROM file_wish WHERE at < ?", (now - KEEP_WISHES_MS,))


def wished(transaction: Transaction) -> list[bytes]:
    """Files that are kept for a record which has not been told yet."""
    return [bytes(sha256) for (sha256,) in transaction.rows("SELECT sha256 FROM file_wish")]


def _wish(transaction: Transaction, files: Iterable[bytes], why: Why, now: int) -> None:
    transaction.run_many(
        """INSERT INTO file_wish(sha256, why, at) VALUES(?, ?, ?)
           ON CONFLICT(sha256) DO UPDATE SET why = max(why, excluded.why), at = excluded.at""",
        [(sha256, int(why), now) for sha256 in files],
    )


def _may_go(transaction: Transaction, sha256: bytes) -> bool:
    found = transaction.row(
        """SELECT 1 FROM file f WHERE f.sha256 = ? AND f.here = 1 AND f.sent = 1 AND NOT EXISTS (
               SELECT 1 FROM file_entry e JOIN outbox o ON o.place = e.place
               WHERE e.sha256 = f.sha256 AND o.state <> 4)""",
        (sha256,),
    )
    return found is not None
