"""What a server does once a day by itself, looked at now and then.

It signs the chains of personal spaces, and drops what is left of records that are long gone.
"""

import logging
import threading

from sqlalchemy.exc import SQLAlchemyError

from sync.server.core import Core
from sync.server.sync import arriving, balloting, chain, compaction, folding

_EVERY_SECONDS = 600
_log = logging.getLogger(__name__)


class Daily:
    """A thread of its own from `start` to `close`."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._closing = threading.Event()
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
        while True:
            self._sign()
            self._compact()
            self._together()
            if self._closing.wait(_EVERY_SECONDS):
                return

    def _sign(self) -> None:
        try:
            signed = chain.sign_day(self._core)
        except (SQLAlchemyError, OSError, ValueError) as error:
            _log.error("the day could not be signed, it is tried again: %s", type(error).__name__)
        else:
            if signed:
                _log.info("%d personal spaces signed", signed)

    def _compact(self) -> None:
        try:
            done = compaction.compact(self._core)
        except SQLAlchemyError as error:
            _log.error("old tombstones could not be dropped, it is tried again: %s", type(error).__name__)
        else:
            if done.tombstones:
                _log.info("%d tombstones dropped in %d spaces", done.tombstones, done.spaces)

    def _together(self) -> None:
        try:
            arriving.sweep(self._core)
            folding.fold_due(self._core)
            balloting.close_due(self._core)
        except (SQLAlchemyError, OSError, ValueError) as error:
            _log.error("uploads, documents and ballots wait for the next look: %s", type(error).__name__)
