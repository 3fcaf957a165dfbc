"""`make nightly`: the long runs, a part at a time; what was played of a tree is not played again.

Each part leaves its outcome under build/nightly, by tree, as soon as it is over; when all of them are there the page
docs/nightly/<date>.md is written, to be committed. `make nightly PART=mutants` plays one part, `FRESH=1` forgets what
was played. Chance is seeded with the date: `SPOC_SEED=20261124 make nightly PART=faults` plays that night's again. All
of it takes at most an hour on two cores: a part that grows is cut.
"""

import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tools.gate import NIGHTLY, REPORTS, ROOT, Group, Outcome, print_table, run_group

PAGES = ROOT / "docs" / "nightly"
_KEPT = ROOT / "build" / "nightly"
MOST_MINUTES = 60
_SEED = re.compile(r"(?P<what>.*): seed (?P<seed>\d+)")
_SHOWN = ("PySide6-Essentials", "SQLAlchemy", "sqlcipher3", "psycopg", "hypothesis")


def tree() -> str:
    """Which tree this is: the commit, marked where files differ from it."""
    commit = _git("rev-parse", "--short=12", "HEAD")
    return f"{commit}+" if _git("status", "--porcelain", "--untracked-files=no") else commit


def main(arguments: Sequence[str]) -> int:
    """Play the parts named, or all that were not played of this tree; 0 when what was played holds."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    here = tree()
    kept = _KEPT / here
    kept.mkdir(parents=True, exist_ok=True)
    wanted = [group for group in NIGHTLY if not arguments or group.name.startswith(tuple(arguments))]
    if not wanted:
        raise SystemExit(f"no part's name begins with: {' '.join(arguments)}")
    outcomes = [_played(group, kept) for group in wanted]
    print_table(outcomes)
    found = [outcome for group in NIGHTLY if (outcome := _read(group, kept)) is not None]
    if len(found) == len(NIGHTLY):
        print(f"Written: {write_page(found, here).relative_to(ROOT)}")
    else:
        missing = sorted({group.name for group in NIGHTLY} - {outcome.name for outcome in found})
        print(f"Still to be played of this tree: {', '.join(missing)}.")
    return int(any(outcome.state == "FAILED" for outcome in outcomes))


def write_page(outcomes: Sequence[Outcome], here: str) -> Path:
    """The page of a night."""
    today = datetime.now(UTC).date().isoformat()
    versions = ", ".join(f"{name} {version(name)}" for name in _SHOWN)
    minutes = sum(outcome.seconds for outcome in outcomes) / 60
    lines = [
        f"# Nightly, {today}",
        "",
        f"Tree {here}. {_machine()}, {versions}.",
        "",
        "| part | result | minutes | passed | failed | skipped | what was played |",
        "|---|---|---|---|---|---|---|",
        *(_row(outcome) for outcome in outcomes),
        "",
        f"In all {minutes:.1f} minutes, of {MOST_MINUTES} at most.",
    ]
    PAGES.mkdir(exist_ok=True)
    page = PAGES / f"{today}.md"
    page.write_text("\n".join(lines) + "\n", "utf-8")
    return page


def _machine() -> str:
    cores, python = os.cpu_count(), platform.python_version()
    return f"{platform.system()} {platform.machine()}, {cores} cores, Python {python}"


def _row(outcome: Outcome) -> str:
    counts = f"{outcome.passed} | {outcome.failed} | {outcome.skipped}"
    played = "; ".join(summed(outcome.played)).replace("|", "/")
    return f"| {outcome.name} | {outcome.state} | {outcome.seconds / 60:.1f} | {counts} | {played} |"


def summed(played: Sequence[str]) -> list[str]:
    """What was played, seeds of the same in one line."""
    seeds: dict[str, list[int]] = {}
    for line in played:
        found = _SEED.fullmatch(line)
        seeds.setdefault(found["what"] if found else line, []).extend([int(found["seed"])] if found else [])
    return [f"{what}: {len(of)} seeds from {min(of)} on" if of else what for what, of in seeds.items()]


def _played(group: Group, kept: Path) -> Outcome:
    """The outcome of a part that held before on this tree, or of playing it now."""
    before = _read(group, kept)
    if before is not None and before.state == "ok" and not os.environ.get("FRESH"):
        return before
    outcome = run_group(group)
    _file(group, kept).write_text(json.dumps(asdict(outcome)), "utf-8")
    return outcome


def _read(group: Group, kept: Path) -> Outcome | None:
    file = _file(group, kept)
    return Outcome(**json.loads(file.read_text("utf-8"))) if file.exists() else None


def _file(group: Group, kept: Path) -> Path:
    return kept / f"{group.name.replace(' ', '-')}.json"


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
