"""Running the application: one process, one event loop, one lock on the folder (rule 13: more workers are refused)."""

import gc
import socket
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from sync.server.app import build
from sync.server.core import Core, open_database
from sync.server.issuing.keys import issuer
from sync.server.settings import Settings
from sync.server.web.protocol import BoundedProtocol

_GENERATION = 100_000
"""Objects between two collections."""


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


def serve(settings: Settings, address: Address, request_log: Path | None, ready: Callable[[str], None]) -> None:
    """Serve until told to stop; `ready` is called with the URL once connections are taken."""
    with closing(open_database(settings.data)) as database, database.served():
        _serve(settings, address, request_log, ready)


def _serve(settings: Settings, address: Address, request_log: Path | None, ready: Callable[[str], None]) -> None:
    listening = socket.create_server((address.host, address.port), family=_family(address.host), backlog=512)
    try:
        core = Core(settings)
        issuer(settings.data)
        _calm_collector()
        _more_files()
        server = _Server(_config(core, address, request_log))
        scheme = "https" if address.certificate else "http"
        host = f"[{address.host}]" if ":" in address.host else address.host
        ready(f"{scheme}://{host}:{listening.getsockname()[1]}")
        server.run(sockets=[listening])
    finally:
        listening.close()


class _Server(uvicorn.Server):
    """A server that is told to stop lets those who wait go first: it would wait for them."""

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


def _config(core: Core, address: Address, request_log: Path | None) -> uvicorn.Config:
    return uvicorn.Config(
        build(core, request_log),
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
