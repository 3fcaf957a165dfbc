"""How far tombstones were dropped, and since when a space has stood where it stands."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the table."""
    op.add_column("space", sa.Column("floor", sa.BigInteger(), server_default="0", nullable=False))
    op.create_table(
        "mark",
        sa.Column("space_no", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["space_no"], ["space.no"]),
        sa.PrimaryKeyConstraint("space_no", "at"),
        sqlite_with_rowid=False,
    )
