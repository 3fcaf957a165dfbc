"""What may not grow: memory, open files, rows that were only passing, lines of errors."""

from __future__ import annotations

import gc
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path

from sqlcipher3 import dbapi2

from tests.soak.stage import Stage
from tools.bench.resident import resident_mib

_PASSING = ("token", "incident")
"""Tables of the server in which nothing piles up."""


@dataclass(frozen=True)
class Measured:
    """Once, while all is quiet. Memory in MiB."""

    syncs: int
    posts: int
    client_mib: float
    server_mib: float
    client_files: int
    server_files: int
    waiting: int
    half_told: int
    incidents: int
    arriving: int
    server_passing: int
    server_faults: int

    def line(self) -> str:
        """As the table shows it."""
        values = (getattr(self, each.name) for each in fields(self))
        return "  ".join(f"{value:>{len(each.name)}.0f}" for each, value in zip(fields(self), values, strict=True))


HEAD = "  ".join(each.name for each in fields(Measured))


def measure(stage: Stage, syncs: int) -> Measured:
    """Look at everything."""
    gc.collect()
    server = stage.server.process
    pid = 0 if server is None else server.pid
    return Measured(
        syncs=syncs,
        posts=len(stage.standing),
        client_mib=resident_mib(),
        server_mib=resident_mib(pid),
        client_files=_open_files("self"),
        server_files=_open_files(str(pid)),
        waiting=sum(laptop.store.counts().waiting for laptop in stage.laptops),
        half_told=sum(state.staged is not None for each in stage.laptops for state in each.store.state().spaces),
        incidents=sum(len(laptop.store.incidents()) for laptop in stage.laptops),
        arriving=sum(path.is_file() for path in (stage.server.data / "files" / "incoming").rglob("*")),
        server_passing=_rows(stage.server.data / "server.db"),
        server_faults=stage.server.errors().count("fault "),
    )


def _open_files(process: str) -> int:
    return sum(1 for _ in Path(f"/proc/{process}/fd").iterdir())


def _rows(database: Path) -> int:
    with closing(dbapi2.connect(str(database))) as connection:
        return sum(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in _PASSING)  # noqa: S608
