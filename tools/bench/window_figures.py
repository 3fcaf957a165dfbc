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
from tools.package import NAME, freeze

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


def measure_frozen(folder: Path) -> Iterator[Figure]:
    """First paint of the frozen program, beside the same program run from its sources, in turn."""
    program = freeze() / NAME
    turns = [(_paint("program", folder), _paint_frozen(program, folder)) for _ in range(_TURNS + 1)][1:]
    sources, frozen = (
        statistics.median(side) for side in zip(*((one.seconds, two) for one, two in turns), strict=True)
    )
    yield Figure(
        "first_paint_frozen",
        0,
        frozen,
        store="–",
        baseline_seconds=sources,
        baseline="the same program from its sources",
    )


def _paint_frozen(program: Path, folder: Path) -> float:
    """Seconds from the start of the frozen program to its first paint: both read the machine's monotonic clock."""
    environment = os.environ | {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    started = time.monotonic_ns()
    command = (str(program), "--home", str(folder / "frozen"), "--say-first-paint")
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as running:
        painted = int(running.stdout.readline()) if running.stdout else started
        running.terminate()
    return (painted - started) / 1e9


def _paint(which: str, folder: Path) -> _Painted:
    environment = os.environ | {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    command = [sys.executable, "-m", "tools.bench.painting", which, str(time.monotonic_ns()), str(folder / "home")]
    done = subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, text=True, check=True)
    milliseconds, mib = done.stdout.split()
    return _Painted(float(milliseconds) / 1000, float(mib))
