"""Moving the parts of a course about: pure functions from modules to modules.

What is not there any more, because another author took it out, is left as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from sync.domain.courses import Module


def rename_module(modules: list[Module], module_id: bytes, **fields: Any) -> list[Module]:
    """Other fields for one module."""
    return [msgspec.structs.replace(one, **fields) if one.id == module_id else one for one in modules]


def move_module(modules: list[Module], module_id: bytes, step: int) -> list[Module]:
    """One module up (-1) or down (1). Weeks stay in their order: modules that change places change weeks."""
    place = next((n for n, one in enumerate(modules) if one.id == module_id), -1)
    other = place + step
    if place < 0 or not 0 <= other < len(modules):
        return modules
    weeks = [one.week for one in modules]
    modules[place], modules[other] = modules[other], modules[place]
    return [msgspec.structs.replace(one, week=week) for one, week in zip(modules, weeks, strict=True)]


def take_module(modules: list[Module], module_id: bytes) -> list[Module]:
    """All but one."""
    return [one for one in modules if one.id != module_id]


def insert_module(modules: list[Module], module: Module, place: int) -> list[Module]:
    """Put a module back where it was."""
    return [*modules[:place], module, *modules[place:]] if module.id not in [one.id for one in modules] else modules


def place_of(modules: Sequence[Module], activity: bytes) -> tuple[int, int]:
    """The place of the module and the place in it."""
    for at, module in enumerate(modules):
        if activity in module.activities:
            return at, module.activities.index(activity)
    return 0, 0


def take_activity(modules: list[Module], activity: bytes) -> list[Module]:
    """The activity is in no module any more."""
    return [_with(one, tuple(each for each in one.activities if each != activity)) for one in modules]


def insert_activity(modules: list[Module], activity: bytes, at: int, place: int) -> list[Module]:
    """Put an activity at a place of a module."""
    if not modules or any(activity in one.activities for one in modules):
        return modules
    at = min(at, len(modules) - 1)
    before = modules[at].activities
    modules[at] = _with(modules[at], (*before[:place], activity, *before[place:]))
    return modules


def move_activity(modules: list[Module], activity: bytes, step: int) -> list[Module]:
    """One place up (-1) or down (1); at the edge of a module it goes into the one beside."""
    if not any(activity in one.activities for one in modules):
        return modules
    at, place = place_of(modules, activity)
    there = place + step
    if 0 <= there < len(modules[at].activities):
        return insert_activity(take_activity(modules, activity), activity, at, there)
    if not 0 <= at + step < len(modules):
        return modules
    there = len(modules[at - 1].activities) if step < 0 else 0
    return insert_activity(take_activity(modules, activity), activity, at + step, there)


def _with(module: Module, activities: tuple[bytes, ...]) -> Module:
    return msgspec.structs.replace(module, activities=activities)
