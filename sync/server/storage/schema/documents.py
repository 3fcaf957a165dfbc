"""Texts that several people write: what is known of them beside their updates in the log."""

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, PrimaryKeyConstraint, Table

from sync.server.storage.schema.base import metadata

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
