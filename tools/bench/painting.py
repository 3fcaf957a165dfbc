"""Starts a window and ends it after its first paint: `python -m tools.bench.painting bare|program STARTED HOME`.

STARTED is the starter's monotonic clock in nanoseconds, which processes of one machine share: the figure holds the
interpreter's start and every import. Prints `milliseconds MiB`.
"""

import sys
import time
from pathlib import Path

from tools.bench.resident import resident_mib
from tools.running import when_running

_ARGUMENTS = 4


def main() -> int:
    """Show the window that is asked for."""
    if len(sys.argv) != _ARGUMENTS:
        print("bare|program STARTED HOME", file=sys.stderr)
        return 2
    which, started, home = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    if which == "bare":
        from PySide6.QtWidgets import QApplication, QWidget

        app = QApplication([])
        window = QWidget()
        window.resize(1280, 800)
        watch(started)
        window.show()
        app.exec()
        return 0
    from spoc_desktop import app as program

    watch(started)
    return program.main(["--home", str(home)])


def watch(started: int) -> None:
    """Say when the first top window was painted, then quit."""
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication, QWidget

    class Watcher(QObject):
        seen = False

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if not self.seen and event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
                self.seen = watched.isWindow()
                if self.seen:
                    QTimer.singleShot(0, painted)
            return False

    def painted() -> None:
        print((time.monotonic_ns() - started) / 1e6, resident_mib(), flush=True)
        QApplication.quit()

    watcher = Watcher()

    def begin() -> None:
        app = QApplication.instance()
        if app is not None:
            watcher.setParent(app)
            app.installEventFilter(watcher)

    when_running(begin)


if __name__ == "__main__":
    raise SystemExit(main())
