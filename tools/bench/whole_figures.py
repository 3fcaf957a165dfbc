"""Every row of the figures to reach beside the everyday ones: more rows, longer lines, PostgreSQL, a million rows."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from tests.postgres import Cluster
from tools.bench import scale_figures, sync_figures
from tools.bench.figures import Figure

_ROWS = ((1_000, 0), (50_000, 0), (1_000, 50), (30_000, 150))
"""Rows, and milliseconds of a round trip."""
_ON_POSTGRES = 10_000


def measure(folder: Path) -> Iterator[Figure]:
    """One after the other, each on a server of its own."""
    for rows, rtt_ms in _ROWS:
        for figure in sync_figures.measure(folder / f"{rows}-{rtt_ms}", rows, rtt_ms):
            yield replace(figure, name=f"{figure.name} {rows:,}@{rtt_ms}")
    yield from scale_figures.measure(folder / "scale")
    cluster = Cluster(durable=True)
    with ExitStack() as stack:
        stack.callback(cluster.stop)
        yield from sync_figures.measure(folder / "postgres", _ON_POSTGRES, 0, cluster.address(cluster.make()))
