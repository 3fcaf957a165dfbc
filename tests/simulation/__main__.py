"""`python -m tests.simulation --seeds 5000` plays seeds in order; `--seed N` plays one again."""

import argparse
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tests.simulation.plan import plan_of
from tests.simulation.real_server import POSTGRESQL, SQLITE
from tests.simulation.world import run

_TOGETHER = 25


def main() -> int:
    """Play seeds until one fails; its number is printed and plays it again."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seeds", type=int, default=300)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--all", action="store_true", help="go on after a failure")
    parser.add_argument("--processes", type=int, default=1, help="with --all: so many seeds at a time")
    parser.add_argument(
        "--real",
        nargs="?",
        const=SQLITE,
        default="",
        choices=[SQLITE, POSTGRESQL],
        help="the real server in place of the model, on one of its databases: slower",
    )
    asked = parser.parse_args()
    seeds = [asked.seed] if asked.seed is not None else range(asked.first, asked.first + asked.seeds)
    started, failed = time.perf_counter(), 0
    for said in _all_played(seeds, asked.real, asked.processes if asked.all else 1):
        if said:
            failed += 1
            first, _, trace = said.partition("\n")
            sys.stdout.write(f"{first}\n")
            if not asked.all:
                sys.stderr.write(trace)
                break
    seconds = time.perf_counter() - started
    sys.stdout.write(f"{len(seeds)} seeds, {failed} failed, {len(seeds) / seconds:.0f} a second\n")
    sys.stdout.write(f"{_what(seeds, asked.real)}, {failed} failed\n")
    return int(failed > 0)


def _all_played(seeds: Sequence[int], real: str, processes: int) -> Iterator[str]:
    play = partial(_played, real=real)
    if processes == 1:
        yield from map(play, seeds)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(play, seeds, chunksize=_TOGETHER)


def _played(seed: int, real: str) -> str:
    """Empty, or how a seed failed, with its trace."""
    try:
        run(seed, real=real)
    except Exception as error:  # noqa: BLE001  # whatever it is, the seed is what counts
        return f"seed {seed}: {type(error).__name__}: {error}\n{traceback.format_exc()}"
    return ""


def _what(seeds: Sequence[int], real: str) -> str:
    plans = [plan_of(seed) for seed in seeds]
    slow, alone, damaged = (sum(getattr(plan, name) for plan in plans) for name in ("slow", "alone", "damages"))
    where = f" on {real}" if real else ""
    return (
        f"seeds {seeds[0]} to {seeds[-1]}{where}: {slow} with answers that overtake each other, "
        f"{alone} with three laptops of one person, {damaged} with damaged rows"
    )


if __name__ == "__main__":
    raise SystemExit(main())
