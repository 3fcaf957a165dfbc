"""How long this laptop may wait with the server for news, as found out by waiting (live pull, protocol rule 3).

Something on the way may cut what is silent for ten seconds, and a server may not hold a request at all. Neither is a
fault that a person should see: waits become shorter, or are left out for a while.
"""

from sync.protocol.limits import LIVE_PULL_MS

SHORTEST_MS = 2_000
"""What cannot wait as long as this asks by turns."""
SOON_MS = 1_000
"""An empty answer that comes within this was not held."""
FIRST_PAUSE_MS = 5_000
LONGEST_PAUSE_MS = 60_000
_GOOD_ENOUGH = 20
"""Waits in a row that were held, after which a longer one is tried."""


class Patience:
    """The wait to ask for next, in milliseconds, and how long to leave it out after one that failed."""

    def __init__(self) -> None:
        self.wait = LIVE_PULL_MS
        self._held = 0
        self._failed = 0

    def came(self) -> None:
        """The wait was held, or it brought something."""
        self._failed = 0
        self._held += 1
        if self._held >= _GOOD_ENOUGH:
            self._held = 0
            self.wait = min(LIVE_PULL_MS, self.wait * 3 // 2)

    def refused(self) -> int:
        """The answer was empty and came at once: how long to ask by turns before another try."""
        return self._pause()

    def cut(self, after: int) -> int:
        """Something ended the wait after so long: how long to ask by turns before another try."""
        if SOON_MS <= after < self.wait:
            self.wait = max(SHORTEST_MS, after * 7 // 10)
        pause = self._pause()
        return 0 if self._failed == 1 else pause

    def _pause(self) -> int:
        self._held = 0
        self._failed += 1
        return min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << min(self._failed - 1, 8))
