"""Every row of the figures to reach beside the everyday ones: more rows, longer lines, PostgreSQL, a million rows."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import product
from pathlib import Path

from tests.postgres import Cluster
from tools.bench import file_figures, load_figures, scale_figures, sync_figures
from tools.bench.figures import ON_POSTGRES, Figure

_ROWS = (1_000, 10_000, 50_000)
_ROUND_TRIPS_MS = (0, 50, 150)
_PROMISED = (30_000, 150)
"""Rows and milliseconds of a round trip for which the plan says how long."""
_EVERYDAY = (10_000, 0)
"""What every bench measures."""


def measure(folder: Path) -> Iterator[Figure]:
    """One after the other, each on a server of its own."""
    for rows, rtt_ms in sorted({*product(_ROWS, _ROUND_TRIPS_MS), _PROMISED} - {_EVERYDAY}):
        for figure in sync_figures.measure(folder / f"{rows}-{rtt_ms}", rows, rtt_ms):
            yield replace(figure, name=f"{figure.name} {rows:,}@{rtt_ms}")
    yield from scale_figures.measure(folder / "scale")
    cluster = Cluster(durable=True)
    with ExitStack() as stack:
        stack.callback(cluster.stop)
        for figure in _on_postgres(folder / "postgres", cluster):
            yield replace(figure, store=ON_POSTGRES)


def _on_postgres(folder: Path, cluster: Cluster) -> Iterator[Figure]:
    """The same on PostgreSQL: everyday, long outboxes, files, a million rows, many laptops at once."""

    def database() -> str:
        return cluster.address(cluster.make())

    rows, rtt_ms = _EVERYDAY
    yield from sync_figures.measure(folder / "everyday", rows, rtt_ms, database())
    for figure in sync_figures.measure(folder / "long", max(_ROWS), 0, database()):
        yield replace(figure, name=f"{figure.name} {max(_ROWS):,}@0")
    yield from file_figures.measure(folder / "files", database())
    yield from scale_figures.measure(folder / "scale", (max(scale_figures.SIZES),), database())
    yield from load_figures.measure(folder / "load", database())
