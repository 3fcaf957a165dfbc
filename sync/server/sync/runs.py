"""Answers to mutations, told as runs: ten thousand accepted in a row are one line."""

from collections.abc import Iterable
from typing import NamedTuple

from sync.protocol.errors import Refusal
from sync.protocol.messages import Run, Verdict


class Judged(NamedTuple):
    """What became of mutation n."""

    n: int
    verdict: Verdict
    seq: int = 0
    refusal: Refusal = Refusal.UNKNOWN


class Taken(NamedTuple):
    """What became of a batch: the answer, and what to remember of what was done: n, hash of its bytes, seq."""

    runs: tuple[Run, ...]
    accepted: list[tuple[int, bytes, int]]


def runs(judged: Iterable[Judged]) -> tuple[Run, ...]:
    """Runs of mutations n, n+1, … that share a verdict, with seqs that follow one another where there are any."""
    found: list[Run] = []
    first: Judged | None = None
    count = 0
    for each in judged:
        if first is not None and _follows(first, count, each):
            count += 1
            continue
        if first is not None:
            found.append(_run(first, count))
        first, count = each, 1
    if first is not None:
        found.append(_run(first, count))
    return tuple(found)


def _follows(first: Judged, count: int, each: Judged) -> bool:
    seq = first.seq + count if first.seq else 0
    return each == (first.n + count, first.verdict, seq, first.refusal)


def _run(first: Judged, count: int) -> Run:
    return Run(first.n, count, first.verdict, first.seq, int(first.refusal))
