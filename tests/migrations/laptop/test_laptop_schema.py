"""F28: stores of released programs open with this one, nothing of their content changes; F3: never half."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from spoc_desktop.storage import engine, errors, migrating, schema
from spoc_desktop.storage.backup import Backups
from spoc_desktop.storage.engine import Database
from spoc_desktop.storage.store import LocalStore
from spoc_desktop.storage.transaction import Transaction
from sync.client.view import State
from sync.domain.forum import POST
from tests.faults.disk_support import opened
from tests.unit.storage.support import COHORT, KEY, NOW, an_id

FIXTURES = Path(__file__).parents[2] / "fixtures" / "databases"
RELEASED = sorted(FIXTURES.glob("[0-9]*.db"))
CONTENT = ("space", "record", "stage", "outbox", "incident")
COLUMNS_OF_1 = {
    "space": "num, name, epoch, seq, tail, seal, claim_epoch, claim_seq, claim_tail, claim_seal, staged_epoch,"
    " staged_seq, staged_tail, staged_seal, visible, lost, compare, begun, count, sum, safe_epoch, safe_seq,"
    " top_epoch, top_seq",
    "record": "space, kind, id, seq, author, at, body",
    "stage": "space, kind, id, seq, author, at, body",
    "outbox": "place, writer, n, space, kind, id, at, state, pulled, refusal, epoch, seq, answered, entry",
    "incident": "num, at, what, space, kind, id, author, written, body",
}


@pytest.fixture(params=RELEASED, ids=lambda path: path.stem)
def released(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the store of a released program, as it lies in its person's folder."""
    return _folder_with(request.param, tmp_path / "person")


def _folder_with(fixture: Path, folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    shutil.copyfile(fixture, folder / "store.db")
    return folder / "store.db"


def content(path: Path) -> dict[str, str]:
    """A digest of each table over what a released program knew of it; and how many rows there are."""
    database = Database(path, KEY)
    try:
        with database.reading() as connection:
            transaction = Transaction(connection)
            found = {}
            for table in CONTENT:
                rows = transaction.rows(f"SELECT {COLUMNS_OF_1[table]} FROM {table} ORDER BY 1, 2, 3")  # noqa: S608
                found[table] = f"{len(rows)} {hashlib.sha256(repr(rows).encode()).hexdigest()}"
            return found
    finally:
        database.close()


def version(path: Path) -> int:
    database = Database(path, KEY)
    try:
        return database.version()
    finally:
        database.close()


def tables(database: Database) -> set[str]:
    with database.reading() as connection:
        rows = Transaction(connection).rows("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
    database.close()
    plain = {" ".join(str(sql).replace("(", "( ").replace(")", " )").replace(",", " , ").split()) for (sql,) in rows}
    return {sql for sql in plain if "file" not in sql and " done" not in sql and '"done"' not in sql}


def test_a_released_store_opens_and_its_content_is_as_it_was(released: Path) -> None:
    before = content(released)
    assert all(not digest.startswith("0 ") for digest in before.values()), "the fixture holds something of everything"
    with LocalStore.open(released, KEY, now=lambda: NOW) as store:
        assert {one.state for one in store.outbox_list()} == {State.WAITING, State.REFUSED, State.QUARANTINED}
        edited = store.one(POST, an_id(3), COHORT)
        assert edited is not None
        assert edited.body.text == "Changé hors ligne"
        assert store.login() is not None
        assert len(store.incidents()) > 0
        assert [file.name for file in store.files_wanted()] == ["plan.pdf"]
    assert content(released) == before
    assert version(released) == schema.VERSION


def test_a_copy_of_the_store_as_it_was_is_kept_before_it_is_migrated(released: Path) -> None:
    before, older = content(released), version(released)
    LocalStore.open(released, KEY, now=lambda: NOW).close()
    (copy,) = Backups(released).listed()
    assert version(copy) == older
    assert content(copy) == before
    LocalStore.open(released, KEY, now=lambda: NOW).close()
    assert Backups(released).listed() == [copy], "a store that is up to date is not copied again"


def test_steps_and_fresh_tables_are_the_same_schema(released: Path, tmp_path: Path) -> None:
    LocalStore.open(released, KEY, now=lambda: NOW).close()
    fresh = engine.create(tmp_path / "fresh" / "store.db", KEY, [])
    assert tables(engine.open_existing(released, KEY)) == tables(fresh)


def test_a_migration_that_fails_leaves_the_store_as_it_was(released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, older = content(released), version(released)
    broken = {number: (*steps, "INSERT INTO nowhere VALUES(1)") for number, steps in migrating.STEPS.items()}
    with monkeypatch.context() as patch:
        patch.setattr(migrating, "STEPS", broken)
        with pytest.raises(Exception, match="nowhere"):
            LocalStore.open(released, KEY, now=lambda: NOW)
    assert (version(released), content(released)) == (older, before)
    LocalStore.open(released, KEY, now=lambda: NOW).close()
    assert content(released) == before


def test_a_store_that_cannot_be_copied_first_is_not_migrated(released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, older = content(released), version(released)

    def full(*_: object) -> Path:
        raise errors.DiskFull

    monkeypatch.setattr(Backups, "make", full)
    with pytest.raises(errors.DiskFull):
        LocalStore.open(released, KEY, now=lambda: NOW)
    assert (version(released), content(released)) == (older, before)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no fork")
@pytest.mark.allows_warnings  # the log tells IT of a damaged store
def test_a_migration_that_is_ended_at_any_step_leaves_the_old_store_or_the_new_one() -> None:
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        folder = Path(name) / "person"
        before = content(_folder_with(RELEASED[0], folder))
        for left in _ends(folder):
            assert content(left / "store.db") == before, left.name
            with LocalStore.open(left / "store.db", KEY) as store:
                store.check()
            assert content(left / "store.db") == before, left.name
            assert version(left / "store.db") == schema.VERSION
            assert not list((left / "backups").glob("half*"))


def _ends(folder: Path) -> Iterator[Path]:
    command = [sys.executable, "-m", "tests.faults.ended", "migrate", str(folder)]
    count = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert count > 20
    for number in range(1, count + 1):
        yield folder.with_name(f"{folder.name}-{number}")


@pytest.mark.allows_warnings  # the log tells IT of a damaged store
def test_a_store_that_is_damaged_after_the_update_comes_back_from_the_copy_of_the_older_program(released: Path) -> None:
    before = content(released)
    LocalStore.open(released, KEY, now=lambda: NOW).close()
    damaged = bytearray(released.read_bytes())
    damaged[100] ^= 1
    released.write_bytes(damaged)
    store, restored = opened(released)
    store.close()
    assert restored is not None
    assert restored.day
    after = content(released)
    assert {table: after[table] for table in ("record", "stage", "outbox")} == {
        table: before[table] for table in ("record", "stage", "outbox")
    }
    assert version(released) == schema.VERSION
