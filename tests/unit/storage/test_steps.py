"""What a reply does to the file: the cases that a random walk reaches seldom, each in the order in which it happens."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from spoc_desktop.storage import meta
from spoc_desktop.storage.changes import Edited, New
from spoc_desktop.storage.incidents import What
from spoc_desktop.storage.store import LocalStore
from sync.client.ports import SpaceState
from sync.client.steps import Apply, Begin, Claim, Confirm, Forget, MarkSafe, NewWriter, Reach, Refuse, Revoke, Stage
from sync.domain.files import Attachment
from sync.domain.forum import POST, Post
from sync.protocol.digest import EMPTY
from sync.protocol.errors import Refusal
from sync.protocol.limits import KEEP_CONFIRMED_MS
from sync.protocol.messages import START, Checksum
from tests.unit.storage.support import COHORT, KEY, ME, NOW, SERVER, a_post, a_row, an_id, checksum, place, tell


def text_of(store: LocalStore, number: int) -> str | None:
    seen = store.one(POST, an_id(number))
    return None if seen is None else seen.body.text


def only_space(store: LocalStore) -> SpaceState:
    (state,) = store.state().spaces
    return state


def confirm_first(store: LocalStore, seq: int, epoch: int = 1) -> None:
    first = store.waiting(1, 1)[0]
    store.perform([Confirm(COHORT, first.writer, first.n, 1, epoch, seq)])


def test_an_edit_that_was_overtaken_and_pulled_never_shows_again_when_it_is_offered_again(store: LocalStore) -> None:
    tell(store, COHORT, a_row(1, POST, an_id(1), a_post("un")))
    store.write([Edited(POST, an_id(1), {"text": "deux"})])
    confirm_first(store, 2)
    assert text_of(store, 1) == "deux"
    last = a_row(3, POST, an_id(1), a_post("trois, d’une autre"))
    store.perform([Apply(COHORT, (last,), place(1, 3)), Reach(COHORT, checksum(last))])
    assert text_of(store, 1) == "trois, d’une autre"
    store.perform([Begin(COHORT, 2)])
    assert (text_of(store, 1), len(store.waiting(9, 9_999))) == ("trois, d’une autre", 1)
    confirm_first(store, 5, epoch=2)
    assert text_of(store, 1) == "trois, d’une autre"
    told = a_row(1, POST, an_id(1), a_post("un"))
    store.perform([Stage(COHORT, (told,), place(2, 1)), Reach(COHORT, checksum(told))])
    assert text_of(store, 1) == "deux", "the restored server had lost it and has taken it again, beyond what it told"


@pytest.mark.parametrize("refusal", [Refusal.MISSING, Refusal.DELETED])
@pytest.mark.parametrize("aside", [False, True])
def test_an_edit_refused_because_its_record_was_missing_goes_out_again_when_that_is_told(
    store: LocalStore, aside: bool, refusal: Refusal
) -> None:
    tell(store, COHORT, a_row(1, POST, an_id(1), a_post("un")))
    store.write([Edited(POST, an_id(1), {"text": "deux"})])
    first = store.waiting(1, 1)[0]
    tell(store, COHORT, epoch=2)
    store.perform([Refuse(COHORT, first.writer, first.n, 1, refusal)])
    assert (text_of(store, 1), store.waiting(1, 1)) == (None, [])
    dead = a_row(1, POST, an_id(1), None)
    store.perform([Apply(COHORT, (dead,), place(2, 1)), Reach(COHORT, checksum(dead))])
    assert store.waiting(1, 1) == []
    row = a_row(2, POST, an_id(1), a_post("un"))
    page = Stage(COHORT, (row,), place(2, 2)) if aside else Apply(COHORT, (row,), place(2, 2))
    assert store.perform([page, Reach(COHORT, checksum(row))]).outbox
    assert (text_of(store, 1), store.waiting(1, 1)) == ("deux", [first])


def test_an_edit_that_was_pulled_before_the_server_lost_it_shows_again_when_it_goes_out_again(
    store: LocalStore,
) -> None:
    row = a_row(1, POST, an_id(1), a_post("un"))
    tell(store, COHORT, row)
    store.write([Edited(POST, an_id(1), {"text": "deux"})])
    confirm_first(store, 2)
    edited = a_row(2, POST, an_id(1), a_post("deux"))
    store.perform([Apply(COHORT, (edited,), place(1, 2)), Reach(COHORT, checksum(edited))])
    store.perform([Begin(COHORT, 2)])
    first = store.waiting(1, 1)[0]
    store.perform([Refuse(COHORT, first.writer, first.n, 1, Refusal.MISSING), Reach(COHORT, EMPTY)])
    assert text_of(store, 1) is None
    store.perform([Apply(COHORT, (row,), place(2, 1)), Reach(COHORT, checksum(row))])
    assert (text_of(store, 1), store.waiting(1, 1)) == ("deux", [first])


def test_rows_put_aside_show_at_once_with_the_last_page_and_not_before(store: LocalStore) -> None:
    tell(store, COHORT, a_row(1, POST, an_id(1), a_post("un")))
    first = a_row(2, POST, an_id(2), a_post("réponse"))
    older, newer = a_row(3, POST, an_id(1), a_post("deux")), a_row(4, POST, an_id(1), a_post("trois"))
    assert not store.perform([Stage(COHORT, (first, older), place(1, 3))]).kinds
    assert (text_of(store, 1), text_of(store, 2)) == ("un", None)
    assert only_space(store).staged == place(1, 3)
    changes = store.perform([Stage(COHORT, (newer,), place(1, 4)), Reach(COHORT, checksum(first, newer))])
    assert changes.kinds == {POST.number}
    assert (text_of(store, 1), text_of(store, 2)) == ("trois", "réponse")
    assert only_space(store) == SpaceState(COHORT, place(1, 4), START, visible=True, checksum=checksum(first, newer))


def test_work_in_quarantine_comes_back_without_its_old_answers(store: LocalStore) -> None:
    tell(store, COHORT, a_row(1, POST, an_id(1), a_post("un")))
    store.write([New(POST, COHORT, an_id(2), a_post("le mien"))])
    confirm_first(store, 2)
    mine = a_row(2, POST, an_id(2), a_post("le mien"), author=ME)
    store.perform(
        [Apply(COHORT, (mine,), place(1, 2)), Reach(COHORT, checksum(a_row(1, POST, an_id(1), a_post("un")), mine))]
    )
    store.perform([Revoke(COHORT)])
    assert only_space(store).lost
    store.perform([Begin(COHORT, 1), Apply(COHORT, (), place(1, 2)), Reach(COHORT, EMPTY)])
    assert text_of(store, 2) == "le mien", "the server does not tell it any more: it waits to be sent again"
    assert len(store.waiting(9, 9_999)) == 1


def test_what_the_server_does_not_tell_again_is_set_aside_and_kept_readable(store: LocalStore) -> None:
    kept, lost = a_row(1, POST, an_id(1), a_post("reste")), a_row(2, POST, an_id(2), a_post("perdu"))
    tell(store, COHORT, kept, lost)
    tell(store, COHORT, kept, epoch=2)
    assert [seen.body.text for seen in store.view(POST)] == ["reste"]
    (incident,) = store.incidents()
    assert (incident.what, incident.space, incident.id) == (What.NOT_TOLD_AGAIN, COHORT, an_id(2))
    assert POST.decode(incident.body) == a_post("perdu")
    assert only_space(store).checksum == checksum(kept)
    store.perform([Revoke(COHORT)])
    assert store.incidents() == [], "nothing of a lost space stays"


def test_an_update_that_works_the_names_of_files_out_anew_keeps_the_files_of_what_was_set_aside(path: Path) -> None:
    file = Attachment(sha256=sha256(b"un plan").digest(), name="plan.txt", size=7)
    lost = a_row(1, POST, an_id(1), Post(text="perdu", files=(file,)))
    with LocalStore.create(path, KEY, server=SERVER, person=ME, now=lambda: NOW) as store:
        tell(store, COHORT, lost)
        store.files_came({file.sha256: b"un plan"})
        tell(store, COHORT, epoch=2)
        with store._write() as transaction:
            meta.put(transaction, "file_index", 1)
    with LocalStore.open(path, KEY) as store:
        assert store.files.has(file.sha256)
        store.perform([Revoke(COHORT)])
        assert not store.files.has(file.sha256), "nothing of a lost space stays"


def test_a_checksum_that_differs_is_a_doubt_and_is_noted(store: LocalStore) -> None:
    row = a_row(1, POST, an_id(1), a_post())
    store.perform([Begin(COHORT, 1), Apply(COHORT, (row,), place(1, 1)), Reach(COHORT, Checksum(1, 1 << 63))])
    assert only_space(store).doubt
    assert [incident.what for incident in store.incidents()] == [What.CHECKSUM]


def test_sums_beyond_63_bits_survive_the_database(store: LocalStore) -> None:
    """Among a few rows, the sum of some passes 2**63: SQLite's integers are signed."""
    rows = [a_row(seq, POST, an_id(seq), a_post()) for seq in range(1, 40)]
    sums = []
    store.perform([Begin(COHORT, 1)])
    for count, row in enumerate(rows, 1):
        store.perform([Apply(COHORT, (row,), place(1, row.seq))])
        assert only_space(store).checksum == checksum(*rows[:count])
        sums.append(only_space(store).checksum.sum)
    assert any(total >= 1 << 63 for total in sums)


