"""What never left may be changed and taken back; what joins does the same as what it joined."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from sync.client.offering import Offering, joined
from sync.client.ports import Changes, Waiting
from sync.client.view import Record, fold
from sync.domain.forum import POST, Post
from sync.domain.kind import encode
from sync.protocol.messages import Create, Delete, Edit

ID = b"i" * 16
TEXTS = st.text(max_size=3)
EDITS = st.lists(st.dictionaries(st.sampled_from([0, 1]), TEXTS, min_size=1), min_size=1, max_size=6)


def edit(n: int, fields: dict[int, str], base: int = 0) -> Edit:
    return Edit(n, ID, 1, base, {field: msgspec.Raw(msgspec.msgpack.encode(text)) for field, text in fields.items()})


@given(TEXTS, EDITS, st.booleans())
def test_what_was_typed_in_one_entry_reads_like_what_was_typed_in_many(
    first: str, edits: list[dict[int, str]], is_new: bool
) -> None:
    body = encode(Post(text=first, title=first))
    row = None if is_new else Record(POST.number, body)
    many: list[Create | Edit | Delete] = [Create(1, POST.number, ID, msgspec.Raw(body))] if is_new else []
    many += [edit(n, fields) for n, fields in enumerate(edits, 2)]
    one = many[0]
    for each in many[1:]:
        assert isinstance(each, Edit)
        whole = joined(one, each)
        assert whole is not None
        one = whole
    assert one.n == many[0].n
    assert fold(row, [one]) == fold(row, many)


def test_edits_of_two_bases_stay_two_and_nothing_joins_a_deletion() -> None:
    assert joined(edit(1, {0: "a"}, base=3), edit(2, {0: "b"}, base=4)) is None
    assert joined(Delete(1, ID, 1, 3), edit(2, {0: "b"}, base=3)) is None


def test_a_creation_that_somebody_knows_of_already_is_not_changed() -> None:
    made = Create(1, POST.number, ID, msgspec.Raw(encode(Post(text="a"))))
    assert joined(made, edit(2, {0: "b"}, base=7)) is None


def test_only_what_was_not_handed_out_may_change() -> None:
    offering = Offering(lambda: 0)
    offering.close(7, 3)
    assert not offering.may_change(7, 3)
    assert offering.may_change(7, 4)
    assert not offering.may_change(8, 4)
    offering.give([Waiting(7, 4, b"", b"")])
    assert not offering.may_change(7, 4)


def test_a_hold_that_has_ended_asks_for_a_sync_until_something_was_handed_out() -> None:
    now = [0]
    offering = Offering(lambda: now[0])
    offering.close(7, 0)
    assert offering.ends_in() is None
    offering.hold([(7, 1)], 10, Changes())
    assert offering.ends_in() == 10
    now[0] = 11
    assert offering.ends_in() == 0
    offering.give([])
    assert offering.ends_in() is None
