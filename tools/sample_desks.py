"""Laptops of the sample's people without a window: each a real client, with a store in memory and a sync of its own."""

from __future__ import annotations

import itertools
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from spoc_desktop.services.profiles import Profile
from spoc_desktop.services.workplace import Workplace
from spoc_desktop.storage.store import LocalStore
from sync.client.http_connection import HttpConnection
from sync.client.http_transport import HttpServer
from sync.domain.cohorts import DAY_MS
from sync.protocol.messages import Session
from tools.sample_session import SampleServer

_JUMP_MS = 60_000


@dataclass
class SampleTime:
    """Device time some days ago. `leap` is for the store: what can be taken back for a while need not be waited for."""

    days_ago: int = 0
    _steps: Iterator[int] = field(default_factory=lambda: itertools.count(0, _JUMP_MS))

    def now(self) -> int:
        """Device time in milliseconds."""
        return time.time_ns() // 1_000_000 - self.days_ago * DAY_MS

    def monotonic(self) -> int:
        """A clock that never jumps."""
        return time.monotonic_ns() // 1_000_000

    def leap(self) -> int:
        """A minute later at each look."""
        return next(self._steps)


@contextmanager
def joined(server: SampleServer, code: str, clock: SampleTime) -> Iterator[Workplace]:
    """The laptop of whoever the code invites: it has joined and synchronised once."""
    with _spoken_to(server) as speaker:
        session = speaker.join(code, secrets.token_urlsafe(18), "sample")
    with _working(server, session, clock) as workplace:
        yield workplace


@contextmanager
def other_computer(
    server: SampleServer, login: str, password: str, clock: SampleTime | None = None
) -> Iterator[Workplace]:
    """A further laptop of somebody who has a password: signed in, and synchronised once."""
    with _spoken_to(server) as speaker:
        session = speaker.login(login, password, "other computer")
    with _working(server, session, clock or SampleTime()) as workplace:
        yield workplace


@contextmanager
def _spoken_to(server: SampleServer) -> Iterator[HttpServer]:
    with closing(HttpConnection(server.address)) as connection:
        yield HttpServer(connection)


@contextmanager
def _working(server: SampleServer, session: Session, clock: SampleTime) -> Iterator[Workplace]:
    store = LocalStore.in_memory(server=session.server, person=session.person, now=clock.now, monotonic=clock.leap)
    store.keep_login(session)
    profile = Profile(
        server=session.server,
        person=session.person,
        device=session.device,
        name=session.name,
        login=session.login,
        organisation=session.organisation,
        address=server.address,
    )
    with tempfile.TemporaryDirectory() as folder:
        workplace = Workplace(profile, store, Path(folder) / "last_sync.json", clock=clock)
        try:
            workplace.syncing.sync_or_raise()
            yield workplace
        finally:
            workplace.close()
