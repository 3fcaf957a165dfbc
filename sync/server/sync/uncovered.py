"""What laptops let go of for want of room although no verified backup covered it: IT hears of it (rule 1)."""

from sqlalchemy import Connection, insert, select, update

from sync.server.core import Core
from sync.server.storage.schema import incident

UNCOVERED = "uncovered"
_MOST = 1 << 40
"""What a laptop that says anything may add to the sum."""


def note(core: Core, device_no: int, told: int) -> None:
    """Keep the number that a laptop tells, a line a laptop; what was told before costs a look and no transaction."""
    told = min(told, _MOST)
    with core.reading() as connection:
        if _told_before(connection, device_no) >= told:
            return
    now = core.now()
    core.writer.run(lambda connection: _keep(connection, device_no, told, now))


def _detail(device_no: int) -> str:
    return f"laptop {device_no} had no room for changes that no backup has: make backups more often"


def _told_before(connection: Connection, device_no: int) -> int:
    here = (incident.c.what == UNCOVERED, incident.c.detail == _detail(device_no))
    return connection.execute(select(incident.c.records).where(*here)).scalar() or 0


def _keep(connection: Connection, device_no: int, told: int, now: int) -> None:
    before = _told_before(connection, device_no)
    if before >= told:
        return
    line = {"at": now, "what": UNCOVERED, "detail": _detail(device_no), "records": told}
    same = (incident.c.what == UNCOVERED, incident.c.detail == line["detail"])
    connection.execute(update(incident).where(*same).values(line) if before else insert(incident).values(line))
