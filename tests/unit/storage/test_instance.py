"""One program a data folder; the lock goes with its process, a crash included (fault F25)."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from spoc_desktop.storage.errors import AlreadyRunning
from spoc_desktop.storage.instance import InstanceLock, channel

HOLD = """
import sys, time
from pathlib import Path
from spoc_desktop.storage.instance import InstanceLock
lock = InstanceLock(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""


def test_a_second_start_finds_the_first(tmp_path: Path) -> None:
    with InstanceLock(tmp_path / "running.lock"), pytest.raises(AlreadyRunning):
        InstanceLock(tmp_path / "running.lock")
    InstanceLock(tmp_path / "running.lock").release()


def test_a_crashed_program_leaves_no_lock(tmp_path: Path) -> None:
    place = tmp_path / "running.lock"
    with subprocess.Popen([sys.executable, "-c", HOLD, str(place)], stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunning):
            InstanceLock(place)
        first.send_signal(signal.SIGKILL)
    InstanceLock(place).release()


def test_two_folders_are_two_programs(tmp_path: Path) -> None:
    with InstanceLock(tmp_path / "a" / "running.lock"), InstanceLock(tmp_path / "b" / "running.lock"):
        assert channel(tmp_path / "a") != channel(tmp_path / "b")
    assert channel(tmp_path / "a") == channel(tmp_path / "b" / ".." / "a")
