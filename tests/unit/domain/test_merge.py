"""How an edit joins what is there."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.domain.forum import POST, Post
from sync.domain.kind import encode
from sync.domain.merge import DELETED, FieldStamp, changed, merge

TEXT, TITLE = POST.number_of("text"), POST.number_of("title")
AUTHOR = b"a" * 16
MADE = FieldStamp(1, 10, 1, AUTHOR)


def raw(value: object) -> bytes:
    return msgspec.msgpack.encode(value)


def stamp(seq: int, writer: int) -> FieldStamp:
    return FieldStamp(seq, writer, seq, AUTHOR)


def test_two_people_who_change_different_fields_lose_nothing() -> None:
    start = encode(Post(text="text", title="title"))
    first = merge(POST, start, {TITLE: raw("T2")}, stamps={}, created=MADE, base=1, by=stamp(2, 20))
    second = merge(POST, first.body, {TEXT: raw("t2")}, stamps=first.stamps, created=MADE, base=1, by=stamp(3, 30))
    assert POST.decode(second.body) == Post(text="t2", title="T2")
    assert first.overtaken == second.overtaken == ()


def test_the_same_field_changed_at_the_same_time_keeps_both_texts() -> None:
    start = encode(Post(text="text"))
    first = merge(POST, start, {TEXT: raw("hers")}, stamps={}, created=MADE, base=1, by=stamp(2, 20))
    second = merge(POST, first.body, {TEXT: raw("his")}, stamps=first.stamps, created=MADE, base=1, by=stamp(3, 30))
    assert POST.decode(second.body).text == "his"
    assert [(each.field, msgspec.msgpack.decode(each.value)) for each in second.overtaken] == [(TEXT, "hers")]
    assert second.overtaken[0].stamp.writer == 20


def test_an_edit_that_saw_the_last_value_overtakes_nothing() -> None:
    start = encode(Post(text="text"))
    first = merge(POST, start, {TEXT: raw("one")}, stamps={}, created=MADE, base=1, by=stamp(2, 20))
    second = merge(POST, first.body, {TEXT: raw("two")}, stamps=first.stamps, created=MADE, base=2, by=stamp(3, 30))
    assert second.overtaken == ()


def test_the_same_writer_never_overtakes_itself() -> None:
    start = encode(Post(text="text"))
    first = merge(POST, start, {TEXT: raw("one")}, stamps={}, created=MADE, base=0, by=stamp(2, 20))
    second = merge(POST, first.body, {TEXT: raw("two")}, stamps=first.stamps, created=MADE, base=0, by=stamp(3, 20))
    assert [each.stamp for each in first.overtaken] == [MADE]
    assert second.overtaken == ()


def test_fields_of_a_newer_program_survive_an_older_one() -> None:
    unknown = "a field that we do not know"
    newer = raw([*msgspec.msgpack.decode(encode(Post(text="text"))), unknown])
    edited = changed(newer, {TEXT: raw("new")}, POST)
    assert msgspec.msgpack.decode(edited) == [*msgspec.msgpack.decode(encode(Post(text="new"))), unknown]


def test_a_record_of_an_older_program_is_padded_with_defaults() -> None:
    edited = changed(raw(["text"]), {POST.number_of("hidden"): raw(True)}, POST)
    assert POST.decode(edited) == Post(text="text", hidden=True)


@pytest.mark.parametrize("changes", [{}, {99: raw("x")}, {-1: raw("x")}])
def test_an_edit_of_no_field_or_of_one_that_is_not_there_is_refused(changes: dict[int, bytes]) -> None:
    with pytest.raises(ValueError, match="names fields"):
        changed(encode(Post(text="text")), changes, POST)


def test_an_edit_to_a_value_of_another_type_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        changed(encode(Post(text="text")), {TEXT: raw(7)}, POST)


def test_no_record_encodes_to_what_means_deleted() -> None:
    with pytest.raises(msgspec.ValidationError):
        POST.decode(DELETED)


@given(st.lists(st.tuples(st.sampled_from([TEXT, TITLE]), st.text(max_size=5), st.integers(0, 3)), max_size=8))
def test_every_value_ever_accepted_stands_was_seen_by_its_successor_or_is_a_revision(
    edits: list[tuple[int, str, int]],
) -> None:
    body, stamps = encode(Post(text="", title="")), dict[int, FieldStamp]()
    for place, (field, value, writer) in enumerate(edits):
        seq = place + 2
        before = msgspec.msgpack.decode(body)[field]
        last = stamps.get(field, MADE)
        done = merge(POST, body, {field: raw(value)}, stamps=stamps, created=MADE, base=0, by=stamp(seq, writer))
        kept = {each.value for each in done.overtaken}
        assert last.writer == writer or before == value or raw(before) in kept
        body, stamps = done.body, done.stamps
        assert msgspec.msgpack.decode(body)[field] == value
