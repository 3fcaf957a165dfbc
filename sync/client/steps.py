"""What a reply does to a laptop, as values: the planner decides them, a store does them in one transaction."""

from dataclasses import dataclass

from sync.protocol.messages import Checksum, Cursor, Row


@dataclass(frozen=True, slots=True)
class Confirm:
    """The server did `count` entries from `n` on: they wait no longer.

    Their effect is at `seq`, `seq` + 1, … of the epoch.
    """

    space: bytes
    n: int
    count: int
    epoch: int
    seq: int


@dataclass(frozen=True, slots=True)
class Refuse:
    """The server does not take this entry: it leaves the view and stays in the person's list with its reason."""

    space: bytes
    n: int
    refusal: int


@dataclass(frozen=True, slots=True)
class Claim:
    """The server told this place: kept when it is higher than what was told before, through revocations too."""

    space: bytes
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Begin:
    """The space is told from its start, in `epoch`.

    What is known of it stays readable but counts as not told; its confirmed entries are offered again; entries in
    quarantine are offered again; what waits goes on waiting. In a new epoch the old claim proves nothing and is
    forgotten.
    """

    space: bytes
    epoch: int


@dataclass(frozen=True, slots=True)
class Apply:
    """Rows of a space that go into `record` now, with the cursor after them.

    Straight into the records while the space is being bootstrapped, or when this page is all there is.
    """

    space: bytes
    rows: tuple[Row, ...]
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Stage:
    """Rows kept aside until the last page is there, so that no reply shows without its post (rule 3)."""

    space: bytes
    rows: tuple[Row, ...]
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Reach:
    """The space has been told to its end and becomes visible.

    What was staged goes into the records; rows that the server did not tell again since `Begin` are set aside as an
    incident.

    A checksum that differs from the server's marks the space for a full compare.
    """

    space: bytes
    checksum: Checksum


@dataclass(frozen=True, slots=True)
class Revoke:
    """The space is lost: rows and cursor go, the person's own entries go to quarantine, epoch and claim stay."""

    space: bytes


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Waiting entries of a lost space: kept, readable, offered again when access comes back."""

    space: bytes


@dataclass(frozen=True, slots=True)
class Compare:
    """The space needs a full compare at the next pull."""

    space: bytes


@dataclass(frozen=True, slots=True)
class NewWriter:
    """Take the writer id `writer` from now on. `rename`: what waits gets new names under it (the answer was a fork)."""

    writer: int
    rename: bool


@dataclass(frozen=True, slots=True)
class Backed:
    """The number of the server's last verified backup."""

    number: int


@dataclass(frozen=True, slots=True)
class MarkSafe:
    """A verified backup covers the space up to here: confirmed entries below may be forgotten after their time."""

    space: bytes
    epoch: int
    seq: int


@dataclass(frozen=True, slots=True)
class Forget:
    """Drop confirmed entries that rule 1 no longer needs, at `now` in milliseconds."""

    now: int


Step = (
    Confirm
    | Refuse
    | Claim
    | Begin
    | Apply
    | Stage
    | Reach
    | Revoke
    | Quarantine
    | Compare
    | NewWriter
    | Backed
    | MarkSafe
    | Forget
)
