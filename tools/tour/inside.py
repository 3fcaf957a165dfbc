"""One laptop of the tour: the real program, whose window obeys commands that come as lines of JSON.

A command is `{"do": method of Hands, "with": {…}}`; the answer `{"ok": true, "found": …}` or `{"ok": false, "said":
…}`.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any

from spoc_desktop import app as program
from tools.running import when_running

if TYPE_CHECKING:
    from tools.tour.hands import Hands

_LOOK_MS = 10
_commands: queue.SimpleQueue[str] = queue.SimpleQueue()


def main() -> int:
    """Run the program until its window is closed."""
    when_running(_begin)
    return program.main(sys.argv[1:])


def _begin() -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance()
    timer = QTimer(app)
    timer.setInterval(_LOOK_MS)
    timer.timeout.connect(lambda: _obey(timer))
    timer.start()
    threading.Thread(target=_listen, daemon=True).start()


def _listen() -> None:
    for line in sys.stdin:
        _commands.put(line)


def _obey(timer: Any) -> None:
    """Do the commands that came. The timer rests meanwhile: waiting inside a command lets events through."""
    timer.stop()
    try:
        while True:
            line = _commands.get_nowait()
            print(json.dumps(_do(json.loads(line))), flush=True)
    except queue.Empty:
        timer.start()


def _do(command: dict[str, Any]) -> dict[str, Any]:
    try:
        found = getattr(_hands(), command["do"])(**command["with"])
    except Exception as error:  # noqa: BLE001 - whatever went wrong is the tour's to report
        traceback.print_exc()
        return {"ok": False, "said": f"{type(error).__name__}: {error}"}
    return {"ok": True, "found": found}


def _hands() -> Hands:
    from PySide6.QtWidgets import QApplication

    from spoc_desktop.ui.main_window import MainWindow
    from tools.tour.hands import Hands

    windows = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow)]
    return Hands(windows[0])


if __name__ == "__main__":
    raise SystemExit(main())
