"""The gates catch what they are there for: each rule of the house is broken once, in a copy, and is seen."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.gate import NIGHTLY, TESTS, Group, main, run_group
from tools.nightly import summed

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def copied_house(tmp_path: Path) -> Path:
    """The packages and their rules, to be broken at will."""
    for package in ("sync", "spoc_desktop"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint_imports(house: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)


SHARED, DESKTOP = "What both ends share", "In the application"
PURE, QT, SQL, NO_SERVER = "Rules touch no clock", "Qt stays", "SQL stays", "The desktop never loads the server"
NO_CYCLES = "No cycles"


@pytest.mark.parametrize(
    ("contract", "place", "line"),
    [
        (PURE, "sync/domain/grading.py", "import time"),
        (PURE, "sync/domain/grading.py", "import logging"),
        (PURE, "sync/protocol/wire.py", "import random"),
        (PURE, "sync/client/planner.py", "import os"),
        (PURE, "sync/client/view.py", "import sqlalchemy"),
        (SHARED, "sync/domain/grading.py", "import sync.protocol.wire"),
        (SHARED, "sync/client/planner.py", "import sync.server"),
        (SHARED, "sync/server/__init__.py", "import sync.client"),
        (SHARED, "sync/utils.py", "# a module without a place in the plan"),
        ("The shared part", "sync/domain/grading.py", "import spoc_desktop.paths"),
        (DESKTOP, "spoc_desktop/services/__init__.py", "import spoc_desktop.ui"),
        (DESKTOP, "spoc_desktop/helpers.py", "# a module without a place in the plan"),
        (QT, "spoc_desktop/storage/__init__.py", "import PySide6.QtCore"),
        (NO_SERVER, "spoc_desktop/ui/__init__.py", "import sync.server"),
        (SQL, "spoc_desktop/ui/__init__.py", "import sqlalchemy"),
        (NO_CYCLES, "sync/domain/ids.py", "import sync.domain.kinds"),
    ],
)
def test_an_import_against_the_plan_is_refused(copied_house: Path, contract: str, place: str, line: str) -> None:
    with (copied_house / place).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    assert re.search(rf"^{contract}.* BROKEN", lint_imports(copied_house).stdout, re.MULTILINE)


def test_the_house_as_it_stands_keeps_to_the_plan(copied_house: Path) -> None:
    result = lint_imports(copied_house)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("place", ["sync/domain/grading.py", "sync/protocol/wire.py", "sync/client/planner.py"])
@pytest.mark.parametrize(
    "line",
    [
        "from datetime import datetime\n\nNOW = datetime.now()",
        "from datetime import date\n\nTODAY = date.today()",
        "import uuid\n\nNEW = uuid.uuid4()",
        "import secrets\n\nNEW = secrets.token_bytes(16)",
    ],
)
def test_clock_and_chance_are_banned_where_rules_live(place: str, line: str) -> None:
    command = [sys.executable, "-m", "ruff", "check", "--select", "TID251", "--stdin-filename", place, "-"]
    result = subprocess.run(command, cwd=ROOT, input=line, capture_output=True, text=True, check=False)
    assert "TID251" in result.stdout


LEAVING = """
import logging, socket, threading, warnings
from PySide6.QtCore import qWarning

def test_thread():
    threading.Thread(target=threading.Event().wait, daemon=True).start()

def test_log():
    logging.getLogger("spoc").warning("disk almost full")

def test_python():
    warnings.warn("old way")

def test_qt(qtbot):
    qWarning("unknown property")

def test_outside():
    socket.create_connection(("192.0.2.1", 80), timeout=1)
"""


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What pytest says of tests that leave something behind, under the project's own rules."""
    path = tmp_path_factory.mktemp("left") / "test_left.py"
    path.write_text(LEAVING, "utf-8")
    options = [
        "-c",
        str(ROOT / "pyproject.toml"),
        "-p",
        "tests.conftest",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
    ]
    command = [sys.executable, "-m", "pytest", "-q", *options, str(path)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("thread", "threads left running"),
        ("log", "disk almost full"),
        ("python", "UserWarning: old way"),
        ("qt", "unknown property"),
        ("outside", "SocketConnectBlockedError"),
    ],
)
def test_what_a_test_leaves_behind_fails_it(left: str, test: str, said: str) -> None:
    assert said in left
    assert re.search(rf"^(FAILED|ERROR) .*::test_{test}\b", left, re.MULTILINE)


def test_every_group_runs_even_after_one_failed_and_the_whole_fails(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = Group("broken", commands=((sys.executable, "-c", "raise SystemExit(3)"),))
    sound = Group("sound", commands=((sys.executable, "-c", "print('ran')"),))
    monkeypatch.setattr("tools.gate.TESTS", (broken, sound))
    assert main([]) == 1
    said = capfd.readouterr().out
    assert "ran" in said
    assert said.splitlines()[-1] == "0 passed, 0 failed, 0 skipped"


def test_a_group_of_which_nothing_stands_yet_says_so(capfd: pytest.CaptureFixture[str]) -> None:
    assert (
        run_group(Group("later", commands=((sys.executable, "-m", "tools.later"),), folders=("tests/later",))).state
        == "empty"
    )
    assert "nothing of it stands yet" in capfd.readouterr().out


def test_every_folder_of_tests_is_played_by_day_and_what_is_marked_nightly_in_it_by_night() -> None:
    folders = {path.name for path in (ROOT / "tests").glob("*/") if any(path.rglob("test_*.py"))} - {"installed"}
    for groups, marked in ((TESTS, "not nightly"), (NIGHTLY, "nightly")):
        played = {Path(folder).name for group in groups if group.marked == marked for folder in group.folders}
        assert played >= folders, f"{marked}: {folders - played}"


def test_the_nights_page_says_what_was_played_seeds_of_the_same_in_one_line() -> None:
    assert summed(["1000 kills, seed 4", "both stores: seed 7", "both stores: seed 6"]) == [
        "1000 kills, seed 4",
        "both stores: 2 seeds from 6 on",
    ]


def test_a_part_of_the_night_remembers_the_last_line_of_its_command_and_what_its_tests_say(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "test_said.py").write_text(
        "def test_said(request):\n    request.node.user_properties.append(('played', '3 places'))\n", "utf-8"
    )
    command = (sys.executable, "-c", "print('a line'); print('5 seeds')")
    part = Group("part", commands=(command,), folders=(str(tmp_path),), workers=0, remembers=True)
    assert run_group(part).played == ["5 seeds", "3 places"]
    assert "a line" in capfd.readouterr().out
