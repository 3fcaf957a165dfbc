"""A program that is ended at each step of its work on the disk, one after the other: `python -m tests.faults.ended`.

Steps are the system calls that open, rename, remove or sync a file of the person's folder, and the statements of SQL.
Each end leaves its own copy of the folder for the test to look at.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from spoc_desktop.interchange.course_folder import read_folder
from spoc_desktop.services.authoring import Authoring
from spoc_desktop.services.desk import Desk
from spoc_desktop.services.workplace import SystemChance, SystemClock
from spoc_desktop.storage.errors import StoreError
from spoc_desktop.storage.store import LocalStore
from sync.domain.ids import PersonId
from sync.protocol.messages import PublishReply
from tests.faults.disk_support import opened
from tests.faults.steps import Fuse, at_each_statement, at_each_step
from tests.unit.interchange.course_files import understood
from tests.unit.services.classroom import COURSE_ID
from tests.unit.storage.support import KEY

REFUSED = 3
"""The exit code of a work that found the disk full."""
DAY_AFTER = "2026-11-25"


class _Nobody:
    def publish(self, course: bytes) -> PublishReply:
        raise NotImplementedError


def authoring(store: LocalStore) -> Authoring:
    """The author's service on a store."""
    desk = Desk(store, PersonId(store.person), SystemClock(), SystemChance())
    return Authoring(desk, store, _Nobody())


def back_up(folder: Path) -> None:
    """Today's copy."""
    with LocalStore.open(folder / "store.db", KEY) as store:
        store.back_up(DAY_AFTER)


def restore(folder: Path) -> None:
    """A start that finds the store damaged."""
    opened(folder / "store.db")[0].close()


def bring_in(folder: Path) -> None:
    """A course folder comes in, with its files."""
    text = understood(read_folder(folder / "course"))
    with LocalStore.open(folder / "store.db", KEY) as store:
        authoring(store).write(text)


def take_out(folder: Path) -> None:
    """The course goes out as a folder."""
    with LocalStore.open(folder / "store.db", KEY) as store:
        authoring(store).export(COURSE_ID, folder / "out")


def migrate(folder: Path) -> None:
    """The first start after an update."""
    LocalStore.open(folder / "store.db", KEY).close()


WORKS: dict[str, Callable[[Path], None]] = {
    work.__name__: work for work in (back_up, restore, bring_in, take_out, migrate)
}


def _end_at(folder: Path, last: int) -> None:
    """Let this process be killed at its `last` step in a folder."""
    fuse = Fuse()
    fuse.set(last)
    at_each_step(folder, fuse.step)
    at_each_statement(fuse.step)


def _limit(size: int, *, kills: bool) -> None:
    """Let this process be killed in the middle of writing a file beyond a size, or find the disk full there."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL if kills else signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def _ended(work: str, folder: Path, number: int, prepare: Callable[[Path], None]) -> int:
    """Do the work in a copy of the folder, in a process that `prepare` lets end; its exit code, negative if killed."""
    copy = folder.with_name(f"{folder.name}-{number}")
    shutil.copytree(folder, copy)
    child = os.fork()
    if child == 0:
        prepare(copy)
        try:
            WORKS[work](copy)
        except (StoreError, OSError):
            os._exit(REFUSED)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(work: str, folder: Path) -> int:
    """Write how many ends there were: at each step, then at some sizes of a file."""
    number, code = 0, -signal.SIGKILL
    while code < 0:
        number += 1
        code = _ended(work, folder, number, partial(_end_at, last=number))
    assert code == 0
    for size in range(4_196, 160_000, 9_000):
        number += 1
        code = _ended(work, folder, number, lambda _: _limit(size, kills=size % 2_000 == 196))  # noqa: B023 - called now
        assert code in (0, REFUSED, -signal.SIGXFSZ)
    sys.stdout.write(str(number))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], Path(sys.argv[2])))
