"""F22: what others delete all at once is applied, and kept for 30 days."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from spoc_desktop.storage.changes import New, Removed
from spoc_desktop.storage.store import LocalStore
from spoc_desktop.storage.trash import FEW, KEEP_MS, MOST, WINDOW_MS
from sync.client.steps import Apply, Begin, Forget, Reach, Revoke, Stage
from sync.domain.files import Attachment
from sync.domain.forum import POST, Post
from sync.domain.merge import DELETED, ERASED, FOLDED
from sync.protocol.messages import Row
from tests.unit.storage.support import COHORT, KEY, ME, NOW, OTHER, SERVER, a_post, a_row, an_id, checksum, place, tell

SOPHIE = b"H" * 16


class Days:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Days:
    return Days()


@pytest.fixture
def store(clock: Days) -> LocalStore:
    return LocalStore.in_memory(server=SERVER, person=ME, now=clock)


def full(store: LocalStore, count: int) -> list[Row]:
    rows = [a_row(seq, POST, an_id(seq), a_post(f"Message {seq}")) for seq in range(1, count + 1)]
    tell(store, COHORT, *rows)
    return rows


def delete(store: LocalStore, rows: list[Row], which: range, body: bytes = DELETED) -> list[Row]:
    """Somebody deletes these, one sync; what is there afterwards."""
    first = max(row.seq for row in rows) + 1
    gone = [Row(first + n, POST.number, an_id(which[n]), SOPHIE, NOW + 9, msgspec.Raw(body)) for n in range(len(which))]
    kept = [row for row in rows if row.id not in {row.id for row in gone}] + gone
    last = place(1, gone[-1].seq)
    store.perform([Stage(COHORT, tuple(gone), last), Reach(COHORT, checksum(*kept))])
    return kept


@pytest.mark.parametrize(("held", "deleted"), [(30, 5), (3, FEW - 2), (1_000, MOST)])
def test_a_few_deletions_are_nothing_to_speak_of(store: LocalStore, held: int, deleted: int) -> None:
    delete(store, full(store, held), range(1, 1 + deleted))
    assert store.trash.listed() == []


@pytest.mark.parametrize(("held", "deleted"), [(1_000, MOST + 1), (20, 5), (5, 5)])
def test_more_than_fifty_or_a_fifth_of_a_space_is_applied_and_kept(store: LocalStore, held: int, deleted: int) -> None:
    delete(store, full(store, held), range(1, 1 + deleted))
    assert len(store.view(POST, COHORT)) == held - deleted
    listed = store.trash.listed()
    assert [one.id for one in listed] == [an_id(number) for number in range(1, 1 + deleted)]
    one = listed[0]
    assert (one.space, one.author, one.deleter, one.noticed) == (COHORT, OTHER, SOPHIE, NOW)
    assert POST.decode(one.body) == a_post("Message 1")
    assert not store.state().spaces[0].doubt


def test_deletions_that_come_one_by_one_within_a_day_are_one_heap(store: LocalStore, clock: Days) -> None:
    rows = full(store, 400)
    for number in range(1, MOST + 4):
        rows = delete(store, rows, range(number, number + 1))
        clock.now += 60_000
    listed = store.trash.listed()
    assert len(listed) == MOST + 3
    assert len({one.noticed for one in listed}) == 1
    clock.now += 2 * WINDOW_MS
    delete(store, rows, range(300, 310))
    assert len(store.trash.listed()) == MOST + 3, "another day begins anew"


@pytest.mark.parametrize("body", [ERASED, FOLDED])
def test_what_the_server_itself_takes_away_does_not_count(store: LocalStore, body: bytes) -> None:
    delete(store, full(store, 10), range(1, 11), body)
    assert store.trash.listed() == []


def test_what_was_deleted_on_this_laptop_does_not_count(store: LocalStore) -> None:
    rows = full(store, 10)
    store.write([Removed(POST, an_id(number), COHORT) for number in range(1, 9)])
    delete(store, rows, range(1, 9))
    assert store.trash.listed() == []


def test_a_new_telling_and_a_lost_space_do_not_count(store: LocalStore) -> None:
    rows = full(store, 10)
    gone = tuple(a_row(20 + number, POST, an_id(number), None) for number in range(1, 9))
    kept = (*gone, *rows[8:])
    store.perform([Begin(COHORT, 2), Apply(COHORT, kept, place(2, 30)), Reach(COHORT, checksum(*kept))])
    assert store.trash.listed() == []
    more = full(store, 10)
    delete(store, more, range(1, 9))
    assert store.trash.listed() != []
    store.perform([Revoke(COHORT)])
    assert store.trash.listed() == []


def test_who_is_erased_is_erased_from_the_trash_too(store: LocalStore) -> None:
    rows = delete(store, full(store, 20), range(1, 11))
    assert len(store.trash.listed()) == 10
    erased = Row(99, POST.number, an_id(15), OTHER, NOW, msgspec.Raw(ERASED))
    kept = [row for row in rows if row.id != erased.id] + [erased]
    store.perform([Apply(COHORT, (erased,), place(1, 99)), Reach(COHORT, checksum(*kept))])
    assert store.trash.listed() == []


def test_the_trash_is_kept_for_thirty_days(store: LocalStore, clock: Days) -> None:
    delete(store, full(store, 20), range(1, 11))
    store.perform([Forget(clock.now + KEEP_MS - 1)])
    assert len(store.trash.listed()) == 10
    store.perform([Forget(clock.now + KEEP_MS)])
    assert store.trash.listed() == []


def test_bringing_back_writes_and_lets_go_in_one(store: LocalStore) -> None:
    delete(store, full(store, 20), range(1, 11))
    listed = store.trash.listed()
    changes = store.trash.bring_back([New(POST, COHORT, an_id(900), a_post("Message 1"))], listed)
    assert store.trash.listed() == []
    assert changes.outbox
    assert store.one(POST, an_id(900)) is not None
    assert store.counts().waiting == 1


def test_what_was_attached_is_kept_where_it_is_here_and_goes_with_the_trash(store: LocalStore, clock: Days) -> None:
    here = Attachment(sha256=sha256(b"un plan").digest(), name="plan.txt", size=7)
    store.files.put(here.sha256, b"un plan")
    absent = Attachment(sha256=b"A" * 32, name="absent.txt", size=9)
    rows = [
        a_row(seq, POST, an_id(seq), Post(text=f"Message {seq}", files=(here,) if seq % 2 else (absent,)))
        for seq in range(1, 9)
    ]
    tell(store, COHORT, *rows)
    assert [file.name for file in store.files_wanted()] == ["absent.txt"]
    delete(store, rows, range(1, 9))
    assert store.files.has(here.sha256)
    assert store.files_wanted() == [], "nobody gives what no record names"
    clock.now += KEEP_MS
    store.perform([Forget(clock.now)])
    assert store.trash.listed() == []
    assert not store.files.has(here.sha256)


def test_a_store_on_the_disk_keeps_its_trash(path: Path) -> None:
    with LocalStore.create(path, KEY, server=SERVER, person=ME, now=lambda: NOW) as made:
        delete(made, full(made, 20), range(1, 11))
    with LocalStore.open(path, KEY, now=lambda: NOW) as again:
        assert len(again.trash.listed()) == 10
