"""A disk that is really small, and full again and again (fault F6): `python -m tests.faults.small_disk --seed 1`.

It is a tmpfs of its own in a namespace of mounts of its own, where this system lets us have one; elsewhere no file may
grow beyond a size. Whatever is refused is refused by name and whole, and is taken when there is room.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from spoc_desktop.storage.changes import Edited, New
from spoc_desktop.storage.errors import DiskFull
from spoc_desktop.storage.store import LocalStore
from sync.domain.courses import READING
from sync.domain.files import Attachment
from sync.domain.forum import POST, Post
from tests.unit.storage.support import COHORT, KEY, ME, NOW, PERSONAL, SERVER, a_reading, a_row, an_id, tell

_REFUSALS = 25
_MOST = 2_000
_WIDE = 64 << 20
_MOUNTED = "--mounted"
_NO_MOUNT = 77


class Broken(AssertionError):
    """Something half done, lost or not said by its name."""


@dataclass
class Person:
    """What somebody saw saved: texts by number, files by name."""

    store: LocalStore
    rng: Random
    posts: dict[int, str] = field(default_factory=dict)
    files: dict[bytes, bytes] = field(default_factory=dict)
    told: int = 0
    ended: Counter[str] = field(default_factory=Counter)

    def write(self) -> None:
        number, text = len(self.posts) + 1, "x" * self.rng.randrange(1, 30_000)
        self.store.write([New(POST, COHORT, an_id(number), Post(text=text))])
        self.posts[number] = text

    def edit(self) -> None:
        if self.posts:
            number, text = self.rng.choice(list(self.posts)), "y" * self.rng.randrange(1, 30_000)
            self.store.write([Edited(POST, an_id(number), {"text": text})])
            self.posts[number] = text

    def attach(self) -> None:
        number, content = len(self.posts) + 1, self.rng.randbytes(self.rng.randrange(1, 200_000))
        file: Attachment = self.store.files.keep(content, "notes.pdf", "application/pdf")
        self.store.write([New(POST, COHORT, an_id(number), Post(text="joint", files=(file,)))])
        self.posts[number] = "joint"
        self.files[file.sha256] = content

    def pull(self) -> None:
        fresh = [a_row(seq, READING, an_id(10_000 + seq), a_reading()) for seq in range(1, self.told + 60)]
        tell(self.store, PERSONAL, *fresh)
        self.told = len(fresh)

    def back_up(self) -> None:
        self.store.back_up(f"2026-11-{1 + self.ended.total() % 28:02}")

    def do(self) -> None:
        """Something, which may be refused."""
        act = self.rng.choice([self.write, self.write, self.edit, self.attach, self.pull, self.back_up])
        try:
            act()
        except DiskFull:
            self.ended[act.__name__] += 1

    def check(self) -> None:
        """What was seen saved is there, and nothing half."""
        if {int.from_bytes(seen.id, "big"): seen.body.text for seen in self.store.view(POST)} != self.posts:
            raise Broken("the messages are not those that were seen saved")
        if len(self.store.view(READING)) != self.told:
            raise Broken(f"{len(self.store.view(READING))} records were told, {self.told} came whole")
        if any(self.store.files.read(name) != content for name, content in self.files.items()):
            raise Broken("a file is not what was attached")


def play(folder: Path, seed: int, widen: Callable[[], None]) -> str:
    """Fill the disk again and again; what was refused how often. Broken when it does not hold."""
    rng, path = Random(seed), folder / "person" / "store.db"  # noqa: S311  # a seed makes the run again
    with LocalStore.create(path, KEY, server=SERVER, person=ME, now=lambda: NOW) as store:
        person = Person(store, rng)
        for _ in range(_MOST):
            person.do()
            if person.ended.total() >= _REFUSALS:
                break
        else:
            raise Broken("the disk was never full")
        person.check()
        widen()
        refused = person.ended.total()
        for act in (person.write, person.edit, person.attach, person.pull, person.back_up):
            act()
        person.check()
    with LocalStore.open(path, KEY) as store:
        person.store = store
        person.check()
        store.check()
    halves = [each.name for each in path.parent.rglob("*") if each.suffix in {".new", ".coming"}]
    if halves:
        raise Broken(f"left half: {halves}")
    return f"{refused} refusals, " + ", ".join(f"{name} {count}" for name, count in sorted(person.ended.items()))


def _on_a_disk_of_its_own(seed: int) -> str:
    """Where `unshare` put us nobody else sees what we mount."""
    with tempfile.TemporaryDirectory(prefix="spoc-disk-") as folder:
        size = Random(seed).randrange(1_200_000, 4_000_000)  # noqa: S311  # as above
        _mount(folder, "-o", f"size={size}")
        try:
            return play(Path(folder), seed, lambda: _mount(folder, "-o", f"remount,size={_WIDE}"))
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def _mount(folder: str, *options: str) -> None:
    if subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", folder], check=False).returncode:
        raise SystemExit(_NO_MOUNT)


def _with_small_files(seed: int) -> str:
    size = Random(seed).randrange(300_000, 900_000)  # noqa: S311  # as above
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    with tempfile.TemporaryDirectory(prefix="spoc-disk-") as folder:
        return play(Path(folder), seed, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)))


def _apart(seed: int) -> int:
    """This program again, where it may mount."""
    me = [sys.executable, "-m", "tests.faults.small_disk", "--seed", str(seed), _MOUNTED]
    try:
        return subprocess.run(["unshare", "--user", "--map-root-user", "--mount", *me], check=False).returncode
    except FileNotFoundError:
        return _NO_MOUNT


def _several(first: int, count: int, words: Sequence[str]) -> int:
    """One seed after the other, each in a program of its own."""
    done = subprocess.CompletedProcess[str]([], 0, "none", "")
    for seed in range(first, first + count):
        me = [sys.executable, "-m", "tests.faults.small_disk", "--seed", str(seed), *words]
        done = subprocess.run(me, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.stdout.write(done.stdout + done.stderr)
            return done.returncode
    sys.stdout.write(f"seeds {first} to {first + count - 1}, {_REFUSALS} refusals each, the last: {done.stdout}")
    return 0


def main() -> int:
    """Play a seed on a small disk, where there is none with small files; 0 when all holds."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.small_disk")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--disks", type=int, default=1, help="seeds to play, from the first on")
    parser.add_argument("--small-files", action="store_true")
    parser.add_argument(_MOUNTED, action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.disks > 1:
        return _several(asked.seed, asked.disks, ["--small-files"] if asked.small_files else [])
    if not (asked.mounted or asked.small_files) and os.name == "posix" and (code := _apart(asked.seed)) in (0, 1):
        return code
    try:
        said = _on_a_disk_of_its_own(asked.seed) if asked.mounted else _with_small_files(asked.seed)
    except Broken as broken:
        sys.stdout.write(f"--seed {asked.seed}: {broken}\n")
        return 1
    what = "a small disk" if asked.mounted else "small files"
    sys.stdout.write(f"seed {asked.seed} on {what}: {said}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
