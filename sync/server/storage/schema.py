"""The server's tables. A record lives in its space's log as one row, its latest; there is no table of each kind.

SQLite's integers are signed 64-bit: writer ids and checksum sums, which are unsigned, are kept shifted (`signed`,
`unsigned`).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    false,
    text,
    true,
)

from sync.domain.exercises import RETURNED, REVIEW

_MODULUS = 1 << 64
_HALF = 1 << 63

metadata = MetaData()


def signed(number: int) -> int:
    """An unsigned 64-bit number as the database keeps it."""
    return number - _MODULUS if number >= _HALF else number


def unsigned(number: int) -> int:
    """The number that `signed` kept."""
    return number % _MODULUS


REVIEWS, RETURNS = f"kind = {REVIEW.number}", f"kind = {RETURNED.number}"
"""Conditions of the small indexes: what asks must say the same, word for word."""


def _few(name: str, condition: str) -> Index:
    """An index of a kind of which there are few among many: it costs the others nothing."""
    return Index(name, "space_no", "seq", sqlite_where=text(condition), postgresql_where=text(condition))


organisation = Table(
    "organisation",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("name", Text, nullable=False),
    Column("server", LargeBinary, nullable=False),
)

person = Table(
    "person",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("id", LargeBinary, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("login", Text, nullable=False, unique=True),
    Column("password", Text),
    Column("since", BigInteger, nullable=False),
    Column("blocked", Boolean, nullable=False, server_default=false()),
    Column("mail", Boolean, nullable=False, server_default=true()),
)
"""`blocked`: IT lets nobody in under this name. `mail`: whether the person wants reminders and digests."""

device = Table(
    "device",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("id", LargeBinary, nullable=False, unique=True),
    Column("person_no", ForeignKey("person.no"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("gone", Boolean, nullable=False, server_default=false()),
    Column("seen", BigInteger, nullable=False, server_default="0"),
)
"""`seen`: when it was last given a token, which is once an hour while it is in use; 0 before that was kept."""

token = Table(
    "token",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("device_no", ForeignKey("device.no"), nullable=False, index=True),
    Column("parent_no", Integer),
    Column("access", LargeBinary, nullable=False, unique=True),
    Column("refresh", LargeBinary, nullable=False, unique=True),
    Column("access_until", BigInteger, nullable=False),
    Column("refresh_until", BigInteger, nullable=False),
    Column("seen", Boolean, nullable=False, server_default=false()),
    Column("replaced", Boolean, nullable=False, server_default=false()),
)

invitation = Table(
    "invitation",
    metadata,
    Column("code", LargeBinary, primary_key=True),
    Column("person_no", ForeignKey("person.no"), nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("used", Boolean, nullable=False, server_default=false()),
)

writer = Table(
    "writer",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("device_no", ForeignKey("device.no"), nullable=False),
)

cohort = Table(
    "cohort",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("course", LargeBinary, nullable=False),
    Column("title", Text, nullable=False),
    Column("starts", BigInteger, nullable=False),
    Column("ends", BigInteger, nullable=False),
)

enrolment = Table(
    "enrolment",
    metadata,
    Column("cohort", ForeignKey("cohort.id"), nullable=False),
    Column("person_no", ForeignKey("person.no"), nullable=False, index=True),
    Column("part", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("ended", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("cohort", "person_no"),
)

authorship = Table(
    "authorship",
    metadata,
    Column("course", LargeBinary, nullable=False),
    Column("person_no", ForeignKey("person.no"), nullable=False, index=True),
    PrimaryKeyConstraint("course", "person_no"),
)

space = Table(
    "space",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("id", LargeBinary, nullable=False, unique=True),
    Column("epoch", BigInteger, nullable=False, server_default="1"),
    Column("seq", BigInteger, nullable=False, server_default="0"),
    Column("tail", LargeBinary, nullable=False),
    Column("records", BigInteger, nullable=False, server_default="0"),
    Column("sum", BigInteger, nullable=False, server_default="0"),
    Column("graded_seq", BigInteger, nullable=False, server_default="0"),
    Column("floor", BigInteger, nullable=False, server_default="0"),
    Column("link", LargeBinary),
    Column("signed_seq", BigInteger, nullable=False, server_default="0"),
    Column("signed_at", BigInteger, nullable=False, server_default="0"),
)
"""`floor`: tombstones up to this seq are dropped (rule 8). `link`: of a personal space, the epoch and the end of its
chain (rule 11); `signed_seq`, `signed_at`: the row of its last signed head, and when it was signed."""

mark = Table(
    "mark",
    metadata,
    Column("space_no", ForeignKey("space.no"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    PrimaryKeyConstraint("space_no", "at"),
    sqlite_with_rowid=False,
)
"""Where a space stood at a time: what was written up to there is at least so old."""

seat = Table(
    "seat",
    metadata,
    Column("person_no", ForeignKey("person.no"), nullable=False),
    Column("space_no", ForeignKey("space.no"), nullable=False),
    Column("role", Integer, nullable=False),
    PrimaryKeyConstraint("person_no", "space_no", "role"),
    sqlite_with_rowid=False,
)

log = Table(
    "log",
    metadata,
    Column("space_no", ForeignKey("space.no"), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("kind", Integer, nullable=False),
    Column("id", LargeBinary, nullable=False),
    Column("author", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("stamps", LargeBinary),
    PrimaryKeyConstraint("space_no", "seq"),
    Index("log_id", "space_no", "id", unique=True),
    _few("log_reviews", REVIEWS),
    _few("log_returned", RETURNS),
    sqlite_with_rowid=False,
)

tail = Table(
    "tail",
    metadata,
    Column("space_no", ForeignKey("space.no"), nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("tail", LargeBinary, nullable=False),
    PrimaryKeyConstraint("space_no", "last_seq"),
    sqlite_with_rowid=False,
)

applied = Table(
    "applied",
    metadata,
    Column("writer", BigInteger, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("seq", BigInteger, nullable=False),
    PrimaryKeyConstraint("writer", "n"),
    sqlite_with_rowid=False,
)

counted = Table(
    "counted",
    metadata,
    Column("space_no", ForeignKey("space.no"), nullable=False),
    Column("activity", LargeBinary, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("attempt", LargeBinary, nullable=False),
    PrimaryKeyConstraint("space_no", "activity", "number"),
    sqlite_with_rowid=False,
)

ungraded = Table(
    "ungraded",
    metadata,
    Column("space_no", ForeignKey("space.no"), nullable=False),
    Column("attempt", LargeBinary, nullable=False),
    PrimaryKeyConstraint("space_no", "attempt"),
    sqlite_with_rowid=False,
)

tries = Table(
    "tries",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("failed", Integer, nullable=False),
    Column("rounds", Integer, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
)
"""How often a secret was guessed, under a hash of whom and from where; only where several processes serve."""

incident = Table(
    "incident",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("what", Text, nullable=False),
    Column("space_no", ForeignKey("space.no")),
    Column("detail", Text, nullable=False, server_default=""),
    Column("records", BigInteger, nullable=False, server_default="0"),
)

backup = Table(
    "backup",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("rows", BigInteger, nullable=False),
)

safe = Table(
    "safe",
    metadata,
    Column("space_no", ForeignKey("space.no"), primary_key=True),
    Column("epoch", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
)

file = Table(
    "file",
    metadata,
    Column("sha256", LargeBinary, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

upload = Table(
    "upload",
    metadata,
    Column("person_no", ForeignKey("person.no"), nullable=False),
    Column("sha256", ForeignKey("file.sha256"), nullable=False),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("person_no", "sha256"),
    sqlite_with_rowid=False,
)

arriving = Table(
    "arriving",
    metadata,
    Column("person_no", ForeignKey("person.no"), nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("person_no", "sha256"),
    sqlite_with_rowid=False,
)
"""Files that a person is sending in parts: `offset` of `size` bytes are on the disk, the last came `at`."""

naming = Table(
    "naming",
    metadata,
    Column("sha256", LargeBinary, nullable=False),
    Column("space_no", ForeignKey("space.no"), nullable=False),
    Column("record", LargeBinary, nullable=False),
    PrimaryKeyConstraint("sha256", "space_no", "record"),
    Index("naming_record", "space_no", "record"),
    sqlite_with_rowid=False,
)
"""Which record of which space names a file; the file itself may still have to come, after a restore."""

allowance = Table(
    "allowance",
    metadata,
    Column("person_no", ForeignKey("person.no"), primary_key=True),
    Column("entries", BigInteger),
    Column("bytes", BigInteger),
    Column("files", BigInteger),
)
"""What IT allows one person instead of what the server allows everybody; empty: as everybody."""

usage = Table(
    "usage",
    metadata,
    Column("person_no", ForeignKey("person.no"), nullable=False),
    Column("writer", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("day", BigInteger, nullable=False),
    Column("entries", BigInteger, nullable=False),
    PrimaryKeyConstraint("person_no", "writer"),
    sqlite_with_rowid=False,
)
"""What a writer of a person has stored: bytes of records in all, and entries on `day` (days since 1970)."""

mail = Table(
    "mail",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("mark", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("person_no", ForeignKey("person.no")),
    Column("at", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("state", Integer, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("content", LargeBinary, nullable=False),
    Index("mail_due", "state", "due"),
)
"""E-mail to send, and what became of it. `content` is sealed with a key outside the database, empty once it is over.

