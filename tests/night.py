"""What the long runs share: a seed of each night's own, and a word about what was played for the night's page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from tools.gate import NIGHT_SEED, PLAYED

_ROOT = Path(__file__).resolve().parents[1]
"""Where these tests stand: in a copy of the tree, when a known bug is tried."""
SEED = NIGHT_SEED
A_STAGE_EACH = settings(max_examples=min(300, settings().max_examples))
"""For properties whose every example opens a database of its own: 300 by night, where others have 2,000."""


def say(request: pytest.FixtureRequest, what: str) -> None:
    """Say for the night's page what a test played."""
    request.node.user_properties.append((PLAYED, what))


def play(request: pytest.FixtureRequest, module: str, *words: str) -> None:
    """Run a program of the tests that says in its last line what it played; it fails with what it said."""
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"python -m {module} {' '.join(words)}\n{done.stdout}{done.stderr}"
    say(request, done.stdout.strip().splitlines()[-1])
