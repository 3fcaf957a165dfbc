"""Troubles of a PostgreSQL database that pass: it is started again, full, or has no connection left.

A laptop that is told "busy" comes back with the same; told of a fault, it would look for the change that causes it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from sync.protocol.errors import Busy

COME_BACK_S = 5.0
_log = logging.getLogger(__name__)


def cause_of(error: Exception) -> BaseException:
    """The driver's own error."""
    return error.orig if isinstance(error, DBAPIError) and error.orig is not None else error


@contextmanager
def bearing() -> Iterator[None]:
    """Busy in place of what passes by itself."""
    try:
        yield
    except (DBAPIError, psycopg.Error, NoConnectionLeft) as error:
        cause = cause_of(error)
        if not isinstance(cause, (psycopg.OperationalError, psycopg.InterfaceError, NoConnectionLeft)):
            raise
        _log.warning("the database could not be used, laptops come back: %s", type(cause).__name__)
        raise Busy(COME_BACK_S) from error
