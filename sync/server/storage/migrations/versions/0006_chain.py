"""The chain of what personal spaces accepted, and who was erased."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the end of the chain to spaces, and three tables. A space that is in use begins its chain where it stands."""
    op.add_column("space", sa.Column("link", sa.LargeBinary(), nullable=True))
    op.add_column("space", sa.Column("signed_seq", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("space", sa.Column("signed_at", sa.BigInteger(), server_default="0", nullable=False))
    op.create_table(
        "superseded",
        sa.Column("space_no", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("author", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("by_seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["space_no"], ["space.no"]),
        sa.PrimaryKeyConstraint("space_no", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "turn",
        sa.Column("space_no", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("begins", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["space_no"], ["space.no"]),
        sa.PrimaryKeyConstraint("space_no", "seq", "epoch"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "erased",
        sa.Column("person_no", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_no"], ["person.no"]),
        sa.PrimaryKeyConstraint("person_no"),
    )
