"""Laptops damaged, restored, copied, full or without their key, with the real server: nothing lost, nothing twice."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from spoc_desktop import paths
from spoc_desktop.services.accounts import Accounts
from spoc_desktop.services.sentences import of_a_sync
from spoc_desktop.services.workplace import Workplace
from spoc_desktop.storage import key_file
from spoc_desktop.storage.backup import Backups
from spoc_desktop.storage.changes import New
from spoc_desktop.storage.errors import DiskFull, KeyLost, StoreDamaged
from sync.domain import spaces
from sync.domain.files import Attachment
from sync.domain.forum import POST, Post
from tests.faults.test_storage_faults import fill_after
from tests.integration.laptop.harness import PASSWORD, Laptop, School, home, school
from tests.unit.storage.test_keys import WorkingKeyring


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """One school without a course: its people talk. Argon2id takes little: `test_keys.py` is about its cost."""
    with pytest.MonkeyPatch.context() as patch, school(tmp_path_factory.mktemp("school"), published=False) as made:
        patch.setattr(key_file, "_MEMORY_KIB", 64)
        patch.setattr(key_file, "_PASSES", 1)
        for login in (made.sample.ines, made.sample.sophie):
            made.joined(login)
        yield made


@pytest.fixture
def ines(here: School) -> Iterator[tuple[Laptop, Workplace]]:
    """A fresh laptop of Inès, signed in."""
    login = here.sample.ines
    laptop = here.laptop(login, f"-{len(here.laptops)}")
    with home(laptop.folder):
        entered = Accounts().login(laptop.wire.address, login, PASSWORD, passphrase=laptop.passphrase)
    laptop.opened.append(entered.workplace)
    assert entered.workplace.syncing.sync_now() is None
    yield laptop, entered.workplace
    laptop.shut()


@pytest.fixture
def sophie(here: School) -> Workplace:
    """Her trainer, who has not been away."""
    return next(laptop for laptop in here.laptops if laptop.login == here.sample.sophie).opened[0]


def say(here: School, workplace: Workplace, *texts: str, files: tuple[Attachment, ...] = ()) -> None:
    for text in texts:
        post = Post(text=text, files=files)
        workplace.store.write([New(POST, spaces.cohort(here.sample.id), workplace.desk.new_id(), post)])


def heard(workplace: Workplace, word: str) -> Counter[str]:
    """The posts with this word, and how often each is there, after a sync."""
    assert workplace.syncing.sync_now() is None
    return Counter(seen.body.text for seen in workplace.store.view(POST) if word in seen.body.text)


def store_of(laptop: Laptop, workplace: Workplace) -> Path:
    with home(laptop.folder):
        return paths.store_file(workplace.profile.server, workplace.profile.person)


def once(word: str, count: int) -> Counter[str]:
    return Counter(f"{word} {number}" for number in range(1, count + 1))


@pytest.mark.allows_warnings  # the log tells IT of a damaged store
@pytest.mark.parametrize("at", [100, 20_000])
def test_a_damaged_laptop_has_everything_again_after_one_sync_and_its_unsent_work_arrives(
    here: School, ines: tuple[Laptop, Workplace], sophie: Workplace, at: int
) -> None:
    (laptop, mine), theirs, word = ines, sophie, f"abîmé{at}"
    kept = mine.store.files.keep(b"un document", "plan.txt")
    say(here, mine, f"{word} 1")
    assert mine.syncing.sync_now() is None
    assert mine.store.back_up("2026-11-23")
    say(here, theirs, f"{word} 2")
    assert theirs.syncing.sync_now() is None
    say(here, mine, f"{word} 3")
    assert mine.syncing.sync_now() is None
    laptop.wire.cut()
    say(here, mine, f"{word} 4", f"{word} 5", files=(kept,))
    laptop.shut()
    place = store_of(laptop, mine)
    content = bytearray(place.read_bytes())
    content[at] ^= 8
    place.write_bytes(content)
    again = laptop.open()
    if again.restored is None:  # the page is met in use: the next start puts it right
        with pytest.raises(StoreDamaged):
            again.store.check()
        laptop.shut()
        again = laptop.open()
    assert again.restored is not None
    assert {f"{word} 4", f"{word} 5"} <= {seen.body.text for seen in again.store.view(POST)}
    laptop.wire.mend()
    assert heard(again, word) == once(word, 5)
    assert again.store.counts() == (0, 0, 0)
    assert heard(theirs, word) == once(word, 5)
    assert theirs.store.files.read(kept.sha256) == b"un document"


def test_a_laptop_restored_from_its_own_backup_sends_what_it_writes_and_nothing_twice(
    here: School, ines: tuple[Laptop, Workplace], sophie: Workplace
) -> None:
    """Fault F34: by hand, over the very file."""
    (laptop, mine), word = ines, "restauré"
    say(here, mine, f"{word} 1")
    assert mine.store.back_up("2026-11-23")
    say(here, mine, f"{word} 2", f"{word} 3")
    assert mine.syncing.sync_now() is None
    writer = mine.store.state().writer
    laptop.shut()
    place = store_of(laptop, mine)
    shutil.copyfile(Backups(place).listed()[0], place)
    again = laptop.open()
    assert again.store.state().writer != writer
    say(here, again, f"{word} 4", f"{word} 5")
    again.renew(PASSWORD)
    assert heard(again, word) == once(word, 5)
    assert again.store.counts() == (0, 0, 0)
    assert heard(sophie, word) == once(word, 5)


def test_a_copied_folder_is_another_writer_and_both_lose_nothing(
    here: School, ines: tuple[Laptop, Workplace], sophie: Workplace
) -> None:
    """Fault F24: what waited in both is there once, what each wrote since is there too."""
    (laptop, mine), word = ines, "copié"
    laptop.wire.cut()
    say(here, mine, f"{word} 1")
    laptop.shut()
    twin = here.laptop(here.sample.ines, "-twin")
    twin.passphrase = laptop.passphrase
    shutil.copytree(laptop.folder, twin.folder)
    laptop.wire.mend()
    writers = set()
    for number, one in ((2, laptop), (3, twin)):
        opened = one.open()
        opened.wire._connection.address = one.wire.address
        writers.add(opened.store.state().writer)
        say(here, opened, f"{word} {number}")
        assert opened.syncing.sync_now() is None
        assert opened.store.counts() == (0, 0, 0)
    assert len(writers) == 2
    assert heard(sophie, word) == once(word, 3)
    twin.shut()


def test_a_keyring_that_was_emptied_sets_nothing_aside_and_the_code_sends_what_waited(
    here: School, sophie: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fault F33."""
    ring, word = WorkingKeyring(), "sans clé"
    monkeypatch.setattr("spoc_desktop.storage.key_source._encrypting_keyring", lambda: ring)
    login = "lina@example.org"
    here.server.add_person("Lina Roy", login)
    here.server.enrol(here.sample.id, login, "learner")
    laptop = here.laptop(login, "-ring")
    with home(laptop.folder):
        entered = Accounts().join(laptop.wire.address, here.server.invite(login), PASSWORD)
        assert entered.recovery_code is not None
        say(here, entered.workplace, f"{word} 1")
        place = store_of(laptop, entered.workplace)
        entered.workplace.close()
        ring.kept.clear()
        accounts, before = Accounts(), place.read_bytes()
        assert accounts.open_without_asking() is None
        with pytest.raises(KeyLost):
            accounts.open(accounts.find(""))
        assert place.read_bytes() == before
        again = accounts.open_with_code(accounts.find(""), entered.recovery_code)
        laptop.opened.append(again.workplace)
        assert heard(again.workplace, word) == once(word, 1)
    assert heard(sophie, word) == once(word, 1)


def test_a_sync_on_a_full_disk_pauses_calmly_and_has_everything_when_there_is_room(
    here: School, ines: tuple[Laptop, Workplace], sophie: Workplace
) -> None:
    """Fault F6."""
    (_, mine), word = ines, "plein"
    say(here, sophie, *(f"{word} {number}" for number in range(1, 400)))
    assert sophie.syncing.sync_now() is None
    fill_after(mine.store, 1)
    assert isinstance(mine.syncing.sync_now(), DiskFull)
    status = mine.syncing.status()
    assert status.trouble == of_a_sync(DiskFull())
    assert not status.offline
    assert status.next_try is not None, "it tries again by itself"
    fill_after(mine.store, 10_000)
    assert heard(mine, word) == once(word, 399)
    assert mine.syncing.status().trouble is None
