"""What turned over on the server's own disk is noted for IT; all else goes on (fault F9).

A space whose rows do not add up to the checksum that was written with each of them is damaged. That shows when a laptop
asks about it by stretches: it agrees in the end with what is told, and that is not the checksum of the space.
"""

import logging
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, insert, select

from sync.protocol.messages import Cursor, Narrowed, Probe
from sync.server.core import Core
from sync.server.storage import spaces
from sync.server.storage.schema import incident
from sync.server.storage.soundness import unreadable
from sync.server.storage.spaces import SpaceHead

DAMAGED = "damaged"
_DAY_MS = 86_400_000
_NAMED = 5
_log = logging.getLogger(__name__)


def look(core: Core, probes: Sequence[Probe], narrowed: Iterable[Narrowed]) -> None:
    """Tell IT, once a day and space, where a laptop has all that can be told and that is not the space's checksum."""
    agreed = {each.space: each.cursor for each in narrowed if not (each.spans or each.told)}
    now = core.now()
    for probe in probes:
        if probe.space not in agreed or len(probe.spans) != 1 or probe.spans[0].after or probe.spans[0].upto:
            continue
        with core.reading() as connection:
            head = spaces.find(connection, probe.space)
            is_same = head is not None and (head.epoch, head.seq, head.tail) == _place(agreed[probe.space])
            if head is None or not is_same or head.checksum == probe.spans[0].checksum:
                continue
            if _is_noted(connection, head, now):
                continue
            bad = unreadable(connection, head.no)
        detail = f"space {head.id.hex()}: its records are not those that were accepted; restore a backup"
        if bad:
            named = ", ".join(id_.hex() for id_ in bad[:_NAMED])
            detail += f"; cannot be read: {named}" + (" and others" if len(bad) > _NAMED else "")
        _log.error("damaged: %s", detail)
        line = insert(incident).values(at=now, what=DAMAGED, space_no=head.no, detail=detail, records=len(bad))
        core.writer.run(lambda connection, line=line: connection.execute(line))  # type: ignore[misc]  # bound now


def _place(cursor: Cursor) -> tuple[int, int, bytes]:
    return cursor.epoch, cursor.seq, cursor.tail


def _is_noted(connection: Connection, head: SpaceHead, now: int) -> bool:
    here = (incident.c.what == DAMAGED, incident.c.space_no == head.no, incident.c.at > now - _DAY_MS)
    return connection.execute(select(incident.c.no).where(*here).limit(1)).first() is not None
