"""Ballots: who was given one, what came back, what they add up to. Nothing here joins a person to an answer."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text

from sync.server.storage.schema.base import metadata

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
