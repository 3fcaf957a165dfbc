"""F6 and F7: a disk that is full, read-only, or held by another program; F26: data of a newer program."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Self

import pytest
from sqlcipher3 import dbapi2

from spoc_desktop.i18n import use
from spoc_desktop.services.sentences import of_a_sync, sentence
from spoc_desktop.storage import disk, errors, schema
from spoc_desktop.storage.backup import Backups, day_of
from spoc_desktop.storage.changes import New
from spoc_desktop.storage.store import LocalStore
from sync.domain.forum import POST
from tests.faults.disk_support import DAY, ledger, opened, worked_in
from tests.unit.storage.support import COHORT, KEY, ME, NOW, SERVER, a_post, an_id

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "person" / "store.db"


@pytest.fixture
def store(path: Path) -> Iterator[LocalStore]:
    with LocalStore.create(path, KEY, server=SERVER, person=ME, now=lambda: NOW) as made:
        yield made


class FullAfter:
    """A file on a disk that is full after so many bytes."""

    def __init__(self, file: IO[bytes], room: int) -> None:
        self._file, self._room = file, room

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, content: bytes) -> int:
        done = self._file.write(content[: self._room])
        self._room -= done
        if done < len(content):
            raise OSError(errno.ENOSPC, "No space left on device")
        return done

    def flush(self) -> None:
        self._file.flush()

    def seek(self, place: int) -> int:
        return self._file.seek(place)

    def truncate(self) -> int:
        return self._file.truncate()

    def fileno(self) -> int:
        return self._file.fileno()


@pytest.mark.parametrize("room", [0, 1, 100, 5_000])
def test_an_attachment_on_a_full_disk_is_refused_whole_and_taken_when_there_is_room(
    store: LocalStore, path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    content = bytes(range(256)) * 30
    open_descriptor = os.fdopen

    def fdopen(descriptor: int, *options: Any) -> FullAfter:
        return FullAfter(open_descriptor(descriptor, *options), room)

    with monkeypatch.context() as full:
        full.setattr(os, "fdopen", fdopen)
        with pytest.raises(errors.DiskFull):
            store.files.keep(content, "plan.pdf")
    assert not list((path.parent / "store.db-files").iterdir()), "no half file stays"
    kept = store.files.keep(content, "plan.pdf")
    assert store.files.read(kept.sha256) == content


def test_a_full_disk_says_in_one_breath_what_to_free_and_that_the_text_is_on_the_screen() -> None:
    use("fr")
    said = sentence(errors.DiskFull())
    assert said.safe == "Ce que vous avez écrit est toujours à l’écran."
    assert "Le disque est plein" in said.failed
    assert said.next.startswith("Libérez 50\u00a0Mo")
    assert "enregistrez" in said.next
    paused = of_a_sync(errors.DiskFull())
    assert "la synchronisation fait une pause" in paused.failed
    assert "elle reprend d’elle-même" in paused.next


def test_a_backup_on_a_full_disk_leaves_the_older_ones_and_nothing_half(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked_in(path)

    def full(_: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with LocalStore.open(path, KEY) as store:
        with monkeypatch.context() as patch:
            patch.setattr(disk, "sync_file", full)
            with pytest.raises(errors.DiskFull):
                store.back_up("2026-11-25")
        assert [day_of(one) for one in Backups(path).listed()] == [DAY]
        assert {one.name for one in path.with_name("backups").iterdir()} == {f"000001-{DAY}.db", "salt"}
        assert store.back_up("2026-11-25")


@pytest.mark.allows_warnings  # the log tells IT of a damaged store
def test_a_restore_on_a_full_disk_leaves_the_damaged_file_in_place_and_the_next_start_ends_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = worked_in(path)
    damaged = bytearray(path.read_bytes())
    damaged[100] ^= 1
    path.write_bytes(damaged)

    def full(_: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(disk, "sync_file", full)
        with pytest.raises(errors.DiskFull):
            opened(path)
    assert path.read_bytes() == damaged
    store, restored = opened(path)
    with store:
        assert restored is not None
        assert ledger(store) == before


# ------------------------------------------------------------------------------------- held, or not ours to write (F7)


def held(monkeypatch: pytest.MonkeyPatch, times: int) -> list[Path]:
    """An antivirus holds a name for so many tries; the tries so far."""
    replace, tries = Path.replace, list[Path]()

    def refused(self: Path, target: Path) -> Path:
        tries.append(target)
        if len(tries) <= times:
            raise PermissionError(errno.EACCES, "The process cannot access the file")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refused)
    monkeypatch.setattr(disk, "RENAME_PAUSE_SECONDS", 0.0)
    return tries


def test_a_name_that_an_antivirus_holds_for_a_moment_is_waited_for(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    held(monkeypatch, 5)
    kept = store.files.keep(b"un document", "plan.txt")
    assert store.files.read(kept.sha256) == b"un document"


def test_a_name_that_stays_held_is_said_to_be_busy_after_a_bounded_number_of_tries(
    store: LocalStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = held(monkeypatch, 10_000)
    with pytest.raises(errors.StoreBusy):
        store.files.keep(b"un document", "plan.txt")
    assert len(tries) == disk.RENAME_TRIES
    with pytest.raises(errors.StoreBusy):
        store.back_up(DAY)
    assert Backups(path).listed() == []


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.EPERM])
def test_a_read_only_disk_is_said_by_its_name_and_not_called_full(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refused(*_: object) -> int:
        raise OSError(code, "read-only")

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refused)
        with pytest.raises(errors.StoreReadOnly):
            store.files.keep(b"un document", "plan.txt")
    store.files.keep(b"un document", "plan.txt")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only the administrator can become another")
def test_a_store_that_the_person_may_only_read_is_said_by_name_and_stays_as_it_is() -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:  # noqa: S108
        path = Path(name) / "person" / "store.db"
        LocalStore.create(path, KEY, server=SERVER, person=ME).close()
        for place in (Path(name), path.parent):
            place.chmod(0o555)
        for file in path.parent.iterdir():
            file.chmod(0o444)
        before = path.read_bytes()
        child = os.fork()
        if child == 0:
            os.setuid(65_534)
            try:
                LocalStore.open(path, KEY)
            except errors.StoreReadOnly:
                os._exit(7)
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        assert path.read_bytes() == before


# ---------------------------------------------------------------------------------------- data of a newer program (F26)


def test_data_written_by_version_1_4_is_refused_by_that_name_and_no_byte_of_it_changes(
    store: LocalStore, path: Path
) -> None:
    store.write([New(POST, COHORT, an_id(1), a_post())])
    store.back_up(DAY)
    store.close()
    connection = dbapi2.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    connection.execute("UPDATE meta SET value = '1.4' WHERE name = 'program'")
    connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    connection.close()
    before = {file: sha256(file.read_bytes()).digest() for file in path.parent.rglob("*") if file.is_file()}
    with pytest.raises(errors.WrittenByNewerProgram) as told:
        opened(path)
    use("fr")
    said = str(sentence(told.value))
    assert "Il a été écrit par la version 1.4 de ce programme." in said
    assert "Installez la mise à jour" in said
    assert before == {file: sha256(file.read_bytes()).digest() for file in before}


def test_the_version_left_in_a_store_is_the_programs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == schema.PROGRAM
