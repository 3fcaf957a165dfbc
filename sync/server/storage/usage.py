"""How much a person may store and has stored (rule 14, attack A45): one small row a writer, written once a push.

Beyond what may be stored in all, an entry is refused and stays on the laptop. Beyond a day's entries the laptop is
asked to come back: nothing is refused, it sends the same again.
"""

from typing import NamedTuple

from sqlalchemy import Connection, delete, func, select

from sync.protocol.errors import Busy
from sync.server.limits import Limits
from sync.server.storage.dialect import cursor_of, rows_of, upsert
from sync.server.storage.schema import allowance, file, signed, upload

DAY_MS = 86_400_000
FIELDS = ("entries", "bytes", "files")
"""What may be allowed to one person alone."""
_COME_BACK_S = 3_600.0
_ALLOWED = "SELECT entries, bytes, files FROM allowance WHERE person_no = ?"
_USED = "SELECT sum(bytes), sum(CASE WHEN day = ? THEN entries ELSE 0 END) FROM usage WHERE person_no = ?"
_KEEP = (
    "INSERT INTO usage (person_no, writer, bytes, day, entries) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (person_no, writer) DO UPDATE SET bytes = usage.bytes + excluded.bytes, "
    "entries = CASE WHEN usage.day = excluded.day THEN usage.entries ELSE 0 END + excluded.entries, day = excluded.day"
)


class Used(NamedTuple):
    """What a person has sent: entries today, bytes of records in all."""

    entries: int
    bytes: int


class Room:
    """What is left to one writer's person in the transaction that is open."""

    def __init__(self, connection: Connection, limits: Limits, person_no: int, writer: int, now: int) -> None:
        self._connection = connection
        self._key = (person_no, signed(writer))
        self._day = now // DAY_MS
        self._until_tomorrow = ((self._day + 1) * DAY_MS - now) / 1000
        allowed = limits_of(connection, limits, person_no)
        used = used_by(connection, person_no, now)
        self._entries = allowed.entries - used.entries if allowed.entries else None
        self._is_first = not used.entries
        self._bytes = allowed.bytes - used.bytes if allowed.bytes else None

    def check_day(self, entries: int) -> None:
        """Busy when that many new entries are more than today's; the first ones of a day go, or some never would."""
        if self._entries is not None and entries > self._entries:
            if self._is_first:
                return
            raise Busy(min(_COME_BACK_S, self._until_tomorrow))

    def take(self, size: int) -> bool:
        """Whether an entry of that many bytes still fits; it is counted if so."""
        if self._bytes is None:
            return True
        if size > self._bytes:
            return False
        self._bytes -= size
        return True

    def keep(self, entries: int, grown: int) -> None:
        """Write down what was accepted, and by how many bytes the space has grown; less where things were removed."""
        if entries:
            cursor_of(self._connection).execute(_KEEP, (*self._key, grown, self._day, entries))


def limits_of(connection: Connection, limits: Limits, person_no: int) -> Limits:
    """What a person may send: what IT allows them, else what the server allows everybody."""
    found = rows_of(connection, _ALLOWED, (person_no,))
    if not found:
        return limits
    return Limits(*(all_ if own is None else own for own, all_ in zip(found[0], limits, strict=True)))


def used_by(connection: Connection, person_no: int, now: int) -> Used:
    """What a person has sent."""
    ((stored, entries),) = rows_of(connection, _USED, (now // DAY_MS, person_no))
    return Used(int(entries or 0), int(stored or 0))


def files_of(connection: Connection, person_no: int) -> int:
    """Bytes of the files that a person has sent."""
    sent = upload.join(file, file.c.sha256 == upload.c.sha256)
    asked = select(func.sum(file.c.size)).select_from(sent).where(upload.c.person_no == person_no)
    return int(connection.execute(asked).scalar() or 0)


def allow(connection: Connection, person_no: int, allowed: dict[str, int | None]) -> None:
    """Allow one person more or less than everybody: `entries`, `bytes`, `files`. None: as everybody."""
    values = {"person_no": person_no, **allowed}
    new = upsert(connection, allowance).values(values)
    connection.execute(new.on_conflict_do_update(index_elements=[allowance.c.person_no], set_=allowed))
    empty = [column.is_(None) for column in (allowance.c.entries, allowance.c.bytes, allowance.c.files)]
    connection.execute(delete(allowance).where(allowance.c.person_no == person_no, *empty))


def exceptions(connection: Connection) -> dict[int, Limits]:
    """Those for whom something else holds than for everybody; -1 where the same holds."""
    columns = (allowance.c.person_no, allowance.c.entries, allowance.c.bytes, allowance.c.files)
    found = connection.execute(select(*columns)).all()
    return {row[0]: Limits(*(-1 if value is None else value for value in row[1:])) for row in found}
