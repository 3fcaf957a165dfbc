"""What the long runs share: a seed of each night's own, and a word about what was played for the night's page."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from tests.server_fixture import ROOT

SEED = int(os.environ.get("SPOC_SEED") or f"{datetime.now(UTC):%Y%m%d}")
"""The night's date, so that a run that was stopped goes on with it; `SPOC_SEED` plays another night again."""
PLAYED = "played"
"""The property of a test, in its report, that says what it played."""


def say(request: pytest.FixtureRequest, what: str) -> None:
    """Say for the night's page what a test played."""
    request.node.user_properties.append((PLAYED, what))


def play(request: pytest.FixtureRequest, module: str, *words: str) -> None:
    """Run a program of the tests that says in its last line what it played; it fails with what it said."""
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"python -m {module} {' '.join(words)}\n{done.stdout}{done.stderr}"
    say(request, done.stdout.strip().splitlines()[-1])
