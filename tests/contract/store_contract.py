"""What every store of a laptop does, in sentences: run on the store in memory and on the encrypted one."""

from __future__ import annotations

import pytest

from sync.client.ports import Changes, Stretch
from sync.client.steps import (
    Agree,
    Apply,
    Backed,
    Begin,
    Claim,
    Compare,
    Confirm,
    Forget,
    MarkSafe,
    Mend,
    NewWriter,
    Reach,
    Refuse,
    Revoke,
    Stage,
    Step,
)
from sync.client.view import State
from sync.domain.forum import POST, Post
from sync.domain.kind import encode
from sync.protocol.digest import EMPTY
from sync.protocol.errors import Refusal
from sync.protocol.limits import KEEP_CONFIRMED_MS, OFFER_AGAIN_MS
from sync.protocol.messages import START, Checksum, Create, Cursor, Delete, Edit, Span
from tests.contract.desk import (
    ONE,
    OTHER,
    PERSON,
    SPACE,
    TEXT,
    THREE,
    TITLE,
    TWO,
    WIDE,
    Desk,
    Open,
    a_file,
    at,
    confirm,
    more,
    mutation_of,
    naming,
    row,
    state,
    sum_of,
    text_of,
    told,
)


class StoreContract:
    """Subclasses give the fixture `desk`."""

    @pytest.fixture
    def desk(self) -> Desk:
        raise NotImplementedError

    # What a person writes.

    def test_a_new_store_knows_no_space_and_nothing_waits(self, desk: Desk) -> None:
        assert desk.store.state().spaces == ()
        assert desk.store.waiting(*WIDE) == []
        assert desk.store.state().backup == 0

    def test_what_a_person_writes_is_seen_at_once_and_waits_under_the_writers_name(self, desk: Desk) -> None:
        changes = desk.create(SPACE, ONE, Post(text="a"))
        assert text_of(desk.seen(SPACE, ONE)) == "a"
        (entry,) = desk.store.waiting(*WIDE)
        assert (entry.writer, entry.n, entry.space) == (desk.store.state().writer, 1, SPACE)
        assert isinstance(mutation_of(entry), Create)
        assert changes == Changes(frozenset({POST.number}), frozenset({SPACE}), outbox=True)

    def test_an_edit_says_what_the_person_had_before_their_eyes(self, desk: Desk) -> None:
        desk.store.perform(told(row(5, ONE, "a"), epoch=3))
        desk.edit(SPACE, ONE, {"text": "b"})
        edit = mutation_of(desk.store.waiting(*WIDE)[0])
        assert isinstance(edit, Edit)
        assert (edit.epoch, edit.base, list(edit.changes)) == (3, 5, [TEXT])

    def test_changes_lie_over_each_other_in_the_order_of_writing(self, desk: Desk) -> None:
        desk.create(SPACE, ONE, Post(text="a", title="t"))
        desk.edit(SPACE, ONE, {"text": "b"})
        desk.edit(SPACE, ONE, {"title": "u"})
        body = desk.seen(SPACE, ONE)
        assert body is not None
        assert POST.decode(body) == Post(text="b", title="u")
        desk.delete(SPACE, ONE)
        assert desk.seen(SPACE, ONE) is None
        assert [type(mutation_of(each)) for each in desk.store.waiting(*WIDE)] == [Create, Delete]

    # Typing: what never left is one entry.

    def test_keystrokes_make_one_entry_and_the_newest_text_travels(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a")))
        for text in ("b", "bo", "bon"):
            desk.edit(SPACE, ONE, {"text": text})
        desk.edit(SPACE, ONE, {"title": "t"})
        (entry,) = desk.store.waiting(*WIDE)
        edit = mutation_of(entry)
        assert isinstance(edit, Edit)
        assert (entry.n, edit.n, edit.base) == (1, 1, 1)
        assert {field: bytes(raw) for field, raw in edit.changes.items()} == {TEXT: b"\xa3bon", TITLE: b"\xa1t"}
        assert desk.seen(SPACE, ONE) == encode(Post(text="bon", title="t"))

    def test_a_record_that_never_left_is_sent_as_it_was_written_last(self, desk: Desk) -> None:
        desk.create(SPACE, ONE, Post(text="a", title="t"))
        desk.edit(SPACE, ONE, {"text": "b"})
        (entry,) = desk.store.waiting(*WIDE)
        made = mutation_of(entry)
        assert isinstance(made, Create)
        assert POST.decode(bytes(made.body)) == Post(text="b", title="t")

    def test_an_entry_that_may_have_left_is_never_changed(self, desk: Desk) -> None:
        desk.create(SPACE, ONE, Post(text="a"))
        sent = desk.store.waiting(*WIDE)
        desk.edit(SPACE, ONE, {"text": "b"})
        desk.edit(SPACE, ONE, {"text": "c"})
        first, second = desk.store.waiting(*WIDE)
        assert [first] == sent
        assert isinstance(mutation_of(second), Edit)
        assert text_of(desk.seen(SPACE, ONE)) == "c"

    def test_an_edit_of_what_somebody_else_wrote_since_stays_apart(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a")))
        desk.edit(SPACE, ONE, {"text": "mine"})
        theirs = row(2, ONE, "theirs")
        desk.store.perform(more(theirs, of=(theirs,)))
        desk.edit(SPACE, ONE, {"text": "mine again"})
        bases = [getattr(mutation_of(each), "base", None) for each in desk.store.waiting(*WIDE)]
        assert bases == [1, 2]

    def test_an_edit_after_another_persons_words_never_joins_what_another_writer_made(self, desk: Desk) -> None:
        desk.create(SPACE, ONE, Post(text="a"))
        desk.store.perform([NewWriter(77, desk.store.state().writer)])
        desk.edit(SPACE, ONE, {"text": "b"})
        assert [each.writer for each in desk.store.waiting(*WIDE)] != [77, 77]
        assert text_of(desk.seen(SPACE, ONE)) == "b"

    # Undo: what is held does not leave.

    def test_what_is_held_is_seen_at_once_and_leaves_when_its_time_is_over(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a")))
        desk.delete_held(SPACE, ONE, 10_000)
        assert desk.seen(SPACE, ONE) is None
        desk.running += 9_999
        assert desk.store.waiting(*WIDE) == []
        desk.running += 1
        assert [type(mutation_of(each)) for each in desk.store.waiting(*WIDE)] == [Delete]

    def test_what_is_held_can_be_taken_back_and_all_is_as_before(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a")))
        held = desk.delete_held(SPACE, ONE, 10_000)
        assert desk.undo(held)
        assert text_of(desk.seen(SPACE, ONE)) == "a"
        desk.running += 20_000
        assert desk.store.waiting(*WIDE) == []
        assert not desk.undo(held)

    def test_taking_back_too_late_is_refused_and_changes_nothing(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a")))
        held = desk.delete_held(SPACE, ONE, 10_000)
        desk.running += 10_000
        assert not desk.undo(held)
        assert desk.seen(SPACE, ONE) is None

    def test_others_leave_while_one_is_held_and_what_builds_on_it_waits_with_it(self, desk: Desk) -> None:
        held = desk.create_held(SPACE, ONE, Post(text="a"), 10_000)
        desk.edit(SPACE, ONE, {"text": "b"})
        desk.create(SPACE, TWO, Post(text="c"))
        assert [mutation_of(each).id for each in desk.store.waiting(*WIDE)] == [TWO]
        assert desk.undo(held)
        assert desk.seen(SPACE, ONE) is None
        assert [mutation_of(each).id for each in desk.store.waiting(*WIDE)] == [TWO]

    def test_a_clock_that_jumps_by_years_holds_nothing_for_years(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a")))
        desk.delete_held(SPACE, ONE, 10_000)
        desk.now -= 400 * 86_400_000
        desk.running += 10_000
        assert len(desk.store.waiting(*WIDE)) == 1

    def test_what_waits_is_given_within_bounds_but_never_nothing(self, desk: Desk) -> None:
        for id_ in (ONE, TWO, THREE):
            desk.create(SPACE, id_, Post(text="abc"))
        size = len(desk.store.waiting(*WIDE)[0].entry)
        assert [each.n for each in desk.store.waiting(2, 10_000)] == [1, 2]
        assert [each.n for each in desk.store.waiting(10, 2 * size)] == [1, 2]
        assert [each.n for each in desk.store.waiting(10, 1)] == [1]

    # What the server tells.

    def test_a_new_space_is_readable_when_it_was_told_to_its_end(self, desk: Desk) -> None:
        first, second = row(1, ONE, "a"), row(2, TWO, "b")
        desk.store.perform([Begin(SPACE, 1), Apply(SPACE, (first,), at(1))])
        assert desk.seen(SPACE, ONE) is None
        assert not state(desk).visible
        assert state(desk).standing == at(1)
        changes = desk.store.perform([Apply(SPACE, (second,), at(2)), Reach(SPACE, sum_of(first, second))])
        assert text_of(desk.seen(SPACE, ONE)) == "a"
        assert state(desk).visible
        assert not state(desk).doubt
        assert POST.number in changes.kinds

    def test_staged_rows_are_seen_all_together(self, desk: Desk) -> None:
        first, second = row(1, ONE, "a"), row(2, TWO, "b")
        desk.store.perform(told(first))
        desk.store.perform([Stage(SPACE, (row(2, ONE, "c"),), at(2))])
        assert text_of(desk.seen(SPACE, ONE)) == "a"
        assert (state(desk).cursor, state(desk).standing) == (at(1), at(2))
        second = row(3, TWO, "b")
        desk.store.perform([Stage(SPACE, (second,), at(3)), Reach(SPACE, sum_of(row(2, ONE, "c"), second))])
        assert (text_of(desk.seen(SPACE, ONE)), text_of(desk.seen(SPACE, TWO))) == ("c", "b")
        assert (state(desk).cursor, state(desk).staged) == (at(3), None)
        assert not state(desk).doubt

    def test_a_tombstone_is_final_even_under_a_waiting_edit(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a")))
        desk.edit(SPACE, ONE, {"text": "mine"})
        desk.store.perform(more(row(2, ONE, None), of=(row(2, ONE, None),)))
        assert desk.seen(SPACE, ONE) is None

    def test_another_checksum_is_a_doubt_until_the_stretches_agree_or_a_full_compare_begins(self, desk: Desk) -> None:
        wrong: list[Step] = [Begin(SPACE, 1), Apply(SPACE, (row(1, ONE, "a"),), at(1)), Reach(SPACE, Checksum(1, 1))]
        desk.store.perform(wrong)
        assert (state(desk).doubt, state(desk).compare) == (True, False)
        desk.store.perform([Agree(SPACE)])
        assert (state(desk).doubt, state(desk).compare) == (False, False)
        desk.store.perform([*wrong, Compare(SPACE)])
        assert (state(desk).doubt, state(desk).compare) == (False, True)
        desk.store.perform([Begin(SPACE, 1)])
        assert (state(desk).doubt, state(desk).compare) == (False, False)

    # Stretches (rule 8).

    def test_stretches_are_summed_by_id_from_beyond_the_first_up_to_the_last(self, desk: Desk) -> None:
        rows = row(3, ONE, "a"), row(2, TWO, "b"), row(1, THREE, "c")
        desk.store.perform(told(*rows))
        stretches = [Stretch(b"", ONE), Stretch(ONE, THREE), Stretch(THREE, b"")]
        assert desk.store.sums(SPACE, stretches) == [sum_of(rows[0]), sum_of(*rows[1:]), EMPTY]
        assert desk.store.sums(SPACE, [Stretch(b"", b"")]) == [sum_of(*rows)]

    def test_a_mended_stretch_holds_what_the_server_has_and_the_others_stay(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "wrong"), row(2, TWO, "b"), row(9, THREE, "too much")))
        right = row(1, ONE, "a")
        changes = desk.store.perform([Mend(SPACE, (Span(b"", ONE, EMPTY), Span(TWO, b"", EMPTY)), (right,))])
        assert [text_of(desk.seen(SPACE, id_)) for id_ in (ONE, TWO, THREE)] == ["a", "b", None]
        assert state(desk).checksum == sum_of(right, row(2, TWO, "b"))
        assert changes.kinds == {POST.number}

    def test_what_the_server_lacks_of_the_persons_own_work_is_offered_again(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a")))
        desk.edit(SPACE, ONE, {"text": "mine"})
        desk.create(SPACE, TWO, Post(text="new"))
        confirm(desk, 1, seq=2, count=2)
        mine, new = row(2, ONE, "mine"), row(3, TWO, "new", PERSON)
        desk.store.perform(more(mine, new, of=(mine, new)))
        assert desk.store.waiting(*WIDE) == []
        desk.store.perform([Mend(SPACE, (Span(b"", b"", EMPTY),), (row(1, ONE, "a"),))])
        assert [each.n for each in desk.store.waiting(*WIDE)] == [1, 2]
        assert [text_of(desk.seen(SPACE, id_)) for id_ in (ONE, TWO)] == ["mine", "new"]

    # The floor (fault F18).

    def test_tombstones_up_to_the_floor_go_when_it_is_told(self, desk: Desk) -> None:
        alive, later = row(1, ONE, "a"), row(4, THREE, None)
        desk.store.perform(told(alive, row(2, TWO, None), later))
        assert state(desk).checksum.count == 3
        desk.store.perform([Apply(SPACE, (), at(4)), Reach(SPACE, sum_of(alive, later), 3)])
        assert (state(desk).checksum, state(desk).doubt) == (sum_of(alive, later), False)

    def test_what_stood_below_the_floor_and_is_not_told_again_was_deleted(self, desk: Desk) -> None:
        kept, beyond = row(1, ONE, "a"), row(5, THREE, "c")
        desk.store.perform(told(kept, row(2, TWO, "b"), beyond))
        desk.edit(SPACE, TWO, {"text": "mine"})
        desk.store.perform([Begin(SPACE, 1), Stage(SPACE, (kept,), at(8)), Reach(SPACE, sum_of(kept), 4)])
        assert [text_of(desk.seen(SPACE, id_)) for id_ in (ONE, TWO, THREE)] == ["a", None, None]
        assert desk.set_aside() == [THREE], "beyond the floor it is an incident"
        assert [each.n for each in desk.store.waiting(*WIDE)] == [1], "the person's words go on their way"

    def test_a_floor_of_another_epoch_says_nothing_of_what_stood_before(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a")))
        desk.store.perform([Begin(SPACE, 2), Apply(SPACE, (), at(8, epoch=2)), Reach(SPACE, EMPTY, 4)])
        assert desk.set_aside() == [ONE]

    def test_the_checksum_is_of_what_was_told(self, desk: Desk) -> None:
        rows = row(1, ONE, "a"), row(3, TWO, "b")
        desk.store.perform(told(*rows))
        assert state(desk).checksum == sum_of(*rows)

    def test_a_claim_only_goes_up(self, desk: Desk) -> None:
        desk.store.perform([Claim(SPACE, at(5)), Claim(SPACE, at(3))])
        assert state(desk).claim == at(5)
        desk.store.perform([Claim(SPACE, at(1, epoch=2)), Claim(SPACE, at(9))])
        assert state(desk).claim == at(1, epoch=2)
        assert not state(desk).visible

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

    # Epochs.

    def test_a_new_epoch_offers_confirmed_changes_again_and_goes_on_showing_the_old_records(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a")))
        desk.edit(SPACE, ONE, {"text": "mine"})
        confirm(desk, 1, seq=2)
        theirs = row(3, ONE, "theirs")
        desk.store.perform(more(theirs, of=(theirs,)))
        desk.store.perform([Begin(SPACE, 2)])
        assert [each.n for each in desk.store.waiting(*WIDE)] == [1]
        assert text_of(desk.seen(SPACE, ONE)) == "theirs"
        assert state(desk).standing == Cursor(2, 0)
        assert (state(desk).cursor, state(desk).claim, state(desk).visible) == (at(3), START, True)

    def test_after_a_new_epoch_what_the_server_lacks_shows_again_on_top(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a")))
        desk.edit(SPACE, ONE, {"text": "mine"})
        confirm(desk, 1, seq=2)
        desk.store.perform(more(row(2, ONE, "mine"), of=(row(2, ONE, "mine"),)))
        old = row(1, ONE, "a")
        desk.store.perform([Begin(SPACE, 2), Apply(SPACE, (old,), at(1, epoch=2)), Reach(SPACE, sum_of(old))])
        assert text_of(desk.seen(SPACE, ONE)) == "mine"
        assert not state(desk).doubt

    def test_records_that_are_not_told_again_are_set_aside(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a"), row(2, TWO, "b")))
        kept = row(1, ONE, "a")
        desk.store.perform([Begin(SPACE, 2), Stage(SPACE, (kept,), at(1, epoch=2))])
        assert text_of(desk.seen(SPACE, TWO)) == "b"
        desk.store.perform([Reach(SPACE, sum_of(kept))])
        assert desk.seen(SPACE, TWO) is None
        assert state(desk).checksum == sum_of(kept)
        assert not state(desk).doubt

    def test_a_retelling_that_begins_again_forgets_what_was_staged(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a")))
        desk.store.perform([Begin(SPACE, 2), Stage(SPACE, (row(1, TWO, "b"),), at(1, epoch=2))])
        kept = row(1, ONE, "a")
        desk.store.perform([Begin(SPACE, 3), Stage(SPACE, (kept,), at(1, epoch=3)), Reach(SPACE, sum_of(kept))])
        assert desk.seen(SPACE, TWO) is None
        assert not state(desk).doubt

    def test_what_is_set_aside_keeps_its_files_and_asks_for_none_and_what_comes_back_names_those_of_now(
        self, desk: Desk
    ) -> None:
        """The right to read a file is a readable record that names it (rule 7)."""
        here, absent, newer = a_file(b"here"), a_file(b"it never came"), a_file(b"of the record that came back")
        kept = row(1, ONE, "a")

        def wanted() -> list[bytes]:
            return [file.sha256 for file in desk.store.files_wanted()]

        desk.store.perform(told(kept, naming(2, TWO, here, absent)))
        desk.store.files_came({here.sha256: b"here"})
        assert wanted() == [absent.sha256]
        desk.store.perform([Begin(SPACE, 2), Stage(SPACE, (kept,), at(1, epoch=2)), Reach(SPACE, sum_of(kept))])
        assert wanted() == [], "nobody gives what no record names"
        back = naming(3, TWO, newer)
        desk.store.perform(more(back, of=(kept, back), epoch=2))
        assert wanted() == [newer.sha256]
        again = naming(4, TWO)
        desk.store.perform(more(again, of=(kept, again), epoch=2))
        assert wanted() == []
        assert desk.store.read_part(here.sha256, 0, 9) == b"here"

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