`mark` is what it is about: the same occasion is never queued twice. A row that is being sent is due again later, so
that a process that was killed in between leaves it to the next.
"""

document_clock = Table(
    "document_clock",
    metadata,
    Column("space_no", ForeignKey("space.no"), nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("client", BigInteger, nullable=False),
    Column("clock", BigInteger, nullable=False),
    PrimaryKeyConstraint("space_no", "document", "client"),
    sqlite_with_rowid=False,
)
"""How far each CRDT client got in a shared document: its next update begins there."""

document_fold = Table(
    "document_fold",
    metadata,
    Column("space_no", ForeignKey("space.no"), primary_key=True),
    Column("looked", BigInteger, nullable=False),
)
"""When the documents of a space were last looked at for what can be folded."""

ballot_asked = Table(
    "ballot_asked",
    metadata,
    Column("call", LargeBinary, nullable=False),
    Column("person_no", ForeignKey("person.no"), nullable=False),
    Column("blinded", LargeBinary, nullable=False),
    PrimaryKeyConstraint("call", "person_no"),
    sqlite_with_rowid=False,
)
"""Who was given a ballot, and the hash of what was signed for them: the same question has the same answer."""

ballot_spent = Table(
    "ballot_spent",
    metadata,
    Column("call", LargeBinary, nullable=False),
    Column("token", LargeBinary, nullable=False),
    PrimaryKeyConstraint("call", "token"),
    sqlite_with_rowid=False,
)
"""Hashes of the tokens that came back. Sorted by hash on the disk: no order of arrival is kept, here and below."""

ballot_batch = Table(
    "ballot_batch",
    metadata,
    Column("call", LargeBinary, nullable=False),
    Column("batch", Integer, nullable=False),
    Column("ballots", Integer, nullable=False),
    PrimaryKeyConstraint("call", "batch"),
    sqlite_with_rowid=False,
)

ballot_sum = Table(
    "ballot_sum",
    metadata,
    Column("call", LargeBinary, nullable=False),
    Column("batch", Integer, nullable=False),
    Column("question", Integer, nullable=False),
    Column("choice", Integer, nullable=False),
    Column("count", Integer, nullable=False),
    PrimaryKeyConstraint("call", "batch", "question", "choice"),
    sqlite_with_rowid=False,
)

ballot_remark = Table(
    "ballot_remark",
    metadata,
    Column("mark", LargeBinary, primary_key=True),
    Column("call", LargeBinary, nullable=False),
    Column("batch", Integer, nullable=False),
    Column("question", Integer, nullable=False),
    Column("text", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""What people wrote in ballots, under random marks: nothing says which belong together."""

ballot_closed = Table(
    "ballot_closed",
    metadata,
    Column("call", LargeBinary, primary_key=True),
    sqlite_with_rowid=False,
)
"""Calls whose last result was written."""

superseded = Table(
    "superseded",
    metadata,
    Column("space_no", ForeignKey("space.no"), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("kind", Integer, nullable=False),
    Column("id", LargeBinary, nullable=False),
    Column("author", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("by_seq", BigInteger, nullable=False),
    PrimaryKeyConstraint("space_no", "seq"),
    sqlite_with_rowid=False,
)
"""Rows of personal spaces that the log no longer has: the hash of each body stays in the chain (rule 11)."""

turn = Table(
    "turn",
    metadata,
    Column("space_no", ForeignKey("space.no"), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("begins", Boolean, nullable=False),
    PrimaryKeyConstraint("space_no", "seq", "epoch"),
    sqlite_with_rowid=False,
)
"""Where the chain of a personal space begins, when that is not its start, and where it goes on in another epoch."""

erased = Table(
    "erased",
    metadata,
    Column("person_no", ForeignKey("person.no"), primary_key=True),
    Column("at", BigInteger, nullable=False),
)
"""Who was erased (rule 13). Their row in `person` has no name any more."""
