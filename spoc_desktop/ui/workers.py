"""Work off the main thread: one thread for the database, a pool for the network, results back on the main thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QObject, Qt, Signal, Slot
from shiboken6 import isValid

T = TypeVar("T")

NETWORK_THREADS = 4


class Workers(QObject):
    """Made once by the application and closed by it; `run` is for the database, `fetch` for the network.

    Results come in the order in which the work ended. A result for a widget that is gone is dropped.
    """

    idle = Signal()
    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._database = ThreadPoolExecutor(1, "database")
        self._network = ThreadPoolExecutor(NETWORK_THREADS, "network")
        self._running = 0
        self._closed = False
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether work is under way or a result not delivered yet."""
        return self._running > 0

    def run(
        self,
        work: Callable[[], T],
        then: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        *,
        owner: QObject | None = None,
    ) -> None:
        """Do `work` on the database thread, then call `then` with its result, or `failed` with what it raised.

        Both are called on the main thread, and not at all once `owner` is gone. Without `failed` an exception is raised
        on the main thread, where it is not swallowed.
        """
        self._start(self._database, work, then, failed, owner)

    def fetch(
        self,
        work: Callable[[], T],
        then: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        *,
        owner: QObject | None = None,
    ) -> None:
        """Like `run`, on the pool for the network."""
        self._start(self._network, work, then, failed, owner)

    def _start(
        self,
        pool: Executor,
        work: Callable[[], T],
        then: Callable[[T], None] | None,
        failed: Callable[[Exception], None] | None,
        owner: QObject | None,
    ) -> None:
        if self._closed:
            return
        self._running += 1

        def end(future: Future[T]) -> None:
            def deliver() -> None:
                if owner is None or isValid(owner):
                    _hand_over(future, then, failed)

            self._ended.emit(deliver)

        pool.submit(work).add_done_callback(end)

    @Slot(object)
    def _deliver(self, deliver: Callable[[], None]) -> None:
        self._running -= 1
        try:
            if not self._closed:
                deliver()
        finally:
            if not self._running:
                self.idle.emit()

    def wait(self) -> None:
        """Run the event loop until all work has been done and delivered; for tests and for the end of a tour."""
        if self.busy:
            loop = QEventLoop()
            self.idle.connect(loop.quit)
            loop.exec()

    def close(self) -> None:
        """Let running work end, forget what has not begun, and stop the threads."""
        self._closed = True
        for pool in (self._database, self._network):
            pool.shutdown(wait=True, cancel_futures=True)


def _hand_over(future: Future[T], then: Callable[[T], None] | None, failed: Callable[[Exception], None] | None) -> None:
    error = future.exception()
    if error is None:
        if then is not None:
            then(future.result())
    elif failed is not None and isinstance(error, Exception):
        failed(error)
    else:
        raise error
