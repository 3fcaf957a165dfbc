"""What several processes share: how often a secret was guessed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of tries. PostgreSQL asks for the space of every row of a log no more: that was 40 % of a push.

    A row is written by whoever holds its space, which is never removed; `check` looks for rows of no space.
    """
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("log_space_no_fkey", "log", type_="foreignkey")
    op.create_table(
        "tries",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