def test_a_page_that_comes_twice_changes_nothing(store: LocalStore) -> None:
    rows = tuple(a_row(seq, POST, an_id(seq), a_post()) for seq in range(1, 6))
    tell(store, COHORT, *rows)
    store.perform([Apply(COHORT, rows, place(1, 5)), Reach(COHORT, checksum(*rows))])
    assert not only_space(store).doubt
    stale = a_row(2, POST, an_id(3), a_post("périmé"))
    store.perform([Apply(COHORT, (stale,), place(1, 5)), Reach(COHORT, checksum(*rows))])
    assert text_of(store, 3) == "Bonjour"
    assert not only_space(store).doubt


@pytest.mark.parametrize(("told", "kept"), [((1, 5), (1, 9)), ((2, 1), (2, 1)), ((1, 12), (1, 12))])
def test_a_claim_is_only_ever_raised(store: LocalStore, told: tuple[int, int], kept: tuple[int, int]) -> None:
    store.perform([Begin(COHORT, 1), Claim(COHORT, place(1, 9))])
    store.perform([Claim(COHORT, place(*told))])
    assert only_space(store).claim == place(*kept)


def test_a_confirmed_entry_is_forgotten_only_when_it_is_old_and_pulled_and_in_a_backup(store: LocalStore) -> None:
    def is_kept(now: int = NOW + KEEP_CONFIRMED_MS) -> bool:
        store.perform([Forget(now)])
        store.perform([Begin(COHORT, 1), Apply(COHORT, (), place(1, 2)), Reach(COHORT, EMPTY)])
        waits = bool(store.waiting(1, 1))
        if waits:
            confirm_first(store, 2)
        return waits

    store.write([New(POST, COHORT, an_id(1), a_post())])
    store.perform([Begin(COHORT, 1), Reach(COHORT, EMPTY)])
    confirm_first(store, 2)
    assert store.unsafe_spaces() == [COHORT]
    store.perform([MarkSafe(COHORT, 1, 2)])
    assert is_kept(), "not pulled"
    store.perform([MarkSafe(COHORT, 0, 0)])
    assert is_kept(), "in no backup"
    store.perform([MarkSafe(COHORT, 2, 9)])
    assert is_kept(), "in a backup of another epoch"
    store.perform([MarkSafe(COHORT, 1, 2)])
    assert store.unsafe_spaces() == []
    assert is_kept(NOW + KEEP_CONFIRMED_MS - 1), "not old enough"
    assert not is_kept()


def test_a_renamed_entry_carries_its_new_number_in_its_bytes_and_keeps_its_body(store: LocalStore) -> None:
    store.write([New(POST, COHORT, an_id(number), a_post(f"{number}")) for number in (1, 2, 3)])
    before = store.waiting(9, 9_999)
    store.perform([NewWriter(5, before[0].writer, (3, 1))])
    after = store.waiting(9, 9_999)
    listed = [(one.writer, one.n, one.mutation.n, one.texts()[0]) for one in store.outbox_list()]
    assert listed == [(5, 1, 1, "1"), (before[0].writer, 2, 2, "2"), (5, 2, 2, "3")]
    assert msgspec.msgpack.decode(after[0].entry)[2:] == msgspec.msgpack.decode(before[0].entry)[2:]
    assert [one.n for one in after] == [1], "only entries of one writer go together, the oldest first"
