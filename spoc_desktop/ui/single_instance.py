"""One window a person and data folder: a second start brings the first window to the front and ends (attack A17).

The socket belongs to the computer account, its name is told by the data folder; it understands one word. Which start
is the first is decided by the lock of `spoc_desktop.storage.instance`.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from spoc_desktop.storage.instance import channel

SHOW = b"show\n"
_PATIENCE_MS = 1_000


def show_first(folder: Path) -> bool:
    """Ask the program that has this folder open to come to the front; False when there is none."""
    socket = QLocalSocket()
    socket.connectToServer(channel(folder))
    if not socket.waitForConnected(_PATIENCE_MS):
        return False
    socket.write(SHOW)
    socket.waitForBytesWritten(_PATIENCE_MS)
    socket.disconnectFromServer()
    return True


class FirstInstance(QObject):
    """Listens for later starts. `shown`: one of them asked for the window."""

    shown = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._sockets: list[QLocalSocket] = []
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        name = channel(folder)
        if not self._server.listen(name):
            # Left behind by a program that was killed: nobody answered on it, so it may go.
            QLocalServer.removeServer(name)
            self._server.listen(name)

    def close(self) -> None:
        """Let go of the name."""
        self._server.close()
        self._sockets.clear()

    def _greet(self) -> None:
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            self._sockets.append(socket)
            socket.readyRead.connect(self._listen)
        self._listen()

    def _listen(self) -> None:
        """Hear what later starts said; who said anything but the one word is hung up on."""
        asked = False
        for socket in [one for one in self._sockets if one.bytesAvailable() >= len(SHOW)]:
            asked |= bytes(socket.read(len(SHOW)).data()) == SHOW
            self._sockets.remove(socket)
            socket.abort()
        if asked:
            self.shown.emit()
