"""All spaces that a laptop knows, and what a request needs to know of them together.

Pure. A trainer knows three hundred spaces and is told mostly that nothing is new: what follows from the states of all
is worked out once, and holds as long as somebody holds these very states, which never change.
"""

from collections.abc import Collection, Mapping
from functools import cached_property

from sync.client.ports import SpaceState
from sync.protocol.digest import view_digest
from sync.protocol.messages import Cursor


class Known(tuple[SpaceState, ...]):  # noqa: SLOT001  # what was worked out is kept in its dict
    """The states of all known spaces, lost ones too, each space once."""

    @classmethod
    def of(cls, states: tuple[SpaceState, ...]) -> "Known":
        """These states, with what was worked out from them already."""
        return states if isinstance(states, Known) else cls(states)

    @cached_property
    def by_name(self) -> Mapping[bytes, SpaceState]:
        """Each state by the name of its space."""
        return {state.space: state for state in self}

    @cached_property
    def digest(self) -> bytes:
        """Of where all that are not lost stand (rule 3)."""
        return view_digest((state.space, state.standing) for state in self if not state.lost)

    @cached_property
    def is_half_told(self) -> bool:
        """Whether the telling of a space was begun and is not over."""
        return any(state.staged is not None or not state.visible for state in self if not state.lost)

    @cached_property
    def uneven(self) -> tuple[SpaceState, ...]:
        """Those about which something is left to ask."""
        return tuple(state for state in self if not is_even(state))


def is_even(state: SpaceState, compared: Collection[bytes] = ()) -> bool:
    """Whether nothing is left to ask about a space: all that was ever told of it is in its records, and readable.

    A space in `compared` had its full compare just now: a checksum that still differs is an incident, not a loop.
    One in doubt is asked about by its stretches (`narrowing`).
    """
    if state.lost:
        return True
    whole = state.visible and state.staged is None
    settled = not (state.compare or state.doubt) or state.space in compared
    return whole and settled and _same_place(state.cursor, state.claim)


def _same_place(one: Cursor, other: Cursor) -> bool:
    return (one.epoch, one.seq, one.tail) == (other.epoch, other.seq, other.tail)
