"""What a person writes: it is seen at once, joins what never left, and can be taken back while it is held."""

from __future__ import annotations

from sync.client.ports import Changes
from sync.client.steps import NewWriter
from sync.domain.forum import POST, Post
from sync.domain.kind import encode
from sync.protocol.messages import Create, Delete, Edit
from tests.contract.desk import (
    ONE,
    SPACE,
    TEXT,
    THREE,
    TITLE,
    TWO,
    WIDE,
    Desk,
    more,
    mutation_of,
    row,
    text_of,
    told,
)


class WritingContract:
    """Of `store_contract.StoreContract`."""

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
