"""A real PostgreSQL for tests: one a test process, in a folder of its own, begun when the first test asks for it.

It listens on a Unix socket alone, writes without fsync, and runs as nobody where the tests run as root, because
PostgreSQL refuses root. A shell holds it: when the test process ends, however it ends, the shell's input is over, it
stops the server and removes the folder. No cluster of the operating system is used.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import psycopg
from psycopg import sql

NOBODY = 65_534
OLDEST = 15
_HOLD = """
"$1/initdb" -D "$2/data" -U spoc --auth=trust --no-sync --locale=C.UTF-8 --encoding=UTF8 >/dev/null &&
    cat "$2/settings" >>"$2/data/postgresql.conf" &&
    { "$1/postgres" -D "$2/data" -k "$2" >"$2/log" 2>&1 & } &&
    read -r _
kill -TERM $! && kill -QUIT $! && wait $!
rm -rf "$2"
"""
_SETTINGS = """
listen_addresses = ''
shared_buffers = 32MB
max_connections = 100
autovacuum = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 256MB
deadlock_timeout = 200ms
"""
_names = count(1)


def programs() -> Path:
    """Where the newest PostgreSQL of this computer has its programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    told = shutil.which("initdb")
    if not found and told is not None:
        return Path(told).resolve().parent
    if not found or int(found[-1].parts[-3]) < OLDEST:
        raise FileNotFoundError(f"PostgreSQL {OLDEST} or newer is needed by these tests: tools/setup.sh test")
    return found[-1].parent


class Cluster:
    """A server that runs. `folder` is where its socket lies. `durable`: what is committed survives a power cut."""

    def __init__(self, *, durable: bool = False) -> None:
        self.folder = Path(mkdtemp(prefix="spoc-pg-"))
        as_nobody: dict[str, Any] = {}
        if os.getuid() == 0:
            os.chown(self.folder, NOBODY, NOBODY)
            as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        bin_ = programs()
        (self.folder / "settings").write_text(_SETTINGS, "utf-8")
        self._holder = subprocess.Popen(
            ["sh", "-c", _HOLD, "sh", bin_, self.folder],
            stdin=subprocess.PIPE,
            cwd="/",
            start_new_session=True,  # what ends the tests at once leaves it the time to clear up
            **as_nobody,
        )
        atexit.register(self.stop)
        self._wait()

    def stop(self) -> None:
        """End it; the shell does the rest."""
        if self._holder.stdin is not None:
            self._holder.stdin.close()
        self._holder.wait()

    def address(self, name: str) -> str:
        """The address of a database."""
        return f"postgresql://spoc@/{name}?host={self.folder}"

    def make(self, template: str = "") -> str:
        """A new database, empty or like another that nobody is connected to; its name."""
        name = f"spoc_{next(_names)}"
        copying = sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template))
        like = copying if template else sql.Composed([])
        self._run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + like)
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def waiting(self, name: str) -> bool:
        """Whether somebody waits for another's lock in a database."""
        asked = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
        with psycopg.connect(self.address("postgres")) as connection:
            return connection.execute(asked, (name,)).fetchone() is not None

    def cut(self, name: str) -> None:
        """End every connection to a database, as its restart does."""
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (name,)
            )

    @contextmanager
    def away(self, name: str) -> Iterator[None]:
        """A database that lets nobody in for the time of a block."""
        allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        self._run(allow.format(sql.Identifier(name), sql.SQL("false")))
        self.cut(name)
        yield
        self._run(allow.format(sql.Identifier(name), sql.SQL("true")))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def _wait(self) -> None:
        while self._holder.poll() is None:
            try:
                psycopg.connect(self.address("postgres")).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return
        raise RuntimeError("PostgreSQL did not start; what it said stands above")


@cache
def cluster() -> Cluster:
    """The one of this test process."""
    if sys.platform == "win32":
        raise RuntimeError("these tests need Linux or macOS")
    return Cluster()
