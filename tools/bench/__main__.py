"""Run all measurements, print the table, keep it in build/bench.json."""

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path

from tools.bench import file_figures, load_figures, sync_figures, whole_figures, window_figures
from tools.bench.figures import Figure, keep, table
from tools.bench.versions import versions

_ROOT = Path(__file__).resolve().parents[2]
_KEPT = _ROOT / "build" / "bench.json"


def main() -> int:
    """Measure; the exit code says only whether everything could be measured."""
    parser = argparse.ArgumentParser(prog="make bench", description="Measure what the program promises about speed.")
    parser.add_argument("--rows", type=int, default=10_000, help="attempts to push and pull")
    parser.add_argument("--rtt", type=int, default=0, help="milliseconds of a round trip between laptop and server")
    parser.add_argument("--whole", action="store_true", help="every row of the figures to reach: ten minutes more")
    parser.add_argument("--no-frozen", action="store_true", help="leave out the frozen program, which takes a minute")
    given = parser.parse_args()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="spoc-bench-") as folder:
        for measured in (
            window_figures.measure(Path(folder)),
            () if given.no_frozen else window_figures.measure_frozen(Path(folder)),
            sync_figures.measure(Path(folder), given.rows, given.rtt),
            file_figures.measure(Path(folder) / "files"),
            load_figures.measure(Path(folder)),
            whole_figures.measure(Path(folder) / "whole") if given.whole else (),
        ):
            for figure in measured:
                figures.append(figure)
                print(f"  measured {figure.name}", file=sys.stderr, flush=True)
    here = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {versions()}"
    keep(here, figures, _KEPT)
    print(f"\n{here}\n")
    print(table(figures))
    print(f"\nKept in {_KEPT.relative_to(_ROOT)}. Times drift from machine to machine: compare ratios.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
