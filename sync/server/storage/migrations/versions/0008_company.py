"""Devices, quotas and the queue of e-mail."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what IT decides of a person, when a device was seen, what each has stored, and the queue."""
    op.add_column("person", sa.Column("blocked", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("person", sa.Column("mail", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("device", sa.Column("seen", sa.BigInteger(), server_default="0", nullable=False))
    op.create_table(
        "allowance",
        sa.Column("person_no", sa.Integer(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=True),
        sa.Column("bytes", sa.BigInteger(), nullable=True),
        sa.Column("files", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_no"],
            ["person.no"],
        ),
        sa.PrimaryKeyConstraint("person_no"),
    )
    op.create_table(
        "usage",
        sa.Column("person_no", sa.Integer(), nullable=False),
        sa.Column("writer", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_no"],
            ["person.no"],
        ),
        sa.PrimaryKeyConstraint("person_no", "writer"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mail",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_no", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_no"],
            ["person.no"],
        ),
        sa.PrimaryKeyConstraint("no"),
        sa.UniqueConstraint("mark"),
    )
    op.create_index("mail_due", "mail", ["state", "due"], unique=False)
