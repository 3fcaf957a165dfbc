"""The environment script on a machine that lacks something, with the system's own commands replaced by small ones."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LISTS = ("packaging/linux/debian-packages.txt", "packaging/linux/debian-packages-test.txt")
NEEDED = ("tools/setup.sh", *LISTS, "requirements.lock")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A checkout on a Debian that has none of the libraries, under an account that may install nothing."""
    for name in NEEDED:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    commands = tmp_path / "commands"
    commands.mkdir()
    for name, body in {
        "dpkg-query": "exit 0",
        "id": "echo 1000",
        "sudo": "exit 1",
        "apt-get": "touch installed",
    }.items():
        (commands / name).write_text(f"#!/bin/sh\n{body}\n", "utf-8")
        (commands / name).chmod(0o755)
    return tmp_path


def run_setup(checkout: Path, *words: str) -> subprocess.CompletedProcess[str]:
    path = f"{checkout / 'commands'}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHON": sys.executable}
    command = ["sh", "tools/setup.sh", *words]
    return subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)


def test_an_account_that_may_not_install_is_told_the_one_line_to_type(bare: Path) -> None:
    result = run_setup(bare)
    assert result.returncode == 1
    (line,) = [line for line in result.stderr.splitlines() if "apt-get install" in line]
    assert line.strip().startswith(("su -c", "sudo sh -c")), "the line stands alone, to be copied as it is"
    assert {"libegl1", "libxcb-cursor0", "xvfb"} <= set(line.replace("'", " ").split())


def test_nothing_is_changed_before_the_libraries_are_there(bare: Path) -> None:
    run_setup(bare)
    assert not (bare / ".venv").exists()
    assert not (bare / "installed").exists()


def wanted_of(name: str) -> set[str]:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return {line.split()[0] for line in lines if line and not line.startswith("#")}


def test_every_package_of_the_list_is_in_the_line(bare: Path) -> None:
    assert wanted_of(LISTS[0]) <= set(run_setup(bare).stderr.replace("'", " ").split())


def test_what_only_the_tests_need_is_asked_for_by_them_alone_in_the_same_line(bare: Path) -> None:
    assert not wanted_of(LISTS[1]) & set(run_setup(bare).stderr.replace("'", " ").split())
    (line,) = [line for line in run_setup(bare, "test").stderr.splitlines() if "apt-get install" in line]
    assert wanted_of(LISTS[0]) | wanted_of(LISTS[1]) <= set(line.replace("'", " ").split())
