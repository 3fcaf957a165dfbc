"""The messages of the protocol: frozen array-like Structs, so a message is its own wire form.

A new field goes last with a default. Where a mutation or a row carries a body it is `msgspec.Raw`: bytes that were
encoded once are forwarded, never encoded again.
"""

from enum import IntEnum

import msgspec

from sync.domain.ballots import BallotAnswer


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """A place in a space's order, with the server's proof of it (protocol, Terms).

    `tail`: 8 random bytes of the transaction that wrote seq. `seal`: 8 bytes of HMAC over space, epoch, seq and tail.
    """

    epoch: int
    seq: int
    tail: bytes = bytes(8)
    seal: bytes = b""


START = Cursor(0, 0)
"""The cursor of a space of which nothing is known."""


class Standing(msgspec.Struct, frozen=True, array_like=True):
    """Where a laptop stands in a space: what it has (`cursor`), the highest that it was ever told (`claim`).

    `compare`: the laptop asks for a full compare, its checksum differed. A space that was lost has cursor START and
    keeps its claim, which is checked before the space is given again.
    """

    space: bytes
    cursor: Cursor
    claim: Cursor = START
    compare: bool = False


class Create(msgspec.Struct, frozen=True, array_like=True, tag=1):
    """A new record, named `(writer, n)` like every mutation."""

    n: int
    kind: int
    id: bytes
    body: msgspec.Raw


class Edit(msgspec.Struct, frozen=True, array_like=True, tag=2):
    """Fields of a record replaced, on top of what the person saw at `(epoch, base)`. Keys are field numbers."""

    n: int
    id: bytes
    epoch: int
    base: int
    changes: dict[int, msgspec.Raw]


class Delete(msgspec.Struct, frozen=True, array_like=True, tag=3):
    """A record removed for good."""

    n: int
    id: bytes
    epoch: int
    base: int


Mutation = Create | Edit | Delete


class Batch(msgspec.Struct, frozen=True, array_like=True):
    """Mutations of one space: one transaction on the server. Entries are encoded mutations."""

    space: bytes
    claim: Cursor
    entries: tuple[msgspec.Raw, ...]


class Checksum(msgspec.Struct, frozen=True, array_like=True):
    """Count of rows and sum of their 64-bit hashes modulo 2**64: equal exactly when the sets are (rule 8)."""

    count: int
    sum: int


class Span(msgspec.Struct, frozen=True, array_like=True):
    """A stretch of a space's rows in the order of their ids: those after `after`, up to and with `upto`.

    Empty bytes are no bound. `checksum` is of the rows in it, tombstones too.
    """

    after: bytes
    upto: bytes
    checksum: Checksum


class Probe(msgspec.Struct, frozen=True, array_like=True):
    """Stretches of a space whose checksums a laptop asks the server to compare with its own (rule 8).

    `cursor`: where the laptop stands. It is answered only when that is the head: else the space is pulled first.
    """

    space: bytes
    cursor: Cursor
    spans: tuple[Span, ...]


class SyncRequest(msgspec.Struct, frozen=True, array_like=True):
    """Push and pull in one: batches are applied first.

    `digest`: the view digest before the batches, None to skip the short way. `standings`: spaces where claim and cursor
    differ, or every known one where `whole`. `backup`: the last verified backup that the laptop knows of. `safe_of`:
    spaces whose safe seq it asks for. `probes`: stretches to compare. `wait`: for how many milliseconds the server may
    hold an answer that would be empty (live pull, rule 3). `rules_min`: the oldest rules by which the laptop decides,
    0 where it does not say (rule 10). `uncovered`: how many entries the laptop has let go of for want of room although
    no verified backup covered them (rule 1).
    """

    protocol: int
    rules: int
    writer: int
    digest: bytes | None = None
    standings: tuple[Standing, ...] = ()
    whole: bool = False
    batches: tuple[Batch, ...] = ()
    backup: int = 0
    safe_of: tuple[bytes, ...] = ()
    probes: tuple[Probe, ...] = ()
    wait: int = 0
    rules_min: int = 0
    uncovered: int = 0


class Verdict(IntEnum):
    """What became of a mutation. DUP: done before, same name and bytes. FORK: same name, other bytes, not applied."""

    ACCEPTED = 1
    DUP = 2
    FORK = 3
    REFUSED = 4


class Run(msgspec.Struct, frozen=True, array_like=True):
    """Answers to `count` mutations n, n+1, … that share a verdict.

    Those accepted, and those done before, have seqs seq, seq+1, …
    """

    n: int
    count: int
    verdict: Verdict
    seq: int = 0
    refusal: int = 0


class Outcome(IntEnum):
    """What became of a batch as a whole.

    DONE: each entry has its answer. RENEWED: the space has a new epoch, nothing was applied, fetch it and send again.
    COMPARE: the claim's seal is wrong, nothing was applied, a full compare follows. REVOKED: not a member, nothing
    applied. FORKED: the writer is another device's, nothing applied.
    """

    DONE = 1
    RENEWED = 2
    COMPARE = 3
    REVOKED = 4
    FORKED = 5


class BatchAnswer(msgspec.Struct, frozen=True, array_like=True):
    """`cursor`: of the highest seq in the runs, or of the new epoch."""

    space: bytes
    outcome: Outcome
    cursor: Cursor = START
    runs: tuple[Run, ...] = ()


