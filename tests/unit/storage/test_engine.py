"""The file itself: encrypted, durable, private, and never overwritten or touched when it cannot be opened."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from spoc_desktop.storage import engine, errors, schema
from spoc_desktop.storage.changes import New
from spoc_desktop.storage.store import LocalStore
from sync.client.steps import Begin, Claim
from sync.domain.forum import POST
from sync.domain.quizzes import ATTEMPT
from sync.protocol.messages import Session
from tests.unit.storage.support import COHORT, KEY, ME, PERSONAL, SERVER, a_post, a_row, an_attempt, an_id, place, tell

CANARY = "canari-7f3a"


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_store_opens_again_with_all_that_was_in_it(store: LocalStore, path: Path) -> None:
    store.write([New(ATTEMPT, PERSONAL, an_id(1), an_attempt())])
    tell(store, COHORT, a_row(5, POST, an_id(2), a_post("reçu")))
    before = (store.state(), store.view(POST), store.view(ATTEMPT), store.waiting(9, 9_999))
    store.close()
    with LocalStore.open(path, KEY) as again:
        assert (again.state(), again.view(POST), again.view(ATTEMPT), again.waiting(9, 9_999)) == before
        assert (again.server, again.person) == (SERVER, ME)


def test_every_connection_keeps_the_durable_settings(store: LocalStore) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0, "temp_store": 2}
    for open_ in (store._database.reading, store._database.writing):
        with open_() as connection:
            for pragma, value in wanted.items():
                assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value, pragma
            assert connection.exec_driver_sql("PRAGMA cipher_status").scalar() == "1"


@pytest.mark.skipif(os.name != "posix", reason="access rights of Windows are those of the profile folder")
def test_nobody_else_on_the_computer_may_read_the_folder(store: LocalStore, path: Path) -> None:
    store.write([New(POST, COHORT, an_id(1), a_post())])
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    files = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert {"store.db", "store.db-wal", "store.db.check", "writer.json"} <= files.keys()
    assert set(files.values()) == {0o600}


def test_no_word_of_the_person_and_no_token_is_in_any_file(store: LocalStore, path: Path) -> None:
    login = Session(SERVER, ME, an_id(3), CANARY, CANARY, CANARY, 0)
    store.write([New(POST, COHORT, an_id(1), a_post(CANARY))])
    tell(store, PERSONAL, a_row(5, POST, an_id(2), a_post(CANARY)))
    store.keep_login(login)
    assert store.login() == login
    for _ in ("with its log", "folded into one file"):
        for file in path.parent.iterdir():
            content = file.read_bytes()
            assert CANARY.encode() not in content, file.name
            assert KEY not in content, file.name
            assert KEY.hex().encode() not in content, file.name
            assert b"SQLite format 3" not in content, file.name
        store.close()


def test_a_login_is_forgotten_when_asked(store: LocalStore) -> None:
    store.keep_login(Session(SERVER, ME, an_id(3), "Amina", "token", "refresh", 0))
    store.keep_login(None)
    assert store.login() is None


def test_a_wrong_key_is_told_from_a_damaged_file_and_changes_neither(store: LocalStore, path: Path) -> None:
    store.close()
    before = digest(path)
    with pytest.raises(errors.WrongKey):
        LocalStore.open(path, bytes(32))
    with pytest.raises(errors.WrongKey):
        LocalStore.open(path, b"short")
    path.with_name("store.db.check").unlink()
    with pytest.raises(errors.StoreDamaged):
        LocalStore.open(path, bytes(32))
    assert digest(path) == before


def test_a_store_is_never_made_over_another(store: LocalStore, path: Path) -> None:
    store.close()
    before = digest(path)
    with pytest.raises(errors.StoreExists):
        LocalStore.create(path, bytes(32), server=SERVER, person=ME)
    assert digest(path) == before
    LocalStore.open(path, KEY).close()


def test_a_file_emptied_by_something_else_is_damaged_and_not_a_new_store(store: LocalStore, path: Path) -> None:
    store.close()
    path.write_bytes(b"")
    with pytest.raises(errors.StoreDamaged):
        LocalStore.open(path, KEY)


def test_a_store_that_was_never_there_is_missing(path: Path) -> None:
    with pytest.raises(errors.StoreMissing):
        LocalStore.open(path, KEY)
    assert not path.parent.exists()


def test_a_first_start_cut_before_its_transaction_is_begun_again(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    path.with_name("store.db.check").write_bytes(engine.key_check(bytes(32)))
    path.touch(mode=0o600)
    with LocalStore.create(path, KEY, server=SERVER, person=ME) as store:
        store.write([New(POST, COHORT, an_id(1), a_post())])
    with LocalStore.open(path, KEY) as again:
        assert len(again.view(POST)) == 1


def test_a_file_of_a_newer_program_is_left_as_it_is(store: LocalStore, path: Path) -> None:
    store.close()
    connection = dbapi2.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    connection.close()
    before = {file.name: digest(file) for file in path.parent.iterdir()}
    with pytest.raises(errors.WrittenByNewerProgram) as told:
        LocalStore.open(path, KEY)
    assert (told.value.version, told.value.known) == (schema.VERSION + 1, schema.VERSION)
    assert {name: digest(path.with_name(name)) for name in before} == before


def test_a_number_that_no_database_can_hold_stops_the_reply_and_not_the_store(store: LocalStore) -> None:
    with pytest.raises(errors.Unstorable):
        store.perform([Begin(COHORT, 1), Claim(COHORT, place(1, 1 << 63))])
    assert store.state().spaces == ()
    tell(store, COHORT, a_row(1, POST, an_id(1), a_post()))
    assert len(store.view(POST)) == 1


def test_the_object_mapper_is_never_loaded() -> None:
    code = (
        "import sys, spoc_desktop.storage.store\nassert not {'sqlalchemy.orm', 'keyring', 'PySide6'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
