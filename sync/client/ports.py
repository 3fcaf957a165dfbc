"""What the sync engine works on, handed in so that it can be simulated: store, transport, clock, chance."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from sync.client.steps import Step
from sync.protocol.messages import Checksum, Cursor, SyncReply, SyncRequest
from sync.protocol.parts import Held, Part


class SpaceState(NamedTuple):
    """What a laptop knows of one space.

    `cursor`: what its records contain; START when the space is lost or unknown. `staged`: how far rows lie aside when
    the telling is not over, else None; a retelling of a readable space begins at seq 0 here. `claim`: the highest place
    that was ever told. `visible`: pages may read it. `lost`: access was revoked. `compare`: a full compare is due.
    `checksum`: of its records. `doubt`: they are not the server's, its stretches are to be compared.
    """

    space: bytes
    cursor: Cursor
    claim: Cursor
    visible: bool
    lost: bool = False
    compare: bool = False
    staged: Cursor | None = None
    checksum: Checksum = Checksum(0, 0)
    doubt: bool = False

    @property
    def standing(self) -> Cursor:
        """From where the server has to go on telling."""
        return self.cursor if self.staged is None else self.staged


class Stretch(NamedTuple):
    """Records of a space by id: those after `after`, up to and with `upto`. Empty bytes are no bound."""

    after: bytes
    upto: bytes

    def holds(self, id_: bytes) -> bool:
        """Whether a record lies in it."""
        return self.after < id_ and (not self.upto or id_ <= self.upto)


class Waiting(NamedTuple):
    """An outbox entry that has no answer yet: its name and its bytes as they travel."""

    writer: int
    n: int
    space: bytes
    entry: bytes


class FileRef(NamedTuple):
    """A file by the name of its bytes, and as people read it. `size` in bytes."""

    sha256: bytes
    name: str
    size: int


class Outgoing(NamedTuple):
    """A waiting entry by its name, and a file that it names and that the server is not known to have."""

    writer: int
    n: int
    file: FileRef


class Laptop(NamedTuple):
    """What a request is made from, read in one transaction.

    `server`: the id of the server that this store belongs to. `writer`: entries made from now on carry it. `backup`:
    the last verified backup whose safe places were asked for, 0 for none. `spaces`: all known ones, lost ones too.
    `uncovered`: how many confirmed entries went for want of room although no verified backup covered them (rule 1).
    """

    server: bytes
    writer: int
    backup: int
    spaces: tuple[SpaceState, ...]
    uncovered: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """What a transaction changed, for the pages: each decides alone whether to draw again.

    `kinds`: numbers of kinds whose records changed in what a person sees. `outbox`: something waits, was answered,
    refused or set aside. `files`: those that arrived, by SHA-256; `kinds` and `spaces` are of what names them.
    """

    kinds: frozenset[int] = frozenset()
    spaces: frozenset[bytes] = frozenset()
    outbox: bool = False
    files: frozenset[bytes] = frozenset()

    def __or__(self, other: "Changes") -> "Changes":
        return Changes(
            self.kinds | other.kinds,
            self.spaces | other.spaces,
            self.outbox or other.outbox,
            self.files | other.files,
        )


class Store(Protocol):
    """The laptop's truth. Every method is one transaction. `most_confirmed`: bytes of confirmed entries, at most."""

    most_confirmed: int

    def state(self) -> Laptop:
        """Server, writer, backup and all known spaces."""

    def waiting(self, rows: int, size: int) -> list[Waiting]:
        """The oldest waiting entries in order, at most `rows` and `size` bytes but at least one.

        All of one writer: they end before the first entry of another, whatever comes after it.
        """

    def unsafe_spaces(self) -> list[bytes]:
        """Spaces with confirmed entries that no verified backup is known to cover."""

    def sums(self, space: bytes, stretches: Sequence[Stretch]) -> list[Checksum]:
        """The checksums of stretches that lie one after the other, worked out of the records as they are."""

    def perform(self, steps: Sequence[Step]) -> Changes:
        """Do all steps in one transaction, in order; nothing of them when it fails."""

    def set_aside(self, writer: int, n: int, refusal: int) -> Changes:
        """Take one poison entry out of what waits, visibly (rule 12)."""

    def files_to_send(self) -> list[Outgoing]:
        """Files that waiting entries name and that the server is not known to have, in the order of the entries."""

    def files_wanted(self) -> list[FileRef]:
        """Files that told records name and that are not here, the smallest first."""

    def read_part(self, sha256: bytes, offset: int, size: int) -> bytes | None:
        """So many bytes of a file from a place on, fewer at its end; None when they are not here, or damaged."""

    def file_sent(self, *names: bytes) -> None:
        """The server has these files from us."""

    def files_of(self, entry: Waiting) -> list[bytes]:
        """The files that a waiting entry names."""

    def file_lacking(self, sha256: bytes) -> None:
        """The server does not have this file any more, whatever it said."""

    def files_came(self, contents: Mapping[bytes, bytes]) -> Changes:
        """Keep files whose SHA-256 was checked: on the disk first, then known to be there."""

    def part_kept(self, sha256: bytes) -> int:
        """Bytes that have come of a file that is fetched in parts."""

    def keep_part(self, sha256: bytes, offset: int, content: bytes, *, is_last: bool) -> None:
        """Keep the next part of a file, of PART_BYTES but the last: on the disk when this returns."""

    def file_ended(self, sha256: bytes) -> Changes | None:
        """All parts have come: as `files_came`, after the SHA-256 was checked. None when it is wrong: all parts go."""


class Transport(Protocol):
    """One exchange with the server. Every failure is a `SyncError` by name."""

    def exchange(self, request: SyncRequest) -> SyncReply:
        """Send a request and give the reply."""


class FileTransport(Protocol):
    """The way of files to the server and back. NotOffered: the server is of 0.2, which knows whole files only."""

    def send_parts(self, parts: Sequence[Part]) -> Sequence[Held]:
        """Send parts of files, or ask how far they are; an answer each. NotOffered, BadBatch."""

    def fetch_files(self, names: Sequence[bytes]) -> Sequence[bytes | None]:
        """Fetch small files together: the first of those asked for, unchecked. NotOffered."""

    def get_file(self, sha256: bytes, offset: int, size: int, came: Callable[[bytes], None]) -> None:
        """Fetch the rest of a file of `size` bytes, unchecked; `came` is called with each part of PART_BYTES.

        FileMissing; FileDamaged when less or more comes than the file has.
        """

    def put_file(self, sha256: bytes, content: bytes) -> None:
        """Send a whole file to a server of 0.2. FileDamaged, FileTooLarge; BadBatch when the upload was cut."""


class Clock(Protocol):
    """The time of this device."""

    def now(self) -> int:
        """Device time in milliseconds since 1970."""

    def monotonic(self) -> int:
        """A clock that never jumps, in milliseconds."""


class Chance(Protocol):
    """Where random bytes come from."""

    def bytes(self, count: int) -> bytes:
        """Random bytes: for new ids, writers and jitter."""
