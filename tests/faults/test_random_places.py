"""Faults at places that nobody chose: by day a few of a fixed seed, by night many of the night's own (F1, F2, F6)."""

from __future__ import annotations

import os

import pytest

from tests.night import SEED, play

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no fork, no tmpfs and no limit of a file")


def many(by_day: int, by_night: int) -> pytest.MarkDecorator:
    """How often."""
    nightly = pytest.param(by_night, SEED, marks=pytest.mark.nightly, id=f"{by_night} by night")
    return pytest.mark.parametrize(("count", "seed"), [pytest.param(by_day, 1, id=str(by_day)), nightly])


@many(10, 1_000)
@pytest.mark.parametrize("of", ["laptop", "server"])
def test_a_program_killed_at_any_step_again_and_again_loses_and_doubles_nothing(
    request: pytest.FixtureRequest, of: str, count: int, seed: int
) -> None:
    play(request, "tests.faults.killing", "--of", of, "--kills", str(count), "--seed", str(seed))


@many(1, 60)
@pytest.mark.parametrize("kind", [(), ("--small-files",)], ids=["a small disk", "small files"])
def test_a_disk_that_is_full_again_and_again_refuses_by_name_and_takes_all_when_there_is_room(
    request: pytest.FixtureRequest, kind: tuple[str, ...], count: int, seed: int
) -> None:
    play(request, "tests.faults.small_disk", "--seed", str(seed), "--disks", str(count), *kind)
