"""Five laptops of four people on a real server, each behind a wire that misbehaves when it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from spoc_desktop.services.wire import KeptTokens
from spoc_desktop.services.workplace import SystemChance, SystemClock
from spoc_desktop.storage.changes import Edited, New, Removed
from spoc_desktop.storage.store import LocalStore
from sync.client.engine import Engine
from sync.client.http_connection import HttpConnection
from sync.client.http_transport import HttpServer, HttpTransport
from sync.client.pipelining import new_line
from sync.client.running import Bounds
from sync.domain import spaces
from sync.domain.files import Attachment
from sync.domain.forum import POST, Post
from sync.domain.ids import uuid7
from sync.protocol.errors import SyncError
from sync.protocol.messages import Session
from tests.faults.wire_proxy import Proxy, proxy
from tests.server_fixture import RunningServer, SampleCohort, new_server, sample_cohort

_PASSWORD = "correct horse battery"
_LEA = "lea@example.org"
_KEY = bytes(range(32))
_BOUNDS = Bounds(together=2, part=3)
"""So small that a few changes go in several parts, of which the next goes ahead."""


class Laptop:
    """One person's real store on the disk and real engine, which may be put down at any moment."""

    def __init__(self, path: Path, wire: Proxy, session: Session) -> None:
        self.path, self.wire, self.session = path, wire, session
        self.store = LocalStore.create(path, _KEY, server=session.server, person=session.person)
        self.store.keep_login(session)
        self._connect()

    def _connect(self) -> None:
        self._connection = HttpConnection(self.wire.address)
        transport = HttpTransport(self._connection, self.session.server, KeptTokens(self.store))
        self.engine = Engine(
            self.store, transport, SystemClock(), SystemChance(), bounds=_BOUNDS, files=transport, line=new_line
        )

    def restart(self) -> None:
        """The lid is shut and opened again."""
        self.close()
        self.store = LocalStore.open(self.path, _KEY)
        self._connect()

    def sync(self) -> SyncError | None:
        """One sync; why it ended early, if it did."""
        try:
            self.engine.sync()
        except SyncError as error:
            return error
        return None

    def close(self) -> None:
        """Let go of everything."""
        self._connection.close()
        self.store.close()


@dataclass
class Stage:
    """All that takes part. `standing`: texts that people saw saved and did not take back."""

    server: RunningServer
    sample: SampleCohort
    laptops: list[Laptop]
    rng: Random
    standing: dict[bytes, str] = field(default_factory=dict)
    made: int = 0

    @property
    def space(self) -> bytes:
        """The forum."""
        return spaces.cohort(self.sample.id)

    def write(self, laptop: Laptop) -> None:
        """A person writes, mends or deletes something of theirs, now and then with a file."""
        for _ in range(self.rng.randrange(5)):
            own = [seen for seen in laptop.store.view(POST, self.space) if seen.author == laptop.session.person]
            luck = self.rng.random()
            if own and luck < 0.2:
                self._edit(laptop, self.rng.choice(own).id)
            elif own and luck < 0.3:
                gone = self.rng.choice(own).id
                laptop.store.write([Removed(POST, gone, self.space)])
                self.standing.pop(gone, None)
            else:
                self._create(laptop)

    def _text(self) -> str:
        self.made += 1
        return f"text {self.made:06d} " + "x" * self.rng.randrange(200)

    def _create(self, laptop: Laptop) -> None:
        id_, text = uuid7(SystemClock().now(), self.rng.randbytes(10)), self._text()
        files: tuple[Attachment, ...] = ()
        if self.rng.random() < 0.1:
            content = self.rng.randbytes(self.rng.choice([10, 5_000, 300_000]))
            files = (laptop.store.files.keep(content, "notes.pdf", "application/pdf"),)
        laptop.store.write([New(POST, self.space, id_, Post(text=text, files=files))])
        self.standing[id_] = text

    def _edit(self, laptop: Laptop, id_: bytes) -> None:
        text = self._text()
        laptop.store.write([Edited(POST, id_, {"text": text}, self.space)])
        if id_ in self.standing:
            self.standing[id_] = text


@contextmanager
def staged(folder: Path, seed: int) -> Iterator[Stage]:
    """The whole stage: people joined, everybody up to date."""
    with ExitStack() as stack:
        server = new_server(folder, "--token-seconds", "60")
        server.start()
        stack.callback(server.stop)
        sample = sample_cohort(server)
        server.add_person("Léa", _LEA)
        server.enrol(sample.id, _LEA, "learner")
        logins = (sample.ines, sample.karim, sample.sophie, _LEA, sample.ines)
        laptops = [_joined(stack, folder, server, login) for login in logins]
        for laptop in laptops:
            stack.callback(laptop.close)
            laptop.engine.sync()
        yield Stage(server, sample, laptops, Random(seed))  # noqa: S311  # a seed makes the run again


def _joined(stack: ExitStack, folder: Path, server: RunningServer, login: str) -> Laptop:
    wire = stack.enter_context(proxy(server.port))
    line = HttpServer(HttpConnection(server.address))
    path = folder / f"{login}-{wire.port}.db"
    with suppress(SyncError):
        return Laptop(path, wire, line.login(login, _PASSWORD, path.stem))
    return Laptop(path, wire, line.join(server.invite(login), _PASSWORD, path.stem))
