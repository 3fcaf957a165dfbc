"""`make mutants`: puts each known bug into a copy of the tree; the test that is recorded beside it must fail there.

A bug that survives, or a change that no longer fits the code, fails the command. `--hunt NAME` looks for the first seed
that catches a bug: for recording it beside the bug under `tests/mutants`. Each verdict is kept as it comes: `--resume`
tries only what was not caught yet in the same tree, so that a run which was stopped goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tests.mutants.known import KNOWN
from tests.mutants.mutant import Change, Mutant, Seed

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "build" / "mutants.jsonl"
"""A line a verdict: the tree, the bug, whether it was caught."""
_COPIED = ("sync", "spoc_desktop", "tests")
_TOGETHER = 2
_SECONDS = 300
_NO_END = 124
_MOVED, _MOVED_REAL = 400, 80
"""Seeds to try when the recorded one plays something else by now."""


class Verdict(NamedTuple):
    """What became of one mutant."""

    mutant: Mutant
    caught: bool
    said: str
    seconds: float


class Misfit(Exception):
    """A change that does not fit the code any more, or fits it twice."""


def applied(text: str, change: Change) -> str:
    """A file's text with the bug in it. Misfit unless the old lines are there exactly once."""
    found = text.count(change.before)
    if found != 1:
        raise Misfit(f"{change.path}: the lines to change are there {found} times")
    return text.replace(change.before, change.after)


def put_in(mutant: Mutant, folder: Path) -> None:
    """Copy the tree into a folder and put the bug into it."""
    for name in _COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.ttf"))
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    for name in ("resources", "docs"):  # certificates are printed with typefaces, guides are imported as courses
        (folder / name).symlink_to(ROOT / name)
    for change in mutant.changes:
        path = folder / change.path
        path.write_text(applied(path.read_text("utf-8"), change), "utf-8")


def try_on(mutant: Mutant) -> Verdict:
    """Run what must catch a mutant, in a copy of the tree that has it."""
    started, seed = time.monotonic(), mutant.caught_by
    try:
        with tempfile.TemporaryDirectory(prefix="spoc-mutant-") as name:
            put_in(mutant, Path(name))
            code, output = _run(_command(mutant), Path(name))
            if isinstance(seed, Seed) and "Broken: " not in output:
                # What a seed plays moves with the code: another one has to catch the bug, and is worth recording.
                code, output = _run(_hunting(seed, _MOVED_REAL if seed.real else _MOVED), Path(name))
    except Misfit as misfit:
        return Verdict(mutant, caught=False, said=str(misfit), seconds=time.monotonic() - started)
    broken = "Broken: " in output or not isinstance(seed, Seed)
    return Verdict(mutant, code == 1 and broken, _heart(output), time.monotonic() - started)


def tree() -> str:
    """What the copied folders hold, as a hash: a verdict is about one tree."""
    found = sha256()
    for path in sorted(path for name in _COPIED for path in (ROOT / name).rglob("*.py")):
        found.update(f"{path.relative_to(ROOT)} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def caught_before(kept: Path, of_tree: str) -> set[str]:
    """Names of the bugs that a run before this one caught in the same tree."""
    lines = [json.loads(line) for line in kept.read_text("utf-8").splitlines()] if kept.exists() else []
    return {name for tree_, name, caught in lines if tree_ == of_tree and caught}


def keep(kept: Path, of_tree: str, verdict: Verdict) -> None:
    """Remember a verdict, for `caught_before`."""
    kept.parent.mkdir(exist_ok=True)
    with kept.open("a", encoding="utf-8") as file:
        file.write(json.dumps([of_tree, verdict.mutant.name, verdict.caught]) + "\n")


def hunt(mutant: Mutant, seeds: int) -> int:
    """Print the first seed that catches a mutant."""
    seed = mutant.caught_by if isinstance(mutant.caught_by, Seed) else Seed(0)
    with tempfile.TemporaryDirectory(prefix="spoc-mutant-") as name:
        put_in(mutant, Path(name))
        _, output = _run(_hunting(seed, seeds), Path(name))
    print(f"{mutant.name}: {_heart(output)}")
    return 0


def _hunting(seed: Seed, seeds: int) -> list[str]:
    real = ["--real"] if seed.real else []
    return [sys.executable, "-m", "tests.simulation", "--seeds", str(seeds), *real]


def _command(mutant: Mutant) -> list[str]:
    if isinstance(mutant.caught_by, Seed):
        real = ["--real"] if mutant.caught_by.real else []
        return [sys.executable, "-m", "tests.simulation", "--seed", str(mutant.caught_by.number), *real]
    return [sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-p", "no:randomly", *mutant.caught_by.split()]


def _run(command: Sequence[str], folder: Path) -> tuple[int, str]:
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "QT_QPA_PLATFORM": "offscreen"}
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return _NO_END, f"no end after {_SECONDS} s"
    return done.returncode, done.stdout + done.stderr


def _heart(output: str) -> str:
    """The line that says what was broken."""
    lines = re.findall(r"^(?:seed \d+:.*|FAILED .*|E  +\S.*|\d+ seeds, 0 failed.*|\d+ passed.*)$", output, re.MULTILINE)
    return (lines[0] if lines else output.strip()[-200:])[:110].replace("\n", " ")


def _try_all(chosen: Sequence[Mutant]) -> list[Verdict]:
    """The verdicts, each printed and kept as it comes."""
    of_tree, verdicts = tree(), []
    print(f"{'bug':<50}{'':<10}{'s':>4}  what was said")
    with ThreadPoolExecutor(_TOGETHER) as pool:
        for done in as_completed([pool.submit(try_on, mutant) for mutant in chosen]):
            verdicts.append(verdict := done.result())
            keep(KEPT, of_tree, verdict)
            outcome = "caught" if verdict.caught else "SURVIVED"
            print(f"{verdict.mutant.name:<50}{outcome:<10}{verdict.seconds:>4.0f}  {verdict.said}", flush=True)
    return verdicts


def main(arguments: Sequence[str]) -> int:
    """Try all mutants, or those named; 0 when each is caught."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutants")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--resume", action="store_true", help="leave out what was caught before in this tree")
    parser.add_argument("--hunt", metavar="NAME")
    parser.add_argument("--seeds", type=int, default=400)
    asked = parser.parse_args(arguments)
    if asked.hunt:
        return hunt(next(mutant for mutant in KNOWN if mutant.name == asked.hunt), asked.seeds)
    before = caught_before(KEPT, tree()) if asked.resume else set()
    named = [mutant for mutant in KNOWN if not asked.names or mutant.name in asked.names]
    verdicts = _try_all([mutant for mutant in named if mutant.name not in before])
    survived = [verdict.mutant.name for verdict in verdicts if not verdict.caught]
    print(f"\n{len(named) - len(survived)} of {len(named)} caught", *survived)
    return int(bool(survived))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
