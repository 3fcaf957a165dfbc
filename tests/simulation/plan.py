"""What a seed plays beside what its chance draws."""

from __future__ import annotations

from typing import NamedTuple

_RECORDED = 400
"""Seeds below stand beside known bugs: what is new is played there by those alone that no bug is recorded with."""


class Plan(NamedTuple):
    """Whether this or that is played.

    `damages`: rows are damaged at either end, and the server drops old tombstones. `slow`: answers take their time, and
    those to requests that were sent later overtake them. `alone`: three of the four laptops are of one person.
    """

    damages: bool
    slow: bool
    alone: bool


def plan_of(seed: int) -> Plan:
    """The plan of a seed."""
    if seed < _RECORDED:
        return Plan(seed % 7 == 3, slow=seed % 9 in {3, 8}, alone=seed % 9 == 3)
    return Plan(seed % 7 == 3, slow=seed % 2 == 1, alone=seed % 4 in {1, 2})
