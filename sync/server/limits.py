"""What one person may send to the server (rule 14, attack A45)."""

from typing import NamedTuple


class Limits(NamedTuple):
    """Entries a day, bytes of records in all, bytes of files in all. 0 is no bound."""

    entries: int = 0
    bytes: int = 0
    files: int = 0


NO_LIMITS = Limits()
