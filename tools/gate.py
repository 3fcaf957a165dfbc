"""`make test`: runs every group of checks in order, also after one failed, and says how long each took.

The long ones are played by `tools.nightly`. With words behind it: only the groups whose names begin with one of them.
`python -m tools.gate installed` builds the package and uses it in a clean Debian.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPORTS = ROOT / "build" / "gate"
NO_TESTS = 5
"""Exit code of pytest that found nothing to run."""


@dataclass(frozen=True, slots=True)
class Group:
    """Commands that stand or fall together: plain ones first, then the tests of some folders."""

    name: str
    commands: Sequence[Sequence[str]] = ()
    folders: Sequence[str] = ()
    marked: str = "not nightly"
    workers: int = 2
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    """What one group came to; `state` is ok, FAILED or empty."""

    name: str
    state: str = "empty"
    seconds: float = 0.0
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, *, ok: bool) -> None:
        """Count one step in."""
        if not ok:
            self.state = "FAILED"
        elif self.state == "empty":
            self.state = "ok"


def _module(name: str, *arguments: str) -> Sequence[str]:
    return (sys.executable, "-m", name, *arguments)


STATIC = Group(
    "static",
    commands=(
        _module("ruff", "check", "."),
        _module("ruff", "format", "--check", "."),
        _module("mypy"),
        (str(Path(sys.executable).with_name("lint-imports")), "--no-logo"),
        _module("tools.catalogues", "check"),
    ),
)
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}
TESTS = (
    STATIC,
    Group("unit and simulation", folders=("tests/unit", "tests/simulation")),
    Group("contract and faults", folders=("tests/contract", "tests/integration", "tests/faults", "tests/migrations")),
    Group("window", folders=("tests/ui",), environment=OFFSCREEN),
    Group("guided tour", commands=(_module("tools.tour"),), environment=OFFSCREEN),
    Group("security", folders=("tests/security",)),
)
NIGHT = {**OFFSCREEN, "HYPOTHESIS_PROFILE": "nightly"}
NIGHTLY = (
    Group("mutants", commands=(_module("tools.mutants", "--resume"),)),
    Group("5,000 seeds", commands=(_module("tests.simulation", "--seeds", "5000", "--all"),)),
    Group("soak", commands=(_module("tests.soak", "--syncs", "1000"),)),
    Group("marked nightly", folders=("tests",), marked="nightly", environment=NIGHT),
)
INSTALLED = (Group("installed", folders=("tests/installed",), marked="installed", workers=0),)


def _exists(command: Sequence[str]) -> bool:
    """Whether the command's own module is there: a tool that comes with a later step leaves its group empty."""
    return "-m" not in command or find_spec(command[command.index("-m") + 1]) is not None


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    print(f"\n$ {' '.join(Path(word).name if word.startswith('/') else word for word in command)}", flush=True)
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode


def _count(report: Path, outcome: Outcome) -> None:
    for suite in ET.parse(report).getroot().iter("testsuite"):  # noqa: S314 - pytest wrote it a moment ago
        total, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        outcome.passed += max(0, total - failed - skipped)
        outcome.failed += failed
        outcome.skipped += skipped


def _run_tests(group: Group, outcome: Outcome) -> None:
    folders = [folder for folder in group.folders if any((ROOT / folder).rglob("test_*.py"))]
    if not folders:
        return
    report = REPORTS / f"{group.name.replace(' ', '-')}.xml"
    report.unlink(missing_ok=True)
    options = ("-q", "-n", str(group.workers), "-m", group.marked, f"--junitxml={report}")
    code = _run(_module("pytest", *options, *folders), group.environment)
    if code != NO_TESTS:
        outcome.add(ok=code == 0)
    if report.exists():
        _count(report, outcome)


def run_group(group: Group) -> Outcome:
    """Run all of a group's commands and tests, one failing or not."""
    print(f"\n{'=' * 8} {group.name} {'=' * (100 - len(group.name))}", flush=True)
    outcome, started = Outcome(group.name), time.monotonic()
    for command in filter(_exists, group.commands):
        outcome.add(ok=_run(command, group.environment) == 0)
    _run_tests(group, outcome)
    if outcome.state == "empty":
        print(f"The group “{group.name}” is empty: nothing of it stands yet.")
    outcome.seconds = time.monotonic() - started
    return outcome


def print_table(outcomes: Sequence[Outcome]) -> None:
    """Minutes a group, then the one line that says how many tests passed."""
    print(f"\n{'group':<24}{'result':>8}{'minutes':>10}{'passed':>9}{'failed':>9}{'skipped':>9}")
    for one in outcomes:
        minutes = f"{one.seconds / 60:.1f}"
        print(f"{one.name:<24}{one.state:>8}{minutes:>10}{one.passed:>9}{one.failed:>9}{one.skipped:>9}")
    print(f"{'all':<32}{sum(one.seconds for one in outcomes) / 60:>10.1f}\n")
    passed, failed, skipped = (sum(getattr(one, name) for one in outcomes) for name in ("passed", "failed", "skipped"))
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)


def main(arguments: Sequence[str]) -> int:
    """Run the groups of the day, or those of the installed program; 0 when all of them hold."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    sets = {"installed": INSTALLED}
    named = tuple(word for word in arguments if word not in sets)
    groups = next((sets[word] for word in arguments if word in sets), TESTS)
    outcomes = [run_group(group) for group in groups if not named or group.name.startswith(named)]
    if not outcomes:
        raise SystemExit(f"no group's name begins with: {' '.join(named)}")
    print_table(outcomes)
    return int(any(one.state == "FAILED" for one in outcomes))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
