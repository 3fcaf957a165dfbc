"""What lies on a trainer's table: the queue, the hand-in in view and its neighbours, and the review being written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from spoc_desktop.services.bank import Kept
from spoc_desktop.services.reviewing import Copy, Waiting, numbered
from sync.domain.anchors import Anchor
from sync.domain.exercises import Mark, Remark, Review


@dataclass(frozen=True, slots=True)
class Table:
    """What was read. `copies`: the hand-in in view and its neighbours, so that the next one is there at once.

    `here` None: nothing waits; `next_due`: when the next hand-in is expected. `now` in milliseconds.
    """

    queue: tuple[Waiting, ...]
    here: bytes | None
    copies: dict[bytes, Copy]
    bank: tuple[Kept, ...]
    next_due: int | None
    now: int

    @property
    def copy(self) -> Copy | None:
        """The hand-in in view."""
        return self.copies[self.here] if self.here is not None else None

    def looks_as(self, other: Table) -> bool:
        """Whether the page is the same with the one as with the other; neighbours are read but not seen."""
        mine, theirs = ((one.here, one.copy, one.queue, one.bank, one.next_due) for one in (self, other))
        return self.copy is not None and mine == theirs


@dataclass(slots=True)
class Round:
    """The hand-ins of one sitting in their order: those decided stay counted, as a row of segments."""

    order: list[bytes] = field(default_factory=list)
    decided: set[bytes] = field(default_factory=set)

    def follow(self, queue: Iterable[Waiting]) -> None:
        """Take in what waits now; what waits no longer and was not decided here leaves."""
        waiting = [one.hand_in for one in queue]
        kept = [one for one in self.order if one in self.decided or one in waiting]
        self.order = kept + [one for one in waiting if one not in kept]

    def neighbour(self, here: bytes | None, step: int) -> bytes | None:
        """The next hand-in that waits in this direction; None at the end."""
        if here not in self.order:
            waiting = [one for one in self.order if one not in self.decided]
            return waiting[0] if waiting else None
        place = self.order.index(here) + step
        while 0 <= place < len(self.order):
            if self.order[place] not in self.decided:
                return self.order[place]
            place += step
        return None

    def after(self, here: bytes) -> bytes | None:
        """Where to go once this one is decided: on, else back."""
        return self.neighbour(here, 1) or self.neighbour(here, -1)


class Sheet:
    """The review that is being written, one value after the other; `copy` is what it began from."""

    def __init__(self, copy: Copy) -> None:
        self.about = copy.about
        self.review = copy.review
        self.saved = copy.saved
        self.current = 0
        self.opinion_cursor = len(copy.review.opinion)
        self.touched = False

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """The remarks in their order."""
        return self.review.remarks

    def change(self, **fields: object) -> Review:
        """Put fields of the review; the review as it is then."""
        self.touched = True
        self.review = msgspec.structs.replace(self.review, **fields)
        return self.review

    def mark(self, criterion: int, level: int) -> None:
        """Choose a level."""
        others = [one for one in self.review.marks if one.criterion != criterion]
        marks = sorted([*others, Mark(criterion=criterion, level=level)], key=lambda one: one.criterion)
        self.change(marks=tuple(marks))

    def add_remark(self, text: str, anchor: Anchor | None) -> None:
        """A new remark becomes the current one."""
        fresh = Remark(number=len(self.remarks) + 1, text=text, anchor=anchor)
        self.change(remarks=numbered((*self.remarks, fresh)))
        same = [one for one in self.remarks if one.anchor == anchor and one.text == text]
        self.current = same[-1].number

    def write_remark(self, number: int, text: str) -> None:
        """Other words for a remark."""
        self.change(
            remarks=tuple(
                msgspec.structs.replace(one, text=text) if one.number == number else one for one in self.remarks
            )
        )

    def drop_remark(self, number: int) -> None:
        """Take a remark away; the others are numbered anew."""
        self.change(remarks=numbered(one for one in self.remarks if one.number != number))
        self.current = 0