class Row(msgspec.Struct, frozen=True, array_like=True):
    """A record as the server accepted it. A body in `merge.GONE` is a tombstone."""

    seq: int
    kind: int
    id: bytes
    author: bytes
    at: int
    body: msgspec.Raw


class Page(msgspec.Struct, frozen=True, array_like=True):
    """Rows of a space after `since`, in order, up to `cursor`.

    `begins`: the space is told from its start (new, new epoch, or full compare). `checksum` is there on the last
    page: the laptop has then all that the server had at that moment, and the space becomes visible with its cursor.
    `floor`: tombstones up to this seq may have been dropped by the server. Where the space begins, a record that is not
    told again and that the laptop had at a seq up to the floor is gone: it was deleted, and is neither an incident nor
    offered (rule 8, fault F18).
    """

    space: bytes
    since: int
    cursor: Cursor
    rows: tuple[Row, ...]
    begins: bool = False
    checksum: Checksum | None = None
    floor: int = 0


class Narrowed(msgspec.Struct, frozen=True, array_like=True):
    """The answer to a probe, as of `cursor`, the head: nothing for stretches that agree.

    `spans`: finer stretches of those that differ, with the server's checksums, to compare and ask again. `told`:
    stretches of which `rows` are all the rows that the server has.
    """

    space: bytes
    cursor: Cursor
    spans: tuple[Span, ...] = ()
    told: tuple[Span, ...] = ()
    rows: tuple[Row, ...] = ()


class Safe(msgspec.Struct, frozen=True, array_like=True):
    """Up to which seq of a space the last verified backup reaches."""

    space: bytes
    epoch: int
    seq: int


class SyncReply(msgspec.Struct, frozen=True, array_like=True):
    """`server` proves who answers (guard, rule 9). `send_whole`: the digests differ, ask again with every standing.

    `more`: there are rows that did not fit; ask again. `now`: the server's clock in milliseconds.
    """

    server: bytes
    now: int
    backup: int
    send_whole: bool = False
    more: bool = False
    answers: tuple[BatchAnswer, ...] = ()
    pages: tuple[Page, ...] = ()
    revoked: tuple[bytes, ...] = ()
    safe: tuple[Safe, ...] = ()
    narrowed: tuple[Narrowed, ...] = ()


class JoinRequest(msgspec.Struct, frozen=True, array_like=True):
    """First contact with an invitation code."""

    protocol: int
    code: str
    password: str
    device: str


class LoginRequest(msgspec.Struct, frozen=True, array_like=True):
    """A person who has joined before, on a new device. `login` is the e-mail or the name that IT gave."""

    protocol: int
    login: str
    password: str
    device: str


class RefreshRequest(msgspec.Struct, frozen=True, array_like=True):
    """A new token for an old login; a refresh token serves once."""

    protocol: int
    refresh: str


class Session(msgspec.Struct, frozen=True, array_like=True):
    """What join, login and refresh give. Tokens are opaque and bound to the device; `expires` in milliseconds.

    `recovery_key` is the organisation's public X25519 key, to which the store's key is wrapped (rule 15). `issuer_key`
    is its public Ed25519 key: what certificates are verified with.
    """

    server: bytes
    person: bytes
    device: bytes
    name: str
    token: str
    refresh: str
    expires: int
    organisation: str = ""
    recovery_key: bytes = b""
    login: str = ""
    issuer_key: bytes = b""


class PublishRequest(msgspec.Struct, frozen=True, array_like=True):
    """An author asks the server to publish a course from its authoring space."""

    protocol: int
    course: bytes


class PublishReply(msgspec.Struct, frozen=True, array_like=True):
    """The number of the edition and how many rows it added; 0 rows: nothing had changed."""

    server: bytes
    number: int
    rows: int


class ReleaseRequest(msgspec.Struct, frozen=True, array_like=True):
    """A trainer lets the grades of a quiz reach the learners of a cohort."""

    protocol: int
    cohort: bytes
    activity: bytes


class ReleaseReply(msgspec.Struct, frozen=True, array_like=True):
    """How many grades were released by this."""

    server: bytes
    grades: int


class FailureReply(msgspec.Struct, frozen=True, array_like=True):
    """The body of every reply that is not 200. `lowest`, `highest`: the protocols spoken, when they do not meet.

    `lowest_rules`, `highest_rules`: the rules known then, 0 of a server that does not say.
    """

    server: bytes
    code: int
    reference: str = ""
    retry_after: float = 0.0
    lowest: int = 0
    highest: int = 0
    lacks: tuple[tuple[int, str], ...] = ()
    lowest_rules: int = 0
    highest_rules: int = 0


class BallotSignRequest(msgspec.Struct, frozen=True, array_like=True):
    """A person asks for their ballot of a call: `blinded` is a token that the server does not see (`blind.blind`)."""

    protocol: int
    cohort: bytes
    call: bytes
    blinded: bytes


class BallotSignReply(msgspec.Struct, frozen=True, array_like=True):
    """The blinded token, signed."""

    server: bytes
    signed: bytes


class BallotRequest(msgspec.Struct, frozen=True, array_like=True):
    """A ballot, sent by nobody: no login, no device; the signature of its token says that somebody was given it."""

    protocol: int
    cohort: bytes
    call: bytes
    token: bytes
    signature: bytes
    answers: tuple[BallotAnswer, ...]
