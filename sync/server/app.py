"""Builds the web application over a core. Bearer tokens only: no cookies, no CORS (attack A50)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Route

from sync.protocol import version
from sync.server.accounts import erasing
from sync.server.core import Core
from sync.server.daily import Daily
from sync.server.mailing.postman import Postman
from sync.server.sync import follow
from sync.server.web.doorway import Doorway
from sync.server.web.metrics import Metrics
from sync.server.web.openapi import OpenApi
from sync.server.web.request_log import RequestLog
from sync.server.web.routes import Routes


def build(core: Core, request_log: Path | None = None, *, sweeps: bool = True, keeps_house: bool = True) -> Starlette:
    """The application; what a kill left undone is done before it answers, and the core is closed when it ends.

    `sweeps`: no other process takes files in now. `keeps_house`: this one does what is done once for all.
    """
    log = RequestLog(request_log)
    routes = Routes(core, log)
    metrics = Metrics(core, routes)
    log.heard = metrics.heard
    daily = Daily(core)
    postman = Postman(core)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        if sweeps:
            core.files.sweep()
        erasing.apply_again(core)
        follow.pending(core)
        routes.open()
        if keeps_house:
            daily.start()
            postman.start()
        yield
        postman.close()
        daily.close()
        routes.close()
        core.close()
        log.close()

    addresses = {
        version.SYNC: routes.sync,
        version.JOIN: routes.join,
        version.LOGIN: routes.login,
        version.REFRESH: routes.refresh,
        version.LOGOUT: routes.logout,
        version.PUBLISH: routes.publish,
        version.RELEASE: routes.release,
    }
    app = Starlette(
        routes=[
            *(Route(address, endpoint, methods=["POST"]) for address, endpoint in addresses.items()),
            Route(version.BALLOT_SIGN, routes.ballots.sign, methods=["POST"]),
            Route(version.BALLOT, routes.ballots.cast, methods=["POST"]),
            Route(version.HEALTH, routes.health, methods=["GET"]),
            Route(version.METRICS, metrics.show, methods=["GET"]),
            Route(version.OPENAPI, OpenApi().show, methods=["GET"]),
            Route(version.SEND_PARTS, routes.files.send, methods=["POST"]),
            Route(version.FETCH_FILES, routes.files.fetch, methods=["POST"]),
            Route(version.FILES + "{name}", routes.files.get, methods=["GET"]),
            Route(version.FILES + "{name}", routes.files.put, methods=["PUT"]),
        ],
        exception_handlers={404: routes.nothing_here, 405: routes.nothing_here},
        lifespan=lifespan,
    )
    app.add_middleware(Doorway, core=core)
    app.state.waiting = routes.waiting
    app.router.redirect_slashes = False  # a redirect would repeat whatever host the request names
    return app
