"""waiting_pulls: thousands of laptops wait for news (live pull, rule 3): what they cost, and how soon all are told."""

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import requests

from sync.protocol.version import HEALTH
from tools.bench.crowd import Member, Talk
from tools.bench.resident import resident_mib

_WAIT_MS = 25_000
_LOOK_S = 5.0
_A_SECOND = 300
"""Laptops that begin to wait in a second."""
_NEARLY_ALL = 0.99
"""The share that waits when it is looked at: now and then a wait is over and begins again."""
_AGAIN_S = 0.1
_PATIENCE_S = 60


class Waiting(NamedTuple):
    """What waiting laptops cost. `cpu`: the server's share of a core while nothing happens.

    `told`: seconds from the change until each laptop had its answer, and `cpu_told` the seconds of work for all.
    """

    mib: float
    cpu: float
    told: list[float]
    cpu_told: float


def wait_all(port: int, process: int, members: Sequence[Member], change: Callable[[], None]) -> Waiting:
    """Let all wait, look at the server for a while, make one change for all, and wait until each was told."""
    return asyncio.run(_wait_all(port, process, members, change))


async def _wait_all(port: int, process: int, members: Sequence[Member], change: Callable[[], None]) -> Waiting:
    before, told = resident_mib(process), list[float]()

    async def one(place: int, member: Member) -> None:
        await asyncio.sleep(place / _A_SECOND)
        async with Talk(port, member.token) as talk:
            reply = await talk.ask(member.asks(wait=_WAIT_MS))
            while not reply.send_whole:
                await asyncio.sleep(_AGAIN_S)
                reply = await talk.ask(member.asks(wait=_WAIT_MS))
        told.append(time.perf_counter())

    laptops = [asyncio.ensure_future(one(place, member)) for place, member in enumerate(members)]
    await asyncio.to_thread(_until_all_wait, port, len(members))
    mib, spent = resident_mib(process) - before, _cpu(process)
    await asyncio.sleep(_LOOK_S)
    idle = (_cpu(process) - spent) / _LOOK_S
    spent, changed = _cpu(process), time.perf_counter()
    await asyncio.to_thread(change)
    await asyncio.gather(*laptops)
    return Waiting(mib, idle, sorted(at - changed for at in told), _cpu(process) - spent)


def _until_all_wait(port: int, count: int) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    with requests.Session() as session:
        while session.get(f"http://127.0.0.1:{port}{HEALTH}", timeout=10).json()["waiting"] < count * _NEARLY_ALL:
            if time.monotonic() > deadline:
                raise TimeoutError("not all laptops wait")
            time.sleep(0.1)


def _cpu(process: int) -> float:
    """Seconds that a process worked."""
    parts = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")
