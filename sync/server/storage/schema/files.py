"""Files: what is here, who sent it, what is arriving, which records name it."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, PrimaryKeyConstraint, Table

from sync.server.storage.schema.base import metadata

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

unnamed = Table(
    "unnamed",
    metadata,
    Column("sha256", LargeBinary, primary_key=True),
    Column("since", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""Files that no record names, and since when this was seen."""
