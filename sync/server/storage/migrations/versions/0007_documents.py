"""Shared documents: how far each CRDT client got in a document. Ballots: who asked, what was spent, sums."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "document_clock",
        sa.Column("space_no", sa.Integer(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("client", sa.BigInteger(), nullable=False),
        sa.Column("clock", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["space_no"], ["space.no"]),
        sa.PrimaryKeyConstraint("space_no", "document", "client"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "document_fold",
        sa.Column("space_no", sa.Integer(), nullable=False),
        sa.Column("looked", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["space_no"], ["space.no"]),
        sa.PrimaryKeyConstraint("space_no"),
    )
    op.create_table(
        "ballot_asked",
        sa.Column("call", sa.LargeBinary(), nullable=False),
        sa.Column("person_no", sa.Integer(), nullable=False),
        sa.Column("blinded", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_no"], ["person.no"]),
        sa.PrimaryKeyConstraint("call", "person_no"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ballot_spent",
        sa.Column("call", sa.LargeBinary(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("call", "token"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ballot_batch",
        sa.Column("call", sa.LargeBinary(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("call", "batch"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ballot_sum",
        sa.Column("call", sa.LargeBinary(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("choice", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("call", "batch", "question", "choice"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ballot_remark",
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("call", sa.LargeBinary(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("mark"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ballot_closed",
        sa.Column("call", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("call"),
        sqlite_with_rowid=False,
    )
