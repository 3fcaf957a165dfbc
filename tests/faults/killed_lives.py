"""Lives of a laptop's program and of a server that may end at any step, each a fork of this process."""

from __future__ import annotations

import json
import os
import signal
import socket
import traceback
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random
from typing import NamedTuple

from spoc_desktop.services.wire import KeptTokens
from spoc_desktop.services.workplace import SystemChance, SystemClock
from spoc_desktop.storage.changes import Edited, New, Removed
from spoc_desktop.storage.store import LocalStore
from sync.client.engine import Engine
from sync.client.http_connection import HttpConnection
from sync.client.http_transport import HttpTransport
from sync.client.pipelining import new_line
from sync.domain.files import Attachment
from sync.domain.forum import POST, Post
from sync.domain.ids import uuid7
from sync.protocol.errors import SyncError
from sync.protocol.messages import SyncReply, SyncRequest
from sync.server import checkpoints
from sync.server.cli import main as server_main
from tests.faults.steps import Fuse, at_each_statement, at_each_step
from tests.server_fixture import RunningServer

KEY = bytes(range(32))
GAVE_UP = 3
"""The exit code of a laptop whose sync ended by a fault."""
_SECONDS = 60
Said = list[str | None]
Tell = Callable[[str, bytes, str | None], None]


class Life(NamedTuple):
    """One start of a laptop's program: it writes what a seed draws, and synchronises.

    `fine`: its steps are what it does on the disk too, else those that the engine names alone.
    """

    path: Path
    address: str
    space: bytes
    seed: int
    fine: bool = True


def forked(life: Callable[[Tell], int], heard: Callable[[Said], None] = lambda said: None) -> int:  # noqa: ARG005
    """Live in a process of its own; its exit code, negative when it was killed. `heard`: each thing that it told."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _live(lambda: life(lambda mark, id_, text: _said(writing, [mark, id_.hex(), text])))
    os.close(writing)
    with os.fdopen(reading, "rb") as lines:
        for line in lines:
            heard(json.loads(line))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _said(pipe: int, what: Said) -> None:
    os.write(pipe, json.dumps(what).encode() + b"\n")


def _live(life: Callable[[], int]) -> None:
    """Never returns: no code of the parent runs in the child. What hangs is ended."""
    signal.alarm(_SECONDS)
    code = 1
    try:
        code = life()
    except BaseException:  # noqa: BLE001  # whatever it is, it belongs into the parent's output
        traceback.print_exc()
    finally:
        os._exit(code)


def worked(life: Life, tell: Tell, fuse: Fuse | None) -> int:
    """Write and synchronise, until the fuse burns if there is one; 0, or `GAVE_UP`."""
    if fuse is not None and life.fine:
        at_each_step(life.path.parent, fuse.step)
        at_each_statement(fuse.step)
    rng = Random(life.seed)  # noqa: S311  # a seed makes the run again
    with LocalStore.open(life.path, KEY) as store:
        for _ in range(rng.randrange(1, 4)):
            _write(store, life.space, rng, tell)
    return synchronised(life.path, life.address, fuse)


def synchronised(path: Path, address: str, fuse: Fuse | None = None) -> int:
    """Synchronise; 0, or `GAVE_UP`."""
    with LocalStore.open(path, KEY) as store, closing(HttpConnection(address)) as connection:
        login = store.login()
        assert login is not None

        step = _nothing if fuse is None else fuse.step

        class Wire(HttpTransport):
            def exchange(self, request: SyncRequest) -> SyncReply:
                step()
                reply = super().exchange(request)
                step()
                return reply

        wire = Wire(connection, login.server, KeptTokens(store))
        try:
            Engine(store, wire, SystemClock(), SystemChance(), lambda _: step(), files=wire, line=new_line).sync()
        except SyncError:
            return GAVE_UP
    return 0


def _nothing() -> None:
    """No step is counted."""


def _write(store: LocalStore, space: bytes, rng: Random, tell: Tell) -> None:
    """A message, an edit or a deletion of an own one; what is about to be saved is told before and after."""
    own = [seen for seen in store.view(POST, space) if seen.author == store.person]
    luck, text = rng.random(), f"{rng.getrandbits(40):x} " + "x" * rng.randrange(300)
    if own and luck < 0.25:
        chosen = rng.choice(own).id
        tell("?", chosen, text)
        store.write([Edited(POST, chosen, {"text": text}, space)])
    elif own and luck < 0.35:
        chosen, text_ = rng.choice(own).id, None
        tell("?", chosen, text_)
        store.write([Removed(POST, chosen, space)])
        tell("!", chosen, text_)
        return
    else:
        chosen = uuid7(SystemClock().now(), rng.randbytes(10))
        tell("?", chosen, text)
        store.write([New(POST, space, chosen, Post(text=text, files=_files(store, rng)))])
    tell("!", chosen, text)


def _files(store: LocalStore, rng: Random) -> tuple[Attachment, ...]:
    if rng.random() < 0.7:
        return ()
    return (store.files.keep(rng.randbytes(rng.choice([10, 5_000, 300_000])), "notes.pdf", "application/pdf"),)


class Server:
    """A server whose lives are forks, on one folder and one port."""

    def __init__(self, made: RunningServer) -> None:
        self.made = made
        self.data = made.data
        self.code = 0
        self._child = 0
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}"

    def start(self, fuse: Fuse | None = None) -> None:
        """Begin a life, which ends at a step when there is a fuse; wait until it says that it listens, or is over."""
        reading, writing = os.pipe()
        self._child = os.fork()
        if self._child == 0:
            os.close(reading)
            _live(lambda: self._serve(writing, fuse))
        os.close(writing)
        with os.fdopen(reading, "rb") as said:
            said.readline()

    def has_ended(self) -> bool:
        """Whether its life is over, by `code`."""
        if self._child:
            ended, status = os.waitpid(self._child, os.WNOHANG)
            if ended:
                self._child, self.code = 0, os.waitstatus_to_exitcode(status)
        return self._child == 0

    def stop(self) -> None:
        """End it as IT would."""
        if not self.has_ended():
            os.kill(self._child, signal.SIGTERM)
            os.waitpid(self._child, 0)
            self._child = 0

    def _serve(self, saying: int, fuse: Fuse | None) -> int:
        log = os.open(self.data / "errors.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(saying, 1)
        os.dup2(log, 2)
        os.close(saying)
        signal.alarm(0)
        if fuse is not None:
            _arm(self.data, fuse)
        return server_main(["serve", "--data", str(self.data), "--port", str(self._port), "--json"])


def _arm(data: Path, fuse: Fuse) -> None:
    """Steps of a server: what it does to its files, each statement, each checkpoint."""
    from sqlalchemy import Engine as Database
    from sqlalchemy import event

    def reach(_: str) -> None:
        fuse.step()

    def before(*_: object) -> None:
        fuse.step()

    at_each_step(data, fuse.step)
    event.listen(Database, "before_cursor_execute", before)
    setattr(checkpoints, "reach", reach)  # noqa: B010 - a function put in place of another
