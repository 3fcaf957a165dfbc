"""Seeds of the simulation; `SPOC_SEEDS` says how many. `python -m tests.simulation --seed N` plays one again."""

from __future__ import annotations

import os

import pytest

from tests.night import SEED, say
from tests.simulation.real_server import POSTGRESQL, SQLITE
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


ON_POSTGRESQL = range(SEED, SEED + 40)
"""By night: the same on PostgreSQL."""


@pytest.mark.parametrize(
    ("database", "seed"),
    [
        *((SQLITE, seed) for seed in range(REAL)),
        *(pytest.param(POSTGRESQL, seed, marks=pytest.mark.nightly) for seed in ON_POSTGRESQL),
    ],
)
def test_the_real_server_keeps_the_same_promises(request: pytest.FixtureRequest, database: str, seed: int) -> None:
    say(request, f"the simulation with the real server on {database}: seed {seed}")
    try:
        run(seed, real=database)
    except Exception as error:  # noqa: BLE001  # whatever it is, the seed is what counts
        pytest.fail(f"python -m tests.simulation --real {database} --seed {seed}: {type(error).__name__}: {error}")
