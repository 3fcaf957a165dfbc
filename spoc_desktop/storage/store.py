"""The laptop's store: the engine's ``Store`` port on one side, what services read and write on the other."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

import msgspec

from spoc_desktop.storage import (
    counting,
    engine,
    errors,
    file_index,
    incidents,
    listing,
    meta,
    migrating,
    outbox,
    records,
    schema,
    spaces,
    viewing,
    writer_file,
    writing,
)
from spoc_desktop.storage.backup import Backups
from spoc_desktop.storage.changes import Counts, Edited, Listed, New, Removed, Seen
from spoc_desktop.storage.clocks import device_monotonic, device_time
from spoc_desktop.storage.done import DONE, Done, done
from spoc_desktop.storage.file_ahead import FilesAhead, wished
from spoc_desktop.storage.file_index import FileIndex
from spoc_desktop.storage.files import Files
from spoc_desktop.storage.incidents import Incident
from spoc_desktop.storage.performing import Performer
from spoc_desktop.storage.projections import Projection, Projections
from spoc_desktop.storage.transaction import Transaction, Values, signed
from spoc_desktop.storage.trash import Trash
from sync.client.offering import HOLD_MS, Held, Offering
from sync.client.ports import Changes, FileRef, Laptop, Outgoing, Stretch, Waiting
from sync.client.steps import NewWriter, Step
from sync.domain.kind import Kind
from sync.protocol.messages import Checksum, Session

PROJECTIONS: Final[tuple[Projection, ...]] = (DONE,)
"""One line a feature that brings a projection."""

_KEY_OF_MEMORY: Final = bytes(engine.KEY_BYTES)
_Result = TypeVar("_Result")


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


class LocalStore:
    """One person's data on this laptop, for one server. Any thread may call; every method is one transaction.

    Raises the errors of ``storage.errors``; after one, nothing of the call was saved.
    """

    def __init__(
        self,
        database: engine.Database,
        files: Files,
        now: Callable[[], int],
        projections: Sequence[Projection] = PROJECTIONS,
        *,
        monotonic: Callable[[], int] = device_monotonic,
    ) -> None:
        self._database = database
        self.files = files
        self._now = now
        self._offering = Offering(monotonic)
        self.arrange: Callable[[list[FileRef]], list[FileRef]] = list
        """Which of the files that are not here are fetched, and in which order; all, the smallest first."""
        with database.writing() as connection:
            transaction = Transaction(connection)
            self.server = bytes(meta.get(transaction, "server"))
            self.person = bytes(meta.get(transaction, "person"))
            self._projections = Projections(projections, self.person)
            self._projections.ensure(transaction)
            self._index = FileIndex(files.has)
            self.ahead = FilesAhead(files, self._read, self._write, now)
            self.ahead.ensure(transaction)
            self.trash = Trash(self._read, self._write, now)
            if meta.get(transaction, "program") != schema.PROGRAM:
                meta.put(transaction, "program", schema.PROGRAM)
            if self._index.ensure(transaction):
                files.sweep([*file_index.named(transaction), *wished(transaction)])
        files.on_lost = self._lost
        self._let_files_go()
        self.count_as_left()

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

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # What the sync engine works on (``sync.client.ports.Store``).

    def state(self) -> Laptop:
        """Server, writer, backup and all known spaces."""
        return self._read(
            lambda transaction: Laptop(
                self.server,
                meta.writer(transaction),
                int(meta.get(transaction, "backup")),
                spaces.states(transaction),
            )
        )

    def waiting(self, rows: int, size: int) -> list[Waiting]:
        """The oldest waiting entries, at most `rows` and `size` bytes but at least one, all of one writer.

        They count as having left: none is changed or taken back afterwards. What is held back stays out.
        """
        with self._offering.lock:
            held = self._offering.held()
            found = self._read(lambda transaction: outbox.waiting(transaction, rows, size, held))
            self._offering.give(found)
        return found

    def unsafe_spaces(self) -> list[bytes]:
        """Spaces with confirmed entries that no verified backup is known to cover."""
        return self._read(spaces.unsafe)

    def sums(self, space: bytes, stretches: Sequence[Stretch]) -> list[Checksum]:
        """The checksums of stretches that lie one after the other, worked out of the records as they are."""
        return self._read(lambda transaction: counting.sums(transaction, space, stretches))

    def perform(self, steps: Sequence[Step]) -> Changes:
        """Do all steps in one transaction, in order; nothing of them when it fails."""
        with self._offering.lock:
            with self._write() as transaction:
                performer = Performer(transaction, self._projections, self._index, self._now)
                for step in steps:
                    performer.perform(step)
            if any(isinstance(step, NewWriter) for step in steps):
                self.count_as_left()
        for step in steps:
            if isinstance(step, NewWriter) and self._database.path is not None:
                writer_file.note(self._database.path, step.writer)
        return transaction.changed

    def set_aside(self, writer: int, n: int, refusal: int) -> Changes:
        """Take one poison entry out of what waits, visibly (rule 12)."""
        with self._write() as transaction:
            outbox.set_aside(transaction, writer, n, refusal, self._now())
        return transaction.changed

    # Files, for the engine; people keep and read them by `files`.

    def files_to_send(self) -> list[Outgoing]:
        """Files that waiting entries name and that the server is not known to have, in the order of the entries."""
        return self._read(file_index.to_send)

    def files_wanted(self) -> list[FileRef]:
        """Files that told records name and that are to be fetched, in the order in which `arrange` puts them."""
        return self.arrange(self._read(file_index.wanted))

    def files_of(self, entry: Waiting) -> list[bytes]:
        """The files that a waiting entry names."""
        return self._read(lambda transaction: file_index.of_entry(transaction, entry.writer, entry.n))

    def read_part(self, sha256: bytes, offset: int, size: int) -> bytes | None:
        """So many bytes of a file from a place on, fewer at its end; None when they are not here, or damaged."""
        return self.files.part(sha256, offset, size)

    def file_sent(self, *names: bytes) -> None:
        """The server has these files from us."""
        with self._write() as transaction:
            for sha256 in names:
                file_index.set_sent(transaction, sha256, sent=True)

    def file_lacking(self, sha256: bytes) -> None:
        """The server does not have this file any more, whatever it said."""
        with self._write() as transaction:
            file_index.set_sent(transaction, sha256, sent=False)

    def files_came(self, contents: Mapping[bytes, bytes]) -> Changes:
        """Keep files whose SHA-256 was checked: on the disk first, then known to be there."""
        self.files.put_all(contents)
        return self._are_here(contents)

    def part_kept(self, sha256: bytes) -> int:
        """Bytes that have come of a file that is fetched in parts."""
        return self.files.come(sha256)

    def keep_part(self, sha256: bytes, offset: int, content: bytes, *, is_last: bool) -> None:
        """Keep the next part of a file, of PART_BYTES but the last: on the disk when this returns."""
        self.files.add(sha256, offset, content, is_last=is_last)

    def file_ended(self, sha256: bytes) -> Changes | None:
        """All parts have come: as `files_came`, after the SHA-256 was checked. None when it is wrong: all parts go."""
        return self._are_here([sha256]) if self.files.end(sha256) else None

    def _are_here(self, names: Iterable[bytes]) -> Changes:
        with self._write() as transaction:
            transaction.files.update(names)
            unnamed = [sha256 for sha256 in names if not file_index.set_here(transaction, sha256, here=True)]
        for sha256 in unnamed:
            self.files.drop(sha256)
        return transaction.changed

    def _lost(self, sha256: bytes) -> None:
        """A file is gone or damaged: it is fetched again, or told as missing when its record is to be sent."""
        with self._write() as transaction:
            file_index.set_here(transaction, sha256, here=False)

    def _let_files_go(self) -> None:
        with self._database.writing() as connection:
            transaction = Transaction(connection)
            for sha256 in file_index.gone(transaction):
                if self.files.drop_unused(sha256):
                    file_index.let_go(transaction, sha256)

    # What services read and write.

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

    def count_as_left(self) -> None:
        """A copy of the store is about to exist: no entry that it holds is changed any more."""
        with self._offering.lock:
            self._offering.close(*self._read(meta.last_name))

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
            listing.withdraw(transaction, writer, n, self._now())
        return transaction.changed

    def incidents(self) -> list[Incident]:
        """What went wrong with the data and was put right, the oldest first."""
        return self._read(incidents.listed)

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
                    counting.doubt(transaction, before, found, self._now())

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

    def _read(self, query: Callable[[Transaction], _Result]) -> _Result:
        with self._database.reading() as connection:
            return query(Transaction(connection))

    @contextmanager
    def _write(self) -> Iterator[Transaction]:
        with self._database.writing() as connection:
            transaction = Transaction(connection)
            yield transaction
            self._projections.update(transaction, transaction.touched)
            self._index.update(transaction, transaction.touched)
            transaction.finish()
        if transaction.gone:
            self._let_files_go()
        if transaction.wiped:
            self._database.fold_log()
