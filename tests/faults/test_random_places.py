"""Faults at places that nobody chose: by day a few of a fixed seed, by night many of a fresh one (F1, F2, F6)."""

from __future__ import annotations

import os

import pytest

from tests.night import fresh_seed, played

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no fork, no tmpfs and no limit of a file")


def many(by_day: int, by_night: int) -> pytest.MarkDecorator:
    """How often: a fixed seed by day, a fresh one by night."""
    nightly = pytest.param(by_night, None, marks=pytest.mark.nightly, id=f"{by_night} by night")
    return pytest.mark.parametrize(("count", "seed"), [pytest.param(by_day, 1, id=str(by_day)), nightly])


@many(10, 1_000)
@pytest.mark.parametrize("of", ["laptop", "server"])
def test_a_program_killed_at_any_step_again_and_again_loses_and_doubles_nothing(
    request: pytest.FixtureRequest, of: str, count: int, seed: int | None
) -> None:
    words = ("--of", of, "--kills", str(count), "--seed", str(fresh_seed() if seed is None else seed))
    played(request, "tests.faults.killing", *words)


@many(1, 60)
@pytest.mark.parametrize("kind", [(), ("--small-files",)], ids=["a small disk", "small files"])
def test_a_disk_that_is_full_again_and_again_refuses_by_name_and_takes_all_when_there_is_room(
    request: pytest.FixtureRequest, kind: tuple[str, ...], count: int, seed: int | None
) -> None:
    first = fresh_seed() if seed is None else seed
    for each in range(first, first + count):
        played(request, "tests.faults.small_disk", "--seed", str(each), *kind)
