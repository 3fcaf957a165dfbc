"""When to try again after a failed exchange: soon, then more rarely, spread by chance, or when the server says."""

from spoc_desktop.storage.errors import StoreBusy
from sync.client.ports import Chance
from sync.protocol.errors import (
    Busy,
    CaptivePortal,
    LoginExpired,
    NotOurServer,
    SyncError,
    UntrustedCertificate,
    UpdateNeeded,
)

SECOND_MS = 1_000
FIRST_MS = 5 * SECOND_MS
MOST_MS = 5 * 60 * SECOND_MS
CALM_MS = 60 * SECOND_MS
"""How often a laptop that is up to date asks whether there is anything new."""
RARE_MS = 60 * 60 * SECOND_MS

_RARE = (UpdateNeeded, NotOurServer, UntrustedCertificate)
"""Only an update or IT ends these: an hour between tries."""


def delay(failures: int, error: Exception | None, chance: Chance) -> int | None:
    """Milliseconds until the next try after `failures` failures in a row; None: only the person can end it.

    Each delay is spread over half of itself to half more: laptops that failed together do not come back together.
    """
    if error is None:
        return _spread(CALM_MS, chance)
    if isinstance(error, LoginExpired):
        return None
    if isinstance(error, Busy):
        # Never earlier than the server said (Retry-After).
        return round(error.retry_after * SECOND_MS) + _spread(FIRST_MS, chance)
    if isinstance(error, _RARE):
        return _spread(RARE_MS, chance)
    if isinstance(error, CaptivePortal):
        return _spread(FIRST_MS * 4, chance)
    return _spread(min(MOST_MS, FIRST_MS << min(failures - 1, 16)), chance)


def _spread(milliseconds: int, chance: Chance) -> int:
    return milliseconds // 2 + milliseconds * int.from_bytes(chance.bytes(2), "big") // 0xFFFF


def is_passing(error: Exception) -> bool:
    """Whether time alone may end it, without the person or IT doing anything."""
    return isinstance(error, (SyncError, StoreBusy)) and not isinstance(error, (LoginExpired, *_RARE))
