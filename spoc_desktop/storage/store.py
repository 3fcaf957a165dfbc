"""The laptop's store: the sync engine's side of it, and what services read and write."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import Final, Self

import msgspec

from spoc_desktop.storage import (
    counting,
    engine,
    errors,
    incidents,
    listing,
    meta,
    migrating,
    outbox,
    records,
    viewing,
    writer_file,
    writing,
)
from spoc_desktop.storage.backup import Backups
from spoc_desktop.storage.changes import Counts, Edited, Listed, New, Removed, Seen
from spoc_desktop.storage.clocks import device_monotonic, device_time
from spoc_desktop.storage.done import Done, done
from spoc_desktop.storage.files import Files
from spoc_desktop.storage.incidents import Incident
from spoc_desktop.storage.projections import Projection
from spoc_desktop.storage.sync_store import PROJECTIONS, SyncStore
from spoc_desktop.storage.transaction import Values, signed
from spoc_desktop.storage.trash import Trash
from sync.client.offering import HOLD_MS, Held
from sync.client.ports import Changes
from sync.domain.kind import Kind
from sync.protocol.messages import Session

_KEY_OF_MEMORY: Final = bytes(engine.KEY_BYTES)


@contextmanager
def _closed_on_failure(database: engine.Database) -> Iterator[None]:
    """A store that could not be opened leaves no file open: it may have to be moved aside."""
    try:
        yield
    except BaseException:
        database.close()
        raise


def _files(path: Path | None, key: bytes) -> Files:
    return Files(None if path is None else path.with_name(path.name + "-files"), key)


class LocalStore(SyncStore):
    """One person's data on this laptop, for one server. Any thread may call; every method is one transaction.

    Raises the errors of ``storage.errors``; after one, nothing of the call was saved.
    """

    @classmethod
    def create(
        cls,
        path: Path | None,
        key: bytes,
        *,
        server: bytes,
        person: bytes,
        now: Callable[[], int] = device_time,
        monotonic: Callable[[], int] = device_monotonic,
        projections: Sequence[Projection] = PROJECTIONS,
    ) -> Self:
        """A new store, made after the server's answer to join or login. `path` None: in memory. StoreExists."""
        writer = writer_file.fresh_writer()
        put = "INSERT INTO meta(name, value) VALUES(?, ?)"
        first = {"server": server, "person": person, "writer": signed(writer), "next_n": 1, "backup": 0}
        database = engine.create(path, key, [(put, item) for item in first.items()])
        with _closed_on_failure(database):
            if path is not None:
                writer_file.note(path, writer)
            return cls(database, _files(path, key), now, projections, monotonic=monotonic)

    @classmethod
    def in_memory(
        cls,
        *,
        server: bytes,
        person: bytes,
        now: Callable[[], int] = device_time,
        monotonic: Callable[[], int] = device_monotonic,
    ) -> Self:
        """A real store that leaves nothing on the disk, for tests."""
        return cls.create(None, _KEY_OF_MEMORY, server=server, person=person, now=now, monotonic=monotonic)

    @classmethod
    def open(
        cls,
        path: Path,
        key: bytes,
        *,
        now: Callable[[], int] = device_time,
        monotonic: Callable[[], int] = device_monotonic,
        projections: Sequence[Projection] = PROJECTIONS,
    ) -> Self:
        """The store that is there; one of an older program is copied and migrated first.

        StoreMissing, WrongKey, StoreDamaged, WrittenByNewerProgram or DiskFull leave it as it is.
        """
        database = engine.open_existing(path, key)
        with _closed_on_failure(database):
            migrating.migrate(database, Backups(path), now())
            store = cls(database, _files(path, key), now, projections, monotonic=monotonic)
            store._renew_writer_of_a_copy(path)
            return store

    def _renew_writer_of_a_copy(self, path: Path) -> None:
        with self._write() as transaction:
            known = meta.writer(transaction)
            if writer_file.is_same(path, known):
                return
            # What waits keeps its names: the server may have them already.
            fresh = writer_file.fresh_writer()
            meta.put_writer(transaction, fresh)
        self.count_as_left()
        writer_file.note(path, fresh)

    @cached_property
    def trash(self) -> Trash:
        """What a mass deletion took, to bring back."""
        return Trash(self._read, self._write, self._now)

    def write(self, changes: Sequence[New | Edited | Removed]) -> Changes:
        """Save what a person did, all of it or nothing. An edit joins a change of the same record that never left.

        TooLargeToSave, NoSuchRecord, AlreadyThere, DiskFull, StoreBusy; HasLeft for an edit that could not join.
        """
        with self._offering.lock, self._write() as transaction:
            writing.write(transaction, changes, self._now(), self._offering.may_change)
        return transaction.changed

    def write_held(self, changes: Sequence[New | Edited | Removed], hold_ms: int = HOLD_MS) -> Held:
        """Save what a person may want to undo: it is seen at once and leaves `hold_ms` later, or after a restart."""
        with self._offering.lock:
            with self._write() as transaction:
                names = writing.write(transaction, changes, self._now())
            return self._offering.hold(names, hold_ms, transaction.changed)

    def undo(self, held: Held) -> Changes:
        """Take back what is held: all is seen as before. TooLateToUndo when the hold has ended."""
        with self._offering.lock:
            names = self._offering.names_of(held.token)
            if not names:
                raise errors.TooLateToUndo
            with self._write() as transaction:
                outbox.take_back(transaction, names)
            self._offering.release(held.token)
        return transaction.changed

    def held_for(self) -> int | None:
        """Milliseconds until something held may leave, 0 when it may now and did not, None when nothing is held."""
        return self._offering.ends_in()

    def view(self, kind: Kind, space: bytes | None = None, ids: Iterable[bytes] | None = None) -> list[Seen]:
        """The records of a kind as the person sees them, by space and id; of one space, or with these ids only."""
        return self._read(lambda transaction: viewing.view(transaction, kind, self.person, space, ids))

    def one(self, kind: Kind, id: bytes, space: bytes | None = None) -> Seen | None:  # noqa: A002 - the field's name
        """One record as the person sees it, None when there is nothing to see."""
        return next(iter(self.view(kind, space, [id])), None)

    def done(self, space: bytes | None = None) -> list[Done]:
        """Readings and attempts that the person may see, in one space or in all: for progress."""
        return self._read(lambda transaction: done(transaction, space))

    def told(self, space: bytes) -> list[Values]:
        """The rows of a space as the server told them: seq, kind, id, author, at, body."""
        return self._read(lambda transaction: records.told(transaction, space))

    def outbox_list(self) -> list[Listed]:
        """Entries that are waiting, refused or in quarantine, the oldest first."""
        return self._read(listing.listed)

    def counts(self) -> Counts:
        """How many changes wait, were refused, are in quarantine."""
        return self._read(listing.counts)

    def withdraw(self, writer: int, n: int) -> Changes:
        """The person gives up a refused or quarantined entry: it leaves the list. NoSuchRecord when it is neither."""
        with self._write() as transaction:
            listing.withdraw(transaction, writer, n, self.true_now())
        return transaction.changed

    def incidents(self) -> list[Incident]:
        """What went wrong with the data and was put right, the oldest first."""
        return self._read(incidents.listed)

    def lacking(self) -> list[Incident]:
        """Records of others that the server no longer has: set aside here, to be read and exported (rule 8)."""
        return self._read(incidents.lacking)

    def let_go(self, records_: Iterable[Incident]) -> Changes:
        """The person wants records that were set aside no longer: they leave the list."""
        with self._write() as transaction:
            for one in records_:
                incidents.let_go(transaction, transaction.number(one.space), one.kind, one.id)
            transaction.outbox = True
        return transaction.changed

    def back_up(self, day: str) -> bool:
        """Copy the store for a day, written 2026-11-24; False when that is done already.

        Takes a second or two for a large store, and nobody waits for it. DiskFull, StoreReadOnly, StoreDamaged.
        """
        path = self._database.path
        if path is None or not (copies := Backups(path)).is_due(day):
            return False
        self.count_as_left()
        copies.make(self._database, day)
        self.recount()
        return True

    def recount(self) -> None:
        """Count the records of each readable space: one whose rows are not those that were told is in doubt.

        Nobody waits for the counting; what was told meanwhile is counted the next time.
        """
        for before in self.state().spaces:
            if not before.visible or before.staged is not None:
                continue
            found = self._read(partial(counting.whole, name=before.space))
            if found != before.checksum:
                with self._write() as transaction:
                    counting.doubt(transaction, before, found, self.true_now())

    def check(self) -> None:
        """Read and check the whole file. StoreDamaged when a page of it is not as it was written."""
        self._database.check()

    def rebuild_projections(self) -> None:
        """Work all projections out again."""
        with self._write() as transaction:
            for projection in self._projections.declared:
                self._projections.rebuild(transaction, projection)

    def keep_login(self, session: Session | None) -> None:
        """Keep the login inside the encrypted file, or forget it."""
        self.keep("login", None if session is None else msgspec.msgpack.encode(session))

    def login(self) -> Session | None:
        """The login kept, None when there is none."""
        raw = self.kept("login")
        return None if raw is None else msgspec.msgpack.decode(raw, type=Session)

    def keep(self, name: str, value: bytes | None) -> None:
        """Keep a single value of this laptop's own inside the encrypted file."""
        with self._write() as transaction:
            meta.put(transaction, name, value)

    def kept(self, name: str) -> bytes | None:
        """A value that was kept, None when there is none."""
        found: bytes | None = self._read(lambda transaction: meta.get(transaction, name))
        return found
