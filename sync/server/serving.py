"""Running the application: on SQLite one process under the folder's lock, on PostgreSQL as many as IT asks for."""

import gc
import socket
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from sync.server.app import build
from sync.server.core import Core, open_database, opened
from sync.server.issuing.keys import issuer
from sync.server.processes import OneProcess, run
from sync.server.settings import Settings
from sync.server.web.protocol import BoundedProtocol

_GENERATION = 100_000
"""Objects between two collections."""


class CannotListen(Exception):
    """The address is not this computer's, or the port is taken or not this account's."""


def _nothing() -> None:
    """Nothing to begin with."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen; port 0 takes a free one. With a certificate the server speaks https itself.

    `proxy`: the address of the reverse proxy whose word about the visitor's address is taken.
    """

    host: str = "127.0.0.1"
    port: int = 0
    certificate: Path | None = None
    key: Path | None = None
    proxy: str = ""


@dataclass(frozen=True, slots=True)
class Serving:
    """How to serve, as it is handed to each process. `begin` is called first in each: it sets logging up."""

    settings: Settings
    address: Address = Address()
    request_log: Path | None = None
    begin: Callable[[], None] = _nothing
    processes: int = 1


def serve(asked: Serving, ready: Callable[[str], None]) -> None:
    """Serve until told to stop; `ready` is called with the URL once connections are taken.

    OneProcess where several are asked for and the database bears one. CannotListen, CannotBegin.
    """
    asked.begin()
    address = asked.address
    with closing(open_database(asked.settings.data)) as database, database.served():
        if asked.processes > 1 and not database.is_shared:
            raise OneProcess(str(asked.processes))
        listening = _listen(address)
        with closing(listening):
            url = _url(address, listening.getsockname()[1])
            if asked.processes > 1:
                _sweep(asked.settings)
                run(listening, asked.processes, partial(_work, asked), partial(ready, url))
            else:
                _serve(asked, listening, partial(ready, url))


def _listen(address: Address) -> socket.socket:
    try:
        return socket.create_server((address.host, address.port), family=_family(address.host), backlog=512)
    except OSError as error:
        why = str(error.strerror or error).partition(" (")[0]
        raise CannotListen(f"{address.host}, port {address.port}: {why}") from error


def _sweep(settings: Settings) -> None:
    """What a kill left half arrived goes before anything arrives; the schema is brought up to date once for all."""
    with opened(settings) as core:
        core.files.sweep()


def _work(asked: Serving, listening: socket.socket, number: int, ready: Callable[[], None]) -> None:
    """What one of several processes does."""
    asked.begin()
    _serve(asked, listening, ready, sweeps=False, keeps_house=number == 0)


def _serve(
    asked: Serving,
    listening: socket.socket,
    ready: Callable[[], None],
    *,
    sweeps: bool = True,
    keeps_house: bool = True,
) -> None:
    core = Core(asked.settings)
    issuer(asked.settings.data)
    _calm_collector()
    _more_files()
    app = build(core, asked.request_log, sweeps=sweeps, keeps_house=keeps_house)
    _Server(_config(app, asked.address), ready).run(sockets=[listening])


def _url(address: Address, port: int) -> str:
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{'https' if address.certificate else 'http'}://{host}:{port}"


class _Server(uvicorn.Server):
    """A server that says when it takes connections.

    When it is told to stop, it lets those who wait go first: it would wait for them.
    """

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin, and say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End at once what waits, then what is at work."""
        self.config.app.state.waiting.close()  # type: ignore[union-attr]  # the application that `_config` gives
        await super().shutdown(sockets)


def _more_files() -> None:
    """As many open files as this computer allows: each laptop that waits holds a connection."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _calm_collector() -> None:
    """Leave what was loaded at start out of every collection: a push of 10,000 rows set off eighty of them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GENERATION, 20, 20)


def _config(app: Starlette, address: Address) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=BoundedProtocol,
        ws="none",
        loop="auto",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        proxy_headers=bool(address.proxy),
        forwarded_allow_ips=address.proxy or None,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=10,
        ssl_certfile=address.certificate,
        ssl_keyfile=address.key,
    )


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
