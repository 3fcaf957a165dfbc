"""What IT looks at and the server does by itself: incidents, backups, e-mail."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from sync.server.storage.schema.base import metadata

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
