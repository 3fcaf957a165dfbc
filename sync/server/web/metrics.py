"""Figures for Prometheus: what this process answered, and how the server stands. No person, no address, no title."""

import hmac
from collections.abc import Iterable
from functools import partial
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection, Select, func, select
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sync.server.accounts.rates import is_here
from sync.server.core import Core
from sync.server.mailing import queue
from sync.server.storage import sizes
from sync.server.storage.schema import backup, device, file, incident, person, space
from sync.server.web.replies import NotFound, bearer
from sync.server.web.request_log import Line
from sync.server.web.routes import Routes

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30)


class Metrics:
    """The figures of a process."""

    def __init__(self, core: Core, routes: Routes) -> None:
        self._core = core
        self._routes = routes
        self._registry = CollectorRegistry()
        self._requests = Counter("spoc_requests", "Requests answered.", ["route", "status"], registry=self._registry)
        self._seconds = Histogram(
            "spoc_request_seconds",
            "How long the server worked on a request, waiting for news left out.",
            ["route"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._registry.register(_Standing(core, routes))

    def heard(self, line: Line) -> None:
        """Count a request that was answered."""
        self._requests.labels(line.path, str(line.status)).inc()
        self._seconds.labels(line.path).observe(line.ms / 1000)

    def may_read(self, request: Request) -> bool:
        """Whether a visitor may see them: from this computer, with the token, or where IT opened them to all."""
        settings = self._core.settings
        if settings.metrics_open:
            return True
        if settings.metrics_token:
            return hmac.compare_digest(bearer(request).encode(), settings.metrics_token.encode())
        host = request.client.host if request.client else ""
        return is_here(host) and "x-forwarded-for" not in request.headers

    async def show(self, request: Request) -> Response:
        """The page. Who may not read it hears what an unknown address hears."""
        if not self.may_read(request):
            return await self._routes.nothing_here(request, NotFound())
        page = await self._routes.run(partial(generate_latest, self._registry))
        return PlainTextResponse(page, media_type=CONTENT_TYPE)


class _Standing(Collector):
    """What is read when somebody asks."""

    def __init__(self, core: Core, routes: Routes) -> None:
        self._core = core
        self._routes = routes

    def describe(self) -> Iterable[Metric]:
        """Nothing is promised: registering asks no database."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """The figures of this moment."""
        core = self._core
        entries = CounterMetricFamily("spoc_entries", "Entries of pushes by what became of them.", labels=["verdict"])
        for name, count in core.tally.counts().items():
            entries.add_metric([name], count)
        yield entries
        yield _gauge("spoc_laptops_waiting", "Laptops that wait for something new.", len(self._routes.waiting))
        yield _gauge("spoc_requests_at_work", "Requests at work in this process.", self._routes.working)
        yield _gauge("spoc_writer_queue", "Transactions that wait for the writer.", core.writer.queued)
        with core.reading() as connection:
            yield from _counted(core, connection)
            yield from _mail(core, connection)
            yield _gauge("spoc_database_bytes", "Bytes of the database.", sizes.bytes_of(connection))


def _counted(core: Core, connection: Connection) -> Iterable[Metric]:
    for name, told, table in (
        ("spoc_people", "People.", person),
        ("spoc_spaces", "Spaces.", space),
        ("spoc_files", "Files.", file),
        ("spoc_incidents", "Incidents so far.", incident),
    ):
        yield _gauge(name, told, _number(connection, select(func.count()).select_from(table)))
    yield _gauge("spoc_rows", "Records.", _number(connection, select(func.sum(space.c.records))))
    signed_in = select(func.count()).where(device.c.gone.is_(False))
    yield _gauge("spoc_laptops", "Laptops that are signed in.", _number(connection, signed_in))
    last = _number(connection, select(func.max(backup.c.at)))
    age = (core.now() - last) / 1000 if last else -1
    yield _gauge("spoc_backup_age_seconds", "Age of the last verified backup; -1 when there is none.", age)


def _mail(core: Core, connection: Connection) -> Iterable[Metric]:
    mail = GaugeMetricFamily("spoc_mail", "Messages by where they are.", labels=["occasion", "state"])
    for line in queue.counts(connection):
        mail.add_metric([line.occasion, line.state.name.lower()], line.messages)
    yield mail
    oldest = queue.oldest_waiting(connection)
    age = (core.now() - oldest) / 1000 if oldest else 0
    yield _gauge("spoc_mail_oldest_seconds", "How long the oldest message waits.", age)


def _number(connection: Connection, asked: Select[Any]) -> float:
    return float(connection.execute(asked).scalar() or 0)


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value=value)
