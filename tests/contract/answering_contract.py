"""What becomes of an entry: confirmed, refused or set aside, offered again under its name or a new one, forgotten."""

from __future__ import annotations

import pytest

from sync.client.steps import (
    Backed,
    Begin,
    Claim,
    Confirm,
    Forget,
    MarkSafe,
    NewWriter,
    Reach,
    Refuse,
    Revoke,
    Stage,
)
from sync.client.view import State
from sync.domain.forum import Post
from sync.protocol.digest import EMPTY
from sync.protocol.errors import Refusal
from sync.protocol.limits import KEEP_CONFIRMED_MS, OFFER_AGAIN_MS
from sync.protocol.messages import START
from tests.contract.desk import (
    ONE,
    OTHER,
    PERSON,
    SPACE,
    THREE,
    TWO,
    WIDE,
    Desk,
    Open,
    at,
    confirm,
    more,
    mutation_of,
    row,
    state,
    sum_of,
    text_of,
    told,
)


class AnsweringContract:
    """Of `store_contract.StoreContract`."""

    # Answers.

    def test_a_confirmed_change_stays_in_view_until_it_is_pulled(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a")))
        desk.edit(SPACE, ONE, {"text": "mine"})
        confirm(desk, 1, seq=2)
        assert desk.store.waiting(*WIDE) == []
        assert text_of(desk.seen(SPACE, ONE)) == "mine"
        theirs = row(3, ONE, "theirs")
        desk.store.perform(more(theirs, of=(theirs,)))
        assert text_of(desk.seen(SPACE, ONE)) == "theirs"

    def test_a_change_known_by_a_lost_answer_does_not_cover_what_came_after(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a")))
        desk.edit(SPACE, ONE, {"text": "mine"})
        theirs = row(3, ONE, "theirs")
        desk.store.perform(more(theirs, of=(theirs,)))
        confirm(desk, 1, seq=2)
        assert text_of(desk.seen(SPACE, ONE)) == "theirs"

    def test_only_the_entries_answered_are_confirmed(self, desk: Desk) -> None:
        for id_ in (ONE, TWO, THREE):
            desk.create(SPACE, id_, Post(text="a"))
        desk.store.perform([Confirm(SPACE, desk.store.state().writer + 1, 1, 3, 1, 1)])
        assert len(desk.store.waiting(*WIDE)) == 3
        confirm(desk, 1, seq=1, count=2)
        assert [each.n for each in desk.store.waiting(*WIDE)] == [3]

    def test_a_refused_change_leaves_the_view_and_stays_listed_with_its_reason(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a")))
        desk.edit(SPACE, ONE, {"text": "mine"})
        changes = desk.store.perform([Refuse(SPACE, desk.store.state().writer, 1, 1, Refusal.NOT_ALLOWED)])
        assert text_of(desk.seen(SPACE, ONE)) == "a"
        assert desk.open_entries() == [Open(1, State.REFUSED, Refusal.NOT_ALLOWED)]
        assert changes.outbox
        assert changes.spaces == {SPACE}

    def test_a_poison_entry_is_set_aside_and_the_others_go_on(self, desk: Desk) -> None:
        for id_ in (ONE, TWO):
            desk.create(SPACE, id_, Post(text="a"))
        desk.store.set_aside(desk.store.state().writer, 1, Refusal.BROKEN)
        assert [each.n for each in desk.store.waiting(*WIDE)] == [2]
        assert Open(1, State.REFUSED, Refusal.BROKEN) in desk.open_entries()

    def test_what_found_no_room_on_the_server_goes_out_again_an_hour_later(self, desk: Desk) -> None:
        desk.create(SPACE, ONE, Post(text="a"))
        desk.store.perform([Refuse(SPACE, desk.store.state().writer, 1, 1, Refusal.OVER_QUOTA)])
        desk.store.perform([Forget(desk.now + OFFER_AGAIN_MS - 1)])
        assert desk.open_entries() == [Open(1, State.REFUSED, Refusal.OVER_QUOTA)]
        desk.store.perform([Forget(desk.now + OFFER_AGAIN_MS)])
        assert [each.n for each in desk.store.waiting(*WIDE)] == [1]

    def test_an_edit_refused_as_missing_goes_out_again_when_its_record_is_told(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a")))
        desk.edit(SPACE, ONE, {"text": "mine"})
        desk.store.perform([Refuse(SPACE, desk.store.state().writer, 1, 1, Refusal.MISSING)])
        desk.store.perform(more(row(2, TWO, "b"), of=(row(1, ONE, "a"), row(2, TWO, "b"))))
        assert desk.store.waiting(*WIDE) == []
        desk.store.perform([Stage(SPACE, (row(3, ONE, "a"),), at(3)), Reach(SPACE, EMPTY)])
        assert [each.n for each in desk.store.waiting(*WIDE)] == [1]

    def test_an_edit_refused_as_deleted_stays_refused_under_a_tombstone(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a")))
        desk.edit(SPACE, ONE, {"text": "mine"})
        desk.store.perform([Refuse(SPACE, desk.store.state().writer, 1, 1, Refusal.DELETED)])
        desk.store.perform(more(row(2, ONE, None), of=(row(2, ONE, None),)))
        assert desk.open_entries() == [Open(1, State.REFUSED, Refusal.DELETED)]

    # Access.

    def test_a_lost_space_leaves_nothing_but_the_persons_own_work(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a")))
        desk.create(SPACE, TWO, Post(text="confirmed"))
        confirm(desk, 1, seq=2)
        desk.create(SPACE, THREE, Post(text="waiting"))
        desk.store.perform([Stage(SPACE, (row(3, ONE, "b"),), at(3)), Claim(SPACE, at(3)), Revoke(SPACE)])
        assert [desk.seen(SPACE, id_) for id_ in (ONE, TWO, THREE)] == [None, None, None]
        assert [each.state for each in desk.open_entries()] == [State.QUARANTINED] * 2
        assert desk.store.waiting(*WIDE) == []
        assert desk.store.unsafe_spaces() == []
        lost = state(desk)
        assert (lost.lost, lost.visible, lost.cursor, lost.claim, lost.staged) == (True, False, START, at(3), None)
        assert lost.checksum == EMPTY

    def test_a_space_may_be_lost_that_was_never_told(self, desk: Desk) -> None:
        desk.create(SPACE, ONE, Post(text="a"))
        desk.store.perform([Revoke(SPACE)])
        assert state(desk).lost
        assert desk.open_entries() == [Open(1, State.QUARANTINED, 0)]

    def test_access_given_again_offers_the_quarantine_again(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a")))
        desk.create(SPACE, TWO, Post(text="mine"))
        desk.store.perform([Revoke(SPACE)])
        desk.store.perform(told(row(1, ONE, "a")))
        assert [each.n for each in desk.store.waiting(*WIDE)] == [1]
        assert text_of(desk.seen(SPACE, TWO)) == "mine"
        assert not state(desk).lost

    # Writers.

    def test_a_restored_laptop_writes_under_a_new_name_and_what_waits_keeps_its_own(self, desk: Desk) -> None:
        old = desk.store.state().writer
        desk.create(SPACE, ONE, Post(text="a"))
        desk.store.perform([NewWriter(77, old)])
        desk.create(SPACE, TWO, Post(text="b"))
        assert [(each.writer, each.n) for each in desk.store.waiting(*WIDE)] == [(old, 1)]
        confirm(desk, 1, seq=1, writer=old)
        assert [(each.writer, each.n) for each in desk.store.waiting(*WIDE)] == [(77, 1)]

    def test_forked_entries_get_new_names_in_order_and_no_others(self, desk: Desk) -> None:
        old = desk.store.state().writer
        for id_ in (ONE, TWO, THREE):
            desk.create(SPACE, id_, Post(text="a"))
        desk.store.perform([NewWriter(77, old, (2, 3))])
        desk.edit(SPACE, ONE, {"text": "b"})
        confirm(desk, 1, seq=1, writer=old)
        names = [(each.writer, each.n, mutation_of(each).n) for each in desk.store.waiting(*WIDE)]
        assert names == [(77, 1, 1), (77, 2, 2), (77, 3, 3)]

    def test_a_change_never_overtakes_an_older_one_of_another_writer(self, desk: Desk) -> None:
        old = desk.store.state().writer
        for id_ in (ONE, TWO, THREE):
            desk.create(SPACE, id_, Post(text="a"))
        desk.store.perform([NewWriter(77, old, (2,))])
        assert [(each.writer, each.n) for each in desk.store.waiting(*WIDE)] == [(old, 1)]

    def test_a_renamed_entry_has_no_answer_of_its_own(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a")))
        old = desk.store.state().writer
        desk.edit(SPACE, ONE, {"text": "mine"})
        confirm(desk, 1, seq=2)
        theirs = row(3, ONE, "theirs")
        desk.store.perform(more(theirs, of=(theirs,)))
        desk.store.perform([Begin(SPACE, 1), NewWriter(77, old, (1,))])
        desk.store.perform([Stage(SPACE, (theirs,), at(3)), Reach(SPACE, sum_of(theirs))])
        assert text_of(desk.seen(SPACE, ONE)) == "mine"

    # Keeping and forgetting.

    def test_a_space_is_unsafe_until_a_backup_covers_what_was_confirmed(self, desk: Desk) -> None:
        desk.store.perform(told())
        desk.create(SPACE, ONE, Post(text="a"))
        assert desk.store.unsafe_spaces() == []
        confirm(desk, 1, seq=4)
        assert desk.store.unsafe_spaces() == [SPACE]
        desk.store.perform([MarkSafe(SPACE, 1, 3)])
        assert desk.store.unsafe_spaces() == [SPACE]
        desk.store.perform([MarkSafe(SPACE, 1, 4), Backed(9)])
        assert desk.store.unsafe_spaces() == []
        assert desk.store.state().backup == 9

    @pytest.mark.parametrize("lacking", ["age", "backup", "pull", "epoch"])
    def test_a_confirmed_change_is_kept_while_anything_lacks(self, desk: Desk, lacking: str) -> None:
        self._confirmed(desk, is_pulled=lacking != "pull")
        mark = {"backup": MarkSafe(SPACE, 1, 0), "epoch": MarkSafe(SPACE, 2, 9)}.get(lacking, MarkSafe(SPACE, 1, 1))
        age = KEEP_CONFIRMED_MS - 1 if lacking == "age" else KEEP_CONFIRMED_MS
        desk.store.perform([mark, Forget(desk.now + age)])
        desk.store.perform([Begin(SPACE, 2)])
        assert [each.n for each in desk.store.waiting(*WIDE)] == [1]

    def test_a_confirmed_change_is_forgotten_when_it_is_pulled_safe_and_old(self, desk: Desk) -> None:
        self._confirmed(desk, is_pulled=True)
        desk.store.perform([MarkSafe(SPACE, 1, 1), Forget(desk.now + KEEP_CONFIRMED_MS)])
        desk.store.perform([Begin(SPACE, 2)])
        assert desk.store.waiting(*WIDE) == []

    def test_beyond_the_bound_the_oldest_pulled_changes_go_and_those_that_no_backup_covers_are_counted(
        self, desk: Desk
    ) -> None:
        desk.store.perform(told())
        size = 0
        rows = [row(seq, bytes([seq]) * 16, "a text", PERSON) for seq in range(1, 6)]
        for each in rows:
            desk.create(SPACE, each.id, Post(text="a text"))
            size = len(desk.store.waiting(*WIDE)[0].entry)
            confirm(desk, each.seq, seq=each.seq)
        desk.store.perform([*more(*rows[:4], of=tuple(rows[:4])), MarkSafe(SPACE, 1, 1), Forget(desk.now)])
        assert desk.store.state().uncovered == 0
        desk.store.most_confirmed = 2 * size
        desk.store.perform([Forget(desk.now)])
        assert desk.store.state().uncovered == 2, "the first is covered by a backup"
        desk.store.perform([Forget(desk.now), Begin(SPACE, 2)])
        assert [each.n for each in desk.store.waiting(*WIDE)] == [4, 5]
        assert desk.store.state().uncovered == 2

    def test_what_is_not_pulled_yet_stays_beyond_the_bound(self, desk: Desk) -> None:
        self._confirmed(desk, is_pulled=False)
        desk.store.most_confirmed = 1
        desk.store.perform([Forget(desk.now), Begin(SPACE, 2)])
        assert [each.n for each in desk.store.waiting(*WIDE)] == [1]

    def test_spaces_do_not_touch_each_other(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a")) + told(row(1, TWO, "b"), space=OTHER))
        desk.edit(SPACE, ONE, {"text": "mine"})
        desk.edit(OTHER, TWO, {"text": "mine too"})
        desk.store.perform([Revoke(OTHER)])
        assert text_of(desk.seen(SPACE, ONE)) == "mine"
        assert [each.space for each in desk.store.waiting(*WIDE)] == [SPACE]

    def _confirmed(self, desk: Desk, *, is_pulled: bool) -> None:
        desk.store.perform(told())
        desk.create(SPACE, ONE, Post(text="a"))
        confirm(desk, 1, seq=1)
        if is_pulled:
            mine = row(1, ONE, "a", PERSON)
            desk.store.perform(more(mine, of=(mine,)))
