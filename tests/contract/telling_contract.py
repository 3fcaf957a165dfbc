"""What the server tells of a space: staged and seen together, compared, mended, told anew in another epoch."""

from __future__ import annotations

from sync.client.known import Known
from sync.client.ports import Stretch
from sync.client.steps import Agree, Apply, Begin, Claim, Compare, Mend, Reach, Revoke, Stage, Step
from sync.domain.forum import POST, Post
from sync.protocol.digest import EMPTY, view_digest
from sync.protocol.messages import START, Checksum, Cursor, Span
from tests.contract.desk import (
    ONE,
    OTHER,
    PERSON,
    SPACE,
    THREE,
    TWO,
    WIDE,
    Desk,
    a_file,
    at,
    confirm,
    more,
    naming,
    row,
    state,
    sum_of,
    text_of,
    told,
)


class TellingContract:
    """Of `store_contract.StoreContract`."""

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

    # What is known of all spaces together (rule 3).

    def test_what_is_asked_from_is_what_each_step_left_however_often_it_was_asked_before(self, desk: Desk) -> None:
        first, later = row(1, ONE, "a"), row(2, TWO, "b")
        here, there = (SPACE, at(1)), (OTHER, at(4))
        course: list[tuple[list[Step], list[tuple[bytes, Cursor]], list[bytes]]] = [
            (told(first), [here], []),
            (told(row(4, ONE, "c"), space=OTHER), [here, there], []),
            ([Claim(OTHER, at(5))], [here, there], [OTHER]),
            (more(later, of=(first, later)), [(SPACE, at(2)), there], [OTHER]),
            ([Compare(SPACE)], [(SPACE, at(2)), there], [SPACE, OTHER]),
            ([Begin(SPACE, 2)], [(SPACE, Cursor(2, 0)), there], [SPACE, OTHER]),
            ([Stage(SPACE, (first,), at(1, 2))], [(SPACE, at(1, 2)), there], [SPACE, OTHER]),
            ([Reach(SPACE, sum_of(first)), Claim(SPACE, at(1, 2))], [(SPACE, at(1, 2)), there], [OTHER]),
            ([Revoke(OTHER)], [(SPACE, at(1, 2))], []),
            (told(row(6, ONE, "d"), space=OTHER), [(SPACE, at(1, 2)), (OTHER, at(6))], []),
        ]
        for steps, places, uneven in course:
            desk.store.perform(steps)
            for _ in range(2):
                known = Known.of(desk.store.state().spaces)
                assert known.digest == view_digest(places)
                assert {each.space for each in known.uneven} == set(uneven)

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
