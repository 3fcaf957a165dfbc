"""What a server does once a day by itself, looked at now and then.

It signs the chains of personal spaces, releases the grades of weeks that are over, and drops what is left of records,
files and messages that are long gone.
"""

import logging
import threading
from collections.abc import Callable

from sync.server.core import Core
from sync.server.mailing import queue
from sync.server.sync import arriving, balloting, chain, compaction, folding, release, unnamed

_EVERY_SECONDS = 600
_log = logging.getLogger(__name__)


class Daily:
    """A thread of its own from `start` to `close`."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._at_close = release.AtClose(core)
        self._closing = threading.Event()
        self._files_at = 0
        self._thread = threading.Thread(target=self._work, name="spoc-daily", daemon=True)

    def start(self) -> None:
        """Begin: what was left undone while the server was stopped is done first."""
        self._thread.start()

    def close(self) -> None:
        """End after what is under way."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        core = self._core
        while True:
            self._do("to sign the day", lambda: _sign(core))
            self._do("to drop old tombstones", lambda: _compact(core))
            self._do("to let go of uploads", lambda: arriving.sweep(core))
            self._do("to release grades", self._release)
            self._do("to fold documents", lambda: folding.fold_due(core))
            self._do("to close ballots", lambda: balloting.close_due(core))
            self._do("to remove old files", self._sweep_files)
            self._do("to forget old messages", lambda: queue.sweep(core))
            if self._closing.wait(_EVERY_SECONDS):
                return

    def _sweep_files(self) -> None:
        """Once a day: it looks at every file."""
        now = self._core.now()
        if now - self._files_at >= unnamed.DAY_MS:
            done = unnamed.sweep(self._core)
            self._files_at = now
            if done.removed:
                _log.info("%d files removed that no record named any more", done.removed)

    def _release(self) -> None:
        if released := self._at_close.release_due():
            _log.info("%d grades released at the end of a week", released)

    @staticmethod
    def _do(what: str, work: Callable[[], object]) -> None:
        """What fails, a database that is busy too, keeps nothing else from being done and waits for the next look."""
        try:
            work()
        except Exception as error:  # noqa: BLE001  # said in the log; the work of people stays out of it
            _log.error("%s did not go, it is tried again: %s", what, type(error).__name__)


def _sign(core: Core) -> None:
    if signed := chain.sign_day(core):
        _log.info("%d personal spaces signed", signed)


def _compact(core: Core) -> None:
    done = compaction.compact(core)
    if done.tombstones:
        _log.info("%d tombstones dropped in %d spaces", done.tombstones, done.spaces)
