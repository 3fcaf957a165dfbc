"""How often a secret may be guessed: a few tries a minute, then longer and longer waits (attacks A31, A34).

Only failures count: a class of thirty that joins behind one address in a minute is no attack. In memory: the one
process sees every try.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from sync.protocol.errors import Busy

_MINUTE_MS = 60_000
_LONGEST_MS = 15 * _MINUTE_MS
_MOST_KEYS = 10_000


@dataclass(slots=True)
class _Record:
    failed: int = 0
    rounds: int = 0
    first: int = 0
    until: int = 0


class Tries:
    """Counts the failures of each key: `most` in a minute, then a minute's wait, doubled up to a quarter of an hour."""

    def __init__(self, most: int, now: Callable[[], int]) -> None:
        self._most = most
        self._now = now
        self._records: OrderedDict[Hashable, _Record] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, key: Hashable) -> None:
        """Busy while the key has to wait."""
        with self._lock:
            record = self._records.get(key)
            left = 0 if record is None else record.until - self._now()
        if left > 0:
            raise Busy(left / 1000)

    def failed(self, key: Hashable) -> None:
        """Count a failure."""
        now = self._now()
        with self._lock:
            record = self._records.pop(key, None) or _Record(first=now)
            if now - max(record.first, record.until) > _LONGEST_MS:
                record = _Record(first=now)
            elif now - record.first > _MINUTE_MS:
                record.failed, record.first = 0, now
            record.failed += 1
            if record.failed >= self._most:
                record.until = now + min(_LONGEST_MS, _MINUTE_MS << record.rounds)
                record.failed, record.rounds = 0, record.rounds + 1
            self._records[key] = record
            while len(self._records) > _MOST_KEYS:
                self._records.popitem(last=False)
