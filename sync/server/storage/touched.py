"""What a transaction changes that laptops may wait for: spaces with new rows, people who sit elsewhere (rule 3, live).

It is noted on the connection while the transaction is open and taken from it once that is over.
"""

from typing import NamedTuple

from sqlalchemy import Connection

_KEY = "touched"


class Touched(NamedTuple):
    """Spaces and people by their numbers."""

    spaces: frozenset[int]
    people: frozenset[int]


class Noted:
    """Where a transaction under way notes what it changes."""

    __slots__ = ("people", "spaces")

    def __init__(self) -> None:
        self.spaces: set[int] = set()
        self.people: set[int] = set()


def noted(connection: Connection) -> Noted:
    """The notes of the transaction that is open."""
    kept = connection.info.get(_KEY)
    if isinstance(kept, Noted):
        return kept
    fresh = connection.info[_KEY] = Noted()
    return fresh


def take(connection: Connection) -> Touched | None:
    """What was noted, which is forgotten then; None when it was nothing."""
    kept = connection.info.pop(_KEY, None)
    if not isinstance(kept, Noted) or not (kept.spaces or kept.people):
        return None
    return Touched(frozenset(kept.spaces), frozenset(kept.people))
