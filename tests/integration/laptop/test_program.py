"""The program as it is started: signed in by what is handed down, ended by a signal, one window a folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from spoc_desktop import paths
from spoc_desktop.ui.single_instance import show_first
from tests.integration.laptop.harness import Laptop, School, school
from tests.server_fixture import ROOT
from tests.unit.services.classroom import LESSON_1
from tools.sample_session import pipe_with

OFFSCREEN = "This plugin does not support"
"""What the platform without a display says when a window is to come to the front."""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with school(tmp_path_factory.mktemp("school")) as made:
        yield made


def started(laptop: Laptop, person: bytes) -> subprocess.Popen[str]:
    """The program on a laptop's folder, its passphrase handed down a pipe; it has its window when this returns."""
    pipe = pipe_with(json.dumps({person.hex(): laptop.passphrase}))
    program = subprocess.Popen(
        [sys.executable, "main.py", "--passphrases-fd", str(pipe)],
        cwd=ROOT,
        env=os.environ | {paths.HOME_VARIABLE: str(laptop.folder)},
        pass_fds=(pipe,),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(pipe)
    return program


def wait_for_window(folder: Path) -> None:
    wait_until(lambda: show_first(folder))


def wait_until(true: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(1_200):
        if true():
            return
        pause.wait(0.05)
    pytest.fail("it never happened")


def test_the_program_sends_what_waits_and_ends_in_order_when_told(here: School) -> None:
    laptop, ines = here.joined(here.sample.ines)
    ines.courses.read(ines.courses.lesson(here.sample.id, LESSON_1), 0, 5)
    laptop.shut()
    began = time.time_ns() // 1_000_000
    program = started(laptop, ines.person)
    wait_for_window(laptop.folder)
    wait_until(lambda: any(line["path"] == "/sync" and line["at"] > began for line in here.server.requests()))
    second = started(laptop, ines.person)
    assert second.communicate(timeout=30) == ("", "")
    assert second.returncode == 0
    busy = laptop.spoc("status", "--language", "en", "--passphrase-fd", "{0}", secrets_=(laptop.passphrase,))
    assert busy.returncode == 4
    assert "open on it already" in busy.stderr
    program.terminate()
    out, err = program.communicate(timeout=30)
    said = [line for line in err.splitlines() if OFFSCREEN not in line]
    assert (program.returncode, out, said) == (0, "", [])
    assert laptop.open().store.counts().waiting == 0
