"""What a reply does to a laptop, as values: the planner decides, a store performs a list of them in one transaction.

An outbox entry is waiting, confirmed, refused or in quarantine. It remembers the `(epoch, seq)` of its last answer, and
whether its effect is *pulled*: contained in the records that pages read. What a person sees of a record is
`fold(record, its waiting and confirmed entries that are not pulled)`, the oldest first (`sync.client.view`).
"""

from dataclasses import dataclass

from sync.protocol.messages import Checksum, Cursor, Row, Span


@dataclass(frozen=True, slots=True)
class Confirm:
    """The server did `count` waiting entries of `writer` from `n` on: they become confirmed.

    Their effect is at `seq`, `seq` + 1, … of the epoch. An entry that readable records contain already (space visible,
    same epoch, seq not beyond its cursor) is pulled; one that was pulled stays so.
    """

    space: bytes
    writer: int
    n: int
    count: int
    epoch: int
    seq: int


@dataclass(frozen=True, slots=True)
class Refuse:
    """The server does not take `count` entries from `n` on: they leave the view and stay listed with the reason."""

    space: bytes
    writer: int
    n: int
    count: int
    refusal: int


@dataclass(frozen=True, slots=True)
class Claim:
    """The server told this place: kept when its epoch, or in the same epoch its seq, is higher than the claim kept."""

    space: bytes
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Begin:
    """The space is told from its start, in `epoch`; it becomes known if it was not, and is no longer lost.

    Staged rows go. All its records count as not told again until a row tells them. The claim is forgotten (START): all
    that it could prove is offered again, for confirmed entries and those in quarantine become waiting (they keep their
    answer and their pulled mark). `compare` and doubt are over. A readable space keeps its cursor and goes on to be
    read, `staged` becomes `(epoch, 0)`; of a space that is not visible the cursor becomes `(epoch, 0)` and nothing is
    staged.
    """

    space: bytes
    epoch: int


@dataclass(frozen=True, slots=True)
class Apply:
    """Rows of a space that go into its records now, with the cursor after them; nothing stays staged.

    Straight into the records while the space is not visible, or when this page is all there is. Entries of a visible
    space whose last answer is in the cursor's epoch and not beyond its seq become pulled; elsewhere `Reach` sees to it.

    Entries refused as MISSING or DELETED whose record is among the rows, and no tombstone, wait again (so with rows
    that `Reach` takes in): after a restore an edit may have been offered before the laptop that made the record offered
    that, and a deletion may be undone.
    """

    space: bytes
    rows: tuple[Row, ...]
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Stage:
    """Rows kept aside until the last page is there, so that no reply shows without its post (rule 3).

    `staged` becomes this cursor; what pages read does not change.
    """

    space: bytes
    rows: tuple[Row, ...]
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Reach:
    """The space has been told to its end and becomes visible.

    What was staged goes into the records, and the cursor to where it reaches. Records that the server did not tell
    again since `Begin` are set aside as an incident: they are no longer counted nor shown. Pulled is worked out anew
    for every entry of the space: its last answer is in the cursor's epoch and not beyond its seq.

    `floor`: tombstones up to this seq are dropped, there and here; what was not told again and stood at a seq up to it
    in the same epoch was deleted: it goes without an incident. When the checksum of the records then differs from the
    server's, the space is in doubt.
    """

    space: bytes
    checksum: Checksum
    floor: int = 0


@dataclass(frozen=True, slots=True)
class Mend:
    """The server's rows of some stretches, all of them: the records there become these, and are counted anew.

    A record that the server lacks, or has only as it was before, is set aside as an incident; the person's confirmed
    entries that made it so wait again. Of a tombstone there is nothing to keep. The doubt stays until `Agree`.
    """

    space: bytes
    told: tuple[Span, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Agree:
    """The server's rows of the whole space are ours: it is in doubt no longer."""

    space: bytes


@dataclass(frozen=True, slots=True)
class Revoke:
    """The space is lost: records, staged rows and cursor go; the claim stays.

    The person's waiting and confirmed entries go to quarantine, their answers forgotten. Known from now on even if it
    was not before, so that the claim and the quarantine have a place.
    """

    space: bytes


@dataclass(frozen=True, slots=True)
class Compare:
    """The space needs a full compare at the next pull; that settles a doubt, too."""

    space: bytes


@dataclass(frozen=True, slots=True)
class NewWriter:
    """Write under `writer` from now on, counting from 1; the waiting entries `(of, n)` listed get new names under it.

    A fork: another copy of this folder used those names for other changes. Entries that the server did know, or was not
    asked about, keep theirs: renamed they would be done twice. A renamed entry has no answer and is not pulled.
    """

    writer: int
    of: int
    renamed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Backed:
    """The number of the last verified backup of which the safe places were asked."""

    number: int


@dataclass(frozen=True, slots=True)
class MarkSafe:
    """A verified backup covers the space up to here: confirmed entries below may be forgotten after their time."""

    space: bytes
    epoch: int
    seq: int


@dataclass(frozen=True, slots=True)
class Forget:
    """Drop confirmed entries that rule 1 no longer needs, at `now` in milliseconds.

    One goes when it is pulled, safe (same epoch, seq not beyond the mark) and was answered 7 days ago
    (`KEEP_CONFIRMED_MS`). When more than `MAX_CONFIRMED_BYTES` are kept, the oldest pulled ones go first, safe or not.

    Entries refused OVER_QUOTA an hour ago (`OFFER_AGAIN_MS`) wait again: IT may have given more room.
    """

    now: int


Step = (
    Confirm
    | Refuse
    | Claim
    | Begin
    | Apply
    | Stage
    | Reach
    | Mend
    | Agree
    | Revoke
    | Compare
    | NewWriter
    | Backed
    | MarkSafe
    | Forget
)
