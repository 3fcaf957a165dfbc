"""Spaces, who may read them, and their logs. A record lives in its space's log as one row, its latest."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    text,
)

from sync.domain.exercises import RETURNED, REVIEW
from sync.server.storage.schema.base import metadata

REVIEWS, RETURNS = f"kind = {REVIEW.number}", f"kind = {RETURNED.number}"
"""Conditions of the small indexes: what asks must say the same, word for word."""


def _few(name: str, condition: str) -> Index:
    """An index of a kind of which there are few among many: it costs the others nothing."""
    return Index(name, "space_no", "seq", sqlite_where=text(condition), postgresql_where=text(condition))


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

seat = Table(
    "seat",
    metadata,
    Column("person_no", ForeignKey("person.no"), nullable=False),
    Column("space_no", ForeignKey("space.no"), nullable=False),
    Column("role", Integer, nullable=False),
    PrimaryKeyConstraint("person_no", "space_no", "role"),
    sqlite_with_rowid=False,
)

writer = Table(
    "writer",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("device_no", ForeignKey("device.no"), nullable=False),
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

tail = Table(
    "tail",
    metadata,
    Column("space_no", ForeignKey("space.no"), nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("tail", LargeBinary, nullable=False),
    PrimaryKeyConstraint("space_no", "last_seq"),
    sqlite_with_rowid=False,
)

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
