"""Who people are: their accounts, their laptops, how they sign in, what IT allows one of them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    false,
    true,
)

from sync.server.storage.schema.base import metadata

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

erased = Table(
    "erased",
    metadata,
    Column("person_no", ForeignKey("person.no"), primary_key=True),
    Column("at", BigInteger, nullable=False),
)
"""Who was erased (rule 13). Their row in `person` has no name any more."""
