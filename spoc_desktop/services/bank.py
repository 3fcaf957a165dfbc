"""The remarks that a trainer keeps to use again: in their own space, on all their laptops, read by nobody else."""

from dataclasses import dataclass

from spoc_desktop.services.desk import Desk, Edited, New, Removed
from sync.client.ports import Changes
from sync.domain import spaces
from sync.domain.exercises import BANK, Bank


@dataclass(frozen=True, slots=True)
class Kept:
    """A remark in the bank."""

    id: bytes
    text: str
    used: int


class CommentBank:
    """Reads and writes the store at once: call it in the database worker."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def kept(self) -> tuple[Kept, ...]:
        """All kept remarks, the most used first."""
        found = [Kept(seen.id, seen.body.text, seen.body.used) for seen in self._desk.store.view(BANK)]
        return tuple(sorted(found, key=lambda one: (-one.used, one.text.casefold())))

    def keep(self, text: str) -> Changes:
        """Keep a remark; one that is there already is not kept twice."""
        words = text.strip()
        if not words or any(one.text == words for one in self.kept()):
            return Changes()
        space = spaces.own(self._desk.person)
        return self._desk.store.write([New(BANK, space, self._desk.new_id(), Bank(text=words))])

    def taken(self, kept: Kept) -> Changes:
        """A remark was put into a review: what is used often stands first."""
        return self._desk.store.write([Edited(BANK, kept.id, {"used": kept.used + 1})])

    def forget(self, kept: Kept) -> Changes:
        """Take a remark out of the bank; reviews that have it keep it."""
        return self._desk.store.write([Removed(BANK, kept.id)])
