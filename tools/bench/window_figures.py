"""first_paint and memory: the program's window beside a bare PySide6 window, in turn."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tools.bench.figures import Figure

_ROOT = Path(__file__).resolve().parents[2]
_TURNS = 7


class _Painted(NamedTuple):
    seconds: float
    mib: float


def measure(folder: Path) -> Iterator[Figure]:
    """Medians over some turns; the first turn warms the disk and is not counted."""
    turns = [(_paint("bare", folder), _paint("program", folder)) for _ in range(_TURNS + 1)][1:]
    bare, ours = (
        _Painted(statistics.median(one.seconds for one in side), statistics.median(one.mib for one in side))
        for side in zip(*turns, strict=True)
    )
    yield Figure(
        "first_paint",
        0,
        ours.seconds,
        store="–",
        baseline_seconds=bare.seconds,
        baseline="a bare PySide6 window, from the interpreter's start",
    )
    yield Figure(
        "memory",
        0,
        ours.seconds,
        store="–",
        client_mib_added=ours.mib - bare.mib,
        baseline_seconds=bare.seconds,
        baseline=f"MiB at first paint: {ours.mib:.0f} against {bare.mib:.0f} of a bare window",
    )


def _paint(which: str, folder: Path) -> _Painted:
    environment = os.environ | {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    command = [sys.executable, "-m", "tools.bench.painting", which, str(time.monotonic_ns()), str(folder / "home")]
    done = subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, text=True, check=True)
    milliseconds, mib = done.stdout.split()
    return _Painted(float(milliseconds) / 1000, float(mib))
