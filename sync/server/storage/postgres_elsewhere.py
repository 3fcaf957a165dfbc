"""What other processes change in a PostgreSQL database, by LISTEN and NOTIFY: on this computer or on another.

Told after the commit, on a connection of its own: a NOTIFY inside a transaction would make all commits wait for each
other. A word that is lost, because a process was killed or the line was down, is found when a laptop's wait is over.
"""

import logging
import time
from collections.abc import Iterator
from secrets import token_hex
from typing import Any

import msgspec
import psycopg
from sqlalchemy import Engine, PoolProxiedConnection, text
from sqlalchemy.exc import SQLAlchemyError

from sync.server.storage.elsewhere import Elsewhere
from sync.server.storage.touched import Touched

_CHANNEL = "spoc_touched"
_MOST = 300
"""Numbers in one message: PostgreSQL takes 8,000 bytes."""
_TELL = text(f"SELECT pg_notify('{_CHANNEL}', :payload)")
_IGNORED_S = 30.0
_log = logging.getLogger(__name__)


class _Word(msgspec.Struct, frozen=True, array_like=True):
    sender: str
    touched: Touched


_DECODER = msgspec.json.Decoder(_Word)


class PostgresElsewhere(Elsewhere):
    """The two ends. `engine` gives connections in which each statement stands alone."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._me = token_hex(8)
        self._heard_at = time.monotonic()
        self._lent: PoolProxiedConnection | None = None
        self._listening: psycopg.Connection[Any] | None = None
        self._is_open = False

    def tell(self, touched: Touched) -> None:
        """Let the other processes know. What cannot be told is found all the same."""
        if self._listening is not None and time.monotonic() - self._heard_at > _IGNORED_S:
            self.heard()  # nobody waits, so nobody listens: what was told would stay with the database
        try:
            with self._engine.connect() as connection:
                for part in _parts(touched):
                    word = msgspec.json.encode(_Word(self._me, part)).decode()
                    connection.execute(_TELL, {"payload": word})
        except SQLAlchemyError as error:
            _log.warning("other processes could not be told of a change: %s", type(error).__name__)

    def open(self) -> None:
        """Begin to hear."""
        self._listen()
        self._is_open = True

    def heard(self) -> list[Touched]:
        """What was told by others since the last time."""
        self._heard_at = time.monotonic()
        if self._listening is None:
            if self._is_open:
                self._again()
            return []
        try:
            told = [_DECODER.decode(each.payload) for each in self._listening.notifies(timeout=0)]
        except psycopg.OperationalError:
            self._again()
            return []
        return [word.touched for word in told if word.sender != self._me]

    def close(self) -> None:
        """Hear no more."""
        self._is_open = False
        self._let_go()

    def _listen(self) -> None:
        lent = self._engine.raw_connection()
        listening: Any = lent.driver_connection
        lent.detach()
        listening.autocommit = True
        listening.execute(f"LISTEN {_CHANNEL}")
        self._lent, self._listening = lent, listening

    def _let_go(self) -> None:
        if self._lent is not None:
            self._lent.close()
        self._lent = self._listening = None

    def _again(self) -> None:
        """The line was cut; laptops that wait meanwhile find what they miss at the end of their wait."""
        try:
            self._let_go()
            self._listen()
        except (SQLAlchemyError, psycopg.Error):
            _log.warning("the database does not answer: what other processes change is heard later")


def _parts(touched: Touched) -> Iterator[Touched]:
    spaces, people = sorted(touched.spaces), sorted(touched.people)
    for start in range(0, max(len(spaces), len(people)), _MOST // 2):
        some = slice(start, start + _MOST // 2)
        yield Touched(frozenset(spaces[some]), frozenset(people[some]))
