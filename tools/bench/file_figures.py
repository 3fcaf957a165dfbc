"""files_up, files_down: 200 files of 100 KiB, as photos in hand-ins, up to the server and down to a second laptop.

Each at a round trip of 0 and of 50 ms, beside copying the same files on this disk, each put on it (fsync).
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from spoc_desktop.services.workplace import SystemChance, SystemClock
from spoc_desktop.storage.changes import New
from sync.client.engine import Engine
from sync.client.http_transport import HttpTransport
from sync.domain import spaces
from sync.domain.cohorts import ENROLMENT
from sync.domain.forum import POST, Post
from sync.domain.ids import CohortId, uuid7
from tools.bench.figures import Figure
from tools.bench.laptops import BenchLaptop
from tools.bench.resident import resident_mib
from tools.bench.sync_figures import move
from tools.relay import Wire
from tools.sample_session import LEARNER, SampleServer, sample_session

_FILES = 200
_SIZE = 100 * 1024
_A_POST = 20
_ROUND_TRIPS_MS = (0, 50)


class _Stage(NamedTuple):
    folder: Path
    server_process: int
    wire: Wire
    rtt_ms: int


def measure(folder: Path, database: str = "") -> Iterator[Figure]:
    """Up, then down, at each round trip. `database`: an empty PostgreSQL database to which the server moves first."""
    with sample_session(folder) as (server, _):
        if database:
            move(server, folder, database)
        for rtt_ms in _ROUND_TRIPS_MS:
            with Wire(server.port, rtt_ms // 2) as wire:
                yield from _both_ways(folder / str(rtt_ms), server, wire, rtt_ms)


def _both_ways(folder: Path, server: SampleServer, wire: Wire, rtt_ms: int) -> Iterator[Figure]:
    folder.mkdir()
    sender = BenchLaptop.joined(folder / "sender.db", wire.address, server.invite(LEARNER))
    receiver = sender.another(folder / "receiver.db", wire.address, LEARNER.login)
    try:
        for laptop in (sender, receiver):
            _engine(laptop)[0].sync()
        _attach(sender)
        stage = _Stage(folder, server.process_id, wire, rtt_ms)
        yield _moved("files_up", stage, sender)
        yield _moved("files_down", stage, receiver)
        if len(receiver.store.files_wanted()) or not receiver.store.view(POST):
            raise RuntimeError("not every file came")
    finally:
        receiver.close()
        sender.close()


class _Counted:
    """A laptop's transport that counts its requests."""

    def __init__(self, transport: HttpTransport) -> None:
        self._transport = transport
        self.requests = 0

    def __getattr__(self, name: str) -> Any:
        self.requests += name in {"exchange", "send_parts", "fetch_files", "get_file"}
        return getattr(self._transport, name)


def _engine(laptop: BenchLaptop) -> tuple[Engine, _Counted]:
    counted: Any = _Counted(laptop.transport)
    return Engine(laptop.store, counted, SystemClock(), SystemChance(), files=counted), counted


def _attach(laptop: BenchLaptop) -> None:
    """Twenty files a post, bytes that nothing can make smaller."""
    enrolment = laptop.store.view(ENROLMENT)[0].body
    space, clock, chance = spaces.cohort(CohortId(enrolment.cohort)), SystemClock(), SystemChance()
    for first in range(0, _FILES, _A_POST):
        names = (f"photo-{n}.jpg" for n in range(first, first + _A_POST))
        files = tuple(laptop.store.files.keep(os.urandom(_SIZE), name, "image/jpeg") for name in names)
        laptop.store.write([New(POST, space, uuid7(clock.now(), chance.bytes(10)), Post(text="photos", files=files))])


def _moved(name: str, stage: _Stage, laptop: BenchLaptop) -> Figure:
    """One sync in which all of them travel; requests are those of the files and of the records together."""
    (engine, counted), before = _engine(laptop), stage.wire.counts()
    client, serving = resident_mib(), resident_mib(stage.server_process)
    started = time.perf_counter()
    engine.sync()
    seconds = time.perf_counter() - started
    after = stage.wire.counts()
    return Figure(
        name,
        _FILES,
        seconds,
        rtt_ms=stage.rtt_ms,
        bytes_up=after[0] - before[0],
        bytes_down=after[1] - before[1],
        requests=counted.requests,
        client_mib_added=resident_mib() - client,
        server_mib_added=resident_mib(stage.server_process) - serving,
        baseline_seconds=_copied_seconds(stage.folder / name),
        baseline="copying the same files on this disk, each with fsync",
    )


def _copied_seconds(folder: Path) -> float:
    contents = [os.urandom(_SIZE) for _ in range(_FILES)]
    folder.mkdir()
    started = time.perf_counter()
    for number, content in enumerate(contents):
        with (folder / str(number)).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    return time.perf_counter() - started
