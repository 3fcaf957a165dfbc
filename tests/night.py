"""What the long runs share: a seed of its own each night, and a word about what was played for the night's page."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys

import pytest

from tests.server_fixture import ROOT

PLAYED = "played"
"""The property of a test, in its report, that says what it played."""


def fresh_seed() -> int:
    """Another one each night; `SPOC_SEED` plays one again."""
    return int(os.environ.get("SPOC_SEED") or secrets.randbelow(1_000_000))


def played(request: pytest.FixtureRequest, module: str, *words: str) -> None:
    """Run a program of the tests that says in its last line what it played; it fails with what it said."""
    done = subprocess.run([sys.executable, "-m", module, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"python -m {module} {' '.join(words)}\n{done.stdout}{done.stderr}"
    request.node.user_properties.append((PLAYED, done.stdout.strip().splitlines()[-1]))
