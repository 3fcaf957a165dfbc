"""The laptop's store as the sync engine works on it: the engine's ``Store`` port, over one encrypted file."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self, TypeVar

from spoc_desktop.storage import counting, engine, file_index, meta, outbox, schema, spaces, writer_file
from spoc_desktop.storage.clocks import device_monotonic
from spoc_desktop.storage.done import DONE
from spoc_desktop.storage.file_ahead import FilesAhead, wished
from spoc_desktop.storage.file_index import FileIndex
from spoc_desktop.storage.files import Files
from spoc_desktop.storage.performing import Performer
from spoc_desktop.storage.projections import Projection, Projections
from spoc_desktop.storage.standings import Standings
from spoc_desktop.storage.transaction import Transaction
from sync.client.offering import Offering
from sync.client.ports import Changes, FileRef, Laptop, Outgoing, Stretch, Waiting
from sync.client.steps import NewWriter, Step
from sync.protocol.limits import MAX_CONFIRMED_BYTES
from sync.protocol.messages import Checksum

PROJECTIONS: Final[tuple[Projection, ...]] = (DONE,)
"""One line a feature that brings a projection."""

_Result = TypeVar("_Result")


class SyncStore:
    """``sync.client.ports.Store`` on one open file. Any thread may call; every method is one transaction.

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
        self._now = self._clock = now
        self._offering = Offering(monotonic)
        self.most_confirmed = MAX_CONFIRMED_BYTES
        """Bytes of confirmed entries that are kept at most (rule 1)."""
        self.arrange: Callable[[list[FileRef]], list[FileRef]] = list
        """Which of the files that are not here are fetched, and in which order; all, the smallest first."""
        with database.writing() as connection:
            transaction = Transaction(connection)
            self.server = bytes(meta.get(transaction, "server"))
            self.person = bytes(meta.get(transaction, "person"))
            self._projections = Projections(projections, self.person)
            self._projections.ensure(transaction)
            self._index = FileIndex(files.has)
            self.ahead = FilesAhead(files, self._read, self._write, self.true_now)
            self.ahead.ensure(transaction)
            if meta.get(transaction, "program") != schema.PROGRAM:
                meta.put(transaction, "program", schema.PROGRAM)
            if self._index.ensure(transaction):
                files.sweep([*file_index.named(transaction), *wished(transaction)])
        self._standings = Standings(database, self.server)
        files.on_lost = self._lost
        self._let_files_go()
        self.count_as_left()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def go_by(self, true_now: Callable[[], int]) -> None:
        """Count how long things are kept by this clock from now on, not by the device's, which may jump (fault F10).

        It is asked while the store is being written: it must wait for nobody.
        """
        self._clock = true_now

    def true_now(self) -> int:
        """The time in milliseconds by which things are kept."""
        return self._clock()

    def state(self) -> Laptop:
        """Server, writer, backup and all known spaces."""
        return self._standings.read()

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
                performer = Performer(transaction, self._projections, self._index, self.true_now, self.most_confirmed)
                for step in steps:
                    performer.perform(step)
            if performer.has_written or any(isinstance(step, NewWriter) for step in steps):
                self.count_as_left()
        for step in steps:
            if isinstance(step, NewWriter) and self._database.path is not None:
                writer_file.note(self._database.path, step.writer)
        return transaction.changed

    def set_aside(self, writer: int, n: int, refusal: int) -> Changes:
        """Take one poison entry out of what waits, visibly (rule 12)."""
        with self._write() as transaction:
            outbox.set_aside(transaction, writer, n, refusal, self.true_now())
        return transaction.changed

    def count_as_left(self) -> None:
        """A copy of the store is about to exist: no entry that it holds is changed any more."""
        with self._offering.lock:
            self._offering.close(*self._read(meta.last_name))

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
