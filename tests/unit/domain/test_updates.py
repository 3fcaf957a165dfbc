"""What is inside an update of a shared text is read within bounds; a hostile one changes nothing and breaks nothing."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.content.shared_text import SharedText, joined, read
from sync.domain import updates
from sync.domain.documents import client_of
from sync.domain.text_edits import Splice, splices
from sync.domain.updates import EMPTY, Deleted, Inserted, Malformed

ONE, TWO = client_of(1), client_of(2)


def typed(text: str, client: int = ONE) -> bytes:
    return joined(SharedText(client=client).change(splices("", text)))


def test_words_clocks_and_deletions_are_read() -> None:
    text = SharedText(client=ONE)
    (first,) = text.change([Splice(0, 0, "héllo 😀")])
    (second,) = text.change([Splice(0, 5, "salut")])
    assert updates.read(first).inserted == (Inserted(ONE, 0, 8, ("héllo 😀",)),)
    assert updates.read(second).inserted == (Inserted(ONE, 8, 13, ("salut",)),)
    assert updates.read(second).deleted == (Deleted(ONE, 0, 5),)
    assert updates.read(joined([first, second])).clocks == {ONE: 13}
    assert updates.read(EMPTY).text == ""
    assert text.clocks == {ONE: 13}


def test_a_deletion_says_only_itself() -> None:
    """Or each update of a long document would repeat all deletions before it."""
    text = SharedText([typed("one two three four five")], client=TWO)
    sizes = [len(raw) for word in ("two ", "three ", "four ") for raw in text.change([Splice(4, len(word), "")])]
    assert text.text == "one five"
    assert max(sizes) < 20


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00",
        b"\x00\x00\x00",
        b"\xff" * 20,
        bytes.fromhex("0101014d00 04 01 05 6f74686572 01 61 00".replace(" ", "")),
        bytes.fromhex("01014d00 28 01 04 74657874 01 6b 01 7d00 00".replace(" ", "")),
        bytes.fromhex("01014d00 07 01 04 74657874 00 00".replace(" ", "")),
        bytes.fromhex("01014d00 05 01 04 74657874 02 7b7d 00".replace(" ", "")),
        bytes.fromhex("01014d00 01 01 04 74657874 ffffffff0f 00".replace(" ", "")),
        bytes.fromhex("01014d00 04 01 04 74657874 02 ff61 00".replace(" ", "")),
        bytes.fromhex("00 01 4d 01 00 00".replace(" ", "")),
        bytes.fromhex("00 01 4d 01 00 ffffffff0f".replace(" ", "")),
    ],
    ids=[
        "nothing", "cut", "longer", "numbers without end", "another root", "a map", "an array", "a picture",
        "a clock out of bounds", "no text", "an empty deletion", "a deletion out of bounds",
    ],
)  # fmt: skip
def test_what_is_no_update_of_a_plain_text_is_malformed_and_changes_nothing(raw: bytes) -> None:
    with pytest.raises(Malformed):
        updates.read(raw)
    text = SharedText([typed("here")])
    assert not text.take(raw)
    assert text.text == "here"


@given(st.data())
def test_bytes_turned_in_an_update_never_break_a_document(data: st.DataObject) -> None:
    """Whatever is let through, what others wrote stays in its order, and the document goes on.

    Words that claim a right neighbour which stands before their left one are put elsewhere when the document is read
    again: they are their sender's own.
    """
    good = typed("one line\nanother")
    text = SharedText([good], client=TWO)
    raw = bytearray(joined(text.change(splices(text.text, "one new line\nothers"))))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    hostile = SharedText([good], client=7)
    hostile.take(bytes(raw))
    before = hostile.text
    hostile.change([Splice(0, 0, "and on ")])
    assert hostile.text == "and on " + before
    again = SharedText([hostile.state]).text
    assert sorted(again) == sorted(hostile.text), "no word comes or goes"
    theirs = _kept(good, raw)
    assert is_within(theirs, hostile.text)
    assert is_within(theirs, again)


def _kept(good: bytes, update: bytearray) -> str:
    """The letters of the first author that an update leaves; all of them when it is refused."""
    written, taken = read(good), read(bytes(update))
    assert written is not None
    deleted = () if taken is None else taken.content.deleted
    gone = [one for one in deleted if one.client == ONE]
    letters = enumerate(written.content.inserted[0].texts[0])
    return "".join(letter for clock, letter in letters if not any(one.start <= clock < one.end for one in gone))


def is_within(part: str, whole: str) -> bool:
    """Whether all letters of a part stand in the whole, in their order."""
    letters = iter(whole)
    return all(letter in letters for letter in part)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    with contextlib.suppress(Malformed):
        updates.read(raw)
    SharedText().take(raw)


def test_a_long_text_becomes_several_updates_each_small_enough_for_a_row() -> None:
    text = SharedText(client=ONE)
    raws = text.change([Splice(0, 0, "😀" * 30_000)])
    assert max(map(len, raws)) < 48 * 1024
    assert SharedText(raws).text == "😀" * 30_000


def test_a_gap_between_clocks_is_seen() -> None:
    gap = bytes.fromhex("01024d000a03040104746578740161" + "00")
    assert updates.read(gap).inserted == (Inserted(77, 0, 4, ("a",), whole=False),)


def test_what_waits_for_another_update_is_not_held() -> None:
    text = SharedText(client=ONE)
    first, second = text.change([Splice(0, 0, "a")])[0], text.change([Splice(1, 0, "b")])[0]
    late = SharedText([second])
    written = read(second)
    assert written is not None
    assert not late.holds(written.content)
    late.take(first)
    assert late.holds(written.content)
    assert late.text == "ab"


def test_the_client_id_of_a_writer_has_53_bits_and_is_its_own() -> None:
    found = {client_of(writer) for writer in range(1000)}
    assert len(found) == 1000
    assert max(found) < 1 << 53
