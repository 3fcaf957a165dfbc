"""The server without HTTP: its database, secrets, clock and one writer. Command line and web both stand on it."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from secrets import token_bytes

from sqlalchemy import Connection, select

from sync.server.settings import WOKEN, NotInitialised, Secrets, Settings, read_secrets
from sync.server.storage import migrate
from sync.server.storage.depot import depot_beside
from sync.server.storage.elsewhere import Elsewhere
from sync.server.storage.engine import reading_engine, writing_engine
from sync.server.storage.schema import organisation
from sync.server.storage.writer import Writer


def system_clock() -> int:
    """Now, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


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
        if not settings.database.exists():
            raise NotInitialised(str(settings.data))
        self._writing = writing_engine(settings.database)
        with self._writing.begin() as connection:
            migrate.upgrade(connection)
            found = connection.execute(select(organisation)).one()
        if found.server != self.secrets.server:
            raise WrongSecrets(str(settings.data))
        self.organisation: bytes = found.id
        self.organisation_name: str = found.name
        self._reading = reading_engine(settings.database)
        self.elsewhere = Elsewhere(settings.data / WOKEN)
        self.writer = Writer(self._writing, self.elsewhere.tell)
        self.files = depot_beside(settings.database)
        self.grading = threading.Lock()
        """Held while attempts are graded: two rounds over one space would count an attempt twice."""
        self._afterwards = ThreadPoolExecutor(1, "spoc-afterwards")

    @property
    def server(self) -> bytes:
        """The id by which laptops know this server."""
        return self.secrets.server

    def tail(self) -> bytes:
        """The tail of a new transaction."""
        return self.chance(8)

    def later(self, work: Callable[[], None]) -> None:
        """Do something after the reply."""
        self._afterwards.submit(work)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A snapshot: all that is read in it is of one moment."""
        with self._reading.begin() as connection:
            yield connection

    def close(self) -> None:
        """Finish what is queued and let go of the database."""
        self._afterwards.shutdown(wait=True)
        self.writer.stop()
        self._reading.dispose()
        self._writing.dispose()


@contextmanager
def opened(settings: Settings) -> Iterator[Core]:
    """The core of a server for the time of a command."""
    core = Core(settings)
    try:
        yield core
    finally:
        core.close()
