"""`python -m tests.simulation --seeds 5000` plays seeds in order; `--seed N` plays one again."""

import argparse
import sys
import time
import traceback

from tests.simulation.plan import plan_of
from tests.simulation.real_server import POSTGRESQL, SQLITE
from tests.simulation.world import run


def main() -> int:
    """Play seeds until one fails; its number is printed and plays it again."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seeds", type=int, default=300)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--all", action="store_true", help="go on after a failure")
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
    for seed in seeds:
        try:
            run(seed, real=asked.real)
        except Exception as error:  # noqa: BLE001  # whatever it is, the seed is what counts
            failed += 1
            sys.stdout.write(f"seed {seed}: {type(error).__name__}: {error}\n")
            if not asked.all:
                traceback.print_exc()
                break
    seconds = time.perf_counter() - started
    sys.stdout.write(f"{len(seeds)} seeds, {failed} failed, {len(seeds) / seconds:.0f} a second\n")
    plans = [plan_of(seed) for seed in seeds]
    slow, alone, damaged = (sum(getattr(plan, name) for plan in plans) for name in ("slow", "alone", "damages"))
    where = f" on {asked.real}" if asked.real else ""
    sys.stdout.write(
        f"seeds {seeds[0]} to {seeds[-1]}{where}, {failed} failed: {slow} with answers that overtake each other, "
        f"{alone} with three laptops of one person, {damaged} with damaged rows\n"
    )
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
