"""Jobs that run side by side in pooled connections, on a database that several processes write into (rule 13).

Locks are taken in one order, so two jobs rarely stand in each other's way for good; where they do, the database ends
one of them, and that one is done again.
"""

import random
import time
from collections.abc import Callable
from typing import TypeVar

import psycopg
from psycopg import errors
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from sync.server.storage.passing import bearing, cause_of
from sync.server.storage.touched import Touched, take

Result = TypeVar("Result")

TRIES = 5
"""Times that a job is begun before its error goes to who asked."""
_PAUSE_S = 0.05


class PooledWriter:
    """Runs jobs on the threads that ask. `tell` lets other processes know what was touched."""

    def __init__(self, engine: Engine, tell: Callable[[Touched], None]) -> None:
        self._engine = engine
        self._tell = tell
        self.heard: Callable[[Touched], None] = lambda _: None

    def run(self, job: Callable[[Connection], Result]) -> Result:
        """Do a job and wait until it is committed. Busy when the database cannot do it now."""
        with bearing():
            result, touched = self._tried(job)
        if touched is not None:
            self._tell(touched)
            self.heard(touched)
        return result

    def _tried(self, job: Callable[[Connection], Result]) -> tuple[Result, Touched | None]:
        for tried in range(1, TRIES):
            try:
                return self._once(job)
            except (DBAPIError, psycopg.Error) as error:
                if not isinstance(cause_of(error), (errors.DeadlockDetected, errors.SerializationFailure)):
                    raise
                time.sleep(random.uniform(0, _PAUSE_S * tried))  # noqa: S311  # so that two do not meet again
        return self._once(job)

    @property
    def queued(self) -> int:
        """None: who asks waits for a connection or a lock."""
        return 0

    def soon(self, job: Callable[[Connection], object]) -> None:
        """Do a job now: nothing is queued here."""
        self.run(job)

    def stop(self) -> None:
        """Nothing is queued: who asked waits."""

    def _once(self, job: Callable[[Connection], Result]) -> tuple[Result, Touched | None]:
        with self._engine.begin() as connection:
            take(connection)  # of a transaction that was rolled back
            return job(connection), take(connection)
