"""The disk and the power at their worst: nothing half saved, nothing acknowledged lost, every failure by its name."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from spoc_desktop.storage import errors
from spoc_desktop.storage.changes import Edited, New
from spoc_desktop.storage.store import LocalStore
from sync.domain.courses import READING
from sync.domain.forum import POST
from tests.unit.storage.support import COHORT, KEY, ME, NOW, PERSONAL, SERVER, a_post, a_reading, a_row, an_id, tell

PAGE = 4_096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "person" / "store.db"


@pytest.fixture
def store(path: Path) -> Iterator[LocalStore]:
    with LocalStore.create(path, KEY, server=SERVER, person=ME, now=lambda: NOW) as made:
        yield made


# -------------------------------------------------------------------------------------------- the program is ended (F1)

WRITE_ON = """
import os, sys
from pathlib import Path
from spoc_desktop.storage.changes import Edited, New
from spoc_desktop.storage.store import LocalStore
from sync.domain.courses import READING
from sync.domain.forum import POST
from tests.unit.storage.support import COHORT, KEY, PERSONAL, a_post, a_reading, an_id
with LocalStore.open(Path(sys.argv[1]), KEY) as store:
    print("open", flush=True)
    for number in range(1, 100_000):
        post = Edited(POST, an_id(1), {"text": str(number)})
        store.write([New(READING, PERSONAL, an_id(number), a_reading(number % 3)), post])
        print(number, flush=True)
"""


@pytest.mark.parametrize("after", [0, 1, 7, 30])
def test_a_program_ended_in_mid_write_has_all_that_it_acknowledged_and_no_half(
    store: LocalStore, path: Path, after: int
) -> None:
    tell(store, COHORT, a_row(1, POST, an_id(1), a_post("0")))
    store.close()
    with subprocess.Popen([sys.executable, "-c", WRITE_ON, str(path)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for _ in range(after + 1):
            child.stdout.readline()
        child.send_signal(signal.SIGKILL)
        acknowledged = max([after, *(int(line) for line in child.stdout.read().split() if line.isdigit())])
    with LocalStore.open(path, KEY) as again:
        readings, post = again.view(READING), again.one(POST, an_id(1))
        assert post is not None
        assert len(readings) >= acknowledged
        assert int(post.body.text) == len(readings) == len(again.done())
        # Each reading has a name of its own; all edits of the post, which never left, are the entry of the first.
        names = sorted({*range(1, 2 * len(readings), 2), *([2] if readings else [])})
        assert [one.n for one in again.waiting(9_999, 9_999_999)] == names
        assert again.counts().waiting == len(names)


END_AT_EACH_STATEMENT = """
import os, shutil, sys
from pathlib import Path
from spoc_desktop.storage.changes import New
from spoc_desktop.storage.store import LocalStore
from spoc_desktop.storage.transaction import Transaction
from sync.client.steps import Apply, Begin, Reach
from sync.domain.courses import READING
from tests.unit.storage.support import KEY, PERSONAL, a_reading, a_row, an_id, checksum, place

path, run = Path(sys.argv[1]), Transaction.run
rows = tuple(a_row(seq, READING, an_id(seq), a_reading()) for seq in range(1, 4))

def work(copy, last):
    store, done = LocalStore.open(copy, KEY), 0
    def run_or_end(self, sql, values=()):
        nonlocal done
        done += 1
        if done == last:
            os.kill(os.getpid(), 9)
        return run(self, sql, values)
    Transaction.run = run_or_end
    store.write([New(READING, PERSONAL, an_id(9), a_reading(1))])
    store.perform([Begin(PERSONAL, 1), Apply(PERSONAL, rows, place(1, 3)), Reach(PERSONAL, checksum(*rows))])
    os._exit(0)

ended, last = -9, 0
while ended != 0:
    last += 1
    copy = path.parent.with_name(f"step{last}") / path.name
    shutil.copytree(path.parent, copy.parent)
    child = os.fork()
    if child == 0:
        work(copy, last)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print(last)
"""


@pytest.mark.skipif(os.name != "posix", reason="Windows has no fork")
def test_a_program_ended_at_any_statement_is_before_or_after_each_transaction(store: LocalStore, path: Path) -> None:
    store.close()
    command = [sys.executable, "-c", END_AT_EACH_STATEMENT, str(path)]
    last = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    found = []
    for step in range(1, last + 1):
        with LocalStore.open(path.parent.with_name(f"step{step}") / path.name, KEY) as again:
            ids = {int.from_bytes(one.id, "big") for one in again.view(READING)}
            assert len(again.done()) == len(ids)
            assert again.counts().waiting == (9 in ids)
            found.append(sorted(ids))
    assert found == sorted(found, key=len), "later ends leave no less"
    assert last > 10
    assert {tuple(ids) for ids in found} == {(), (9,), (1, 2, 3, 9)}


# ------------------------------------------------------------------------------------------------ the disk is full (F6)


def fill_after(store: LocalStore, pages: int) -> None:
    """The file may grow by so many pages and no more."""
    with store._database.reading() as connection:
        used = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    store._database._writer.exec_driver_sql(f"PRAGMA max_page_count = {used + pages}")
    store._database._writer.commit()


@pytest.mark.parametrize("pages", [0, 1, 2, 3, 5, 8])
def test_a_full_disk_refuses_the_save_by_name_and_keeps_what_was_there(
    store: LocalStore, path: Path, pages: int
) -> None:
    store.write([New(POST, COHORT, an_id(1), a_post("avant"))])
    fill_after(store, pages)
    with pytest.raises(errors.DiskFull):
        store.write([New(POST, COHORT, an_id(2), a_post("x" * 60_000)), Edited(POST, an_id(1), {"text": "pendant"})])
    with pytest.raises(errors.DiskFull):
        tell(store, PERSONAL, *(a_row(seq, READING, an_id(seq), a_reading()) for seq in range(1, 600)))
    assert [seen.body.text for seen in store.view(POST)] == ["avant"]
    assert store.state().spaces == ()
    fill_after(store, 1_000)
    store.write([New(POST, COHORT, an_id(2), a_post("après"))])
    assert [one.n for one in store.outbox_list()] == [1, 2]
    store.close()
    with LocalStore.open(path, KEY) as again:
        assert [seen.body.text for seen in again.view(POST)] == ["avant", "après"]


WRITE_UNDER_A_LIMIT = """
import resource, signal, sys
from pathlib import Path
from spoc_desktop.storage import errors
from spoc_desktop.storage.changes import New
from spoc_desktop.storage.store import LocalStore
from sync.domain.forum import POST
from tests.unit.storage.support import COHORT, KEY, a_post, an_id
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = LocalStore.open(Path(sys.argv[1]), KEY)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
saved = 0
try:
    for number in range(2, 500):
        store.write([New(POST, COHORT, an_id(number), a_post("x" * 3_000))])
        saved += 1
