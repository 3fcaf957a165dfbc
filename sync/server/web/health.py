"""What IT's monitoring may ask without a login: versions, counts, the last backup. No personal data."""

from typing import Any

from sqlalchemy import func, select

from sync.protocol import version
from sync.server.core import Core
from sync.server.issuing.awarding import unprintable
from sync.server.storage import backups, migrate
from sync.server.storage.schema import backup, file, incident, person, space
from sync.server.sync.claims import CAME_BACK, RESTORED
from sync.server.sync.damage import DAMAGED
from sync.server.sync.uncovered import UNCOVERED


def health(core: Core) -> dict[str, Any]:
    """The state of the server as JSON can say it. Times in milliseconds."""
    with core.reading() as connection:

        def count(table: Any) -> int:
            return int(connection.execute(select(func.count()).select_from(table)).scalar_one())

        last_backup = connection.execute(select(func.max(backup.c.at))).scalar()
        back = connection.execute(select(func.sum(incident.c.records)).where(incident.c.what == CAME_BACK)).scalar()

        bare = connection.execute(select(func.sum(incident.c.records)).where(incident.c.what == UNCOVERED)).scalar()

        def incidents(what: str) -> int:
            return int(connection.execute(select(func.count()).where(incident.c.what == what)).scalar_one())

        return {
            "status": "ok",
            "server": core.server.hex(),
            "now": core.now(),
            "protocol": {"lowest": version.PROTOCOL_MIN, "highest": version.PROTOCOL},
            "rules": {"lowest": version.RULES_MIN, "highest": version.RULES},
            "schema": migrate.revision_of(connection),
            "backup": {"number": backups.newest(connection), "at": last_backup or 0},
            "people": count(person),
            "spaces": count(space),
            "rows": int(connection.execute(select(func.sum(space.c.records))).scalar() or 0),
            "files": count(file),
            "incidents": {
                "all": count(incident),
                "spaces_restored": incidents(RESTORED),
                "records_back": int(back or 0),
                "damaged": incidents(DAMAGED),
                "uncovered": int(bare or 0),
            },
            "certificates_unprintable": unprintable(connection),
        }
