"""What the server lacks of the person's own work when their entries are forgotten: offered by itself (rule 8)."""

from __future__ import annotations

import msgspec

from sync.client.ports import Waiting
from sync.client.steps import Apply, Begin, Mend, Reach, Refuse, Stage, Step
from sync.client.view import State
from sync.protocol.digest import EMPTY
from sync.protocol.errors import Refusal
from sync.protocol.messages import Create, Delete, Edit, Row, Span
from tests.contract.desk import (
    ONE,
    PERSON,
    SPACE,
    TEXT,
    THREE,
    TITLE,
    TWO,
    WIDE,
    Desk,
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


def restored(*rows: Row) -> list[Step]:
    """The server came back from a backup that holds these rows, and tells them."""
    place = at(max((each.seq for each in rows), default=0), epoch=2)
    return [Begin(SPACE, 2), Stage(SPACE, rows, place), Reach(SPACE, sum_of(*rows))]


def waiting(desk: Desk) -> list[Waiting]:
    return desk.store.waiting(*WIDE)


class GivingBackContract:
    """Of `store_contract.StoreContract`."""

    def test_the_persons_own_record_that_a_restored_server_lacks_is_offered_and_stays_seen(self, desk: Desk) -> None:
        mine, theirs = row(2, ONE, "mine", PERSON), row(3, TWO, "theirs")
        desk.store.perform(told(mine, theirs))
        desk.store.perform(restored())
        (entry,) = waiting(desk)
        assert mutation_of(entry) == Create(entry.n, mine.kind, ONE, mine.body)
        assert text_of(desk.seen(SPACE, ONE)) == "mine"
        assert desk.seen(SPACE, TWO) is None, "what somebody else wrote is theirs to offer"
        assert sorted(desk.set_aside()) == [ONE, TWO]
        desk.store.perform(restored())
        assert waiting(desk) == [entry], "once"

    def test_a_row_that_the_server_lacks_within_an_epoch_is_offered_alike(self, desk: Desk) -> None:
        mine, kept = row(2, ONE, "mine", PERSON), row(3, TWO, "b")
        desk.store.perform(told(mine, kept))
        desk.store.perform([Mend(SPACE, (Span(b"", b"", EMPTY),), (kept,))])
        (entry,) = waiting(desk)
        assert mutation_of(entry) == Create(entry.n, mine.kind, ONE, mine.body)
        assert text_of(desk.seen(SPACE, ONE)) == "mine"

    def test_what_is_told_again_as_it_was_before_is_edited_to_what_it_had_become(self, desk: Desk) -> None:
        before, after = row(1, ONE, "as it was", PERSON), row(5, ONE, "as it had become", PERSON)
        for steps in ([Stage(SPACE, (before,), at(1, epoch=2))], [Apply(SPACE, (before,), at(1, epoch=2))]):
            desk.store.perform(told(after))
            desk.store.perform([Begin(SPACE, 2), *steps, Reach(SPACE, sum_of(before))])
            entry = waiting(desk)[-1]
            text = msgspec.Raw(msgspec.msgpack.encode("as it had become"))
            assert mutation_of(entry) == Edit(entry.n, ONE, 1, 5, {TEXT: text})
            assert text_of(desk.seen(SPACE, ONE)) == "as it had become"
            desk.store.perform([Refuse(SPACE, entry.writer, entry.n, 1, Refusal.BROKEN)])

    def test_what_is_told_in_a_newer_state_than_was_known_is_left_as_it_is(self, desk: Desk) -> None:
        desk.store.perform(told(row(1, ONE, "a", PERSON)))
        desk.store.perform(restored(row(4, ONE, "b", PERSON)))
        assert waiting(desk) == []
        assert text_of(desk.seen(SPACE, ONE)) == "b"

    def test_what_was_written_on_it_since_comes_after_it(self, desk: Desk) -> None:
        desk.store.perform(told(row(2, ONE, "mine", PERSON)))
        desk.edit(SPACE, ONE, {"text": "and better"})
        desk.store.perform(restored())
        first, second = map(mutation_of, waiting(desk))
        assert isinstance(first, Create)
        assert isinstance(second, Edit)
        assert text_of(desk.seen(SPACE, ONE)) == "and better"

    def test_a_change_that_was_refused_for_want_of_it_goes_again_after_it(self, desk: Desk) -> None:
        desk.store.perform(told(row(2, ONE, "mine", PERSON)))
        desk.edit(SPACE, ONE, {"text": "and better"})
        (edit,) = waiting(desk)
        desk.store.perform([Begin(SPACE, 2), Refuse(SPACE, edit.writer, edit.n, 1, Refusal.MISSING)])
        desk.store.perform([Stage(SPACE, (), at(0, epoch=2)), Reach(SPACE, EMPTY)])
        first, second = map(mutation_of, waiting(desk))
        assert (isinstance(first, Create), second.n) == (True, edit.n)
        assert text_of(desk.seen(SPACE, ONE)) == "and better"

    def test_fields_that_a_change_under_way_says_anew_are_not_offered_twice(self, desk: Desk) -> None:
        before = row(1, ONE, "a", PERSON)
        desk.store.perform(told(before))
        desk.edit(SPACE, ONE, {"text": "b"})
        confirm(desk, 1, seq=2)
        desk.store.perform(more(row(2, ONE, "b", PERSON), of=(row(2, ONE, "b", PERSON),)))
        desk.edit(SPACE, ONE, {"title": "new"})
        desk.store.perform(restored(before))
        numbers = [sorted(entry.changes) for entry in map(mutation_of, waiting(desk)) if isinstance(entry, Edit)]
        assert numbers == [[TEXT], [TITLE]]

    def test_what_the_person_had_deleted_and_is_told_alive_is_deleted_again(self, desk: Desk) -> None:
        desk.store.perform(told(row(4, ONE, None, PERSON), row(5, TWO, None)))
        desk.store.perform(restored(row(1, ONE, "a", PERSON), row(2, TWO, "b")))
        (entry,) = waiting(desk)
        assert mutation_of(entry) == Delete(entry.n, ONE, 1, 4)
        assert [text_of(desk.seen(SPACE, id_)) for id_ in (ONE, TWO)] == [None, "b"]

    def test_what_others_deleted_meanwhile_or_long_ago_is_not_brought_back(self, desk: Desk) -> None:
        mine = row(1, ONE, "a", PERSON), row(2, TWO, "b", PERSON), row(7, THREE, "c", PERSON)
        desk.store.perform(told(*mine))
        gone = row(3, TWO, None)
        desk.store.perform([Begin(SPACE, 2), Stage(SPACE, (gone,), at(3, epoch=2)), Reach(SPACE, sum_of(gone), 1)])
        (entry,) = waiting(desk)
        assert mutation_of(entry).id == THREE, "at the floor or below it the server had it, and it was deleted"

    def test_what_is_offered_again_counts_as_having_left(self, desk: Desk) -> None:
        desk.store.perform(told(row(2, ONE, "mine", PERSON)))
        desk.store.perform(restored())
        desk.edit(SPACE, ONE, {"text": "typed on"})
        assert [entry.state for entry in desk.open_entries()] == [State.WAITING, State.WAITING]
        assert text_of(desk.seen(SPACE, ONE)) == "typed on"
        assert state(desk).visible
