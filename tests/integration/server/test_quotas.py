"""Rule 14, attack A45: what a person may store and send is bounded, and nothing that they wrote is lost by it."""

from __future__ import annotations

from typing import Any

import pytest

from sync.domain.spaces import SpaceType
from sync.protocol.errors import Busy, Refusal
from sync.protocol.messages import Verdict
from sync.server.core import Core
from sync.server.settings import Settings
from sync.server.storage import usage
from tests.integration.server.world import Laptop, World, entry

DAY_MS = 86_400_000


def with_limits(world: World, **limits: Any) -> None:
    """Start the server of this world again with other limits for everybody."""
    world.core.close()
    world.core = Core(Settings(world.data, **limits), lambda: world.now, world.chance)
    world.administration = type(world.administration)(world.core)


def verdicts(laptop: Laptop, space: bytes, *texts: str) -> list[tuple[Verdict, int]]:
    """What becomes of a post each."""
    answer = laptop.push(space, *map(laptop.post, texts))
    return [(run.verdict, run.refusal) for run in answer.runs for _ in range(run.count)]


def test_beyond_what_a_person_may_store_an_entry_is_refused_alone_and_says_why(world: World) -> None:
    with_limits(world, record_bytes=3_000)
    ines, here = world.laptop("ines"), world.space(SpaceType.COHORT)
    assert verdicts(ines, here, "a" * 1_000, "b" * 3_000, "c" * 500) == [
        (Verdict.ACCEPTED, 0),
        (Verdict.REFUSED, Refusal.OVER_QUOTA),
        (Verdict.ACCEPTED, 0),
    ]
    assert verdicts(world.laptop("karim"), here, "d" * 2_000) == [(Verdict.ACCEPTED, 0)], "a quota is of one person"


def test_what_was_refused_is_taken_under_its_own_name_when_it_gives_more_room(world: World) -> None:
    with_limits(world, record_bytes=500)
    ines, here = world.laptop("ines"), world.space(SpaceType.COHORT)
    post = ines.post("a" * 1_000)
    assert ines.push(here, post).runs[0].refusal == Refusal.OVER_QUOTA
    world.administration.allow("ines", {"bytes": 5_000})
    assert ines.push(here, post).runs[0].verdict is Verdict.ACCEPTED
    assert ines.push(here, post).runs[0].verdict is Verdict.DUP


def test_a_second_laptop_of_the_same_person_gives_no_second_quota(world: World) -> None:
    with_limits(world, record_bytes=2_500)
    here = world.space(SpaceType.COHORT)
    assert verdicts(world.laptop("ines"), here, "a" * 2_000) == [(Verdict.ACCEPTED, 0)]
    assert verdicts(world.laptop("ines"), here, "b" * 2_000) == [(Verdict.REFUSED, Refusal.OVER_QUOTA)]


def test_what_is_deleted_gives_its_room_back(world: World) -> None:
    with_limits(world, record_bytes=2_500)
    ines, here = world.laptop("ines"), world.space(SpaceType.COHORT)
    first = ines.post("a" * 2_000)
    seq = ines.push(here, first).runs[0].seq
    assert verdicts(ines, here, "b" * 2_000) == [(Verdict.REFUSED, Refusal.OVER_QUOTA)]
    world.administration.allow("ines", {"bytes": 1})
    assert ines.push(here, ines.delete(first.id, seq)).runs[0].verdict is Verdict.ACCEPTED
    world.administration.allow("ines", {"bytes": None})
    assert verdicts(ines, here, "b" * 2_000) == [(Verdict.ACCEPTED, 0)]


def test_beyond_a_days_entries_the_laptop_comes_back_and_nothing_is_refused(world: World) -> None:
    with_limits(world, entries_a_day=3)
    ines, here = world.laptop("ines"), world.space(SpaceType.COHORT)
    done = ines.post("un")
    ines.push(here, done)
    many = [ines.post(str(number)) for number in range(3)]
    with pytest.raises(Busy) as asked:
        ines.push(here, *many)
    assert 0 < asked.value.retry_after <= 3_600
    assert ines.push(here, done).runs[0].verdict is Verdict.DUP, "what was done is no new entry"
    world.now += DAY_MS
    assert [run.verdict for run in ines.push(here, *many).runs] == [Verdict.ACCEPTED]


def test_a_push_that_is_larger_than_a_days_entries_goes_as_the_first_of_a_day(world: World) -> None:
    with_limits(world, entries_a_day=3)
    ines, here = world.laptop("ines"), world.space(SpaceType.COHORT)
    many = [ines.post(str(number)) for number in range(5)]
    assert [run.verdict for run in ines.push(here, *many).runs] == [Verdict.ACCEPTED]
    with pytest.raises(Busy):
        ines.push(here, ines.post("un de plus"))


def test_what_is_counted_is_what_was_accepted(world: World) -> None:
    ines, here = world.laptop("ines"), world.space(SpaceType.COHORT)
    post = ines.post("a" * 1_000)
    ines.push_raw(here, entry(post))
    ines.push_raw(here, entry(post))
    with world.core.reading() as connection:
        used = usage.used_by(connection, ines.caller.person_no, world.now)
    assert used.entries == 1
    assert 1_000 <= used.bytes <= 1_100
