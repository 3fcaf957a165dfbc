"""Start: painted before anything heavy is loaded; a second start brings the first window to the front."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from spoc_desktop.storage.instance import channel
from spoc_desktop.ui.memory import ShortMemory
from spoc_desktop.ui.single_instance import FirstInstance, show_first
from spoc_desktop.ui.start import chosen_language

HEAVY = ("sqlalchemy", "sqlcipher3", "requests", "keyring", "PySide6.QtWebEngineCore", "PySide6.QtWebEngineWidgets")

PROBE = """
import json, sys
import spoc_desktop.app as app
from PySide6.QtCore import QCoreApplication, QMetaObject, Qt

class Probe(app.Application):
    def opened_at_start(self):
        print(json.dumps(sorted(sys.modules)), flush=True)
        QMetaObject.invokeMethod(QCoreApplication.instance(), "quit", Qt.ConnectionType.QueuedConnection)
        return None

app.Application = Probe
raise SystemExit(app.main(["--home", sys.argv[1]]))
"""


def test_nothing_heavy_is_loaded_before_the_first_paint(tmp_path: Path, root: Path) -> None:
    command = [sys.executable, "-c", PROBE, str(tmp_path)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = json.loads(done.stdout.splitlines()[0])
    assert "spoc_desktop.ui.shell" in loaded
    assert not {name for name in loaded if name.startswith(HEAVY)}


def test_a_second_start_brings_the_first_window_to_the_front(app: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    assert not show_first(tmp_path)
    first = FirstInstance(tmp_path)
    with qtbot.waitSignal(first.shown):
        assert show_first(tmp_path)
    first.close()
    assert not show_first(tmp_path)


def test_windows_on_other_folders_are_left_alone(app: QApplication, tmp_path: Path) -> None:
    first = FirstInstance(tmp_path / "one")
    assert not show_first(tmp_path / "two")
    first.close()


@pytest.mark.parametrize("word", [b"quit\n", b"show-me", b"x" * 100_000])
def test_the_socket_takes_no_command_but_show(app: QApplication, qtbot: QtBot, tmp_path: Path, word: bytes) -> None:
    first = FirstInstance(tmp_path)
    socket = QLocalSocket()
    socket.connectToServer(channel(tmp_path))
    assert socket.waitForConnected(1000)
    with qtbot.assertNotEmitted(first.shown, wait=100):
        socket.write(word)
        socket.waitForBytesWritten(100)
    socket.abort()
    first.close()


def test_the_language_kept_on_this_computer_comes_before_the_systems() -> None:
    memory = ShortMemory()
    memory.set("language", "en")
    assert chosen_language(memory) == "en"
    memory.set("language", "xx")
    assert chosen_language(memory) == "fr"
