"""The same small sync many times over: medians, beside as many bare HTTP exchanges with the same server."""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import requests

from spoc_desktop.storage.changes import New
from tools.bench.figures import Figure
from tools.bench.laptops import BenchLaptop
from tools.relay import Wire

_REPEATS = 30


class _Once(NamedTuple):
    seconds: float
    requests: int
    up: int
    down: int


def repeated(  # what is measured, and where
    name: str, wire: Wire, laptop: BenchLaptop, work: Callable[[], Sequence[New]], *, rows: int, rtt_ms: int = 0
) -> Figure:
    """A sync after a person did some `work`, of `rows` rows, thirty times."""
    found = [_once(wire, laptop, work()) for _ in range(_REPEATS)]
    exchanges = round(statistics.median(each.requests for each in found))
    return Figure(
        name,
        rows,
        statistics.median(each.seconds for each in found),
        rtt_ms=rtt_ms,
        bytes_up=round(statistics.median(each.up for each in found)),
        bytes_down=round(statistics.median(each.down for each in found)),
        requests=exchanges,
        baseline_seconds=_bare_exchange(wire) * exchanges,
        baseline="as many bare HTTP exchanges with the same server, answered 404",
    )


def _once(wire: Wire, laptop: BenchLaptop, work: Sequence[New]) -> _Once:
    for new in work:
        laptop.store.write([new])
    before = wire.counts()
    started = time.perf_counter()
    synced = laptop.engine.sync()
    seconds = time.perf_counter() - started
    after = wire.counts()
    return _Once(seconds, synced.requests, after[0] - before[0], after[1] - before[1])


def _bare_exchange(wire: Wire) -> float:
    """Seconds of an HTTP exchange that finds nothing: the median."""
    with requests.Session() as session:
        times = []
        for _ in range(_REPEATS):
            started = time.perf_counter()
            found = session.get(f"{wire.address}/nothing-is-here", timeout=10)
            times.append(time.perf_counter() - started)
            if found.status_code != requests.codes.not_found:
                raise ValueError(f"the server answers {found.status_code} where nothing is")
    return statistics.median(times)
