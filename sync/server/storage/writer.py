"""The one thread that writes: jobs run one after the other, and those that wait together are committed together.

Sixteen writers on SQLite wait for each other's locks; through one thread nobody waits for more than the queue. A commit
is a wait for the disk: where hundreds of laptops come at once, jobs that queue up meanwhile share the next one, each
with a savepoint of its own: one that fails leaves no trace in the others.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine

from sync.server.storage.dialect import Cursor, cursor_of
from sync.server.storage.touched import Touched, take

Result = TypeVar("Result")

TOGETHER = 64
"""Jobs in one commit at most."""
TOGETHER_S = 0.02
"""Seconds after which a commit takes no further job in: nobody waits long for what others do."""


class _Job(Generic[Result]):
    """Something to be done in a transaction, and who waits for it."""

    def __init__(self, work: Callable[[Connection], Result]) -> None:
        self.future: Future[Result] = Future()
        self._work = work
        self._result: Result | None = None
        self._error: BaseException | None = None

    def perform(self, connection: Connection) -> None:
        """Do it as the first of a transaction: when it raises, there is nothing else to keep."""
        self._result, self._error = self._work(connection), None

    def perform_among(self, connection: Connection, cursor: Cursor) -> None:
        """Do it after others; when it raises, it is undone and they are kept."""
        cursor.execute("SAVEPOINT job")
        try:
            self.perform(connection)
        except BaseException as error:  # noqa: BLE001  # it is raised again where somebody waits for the job
            self._error = error
            cursor.execute("ROLLBACK TO job")
        cursor.execute("RELEASE job")

    def settle(self, error: BaseException | None = None) -> None:
        """Its transaction is over: let go of who waits."""
        failed = error or self._error
        if failed is None:
            self.future.set_result(self._result)  # type: ignore[arg-type]  # it was performed
        else:
            self.future.set_exception(failed)


class Writer:
    """Runs jobs over the writing connection. A job that raises is rolled back and its error goes to who asked.

    `heard` is called after each commit that touched something that laptops wait for, on the thread that writes.
    """

    def __init__(self, engine: Engine, heard: Callable[[Touched], None]) -> None:
        self._engine = engine
        self.heard = heard
        self._jobs: SimpleQueue[_Job[Any] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="spoc-writer", daemon=True)
        self._thread.start()

    @property
    def queued(self) -> int:
        """How many jobs wait for the ones before them."""
        return self._jobs.qsize()

    def submit(self, job: Callable[[Connection], Result]) -> "Future[Result]":
        """Queue a job; its result is there once it is committed."""
        queued = _Job(job)
        self._jobs.put(queued)
        return queued.future

    def run(self, job: Callable[[Connection], Result]) -> Result:
        """Do a job and wait until it is committed."""
        return self.submit(job).result()

    def soon(self, job: Callable[[Connection], object]) -> None:
        """Do a job before all that are asked for later; nobody waits for it, or hears when it fails."""
        self.submit(job)

    def stop(self) -> None:
        """Finish what is queued and end."""
        self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            jobs = [job]
            if not self._perform(jobs, self._waiting()):
                # A full disk ends the whole transaction, whichever job filled it: each for itself.
                for each in jobs:
                    self._perform([each], ())

    def _waiting(self) -> Iterator[_Job[Any]]:
        """Jobs that have come meanwhile, within bounds of number and time."""
        until = time.monotonic() + TOGETHER_S
        for _ in range(1, TOGETHER):
            try:
                job = self._jobs.get_nowait()
            except Empty:
                return
            if job is None:
                self._jobs.put(None)
                return
            yield job
            if time.monotonic() > until:
                return

    def _perform(self, jobs: list[_Job[Any]], others: Iterable[_Job[Any]]) -> bool:
        """Do the first of `jobs`, then `others`, which join them, and commit. False: none is settled or kept."""
        try:
            with self._engine.begin() as connection:
                take(connection)  # of a transaction that was rolled back
                jobs[0].perform(connection)
                for job in others:
                    jobs.append(job)
                    job.perform_among(connection, cursor_of(connection))
                touched = take(connection)
        except BaseException as error:  # noqa: BLE001  # it is raised again where somebody waits for the job
            if len(jobs) > 1:
                return False
            jobs[0].settle(error)
            return True
        for job in jobs:
            job.settle()
        if touched is not None:
            self.heard(touched)
        return True
