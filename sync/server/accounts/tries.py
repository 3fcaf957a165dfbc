"""How often a secret may be guessed: a few tries a minute, then longer and longer waits (attacks A31, A34).

Only failures count: a class of thirty that joins behind one address in a minute is no attack. Where one process sees
every try they are counted in memory; where several serve they are counted in the database, under a hash of whom and
from where.
"""

import hmac
import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import astuple, dataclass

from sqlalchemy import Connection, delete, select, update

from sync.protocol.errors import Busy
from sync.server.core import Core
from sync.server.storage.dialect import upsert
from sync.server.storage.schema import tries as table

_MINUTE_MS = 60_000
_LONGEST_MS = 15 * _MINUTE_MS
_MOST_KEYS = 10_000
_COLUMNS = (table.c.failed, table.c.rounds, table.c.first, table.c.until)


@dataclass(slots=True)
class _Record:
    failed: int = 0
    rounds: int = 0
    first: int = 0
    until: int = 0

    def after(self, now: int, most: int) -> "_Record":
        """The record with one failure more."""
        record = self
        if now - max(record.first, record.until) > _LONGEST_MS:
            record = _Record(first=now)
        elif now - record.first > _MINUTE_MS:
            record.failed, record.first = 0, now
        record.failed += 1
        if record.failed >= most:
            record.until = now + min(_LONGEST_MS, _MINUTE_MS << min(record.rounds, 8))
            record.failed, record.rounds = 0, record.rounds + 1
        return record


class Tries(ABC):
    """Counts the failures of each key: `most` in a minute, then a minute's wait, doubled up to a quarter of an hour."""

    def __init__(self, most: int, now: Callable[[], int]) -> None:
        self._most = most
        self._now = now

    def check(self, key: Hashable) -> None:
        """Busy while the key has to wait."""
        left = self._until(key) - self._now()
        if left > 0:
            raise Busy(left / 1000)

    @abstractmethod
    def failed(self, key: Hashable) -> None:
        """Count a failure."""

    @abstractmethod
    def _until(self, key: Hashable) -> int:
        """Up to when the key waits, 0 for a key that nobody tried."""


def tries(core: Core, name: str, most: int) -> Tries:
    """The counter of one kind of secret."""
    return _Shared(core, name, most) if core.database.is_shared else _InMemory(most, core.now)


class _InMemory(Tries):
    def __init__(self, most: int, now: Callable[[], int]) -> None:
        super().__init__(most, now)
        self._records: OrderedDict[Hashable, _Record] = OrderedDict()
        self._lock = threading.Lock()

    def failed(self, key: Hashable) -> None:
        now = self._now()
        with self._lock:
            record = self._records.pop(key, None) or _Record(first=now)
            self._records[key] = record.after(now, self._most)
            while len(self._records) > _MOST_KEYS:
                self._records.popitem(last=False)

    def _until(self, key: Hashable) -> int:
        with self._lock:
            record = self._records.get(key)
        return 0 if record is None else record.until


class _Shared(Tries):
    def __init__(self, core: Core, name: str, most: int) -> None:
        super().__init__(most, core.now)
        self._core = core
        self._name = name

    def failed(self, key: Hashable) -> None:
        self._core.writer.run(lambda connection: self._count(connection, self._kept(key), self._now()))

    def _count(self, connection: Connection, key: bytes, now: int) -> None:
        new = {"key": key, "failed": 0, "rounds": 0, "first": now, "until": 0}
        connection.execute(upsert(connection, table).values(new).on_conflict_do_nothing())
        row = connection.execute(select(*_COLUMNS).where(table.c.key == key).with_for_update()).one()
        record = _Record(*row).after(now, self._most)
        values = dict(zip((column.name for column in _COLUMNS), astuple(record), strict=True))
        connection.execute(update(table).where(table.c.key == key).values(values))
        over = (table.c.first < now - 2 * _LONGEST_MS, table.c.until < now - _LONGEST_MS)
        connection.execute(delete(table).where(*over))

    def _until(self, key: Hashable) -> int:
        with self._core.reading() as connection:
            found = connection.execute(select(table.c.until).where(table.c.key == self._kept(key)))
            return found.scalar_one_or_none() or 0

    def _kept(self, key: Hashable) -> bytes:
        return hmac.digest(self._core.secrets.publish, f"{self._name} {key!r}".encode("utf-8", "replace"), "sha256")
