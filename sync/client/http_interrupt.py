"""Ending a request that waits, from another thread: a change of the person's is to leave, or the program ends.

The call is kept until `rearm`: whoever is about to wait and was called just before does not begin.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sync.protocol.errors import SyncError


class Interrupted(SyncError):
    """This laptop gave up a wait by itself: nothing is wrong."""


class Interrupt:
    """The way into one connection's wait. `call` may come from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # Weak: a socket that its connection let go of is to be closed, not kept here.
        self._socket: weakref.ref[socket.socket] | None = None
        self._is_held = False
        self._is_called = False

    def rearm(self) -> None:
        """What was called until now is dealt with."""
        with self._lock:
            self._is_called = False

    def call(self) -> None:
        """End the wait under way, or the one that is about to begin. Other requests go on."""
        with self._lock:
            self._is_called = True
            self._cut()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Around a request that waits. Interrupted when it was called."""
        with self._lock:
            if self._is_called:
                raise Interrupted
            self._is_held = True
        try:
            yield
        except SyncError as error:
            if self._is_called:
                raise Interrupted from error
            raise
        finally:
            with self._lock:
                self._is_held = False

    def connected(self, to: socket.socket) -> None:
        """The connection has a new socket."""
        with self._lock:
            self._socket = weakref.ref(to)
            if self._is_called:
                self._cut()

    def let_go(self) -> None:
        """Close the socket: its pool does so only when the last error that names it is forgotten."""
        with self._lock:
            line = None if self._socket is None else self._socket()
            if line is not None:
                line.close()

    def _cut(self) -> None:
        line = None if self._socket is None else self._socket()
        if self._is_held and line is not None:
            with contextlib.suppress(OSError):  # it is closed already
                # The socket's own, below TLS: whoever reads there sees the end, and closes it.
                socket.socket.shutdown(getattr(line, "socket", line), socket.SHUT_RDWR)


def pools(connected: Callable[[socket.socket], None]) -> dict[str, type]:
    """The classes of a pool manager's pools, by scheme, whose connections tell of their sockets."""
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            connected(self.sock)

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            connected(self.sock)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
