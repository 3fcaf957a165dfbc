"""What the long runs share: a seed of each night's own, and a word about what was played for the night's page."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tools.gate import NIGHT_SEED, PLAYED, ROOT

SEED = NIGHT_SEED


def say(request: pytest.FixtureRequest, what: str) -> None:
    """Say for the night's page what a test played."""
    request.node.user_properties.append((PLAYED, what))


def play(request: pytest.FixtureRequest, module: str, *words: str) -> None:
    """Run a program of the tests that says in its last line what it played; it fails with what it said."""
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"python -m {module} {' '.join(words)}\n{done.stdout}{done.stderr}"
    say(request, done.stdout.strip().splitlines()[-1])
