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

from sync.protocol.errors import Busy
from sync.server.storage.touched import Touched, take

Result = TypeVar("Result")

TRIES = 5
"""Times that a job is begun before its error goes to who asked."""
_PAUSE_S = 0.05
_COME_BACK_S = 2.0


class PooledWriter:
    """Runs jobs on the threads that ask. `tell` lets other processes know what was touched."""

    def __init__(self, engine: Engine, tell: Callable[[Touched], None]) -> None:
        self._engine = engine
        self._tell = tell
        self.heard: Callable[[Touched], None] = lambda _: None

    def run(self, job: Callable[[Connection], Result]) -> Result:
        """Do a job and wait until it is committed. Busy when others hold what it needs for too long."""
        for tried in range(1, TRIES + 1):
            try:
                result, touched = self._once(job)
            except (DBAPIError, psycopg.Error) as error:
                cause = error.orig if isinstance(error, DBAPIError) else error
                if isinstance(cause, errors.LockNotAvailable):
                    raise Busy(_COME_BACK_S) from error
                if tried == TRIES or not isinstance(cause, (errors.DeadlockDetected, errors.SerializationFailure)):
                    raise
                time.sleep(random.uniform(0, _PAUSE_S * tried))  # noqa: S311  # so that two do not meet again
            else:
                if touched is not None:
                    self._tell(touched)
                    self.heard(touched)
                return result
        raise AssertionError("the last try returns or raises")

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
