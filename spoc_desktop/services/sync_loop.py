"""Synchronises by itself: after a change of the person, when the server has news, and when the time has come."""

import threading

from spoc_desktop.services.syncing import Syncing

GATHER_SECONDS = 0.3
"""A person who answers types several changes in a row: they leave together."""


class SyncLoop:
    """A thread of its own from `start` to `close`."""

    def __init__(self, syncing: Syncing) -> None:
        self._syncing = syncing
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)

    def start(self) -> None:
        """Begin; the first exchange is at once."""
        self._thread.start()

    def nudge(self) -> None:
        """Something waits, or the person asks: do not wait any longer."""
        self._wake.set()
        self._syncing.interrupt()

    def close(self, patience: float | None = None) -> bool:
        """End the exchange under way after its present step, and the thread.

        False when the network has not let go of it after `patience` seconds: it ends with the program, which is as safe
        as being killed.
        """
        self._closing.set()
        self._wake.set()
        self._syncing.stop()
        if self._thread.is_alive():
            self._thread.join(patience)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._closing.is_set():
            wait = self._syncing.news_wait()
            if wait is not None and not self._wake.is_set():
                self._syncing.wait_for_news(wait, self._wake.is_set)
                continue
            due = self._syncing.due_in()
            if self._wake.wait(None if due is None else due / 1000):
                self._wake.clear()
                self._closing.wait(GATHER_SECONDS)
            if not self._closing.is_set():
                self._syncing.sync_now()
