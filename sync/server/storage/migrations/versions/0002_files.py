"""Files by their hash, who sent them, which records name them; how many records came back after a restore."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of files, and a count beside each incident."""
    op.create_table(
        "file",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "naming",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("space_no", sa.Integer(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["space_no"],
            ["space.no"],
        ),
        sa.PrimaryKeyConstraint("sha256", "space_no", "record"),
        sqlite_with_rowid=False,
    )
    op.create_index("naming_record", "naming", ["space_no", "record"], unique=False)
    op.create_table(
        "upload",
        sa.Column("person_no", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_no"],
            ["person.no"],
        ),
        sa.ForeignKeyConstraint(
            ["sha256"],
            ["file.sha256"],
        ),
        sa.PrimaryKeyConstraint("person_no", "sha256"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("incident") as incident:
        incident.add_column(sa.Column("records", sa.BigInteger(), server_default="0", nullable=False))
