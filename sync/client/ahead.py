"""Which files come by themselves, in which order, and which are let go of again (protocol rule 7). Pure.

A person sets how much room files may take on this laptop. Inside it files are fetched before they are asked for, what
is needed soonest first; beyond it nothing comes but what the person asks for. Only files of weeks that are over give
their room to others: they come again when they are asked for.
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import NamedTuple

from sync.client.ports import FileRef


class Step(IntEnum):
    """Why a file is wanted, the most urgent first."""

    ASKED = 0
    """The person said "download now", or brought it on a stick: it comes whatever the limit, and stays."""
    QUEUE = 1
    """A hand-in that waits for this trainer's review; ranked by when it was due."""
    OPENED = 2
    """A page that names it was opened."""
    THIS_WEEK = 3
    NEXT_WEEK = 4
    REST = 5
    PAST = 6
    """Of a week that is over and work that is done; ranked by how long ago."""


class Place(NamedTuple):
    """Where a file stands in the order; the lowest comes first."""

    step: Step
    rank: int = 0


LAST = Place(Step.REST)
"""Of files that nothing says more about."""


class Known(NamedTuple):
    """A file that told records name. `here`: on this disk. `kept`: a change of the person's names it, so it stays."""

    file: FileRef
    here: bool
    kept: bool = False


class Plan(NamedTuple):
    """`fetch` in order; `beyond`: what the limit leaves out; `let_go`: what gives its room back.

    `used`: bytes that are taken once all of it is done.
    """

    fetch: tuple[FileRef, ...]
    beyond: tuple[FileRef, ...]
    let_go: tuple[FileRef, ...]
    used: int


def plan(known: Iterable[Known], places: Mapping[bytes, Place], limit: int | None) -> Plan:
    """The order for files with these places. `limit` in bytes, None: no limit; 0: only what is asked for.

    Small before large where places are equal. A file that does not fit is passed over: smaller ones may.
    """

    def place(one: Known) -> Place:
        return places.get(one.file.sha256, LAST)

    def gives_way(one: Known) -> bool:
        return one.here and not one.kept and place(one).step is Step.PAST

    files = list(known)
    used = sum(one.file.size for one in files if one.here and not gives_way(one))
    fetch, beyond, let_go = [], [], []
    # Of two that are equally old the one that is here stays: nothing is dropped to fetch its like.
    for one in sorted(files, key=lambda one: (place(one), not one.here, one.file.size, one.file.sha256)):
        if one.here and not gives_way(one):
            continue
        fits = limit is None or used + one.file.size <= limit
        if one.here and not fits:
            let_go.append(one.file)
        elif fits or place(one).step is Step.ASKED:
            used += one.file.size
            if not one.here:
                fetch.append(one.file)
        else:
            beyond.append(one.file)
    return Plan(tuple(fetch), tuple(beyond), tuple(let_go), used)


def surplus(known: Iterable[Known], made: Plan, limit: int | None) -> list[FileRef]:
    """What is let go of now: the oldest that gives way, and only as much as lies beyond the limit at this moment.

    Nothing goes for a file that has not come yet: without a network it would be lost for nothing.
    """
    over = 0 if limit is None else sum(one.file.size for one in known if one.here) - limit
    going = []
    for file in reversed(made.let_go):
        if over <= 0:
            break
        going.append(file)
        over -= file.size
    return going
