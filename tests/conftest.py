"""What every test stands on: no display, no real home, no outside world, and nothing left behind.

A Python warning, a Qt warning, a logged warning or a thread left running fails the test that caused it.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from weakref import WeakKeyDictionary

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Qt looks for a session bus and for the desktop's theme: a test asks neither.
os.environ["QT_QPA_PLATFORMTHEME"] = ""
for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
    os.environ.pop(name, None)

# Two cores are shared with other tests: a slow example is no failure, a wrong one is. The build server plays the same
# examples each time, so that it judges the change it is given; chance works at the developer's desk and at night.
settings.register_profile(
    "day",
    max_examples=60,
    deadline=None,
    derandomize="CI" in os.environ,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("nightly", settings.get_profile("day"), max_examples=2000, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "day"))

SECONDS_TO_END = 5.0
"""How long a thread may take to end after its test; only threads that are stuck ever wait that long."""


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program's folders of this test are its own, and no keyring of this computer is touched."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        folder = home if name == "HOME" else home / name.lower()
        folder.mkdir(mode=0o700, exist_ok=True)
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


class _Watcher(logging.Handler):
    """Keeps every logged warning."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def _no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    watcher = _Watcher()
    logging.getLogger().addHandler(watcher)
    yield
    logging.getLogger().removeHandler(watcher)
    if watcher.records and request.node.get_closest_marker("allows_warnings") is None:
        lines = "\n".join(f"{one.levelname} {one.name}: {one.getMessage()}" for one in watcher.records)
        pytest.fail(f"logged during the test:\n{lines}", pytrace=False)


_started_at: WeakKeyDictionary[threading.Thread, str] = WeakKeyDictionary()
_start = threading.Thread.start


def _start_and_remember(thread: threading.Thread) -> None:
    _started_at[thread] = "".join(traceback.format_stack(sys._getframe(1), limit=4))
    _start(thread)


threading.Thread.start = _start_and_remember  # type: ignore[method-assign, assignment]  # to name its line


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before and not _ends(thread)]
    if left:
        lines = "\n".join(f"{thread.name}, started at\n{_started_at.get(thread, '?')}" for thread in left)
        pytest.fail(f"threads left running:\n{lines}", pytrace=False)
    _wait_for_qt_pool()


def _ends(thread: threading.Thread) -> bool:
    """Whether the thread ends by itself; one that Qt or C started (a dummy) is Qt's to end."""
    if isinstance(thread, threading._DummyThread):
        return True
    thread.join(SECONDS_TO_END)
    return not thread.is_alive()


def _wait_for_qt_pool() -> None:
    core = sys.modules.get("PySide6.QtCore")
    if core is not None and not core.QThreadPool.globalInstance().waitForDone(int(SECONDS_TO_END * 1000)):
        pytest.fail("work left running in Qt's thread pool", pytrace=False)


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder that holds the whole project."""
    return Path(__file__).resolve().parents[1]
