"""The one thread that writes: jobs run one after the other, each in its own transaction.

Sixteen writers on SQLite wait for each other's locks; through one thread nobody waits for more than the queue.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

from sqlalchemy import Connection, Engine

from sync.server.storage.touched import Touched, take

Result = TypeVar("Result")


class Writer:
    """Runs jobs over the writing connection. A job that raises is rolled back and its error goes to who asked.

    `heard` is called after each commit that touched something that laptops wait for, on the thread that writes.
    """

    def __init__(self, engine: Engine, heard: Callable[[Touched], None]) -> None:
        self._engine = engine
        self.heard = heard
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="spoc-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[Connection], Result]) -> "Future[Result]":
        """Queue a job; its result is there once it is committed."""
        future: Future[Result] = Future()
        self._jobs.put(lambda: self._perform(job, future))
        return future

    def run(self, job: Callable[[Connection], Result]) -> Result:
        """Do a job and wait until it is committed."""
        return self.submit(job).result()

    def stop(self) -> None:
        """Finish what is queued and end."""
        self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (perform := self._jobs.get()) is not None:
            perform()

    def _perform(self, job: Callable[[Connection], Result], future: "Future[Result]") -> None:
        try:
            with self._engine.begin() as connection:
                take(connection)  # of a transaction that was rolled back
                result = job(connection)
                touched = take(connection)
        except BaseException as error:  # noqa: BLE001  # it is raised again where somebody waits for the job
            future.set_exception(error)
        else:
            future.set_result(result)
            if touched is not None:
                self.heard(touched)
