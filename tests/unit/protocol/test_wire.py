"""Packing, bounds and fingerprints."""

import contextlib

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol import digest, wire
from sync.protocol.messages import START, Checksum, Create, Cursor, Edit, Mutation, Page, Row, SyncReply, SyncRequest

SMALL = 10_000


def test_a_message_comes_out_as_it_went_in() -> None:
    row = Row(1, 34, b"i" * 16, b"a" * 16, 5, msgspec.Raw(b"\x93\x01\x02\x03"))
    reply = SyncReply(b"s" * 16, 1, 0, pages=(Page(b"p", 0, Cursor(1, 1, b"t" * 8, b"s" * 8), (row,)),))
    back = wire.unpack(SyncReply, wire.pack(reply), SMALL)
    assert bytes(back.pages[0].rows[0].body) == bytes(row.body)
    assert back.pages[0].cursor == reply.pages[0].cursor


def test_mutations_are_told_apart_by_their_tag() -> None:
    made: Mutation = Create(1, 40, b"i" * 16, msgspec.Raw(b"\x90"))
    edited: Mutation = Edit(2, b"i" * 16, 1, 5, {0: msgspec.Raw(b"\xa1x")})
    decoder = msgspec.msgpack.Decoder(Create | Edit)
    assert isinstance(decoder.decode(wire.encode(made)), Create)
    assert isinstance(decoder.decode(wire.encode(edited)), Edit)


def test_a_request_without_news_is_a_few_bytes() -> None:
    assert len(wire.pack(SyncRequest(1, 1, 2**62, b"d" * 8))) < 48


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = zstandard.compress(bytes(50_000_000))
    with pytest.raises(wire.Damaged, match="more than"):
        wire.inflate(bomb, SMALL)


def test_a_frame_that_asks_for_a_huge_window_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=27, compression_level=3)
    frame = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    packed = frame.compress(bytes(200_000_000)) + frame.flush()
    with pytest.raises(wire.Damaged, match="memory"):
        wire.inflate(packed, SMALL)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    with pytest.raises(wire.Damaged):
        wire.unpack(SyncRequest, b"\x28\xb5\x2f\xfd" + raw, SMALL)


@given(st.integers(0, 300), st.integers(0, 7))
def test_a_flipped_bit_never_becomes_another_message(place: int, bit: int) -> None:
    sent = SyncRequest(1, 1, 7, b"d" * 8, safe_of=(b"s" * 17,) * 9)
    packed = bytearray(wire.pack(sent))
    packed[place % len(packed)] ^= 1 << bit
    with contextlib.suppress(wire.Damaged):
        assert wire.unpack(SyncRequest, bytes(packed), SMALL) == sent


def test_depth_is_bounded() -> None:
    with pytest.raises(wire.Damaged):
        wire.decode(SyncRequest, b"\x99\x01\x01\x01" + b"\x91" * 100_000 + b"\xc0")


@given(st.lists(st.integers(0, 2**64 - 1), max_size=20), st.data())
def test_a_checksum_does_not_depend_on_order_and_forgets_what_went(hashes: list[int], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(hashes))
    assert digest.joined(digest.EMPTY, hashes) == digest.joined(digest.EMPTY, shuffled)
    assert digest.joined(digest.joined(Checksum(3, 5), hashes), removed=shuffled) == Checksum(3, 5)


@pytest.mark.parametrize("part", range(5))
def test_a_row_s_hash_depends_on_each_of_its_parts(part: int) -> None:
    values: list[tuple[bytes, int, bytes, int, bytes]] = []
    for turn in (0, 1):
        mark = [turn if part == place else 0 for place in range(5)]
        values.append((bytes([mark[0]]) * 16, mark[1], bytes([mark[2]]) * 16, mark[3], bytes([mark[4]])))
    assert digest.row_hash(*values[0]) != digest.row_hash(*values[1])


def test_a_view_digest_does_not_depend_on_the_order_of_the_spaces_and_depends_on_each_place() -> None:
    one, two = (b"\x01" * 17, Cursor(1, 5, b"t" * 8)), (b"\x02" * 17, Cursor(1, 9, b"u" * 8))
    whole = digest.view_digest([one, two])
    assert whole == digest.view_digest([two, one])
    for other in (Cursor(2, 9, b"u" * 8), Cursor(1, 10, b"u" * 8), Cursor(1, 9, b"v" * 8)):
        assert whole != digest.view_digest([one, (two[0], other)])
    assert whole != digest.view_digest([one])


def test_a_seal_proves_this_place_of_this_space_and_no_other() -> None:
    key, space = b"k" * 32, b"\x02" * 17
    told = Cursor(1, 5, b"t" * 8, digest.seal(key, space, 1, 5, b"t" * 8))
    assert digest.is_sealed(key, space, told)
    assert not digest.is_sealed(b"x" * 32, space, told)
    assert not digest.is_sealed(key, b"\x03" * 17, told)
    assert not digest.is_sealed(key, space, Cursor(1, 6, told.tail, told.seal))
    assert not digest.is_sealed(key, space, START)


def test_the_same_mutation_in_another_space_is_another_mutation() -> None:
    assert digest.mutation_hash(b"\x01", b"entry") != digest.mutation_hash(b"\x02", b"entry")
