"""F3: the program is ended at each step of a backup, a restore, an import, an export: old or new, never half."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from spoc_desktop.interchange.course_folder import read_folder
from spoc_desktop.storage.backup import Backups, day_of
from spoc_desktop.storage.store import LocalStore
from sync.domain import spaces
from sync.domain.courses import COURSE, LESSON
from sync.domain.forum import UNSENT, unsent_id
from tests.faults.disk_support import DAY, DRAFT, ledger, opened, worked_in
from tests.faults.ended import DAY_AFTER, authoring
from tests.unit.interchange.course_files import GOOD, LESSON_FILE, understood, write_files
from tests.unit.interchange.media_files import files_of_the_guide
from tests.unit.interchange.test_guide import examples
from tests.unit.services.classroom import COURSE_ID
from tests.unit.storage.support import KEY, ME, NOW, SERVER, tell

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="Windows has no fork"),
    pytest.mark.allows_warnings,  # the log tells IT of a damaged store
]
TABLES = {"store.db", "store.db.check", "store.db-files", "writer.json", "backups", "course"}


@pytest.fixture
def folder() -> Iterator[Path]:
    """A person's folder, in memory where that is to be had: each end gets a copy beside it."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name) / "person"


def ends(work: str, folder: Path) -> list[Path]:
    """What each end left of the folder, in the order of the steps."""
    command = [sys.executable, "-m", "tests.faults.ended", work, str(folder)]
    count = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert count > 20
    return [folder.with_name(f"{folder.name}-{number}") for number in range(1, count + 1)]


def written(store: LocalStore) -> list[str]:
    return [seen.body.title for seen in store.view(COURSE)] + [seen.body.title for seen in store.view(LESSON)]


def test_a_backup_that_is_ended_at_any_step_is_whole_or_not_there_and_the_older_one_stays(folder: Path) -> None:
    before = worked_in(folder / "store.db")
    days = []
    for end in ends("back_up", folder):
        with LocalStore.open(end / "store.db", KEY) as store:
            assert ledger(store) == before
            found = Backups(end / "store.db").listed()
            for copy in found:
                with LocalStore.open(copy, KEY) as opened_copy:
                    opened_copy.check()
            days.append([day_of(copy) for copy in found])
            store.back_up("2026-11-26")
        (end / "backups" / "writer.json").unlink(missing_ok=True)
        names = {file.name for file in (end / "backups").iterdir() if "db" not in file.name}
        assert names == {"salt"}, "nothing half is left"
    assert {tuple(one) for one in days} == {(DAY,), (DAY_AFTER, DAY)}


def test_a_restore_that_is_ended_at_any_step_is_ended_by_the_next_start_and_loses_nothing(folder: Path) -> None:
    path = folder / "store.db"
    before = worked_in(path)
    damaged = bytearray(path.read_bytes())
    damaged[100] ^= 1
    path.write_bytes(damaged)
    for end in ends("restore", folder):
        store, _ = opened(end / "store.db")
        with store:
            assert ledger(store) == before, end.name
            assert store.one(UNSENT, unsent_id(DRAFT)) is not None
            store.check()
        (aside,) = end.glob("store.db.damaged-*")
        assert aside.read_bytes() == damaged
        assert {file.name for file in end.iterdir()} - {aside.name} <= TABLES, end.name


@pytest.fixture
def course(folder: Path) -> Path:
    """A course folder with files, and an author's store, closed."""
    _, shown, exercise, video, _ = examples("fr")
    files: dict[str, str | bytes] = {
        **{
            name: text.replace("11111111-2222-4333-8444-555555555555", str(UUID(bytes=COURSE_ID)))
            for name, text in GOOD.items()
        },
        LESSON_FILE: GOOD[LESSON_FILE] + shown,
        "01-semaine-une/30-exercice.md": exercise,
        "01-semaine-une/40-video.md": video,
        **files_of_the_guide(),
    }
    with LocalStore.create(folder / "store.db", KEY, server=SERVER, person=ME, now=lambda: NOW) as store:
        tell(store, spaces.authoring(COURSE_ID))
    return write_files(folder / "course", files)


def test_an_import_that_is_ended_at_any_step_is_whole_or_not_there_and_leaves_no_file(
    folder: Path, course: Path
) -> None:
    text = understood(read_folder(course))
    found = set()
    for end in ends("bring_in", folder):
        LocalStore.open(end / "store.db", KEY).close()
        with LocalStore.open(end / "store.db", KEY) as store:
            titles = written(store)
            kept = {digest for digest in text.files if store.files.has(digest)}
            assert kept == (set(text.files) if titles else set()), end.name
            assert len(list((end / "store.db-files").glob("*"))) == len(kept)
            found.add(len(titles))
    assert found == {0, 1 + len(text.lessons)}


def test_an_export_that_is_ended_at_any_step_is_whole_or_not_there(folder: Path, course: Path) -> None:
    text = understood(read_folder(course))
    with LocalStore.open(folder / "store.db", KEY) as store:
        authoring(store).write(text)
    found = set()
    for end in ends("take_out", folder):
        out = end / "out"
        found.add(out.exists())
        if out.exists():
            assert understood(read_folder(out)) == understood(read_folder(course))
            continue
        with LocalStore.open(end / "store.db", KEY) as store:
            authoring(store).export(COURSE_ID, out)
        assert not list(end.glob(".out*")), "what was cut goes with the next export"
    assert found == {True, False}
