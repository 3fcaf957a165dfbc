"""A store that an older program wrote is brought to this program's tables (faults F3 and F28).

A copy of it is kept first, like that of each day. All steps are one transaction with the version in it: a migration
that fails or is cut leaves the old store, never half of a new one.
"""

import time
from typing import Final

from spoc_desktop.storage import schema
from spoc_desktop.storage.backup import Backups
from spoc_desktop.storage.engine import Database
from spoc_desktop.storage.transaction import Transaction

STEPS: Final[dict[int, tuple[str, ...]]] = {
    1: (
        "ALTER TABLE space ADD COLUMN doubt INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE space ADD COLUMN floor INTEGER NOT NULL DEFAULT 0",
        schema.TRASH,
        schema.TRASH_OF_SPACE,
    ),
}
"""By version: what makes the next version of it. A released step is never changed."""


def migrate(database: Database, copies: Backups | None, now: int) -> bool:
    """Bring an open store up to date; False when it was. `copies` None: it is itself a copy, the original stays.

    DiskFull, StoreReadOnly, StoreBusy, StoreDamaged leave it as it was.
    """
    version = database.version()
    if version == schema.VERSION:
        return False
    if copies is not None:
        copies.make(database, time.strftime("%Y-%m-%d", time.localtime(now / 1000)))
    with database.writing() as connection:
        transaction = Transaction(connection)
        for older in range(version, schema.VERSION):
            for statement in STEPS[older]:
                transaction.run(statement)
        transaction.run(f"PRAGMA user_version = {schema.VERSION}")
    return True
