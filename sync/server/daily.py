"""What a server does once a day by itself, looked at now and then: it signs the chains of personal spaces."""

import logging
import threading

from sqlalchemy.exc import SQLAlchemyError

from sync.server.core import Core
from sync.server.sync import chain

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
            try:
                signed = chain.sign_day(self._core)
            except (SQLAlchemyError, OSError, ValueError) as error:
                _log.error("the day could not be signed, it is tried again: %s", type(error).__name__)
            else:
                if signed:
                    _log.info("%d personal spaces signed", signed)
            if self._closing.wait(_EVERY_SECONDS):
                return
