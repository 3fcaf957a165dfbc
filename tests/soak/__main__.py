"""Play the soak: `python -m tests.soak --syncs 1000 --seed 1`; the exit code says whether all held."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.soak.measures import HEAD
from tests.soak.running import Broken, soak


def main() -> int:
    """Play it and print a line each tenth of the way."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--syncs", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    sys.stdout.write(HEAD + "\n")

    def said(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    with tempfile.TemporaryDirectory(prefix="spoc-soak-") as folder:
        try:
            measured = soak(Path(folder), asked.syncs, asked.seed, said)
        except Broken as broken:
            said(f"seed {asked.seed}: {broken}")
            return 1
    said(f"{asked.syncs} syncs of 5 laptops through faults, {measured[-1].posts} messages stand, seed {asked.seed}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
