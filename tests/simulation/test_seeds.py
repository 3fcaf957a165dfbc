"""Seeds of the simulation; `SPOC_SEEDS` says how many. `python -m tests.simulation --seed N` plays one again."""

from __future__ import annotations

import os

import pytest

from tests.simulation.world import run

SEEDS = int(os.environ.get("SPOC_SEEDS", "300"))
_TOGETHER = 25


REAL = SEEDS // 25
"""Seeds with the real server: its own code on its own SQLite file, some thirty times slower."""


@pytest.mark.parametrize("first", range(0, SEEDS, _TOGETHER))
def test_nothing_is_lost_doubled_leaked_or_torn_whatever_goes_wrong(first: int) -> None:
    for seed in range(first, min(first + _TOGETHER, SEEDS)):
        try:
            run(seed)
        except Exception as error:  # noqa: BLE001  # whatever it is, the seed is what counts
            pytest.fail(f"python -m tests.simulation --seed {seed}: {type(error).__name__}: {error}")


@pytest.mark.parametrize("seed", range(REAL))
def test_the_real_server_keeps_the_same_promises(seed: int) -> None:
    try:
        run(seed, real=True)
    except Exception as error:  # noqa: BLE001  # whatever it is, the seed is what counts
        pytest.fail(f"python -m tests.simulation --real --seed {seed}: {type(error).__name__}: {error}")
