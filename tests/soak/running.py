"""The run: a thousand syncs through faults, a look at everything every hundred, and what has to hold at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec

from sync.domain.forum import POST
from sync.domain.kind import encode
from sync.domain.revisions import REVISION
from sync.protocol.errors import SyncError
from tests.soak.faults import a_fault
from tests.soak.measures import Measured, measure
from tests.soak.stage import Laptop, Stage, staged

_GROWTH_MIB = 30
"""What a process may hold more at the end than in the middle: the work itself grows, and allocators keep some."""
_GROWTH_FILES = 5
_ROUNDS_TO_AGREE = 4


class Broken(AssertionError):
    """Something that the soak promises does not hold."""


def soak(folder: Path, syncs: int, seed: int, said: Callable[[str], None]) -> list[Measured]:
    """Play it; the measurements. Broken when something was lost, disagrees or grows."""
    with staged(folder, seed) as stage:
        found: list[Measured] = []
        ends: Counter[str] = Counter()
        every = max(10, syncs // 10)
        for number in range(1, syncs + 1):
            _one(stage, ends, may_kill=number <= syncs // 2)
            if number % every == 0:
                _agree(stage)
                found.append(measure(stage, number))
                said(found[-1].line())
        said(", ".join(f"{name} {count}" for name, count in sorted(ends.items())))
        check_growth(found[len(found) // 2 :])
        return found


def _one(stage: Stage, ends: Counter[str], *, may_kill: bool) -> None:
    """Somebody works, then synchronises, and something may go wrong."""
    laptop = stage.rng.choice(stage.laptops)
    stage.write(laptop)
    with a_fault(stage, laptop, may_kill=may_kill) as fault:
        error: SyncError | None = laptop.sync()
    ends[f"{fault}: {'well' if error is None else type(error).__name__}"] += 1
    if stage.rng.random() < 0.02:
        laptop.restart()


def _agree(stage: Stage) -> None:
    """Faults stop: everybody has the same within a few syncs, and nothing that was seen saved is missing."""
    for _ in range(_ROUNDS_TO_AGREE):
        for laptop in stage.laptops:
            error = laptop.sync()
            if error is not None:
                raise Broken(f"a sync without a fault ended: {type(error).__name__}: {error.detail}")
    if len({_all_posts(laptop, stage.space) for laptop in stage.laptops}) > 1:
        raise Broken("the laptops do not agree")
    _check_ledger(stage, stage.laptops[0])


def _all_posts(laptop: Laptop, space: bytes) -> bytes:
    """All posts that a person sees, as bytes that can be compared."""
    seen = sorted(laptop.store.view(POST, space), key=lambda each: each.id)
    return b"".join(each.id + encode(each.body) for each in seen)


def _check_ledger(stage: Stage, laptop: Laptop) -> None:
    """Each text that stands for somebody is there, or beside what overtook it."""
    here = {(seen.id, seen.body.text) for seen in laptop.store.view(POST, stage.space)}
    revisions = [seen.body for seen in laptop.store.view(REVISION, stage.space)]
    text = POST.number_of("text")
    here |= {(each.record, msgspec.msgpack.decode(each.value)) for each in revisions if each.field == text}
    missing = [text for id_, text in stage.standing.items() if (id_, text) not in here]
    if missing:
        raise Broken(f"{len(missing)} texts are lost, the first: {missing[0][:30]}")


def check_growth(quiet: list[Measured]) -> None:
    """From the middle on no process was killed: what grows now grows for ever."""
    first, last = quiet[0], quiet[-1]
    if last.client_mib - first.client_mib > _GROWTH_MIB or last.server_mib - first.server_mib > _GROWTH_MIB:
        raise Broken(f"memory grows: {first} then {last}")
    if last.client_files - first.client_files > _GROWTH_FILES or last.server_files - first.server_files > _GROWTH_FILES:
        raise Broken(f"open files grow: {first} then {last}")
    for name in ("waiting", "half_told", "arriving", "server_faults"):
        if getattr(last, name):
            raise Broken(f"{name}: {getattr(last, name)} at the end")
    if last.server_passing > 2 * first.server_passing + 10 or last.incidents > first.incidents:
        raise Broken(f"passing rows pile up: {first} then {last}")
