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
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPORTS = ROOT / "build" / "gate"
NO_TESTS = 5
"""Exit code of pytest that found nothing to run."""
PLAYED = "played"
"""The property of a test, in its report, that says what it played."""


@dataclass(frozen=True, slots=True)
class Group:
    """Commands that stand or fall together: plain ones first, then the tests of some folders.

    `says`: what it plays, where its commands (`remembers`: in their last line) or tests do not say it themselves.
    """

    name: str
    commands: Sequence[Sequence[str]] = ()
    folders: Sequence[str] = ()
    marked: str = "not nightly"
    workers: int = 2
    environment: Mapping[str, str] = field(default_factory=dict)
    options: Sequence[str] = ()
    remembers: bool = False
    says: str = ""


@dataclass(slots=True)
class Outcome:
    """What one group came to; `state` is ok, FAILED or empty."""

    name: str
    state: str = "empty"
    seconds: float = 0.0
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    played: list[str] = field(default_factory=list)

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
    Group("unit and simulation", folders=("tests/unit", "tests/golden", "tests/simulation")),
    Group("contract and faults", folders=("tests/contract", "tests/integration", "tests/faults", "tests/migrations")),
    Group("window", folders=("tests/ui",), environment=OFFSCREEN),
    Group("guided tour", commands=(_module("tools.tour"),), environment=OFFSCREEN),
    Group("security", folders=("tests/security",)),
)
NIGHT_SEED = int(os.environ.get("SPOC_SEED") or f"{datetime.now(UTC):%Y%m%d}")
"""The night's date, so that a run that was stopped goes on with it; `SPOC_SEED` plays another night again."""
NIGHT = {
    **OFFSCREEN,
    "HYPOTHESIS_PROFILE": "nightly",
    "SPOC_SEED": str(NIGHT_SEED),
    "PYTHONUNBUFFERED": "1",
}


def _alone(name: str, *command: str) -> Group:
    return Group(name, commands=(_module(*command),), environment=NIGHT, remembers=True)


def _by_night(name: str, *folders: str) -> Group:
    return Group(name, folders=folders, marked="nightly", environment=NIGHT)


NIGHTLY = (
    _alone("mutants", "tools.mutants", "--resume"),
    _alone("5,000 seeds", "tests.simulation", "--seeds", "5000", "--all", "--processes", "2"),
    _alone("soak", "tests.soak", "--syncs", "1000", "--seed", str(NIGHT_SEED)),
    Group(
        "fuzzing",
        folders=("tests",),
        marked="hypothesis",
        environment=NIGHT,
        options=(f"--hypothesis-seed={NIGHT_SEED}",),
        says=f"2,000 examples of each property, seed {NIGHT_SEED}",
    ),
    _by_night("faults by night", "tests/faults"),
    _by_night(
        "stores and databases by night",
        *("tests/contract", "tests/golden", "tests/integration", "tests/migrations"),
        *("tests/security", "tests/simulation", "tests/unit"),
    ),
    _by_night("window by night", "tests/ui"),
)
INSTALLED = (Group("installed", folders=("tests/installed",), marked="installed", workers=0),)


def _exists(command: Sequence[str]) -> bool:
    """Whether the command's own module is there: a tool that comes with a later step leaves its group empty."""
    return "-m" not in command or find_spec(command[command.index("-m") + 1]) is not None


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    _show(command)
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode


def _run_and_remember(command: Sequence[str], environment: Mapping[str, str], outcome: Outcome) -> int:
    """The same for a command whose last line says what it played."""
    _show(command)
    last = ""
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True
    ) as running:
        for line in running.stdout or ():
            print(line, end="", flush=True)
            last = line.strip() or last
    outcome.played.append(last)
    return running.returncode


def _show(command: Sequence[str]) -> None:
    print(f"\n$ {' '.join(Path(word).name if word.startswith('/') else word for word in command)}", flush=True)


def _count(report: Path, outcome: Outcome) -> None:
    for suite in ET.parse(report).getroot().iter("testsuite"):  # noqa: S314 - pytest wrote it a moment ago
        total, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        outcome.passed += max(0, total - failed - skipped)
        outcome.failed += failed
        outcome.skipped += skipped
        outcome.played += [each.get("value", "") for each in suite.iter("property") if each.get("name") == PLAYED]


def _run_tests(group: Group, outcome: Outcome) -> None:
    folders = [folder for folder in group.folders if any((ROOT / folder).rglob("test_*.py"))]
    if not folders:
        return
    report = REPORTS / f"{group.name.replace(' ', '-')}.xml"
    report.unlink(missing_ok=True)
    options = ("-q", "-n", str(group.workers), "-m", group.marked, f"--junitxml={report}", *group.options)
    code = _run(_module("pytest", *options, *folders), group.environment)
    if code != NO_TESTS:
        outcome.add(ok=code == 0)
    if report.exists():
        _count(report, outcome)


def run_group(group: Group) -> Outcome:
    """Run all of a group's commands and tests, one failing or not."""
    print(f"\n{'=' * 8} {group.name} {'=' * (100 - len(group.name))}", flush=True)
    outcome, started = Outcome(group.name), time.monotonic()
    if group.says:
        outcome.played.append(group.says)
    for command in filter(_exists, group.commands):
        run = partial(_run_and_remember, outcome=outcome) if group.remembers else _run
        outcome.add(ok=run(command, group.environment) == 0)
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
