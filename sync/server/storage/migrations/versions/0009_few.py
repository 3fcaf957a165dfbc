"""Reviews and returned reviews are found among any number of grades and attempts."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two indexes that hold a kind each (review 54, returned 55)."""
    for name, number in (("log_reviews", 54), ("log_returned", 55)):
        where = sa.text(f"kind = {number}")
        op.create_index(name, "log", ["space_no", "seq"], sqlite_where=where, postgresql_where=where)
