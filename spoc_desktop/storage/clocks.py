"""The clocks of this computer, for a store: they can be handed in."""

import time


def device_monotonic() -> int:
    """A clock that never jumps, in milliseconds."""
    return time.monotonic_ns() // 1_000_000


def device_time() -> int:
    """Device time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000
