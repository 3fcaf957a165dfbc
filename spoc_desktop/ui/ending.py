"""Ends the program in order when the system asks: Ctrl+C in the terminal, the end of the session, a stop by IT."""

from __future__ import annotations

import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtWidgets import QApplication

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class EndOnSignal(QObject):
    """While it lives, SIGINT and SIGTERM close the window as a person would.

    Python runs a handler only when it runs at all; the socket wakes Qt's loop so that it does.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self._app = app
        self._near, self._far = socket.socketpair()
        for end in (self._near, self._far):
            end.settimeout(0)
        self._woken = signal.set_wakeup_fd(self._far.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, self._end) for number in _SIGNALS}
        self._notifier = QSocketNotifier(self._near.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._drain)

    def close(self) -> None:
        """Give the signals back to who had them."""
        self._notifier.setEnabled(False)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._woken)
        self._near.close()
        self._far.close()

    def _drain(self) -> None:
        self._near.recv(64)

    def _end(self, *_signal: object) -> None:
        self._app.closeAllWindows()
        self._app.quit()
