"""A folder of backups that tidies itself: each is named by its moment, only so many stay, and never the last sound one.

Files lie beside, by hash, shared by all backups of the folder; they stay.
"""

from datetime import UTC, datetime
from pathlib import Path

_PATTERN = "spoc-*.db"


def next_in(folder: Path, now: int) -> Path:
    """Where the backup of a moment (milliseconds since 1970) goes."""
    return folder / f"spoc-{datetime.fromtimestamp(now / 1000, UTC):%Y%m%d-%H%M%S-%f}.db"


def drop_old(folder: Path, keep: int) -> int:
    """Remove the oldest backups beyond so many; how many went. To be called once a new one was verified."""
    old = sorted(folder.glob(_PATTERN))[: -max(1, keep)]
    for path in old:
        path.unlink()
    return len(old)
