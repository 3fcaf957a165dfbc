"""Files that arrive in parts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add how far each person's uploads have come."""
    op.create_table(
        "arriving",
        sa.Column("person_no", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_no"],
            ["person.no"],
        ),
        sa.PrimaryKeyConstraint("person_no", "sha256"),
        sqlite_with_rowid=False,
    )
