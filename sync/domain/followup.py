"""Follow-up: who is late, silent or stuck, each reason by a rule; and what trainers keep about a learner."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from sync.domain.cohorts import DAY_MS
from sync.domain.kind import Erase, Kind, Merge
from sync.domain.permissions import TRAINER
from sync.domain.spaces import SpaceType


class PrivateNote(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What a trainer notes about a learner; the trainers of the cohort read it, the learner does not."""

    text: str
    at: int


class NextAction(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What a trainer means to do next for a learner. `remind_at` 0: no reminder. Times are device milliseconds."""

    text: str
    at: int
    remind_at: int = 0
    done_at: int = 0


SILENT_DAYS = 7
"""Days without work from which on somebody may count as silent."""
SILENT_TIMES = 2
"""How many times the group's own usual pause it must be: when everybody rests, nobody is silent."""
FAILURES = 3
"""Failed attempts in a row at one quiz."""
RETURNED_DAYS = 4
"""Days that a returned exercise may lie without a new version."""
HELP_HOURS = 24
"""Hours that a call for help may stand without an answer."""
_HOUR_MS = DAY_MS // 24


class Late(NamedTuple):
    """Activities past their due date, the longest due first, else as they were given.

    `days`: since the first of them was due.
    """

    activities: tuple[bytes, ...]
    days: int


class Silent(NamedTuple):
    """No work for so many days, while the group's usual pause is `usual` days. `never`: no work has come at all."""

    days: int
    usual: int
    never: bool


class Failing(NamedTuple):
    """The same quiz failed so many times in a row, never passed since."""

    activity: bytes
    times: int


class NotTakenUp(NamedTuple):
    """An exercise that was returned, and no new version for so many days."""

    activity: bytes
    days: int


class Unanswered(NamedTuple):
    """A call for help that nobody has answered for so many hours; `post` opened the discussion."""

    post: bytes
    hours: int


Reason = Late | Silent | Failing | NotTakenUp | Unanswered


class Facts(NamedTuple):
    """What is known of one learner, as of the last sync of theirs. All instants in milliseconds.

    `late`: activities that are past due and not done, with when each was due. `last_work`: None when none has come.
    `failures`: failed attempts in a row by quiz. `returned`: when an exercise came back that has no newer version.
    `calls`: discussions in which they ask for help, with when, and nobody has answered.
    """

    since: int
    last_work: int | None = None
    late: Mapping[bytes, int] = MappingProxyType({})
    failures: Mapping[bytes, int] = MappingProxyType({})
    returned: Mapping[bytes, int] = MappingProxyType({})
    calls: Mapping[bytes, int] = MappingProxyType({})


def pause(facts: Facts, now: int) -> int:
    """Whole days since the last work, or since the learner began when there is none."""
    return max(0, now - max(facts.since, facts.last_work or 0)) // DAY_MS


def usual_pause(group: Iterable[Facts], now: int) -> int:
    """The pause of a group, in whole days: half of its people have worked more lately."""
    pauses = [pause(facts, now) for facts in group]
    return int(median(pauses)) if pauses else 0


def reasons(facts: Facts, usual: int, now: int) -> tuple[Reason, ...]:
    """Why to think of a learner, the most urgent first; empty when there is nothing."""
    return (*_stuck(facts, now), *_silent(facts, usual, now), *_late(facts, now))


def weight(found: Sequence[Reason]) -> tuple[int, ...]:
    """How urgent somebody's reasons are; the greater comes first.

    A person who asks comes before one who is stuck, then who is silent, then who is late; within one sort, more of it.
    """
    return tuple(sorted((_urgency(one) for one in found), reverse=True))


def _urgency(reason: Reason) -> int:
    match reason:
        case Unanswered(hours=hours):
            return 4_000_000 + hours
        case Failing(times=times):
            return 3_000_000 + times * 24
        case NotTakenUp(days=days):
            return 3_000_000 + days * 24
        case Silent(days=days):
            return 2_000_000 + days * 24
        case Late(activities=activities, days=days):
            return 1_000_000 + days * 24 + len(activities)


def _stuck(facts: Facts, now: int) -> list[Reason]:
    calls = [Unanswered(post, (now - at) // _HOUR_MS) for post, at in sorted(facts.calls.items())]
    failing = [Failing(activity, times) for activity, times in sorted(facts.failures.items()) if times >= FAILURES]
    lying = [NotTakenUp(activity, (now - at) // DAY_MS) for activity, at in sorted(facts.returned.items())]
    found: list[Reason] = [
        *(call for call in calls if call.hours >= HELP_HOURS),
        *failing,
        *(one for one in lying if one.days >= RETURNED_DAYS),
    ]
    return sorted(found, key=_urgency, reverse=True)


def _silent(facts: Facts, usual: int, now: int) -> list[Reason]:
    days = pause(facts, now)
    is_silent = days >= SILENT_DAYS and days >= SILENT_TIMES * usual
    return [Silent(days, usual, facts.last_work is None)] if is_silent else []


def _late(facts: Facts, now: int) -> list[Reason]:
    due = sorted((one for one in facts.late.items() if one[1] <= now), key=lambda one: one[1])
    return [Late(tuple(activity for activity, _ in due), (now - due[0][1]) // DAY_MS)] if due else []


PRIVATE_NOTE = Kind(
    70,
    "private_note",
    PrivateNote,
    space=(SpaceType.STAFF,),
    merge=Merge.EDITED,
    write=TRAINER,
    erase=Erase.WIPE,
    search=("text",),
)
NEXT_ACTION = Kind(
    71,
    "next_action",
    NextAction,
    space=(SpaceType.STAFF,),
    merge=Merge.EDITED,
    write=TRAINER,
    others=TRAINER,
    erase=Erase.WIPE,
)
KINDS = (PRIVATE_NOTE, NEXT_ACTION)
