"""The schema that the first program began with."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "applied",
        sa.Column("writer", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("writer", "n"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "backup",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "cohort",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("course", sa.LargeBinary(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("server", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "person",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("no"),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("login"),
    )
    op.create_table(
        "space",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("tail", sa.LargeBinary(), nullable=False),
        sa.Column("records", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("graded_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("no"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "authorship",
        sa.Column("course", sa.LargeBinary(), nullable=False),
        sa.Column("person_no", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_no"],
            ["person.no"],
        ),
        sa.PrimaryKeyConstraint("course", "person_no"),
    )
    op.create_index(op.f("ix_authorship_person_no"), "authorship", ["person_no"], unique=False)
    op.create_table(
        "counted",
        sa.Column("space_no", sa.Integer(), nullable=False),
        sa.Column("activity", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["space_no"],
            ["space.no"],
        ),
        sa.PrimaryKeyConstraint("space_no", "activity", "number"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "device",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("person_no", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_no"],
            ["person.no"],
        ),
        sa.PrimaryKeyConstraint("no"),
        sa.UniqueConstraint("id"),
    )
    op.create_index(op.f("ix_device_person_no"), "device", ["person_no"], unique=False)
    op.create_table(
        "enrolment",
        sa.Column("cohort", sa.LargeBinary(), nullable=False),
        sa.Column("person_no", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort"],
            ["cohort.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_no"],
            ["person.no"],
        ),
        sa.PrimaryKeyConstraint("cohort", "person_no"),
    )
    op.create_index(op.f("ix_enrolment_person_no"), "enrolment", ["person_no"], unique=False)
    op.create_table(
        "incident",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("space_no", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["space_no"],
            ["space.no"],
        ),
        sa.PrimaryKeyConstraint("no"),
    )
    op.create_table(
        "invitation",
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("person_no", sa.Integer(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_no"],
            ["person.no"],
        ),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "log",
        sa.Column("space_no", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("author", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("stamps", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["space_no"],
            ["space.no"],
        ),
        sa.PrimaryKeyConstraint("space_no", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_index("log_id", "log", ["space_no", "id"], unique=True)
    op.create_table(
        "safe",
        sa.Column("space_no", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["space_no"],
            ["space.no"],
        ),
        sa.PrimaryKeyConstraint("space_no"),
    )
    op.create_table(
        "seat",
        sa.Column("person_no", sa.Integer(), nullable=False),
        sa.Column("space_no", sa.Integer(), nullable=False),
        sa.Column("role", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_no"],
            ["person.no"],
        ),
        sa.ForeignKeyConstraint(
            ["space_no"],
            ["space.no"],
        ),
        sa.PrimaryKeyConstraint("person_no", "space_no", "role"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tail",
        sa.Column("space_no", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("tail", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["space_no"],
            ["space.no"],
        ),
        sa.PrimaryKeyConstraint("space_no", "last_seq"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ungraded",
        sa.Column("space_no", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["space_no"],
            ["space.no"],
        ),
        sa.PrimaryKeyConstraint("space_no", "attempt"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "token",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("device_no", sa.Integer(), nullable=False),
        sa.Column("parent_no", sa.Integer(), nullable=True),
        sa.Column("access", sa.LargeBinary(), nullable=False),
        sa.Column("refresh", sa.LargeBinary(), nullable=False),
        sa.Column("access_until", sa.BigInteger(), nullable=False),
        sa.Column("refresh_until", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("replaced", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_no"],
            ["device.no"],
        ),
        sa.PrimaryKeyConstraint("no"),
        sa.UniqueConstraint("access"),
        sa.UniqueConstraint("refresh"),
    )
    op.create_index(op.f("ix_token_device_no"), "token", ["device_no"], unique=False)
    op.create_table(
        "writer",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("device_no", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_no"],
            ["device.no"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
