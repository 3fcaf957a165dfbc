"""The server without HTTP: its database, secrets, clock and one writer. Command line and web both stand on it."""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from secrets import token_bytes
from typing import Any

from sqlalchemy import Connection, Row, select

from sync.server.calm import Calm
from sync.server.files_setting import open_depot
from sync.server.settings import DATABASE, SQLITE, NotInitialised, Secrets, Settings, read_address, read_secrets
from sync.server.storage.arrivals import Arrivals
from sync.server.storage.database import Database
from sync.server.storage.schema import organisation
from sync.server.storage.sqlite import SqliteDatabase
from sync.server.tally import Tally

_log = logging.getLogger(__name__)


def system_clock() -> int:
    """Now, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def open_database(data: Path, address: str | None = None) -> Database:
    """The database of a folder, or at another address, whatever is in it. Unreachable when it does not answer."""
    told = read_address(data) if address is None else address
    if told in ("", SQLITE):
        return SqliteDatabase(data / DATABASE)
    from sync.server.storage.postgres import PostgresDatabase  # its driver loads only where it is used

    return PostgresDatabase(told, data)


class WrongSecrets(Exception):
    """The database belongs to another server than the secrets beside it."""


class Core:
    """A running server's parts. `now` gives milliseconds; `chance` random bytes."""

    def __init__(
        self, settings: Settings, now: Callable[[], int] = system_clock, chance: Callable[[int], bytes] = token_bytes
    ) -> None:
        self.settings = settings
        self.now = now
        self.chance = chance
        self.secrets: Secrets = read_secrets(settings.data)
        self.database = open_database(settings.data)
        try:
            found = self._upgraded()
        except BaseException:
            self.database.close()
            raise
        self.organisation: bytes = found.id
        self.organisation_name: str = found.name
        self._reading = self.database.reading
        self.elsewhere = self.database.elsewhere()
        self.writer = self.database.writer(self.elsewhere)
        self.files = open_depot(settings.data)
        self.arrivals = Arrivals(self.files.staging)
        self.tally = Tally()
        self.calm = Calm()
        self._afterwards = ThreadPoolExecutor(1, "spoc-afterwards")

    def _upgraded(self) -> "Row[Any]":
        if not self.database.is_there():
            raise NotInitialised(str(self.settings.data))
        self.database.upgrade()
        with self.database.reading.begin() as connection:
            found = connection.execute(select(organisation)).one()
        if found.server != self.secrets.server:
            raise WrongSecrets(str(self.settings.data))
        return found

    @property
    def server(self) -> bytes:
        """The id by which laptops know this server."""
        return self.secrets.server

    def tail(self) -> bytes:
        """The tail of a new transaction."""
        return self.chance(8)

    def later(self, work: Callable[[], None]) -> None:
        """Do something after the reply. What goes wrong is said in the log; it is done again at the next start."""
        self._afterwards.submit(_said, work)

    def alone(self, space_id: bytes) -> AbstractContextManager[None]:
        """Be the only one, in all processes, who works out what follows from a learner's two spaces in a cohort.

        Two rounds of grading over one space would count an attempt twice.
        """
        return self.database.alone(space_id[1:])

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A snapshot: all that is read in it is of one moment."""
        with self.database.read() as connection:
            yield connection

    def close(self) -> None:
        """Finish what is queued and let go of the database."""
        self._afterwards.shutdown(wait=True)
        self.writer.stop()
        self.database.close()


def _said(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception as error:  # noqa: BLE001  # nobody waits for it who could be told; texts of people stay out
        _log.error("work after a reply failed: %s", type(error).__name__)


@contextmanager
def opened(settings: Settings) -> Iterator[Core]:
    """The core of a server for the time of a command."""
    core = Core(settings)
    try:
        yield core
    finally:
        core.close()
