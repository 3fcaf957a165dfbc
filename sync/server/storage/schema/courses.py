"""Who takes part in what: cohorts, enrolments, authors."""

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
)

from sync.server.storage.schema.base import metadata

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
