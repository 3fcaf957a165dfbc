"""`python -m tests.simulation --seeds 5000` plays seeds in order; `--seed N` plays one again."""

import argparse
import sys
import time
import traceback

from tests.simulation.world import run


def main() -> int:
    """Play seeds until one fails; its number is printed and plays it again."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seeds", type=int, default=300)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--all", action="store_true", help="go on after a failure")
    parser.add_argument("--real", action="store_true", help="the real server in place of the model: slower")
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
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
