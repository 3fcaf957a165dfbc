"""A copy of the store a day: encrypted, whole or not there, thinned to seven, in nobody's way."""

from __future__ import annotations

import shutil
import stat
import threading
from pathlib import Path

import pytest

from spoc_desktop.services.care import Keeper
from spoc_desktop.storage import errors
from spoc_desktop.storage.backup import KEPT, Backups, day_of
from spoc_desktop.storage.changes import Edited, New
from spoc_desktop.storage.store import LocalStore
from sync.domain.forum import POST
from sync.protocol.messages import Session
from tests.unit.storage.support import COHORT, KEY, ME, NOW, SERVER, a_post, a_row, an_id, tell

DAY = "2026-11-24"


def test_a_backup_is_made_once_a_day_and_seven_days_are_kept(store: LocalStore, path: Path) -> None:
    days = [f"2026-11-{day:02}" for day in range(10, 20)]
    assert [store.back_up(day) for day in days] == [True] * 10
    assert not store.back_up(days[-1])
    assert [day_of(one) for one in Backups(path).listed()] == days[: -KEPT - 1 : -1]


def test_a_clock_that_jumps_by_years_does_not_make_an_old_backup_the_newest(store: LocalStore, path: Path) -> None:
    for day in ("2036-01-01", "2026-11-24", "2016-01-01"):
        assert store.back_up(day)
    assert [day_of(one) for one in Backups(path).listed()] == ["2016-01-01", "2026-11-24", "2036-01-01"]


def test_a_backup_opens_with_the_same_key_and_holds_what_was_saved(store: LocalStore, path: Path) -> None:
    tell(store, COHORT, a_row(1, POST, an_id(1), a_post("du serveur")))
    store.write([New(POST, COHORT, an_id(2), a_post("à moi"))])
    store.back_up(DAY)
    (copy,) = Backups(path).listed()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with LocalStore.open(copy, KEY) as opened:
        assert [seen.body.text for seen in opened.view(POST)] == ["du serveur", "à moi"]
        opened.check()
    with pytest.raises(errors.StoreDamaged):
        LocalStore.open(copy, bytes(32))


def test_no_word_and_no_login_is_in_a_backup(store: LocalStore, path: Path) -> None:
    login = Session(SERVER, ME, an_id(3), "canari", "canari", "canari", 0)
    store.keep_login(login)
    store.write([New(POST, COHORT, an_id(1), a_post("canari"))])
    store.back_up(DAY)
    (copy,) = Backups(path).listed()
    assert b"canari" not in copy.read_bytes()
    with LocalStore.open(copy, KEY) as opened:
        assert opened.login() is None
    assert store.login() == login


def test_a_backup_restored_by_hand_into_the_very_file_writes_under_a_new_name(store: LocalStore, path: Path) -> None:
    store.write([New(POST, COHORT, an_id(1), a_post())])
    writer = store.state().writer
    store.back_up(DAY)
    store.write([New(POST, COHORT, an_id(2), a_post("après la sauvegarde"))])
    store.close()
    inode = path.stat().st_ino
    shutil.copyfile(Backups(path).listed()[0], path)
    assert path.stat().st_ino == inode
    with LocalStore.open(path, KEY) as restored:
        assert restored.state().writer != writer
        restored.write([New(POST, COHORT, an_id(3), a_post("après la restauration"))])
        names = [(one.writer, one.n) for one in restored.outbox_list()]
        assert names[0] == (writer, 1)
        assert (writer, 2) not in names


def test_what_a_backup_holds_is_not_changed_under_its_name_afterwards(store: LocalStore) -> None:
    store.write([New(POST, COHORT, an_id(1), a_post("tapé"))])
    store.back_up(DAY)
    store.write([Edited(POST, an_id(1), {"text": "tapé plus loin"})])
    assert [one.n for one in store.outbox_list()] == [1, 2]


def test_a_backup_made_while_others_write_is_one_moment_of_the_store(store: LocalStore, path: Path) -> None:
    tell(store, COHORT, *(a_row(seq, POST, an_id(seq), a_post("x" * 2_000)) for seq in range(1, 300)))
    stop = threading.Event()

    def write_on() -> None:
        number = 1_000
        while not stop.is_set():
            store.write([New(POST, COHORT, an_id(number + half), a_post(str(number))) for half in (0, 1)])
            number += 2

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        for day in range(10, 15):
            store.back_up(f"2026-11-{day}")
    finally:
        stop.set()
        writer.join()
    counts = []
    for copy in Backups(path).listed():
        with LocalStore.open(copy, KEY) as opened:
            opened.check()
            waiting = opened.counts().waiting
            assert waiting % 2 == 0, "a transaction is in it whole or not"
            assert len(opened.view(POST)) == 299 + waiting
            counts.append(waiting)
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 0


def test_a_backup_that_was_cut_is_no_backup_and_is_cleared_away(store: LocalStore, path: Path) -> None:
    folder = path.with_name("backups")
    folder.mkdir()
    for name in ("half", "half-journal", "half-wal"):
        (folder / name).write_bytes(b"cut")
    assert Backups(path).listed() == []
    store.back_up(DAY)
    assert sorted(one.name for one in folder.iterdir()) == [f"000001-{DAY}.db", "salt"]


def test_a_damaged_store_makes_no_backup_and_is_looked_into_at_the_next_start(store: LocalStore, path: Path) -> None:
    tell(store, COHORT, *(a_row(seq, POST, an_id(seq), a_post("x" * 3_000)) for seq in range(1, 30)))
    store.back_up("2026-11-23")
    store.close()
    content = bytearray(path.read_bytes())
    content[-1_000] ^= 1
    path.write_bytes(content)
    with LocalStore.open(path, KEY) as damaged:
        with pytest.raises(errors.StoreDamaged):
            damaged.back_up(DAY)
        assert [day_of(one) for one in Backups(path).listed()] == ["2026-11-23"]
        assert path.with_name("store.db.suspect").exists()


def test_the_keeper_makes_todays_backup_by_itself_and_only_once(
    store: LocalStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spoc_desktop.services.care.FIRST_SECONDS", 0.0)
    monkeypatch.setattr("spoc_desktop.services.care.AGAIN_SECONDS", 0.0)
    done = threading.Event()
    back_up, tries = store.back_up, []

    def counted(day: str) -> bool:
        tries.append(back_up(day))
        if len(tries) == 3:
            done.set()
        return tries[-1]

    monkeypatch.setattr(store, "back_up", counted)
    keeper = Keeper(store)
    keeper.start()
    assert done.wait(30)
    assert keeper.close()
    assert tries[:3] == [True, False, False]
    assert len(Backups(path).listed()) == 1


def test_a_store_in_memory_has_no_backup() -> None:
    with LocalStore.in_memory(server=SERVER, person=ME, now=lambda: NOW) as store:
        assert not store.back_up(DAY)