except errors.DiskFull:
    print(saved, len(store.view(POST)))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of a file's size for one process")
@pytest.mark.parametrize("size", [333_333, 500_001, 1_000_000])
def test_a_disk_that_stops_in_the_middle_of_a_page_loses_nothing_that_was_saved(
    store: LocalStore, path: Path, size: int
) -> None:
    store.write([New(POST, COHORT, an_id(1), a_post("avant"))])
    store.close()
    command = [sys.executable, "-c", WRITE_UNDER_A_LIMIT, str(path), str(size)]
    saved, seen = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert int(seen) == int(saved) + 1 > 5
    with LocalStore.open(path, KEY) as again:
        assert len(again.view(POST)) == int(seen)
        again.write([New(POST, COHORT, an_id(999), a_post("après"))])


# ------------------------------------------------------------------------------------------ the file cannot be had (F7)


def test_a_file_that_another_program_holds_is_said_to_be_busy(
    store: LocalStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store._database._writer.exec_driver_sql("PRAGMA busy_timeout = 50")
    store._database._writer.commit()
    holder = dbapi2.connect(path, isolation_level=None)
    holder.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(errors.StoreBusy):
        store.write([New(POST, COHORT, an_id(1), a_post())])
    assert store.view(POST) == []
    holder.execute("ROLLBACK")
    holder.close()
    store.write([New(POST, COHORT, an_id(1), a_post())])
    assert len(store.view(POST)) == 1


def test_a_folder_that_cannot_be_made_is_said_by_name(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(errors.StoreReadOnly):
        LocalStore.create(tmp_path / "file" / "store.db", KEY, server=SERVER, person=ME)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_folder_that_may_not_be_written_is_said_by_name(store: LocalStore, path: Path) -> None:
    store.close()
    path.chmod(0o400)
    path.parent.chmod(0o500)
    with pytest.raises(errors.StoreReadOnly):
        LocalStore.open(path, KEY)
    path.parent.chmod(0o700)


# -------------------------------------------------------------------------------------------------- bits turn over (F8)


def test_one_turned_bit_in_any_page_is_found_and_shows_nobody_a_wrong_word(store: LocalStore, path: Path) -> None:
    tell(store, COHORT, *(a_row(seq, POST, an_id(seq), a_post("x" * 300)) for seq in range(1, 120)))
    store.write([New(READING, PERSONAL, an_id(900), a_reading())])
    store.check()
    seen = (store.view(POST), store.view(READING))
    store.close()
    whole = path.read_bytes()
    for page in range(len(whole) // PAGE):
        damaged = bytearray(whole)
        damaged[page * PAGE + (page * 397) % PAGE] ^= 1 << (page % 8)
        path.write_bytes(damaged)
        try:
            with LocalStore.open(path, KEY) as again:
                assert (again.view(POST), again.view(READING)) == seen
        except errors.StoreDamaged:
            continue
        with LocalStore.open(path, KEY) as again, pytest.raises(errors.StoreDamaged):
            again.check()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system does not list open files")
def test_a_store_that_could_not_be_opened_leaves_no_file_open(store: LocalStore, path: Path) -> None:
    tell(store, COHORT, *(a_row(seq, POST, an_id(seq), a_post("x" * 300)) for seq in range(1, 30)))
    store.close()
    whole = path.read_bytes()
    for page in range(len(whole) // PAGE):
        damaged = bytearray(whole)
        damaged[page * PAGE + 50] ^= 1
        path.write_bytes(damaged)
        with contextlib.suppress(errors.StoreDamaged):
            LocalStore.open(path, KEY).close()
        held = [file.readlink() for file in Path("/proc/self/fd").iterdir() if file.is_symlink()]
        assert not [file for file in held if file.is_relative_to(path.parent)]


def test_a_file_cut_short_is_damaged_and_left_as_it_is(store: LocalStore, path: Path) -> None:
    tell(store, COHORT, *(a_row(seq, POST, an_id(seq), a_post("x" * 300)) for seq in range(1, 120)))
    store.close()
    for length in (100, PAGE, 5 * PAGE + 17):
        content = path.read_bytes()[:length]
        path.write_bytes(content)
        with pytest.raises(errors.StoreDamaged), LocalStore.open(path, KEY) as again:
            again.check()
        assert path.read_bytes() == content
