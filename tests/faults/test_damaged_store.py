"""F8: a store whose bits turned over is set aside, the last backup takes its place, unsent work is salvaged."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from spoc_desktop.i18n import use
from spoc_desktop.services import care
from spoc_desktop.storage import errors, raw_pages, raw_rows, restoring, salvage
from spoc_desktop.storage.backup import Backups
from spoc_desktop.storage.changes import New
from spoc_desktop.storage.incidents import What
from spoc_desktop.storage.restoring import Restored
from spoc_desktop.storage.store import LocalStore
from sync.domain.forum import POST, UNSENT, unsent_id
from sync.domain.kinds import KINDS
from tests.faults.disk_support import DAY, DRAFT, LOGIN, Name, copied, ledger, opened, work_after_the_backup, worked_in
from tests.unit.storage.support import COHORT, KEY, a_post, an_id

PAGE = raw_pages.PAGE
FLIPS = 300

pytestmark = pytest.mark.allows_warnings  # the log tells IT of a damaged store


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[Name, bytes]]:
    """A store that nobody touches, and the ledger of what was never sent."""
    path = tmp_path_factory.mktemp("original") / "person" / "store.db"
    return path, worked_in(path)


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory, where there is one: 300 stores are restored in it."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path_factory.getbasetemp()) as name:
        yield Path(name)


@pytest.fixture
def path(original: tuple[Path, dict[Name, bytes]], tmp_path: Path) -> Path:
    return copied(original[0], tmp_path / "copy")


def flip(path: Path, at: int, bit: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1 << bit]))


def used(store: LocalStore) -> dict[Name, bytes]:
    """Use all of a store, as the pages and a sync do; what waits in it."""
    for kind in KINDS.values():
        store.view(kind)
    store.done()
    store.outbox_list()
    store.state()
    store.login()
    store.unsafe_spaces()
    store.files_to_send()
    return ledger(store)


def started_until_it_works(path: Path) -> tuple[dict[Name, bytes], Restored | None]:
    """Start, use everything; a page that turns out damaged in use is put right by the next start."""
    for _ in range(2):
        store, restored = opened(path)
        try:
            with store:
                waiting = used(store)
                store.write([New(POST, COHORT, an_id(9_999), a_post("après"))])
                return waiting, restored
        except errors.StoreDamaged:
            continue
    raise AssertionError("two starts did not put it right")


def on_page(path: Path, page: int) -> set[Name]:
    """Entries that stand on a page, wholly or in part."""
    rows = raw_rows.rows(raw_pages.read(path, KEY))
    found = [(row.pages, salvage.entry_of(row)) for row in rows]
    return {entry.name for pages, entry in found if entry is not None and page in pages}


def test_300_turned_bits_lose_nothing_unsent_but_what_the_turned_page_itself_held(
    original: tuple[Path, dict[Name, bytes]], quick: Path
) -> None:
    path, ledger_before = original
    chance = random.Random(8)  # noqa: S311 - flips that come again, no secret
    pages = path.stat().st_size // PAGE
    in_backup = set(salvage.read(Backups(path).listed()[0], KEY).entries)
    held = {page: on_page(path, page) - in_backup for page in range(1, pages + 1)}
    restores = 0
    for number in range(FLIPS):
        page = number % pages + 1
        damaged = copied(path, quick / "flipped")
        flip(damaged, (page - 1) * PAGE + chance.randrange(PAGE), chance.randrange(8))
        waiting, restored = started_until_it_works(damaged)
        missing = ledger_before.items() - waiting.items()
        assert {name for name, _ in missing} <= held[page], f"flip {number} on page {page}"
        if restored is not None:
            restores += 1
            assert damaged.with_name(restored.aside).exists(), "the damaged file is kept"
    assert restores > FLIPS // 2, "pages in use are found damaged"


def test_a_restored_store_says_so_and_the_login_and_the_draft_are_still_there(
    original: tuple[Path, dict[Name, bytes]], path: Path
) -> None:
    flip(path, 100, 3)
    store, restored = opened(path)
    with store:
        assert restored is not None
        assert restored.day == DAY
        assert restored.unsent == len(original[1]) == len(ledger(store))
        assert ledger(store) == original[1]
        assert store.login() == LOGIN
        draft = store.one(UNSENT, unsent_id(DRAFT))
        assert draft is not None
        assert draft.body.text == "Un brouillon"
        changed = store.one(POST, an_id(5))
        assert changed is not None
        assert changed.body.text == "Changé hors ligne"
        (incident,) = store.incidents()
        assert (incident.what, incident.written, incident.body) == (What.RESTORED, restored.unsent, DAY.encode())
        assert len(store.done()) == 59 + 25 + 1
        store.check()
    again, restored = opened(path)
    again.close()
    assert restored is None


def test_nothing_written_after_a_restore_is_taken_for_what_was_written_before(
    original: tuple[Path, dict[Name, bytes]], path: Path
) -> None:
    flip(path, 100, 3)
    store, _ = opened(path)
    with store:
        work_before = set(original[1])
        store.write([New(POST, COHORT, an_id(9_000), a_post("après la restauration"))])
        fresh = {(one.writer, one.n) for one in store.outbox_list()} - work_before
        assert {writer for writer, _ in fresh} == {store.state().writer}
        assert store.state().writer not in {writer for writer, _ in work_before}


@pytest.mark.parametrize("is_noted", [True, False])
def test_a_damaged_salt_of_the_file_does_not_hide_the_rest_of_it(
    original: tuple[Path, dict[Name, bytes]], path: Path, *, is_noted: bool
) -> None:
    flip(path, 7, 5)
    if is_noted:
        flip(path, 8, 5)
    else:
        path.with_name("backups").joinpath("salt").unlink()
    store, restored = opened(path)
    with store:
        assert restored is not None
        assert ledger(store) == original[1]


def test_what_stands_in_the_log_of_a_killed_program_is_salvaged_too(path: Path, tmp_path: Path) -> None:
    with LocalStore.open(path, KEY) as store:
        store._database._writer.exec_driver_sql("PRAGMA wal_autocheckpoint = 0")
        store._database._writer.commit()
        store.write([New(POST, COHORT, an_id(8_000), a_post("dans le journal"))])
        before = ledger(store)
        killed = copied(path, tmp_path / "killed")
    assert killed.with_name("store.db-wal").exists()
    flip(killed, 3 * PAGE + 5, 1)
    assert {entry.name: entry.entry for entry in salvage.read(killed, KEY).entries.values()} == before
    restored = restoring.restore(killed, KEY, restoring.Owner(b"S" * 16, b"M" * 16), 0)
    assert killed.with_name(restored.aside + "-wal").exists()
    with LocalStore.open(killed, KEY) as again:
        assert ledger(again) == before


def test_a_damaged_backup_is_passed_over_for_the_one_before(path: Path) -> None:
    with LocalStore.open(path, KEY) as store:
        store.back_up("2026-11-25")
    newest, before = Backups(path).listed()
    flip(newest, 2 * PAGE + 9, 0)
    flip(path, 100, 3)
    store, restored = opened(path)
    store.close()
    assert restored is not None
    assert restored.day == DAY
    assert before.exists()
    assert newest.exists()


def test_without_any_backup_the_unsent_work_is_salvaged_into_a_new_store(
    original: tuple[Path, dict[Name, bytes]], path: Path
) -> None:
    shutil.rmtree(path.with_name("backups"))
    flip(path, 5 * PAGE - 100, 3)
    waiting, restored = started_until_it_works(path)
    assert restored is not None
    assert restored.day == ""
    assert waiting.items() <= original[1].items()
    assert len(waiting) > len(original[1]) - 10


def test_a_store_that_somebody_deleted_comes_back_from_its_backup(path: Path) -> None:
    path.unlink()
    store, restored = opened(path)
    with store:
        assert restored is not None
        assert len(ledger(store)) == 1
        assert store.login() is None, "an old login may have been used up: it must not be tried"


def test_a_file_of_noise_is_set_aside_whole_and_the_backup_opens(path: Path) -> None:
    noise = bytes(5 * PAGE + 17)
    path.write_bytes(noise)
    store, restored = opened(path)
    with store:
        assert restored is not None
        assert path.with_name(restored.aside).read_bytes() == noise
        work_after_the_backup(store)


def test_a_person_reads_what_is_safe_what_happened_and_what_is_next() -> None:
    use("fr")
    said = str(care.words(Restored(DAY, 3, "store.db.damaged-2026-11-24-130500")))
    assert "3 modifications qui ne sont pas encore parties sont en sécurité sur cet ordinateur." in said
    assert "la copie du 24 novembre 2026 l’a remplacé" in said
    assert "La prochaine synchronisation ramène le reste d’elle-même." in said
    use("en")
    without = str(care.words(Restored("", 0, "store.db.damaged-2026-11-24-130500")))
    assert "What the server has received is safe there." in without
