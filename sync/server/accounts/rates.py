"""How often a person and an address may ask (rule 14): a number a minute, then 429 with the seconds to wait.

Counted in each process for itself: several processes together allow as many times more. This computer's own address is
not counted: an undeclared reverse proxy would make everybody one visitor.
"""

import time
from collections import OrderedDict
from threading import Lock

from limits import RateLimitItemPerMinute
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from sync.protocol.errors import Busy

_MOST_KEYS = 50_000
_LOOPBACK = ("127.", "::ffff:127.")


class _Windows(Storage):
    """Counts in memory, the least recent forgotten; the library's own starts a thread again and again to tidy up."""

    def __init__(self) -> None:
        super().__init__()
        self._windows: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._lock = Lock()

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may go wrong in storing: nothing."""
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count, in a new window where the last is over."""
        now = time.time()
        with self._lock:
            count, until = self._windows.pop(key, (0, 0.0))
            if until <= now:
                count, until = 0, now + expiry
            self._windows[key] = (count + amount, until)
            if len(self._windows) > _MOST_KEYS:
                self._windows.popitem(last=False)
        return count + amount

    def get(self, key: str) -> int:
        """How many were counted in the window that is open."""
        count, until = self._windows.get(key, (0, 0.0))
        return count if until > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """When the window is over, in seconds since 1970."""
        return self._windows.get(key, (0, time.time()))[1]

    def check(self) -> bool:
        """Memory is always there."""
        return True

    def reset(self) -> int | None:
        """Forget everything."""
        with self._lock:
            count = len(self._windows)
            self._windows.clear()
        return count

    def clear(self, key: str) -> None:
        """Forget a key."""
        with self._lock:
            self._windows.pop(key, None)


class Rate:
    """So many a minute for each key; 0 is no bound."""

    def __init__(self, most: int) -> None:
        self._limit = RateLimitItemPerMinute(most) if most else None
        self._limiter = FixedWindowRateLimiter(_Windows())

    def check(self, key: str) -> None:
        """Count one. Busy when the key has to wait until its minute is over."""
        if self._limit is not None and not self._limiter.hit(self._limit, key):
            wait = self._limiter.get_window_stats(self._limit, key).reset_time - time.time()
            raise Busy(max(1.0, wait))


def is_here(host: str) -> bool:
    """Whether an address is this computer's own."""
    return host == "::1" or host.startswith(_LOOPBACK)
