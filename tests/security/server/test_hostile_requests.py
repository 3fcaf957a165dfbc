"""Attacks A29, A43, A52: whatever a signed-in laptop sends is answered or refused by name, and never a fault (500)."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.domain.kinds import KINDS
from sync.domain.spaces import SpaceType
from sync.protocol import wire
from sync.protocol.messages import Batch, Create, Cursor, Delete, Edit, Standing, SyncReply, SyncRequest
from sync.protocol.version import PROTOCOL, RULES
from sync.protocol.wire import Damaged
from tests.integration.server.world import Laptop, World, world

NUMBERS = st.one_of(
    st.sampled_from([0, 1, 4, 5, -1, 2**31, 2**63 - 1, 2**63, 2**64 - 1, -(2**63)]), st.integers(-(2**63), 2**64 - 1)
)
BYTES = st.binary(max_size=40)
CURSORS = st.builds(Cursor, NUMBERS, NUMBERS, BYTES, BYTES)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.floats(), st.text(max_size=8), BYTES),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    max_leaves=12,
)
RAWS = VALUES.map(msgspec.msgpack.encode).map(msgspec.Raw)
IDS = st.one_of(st.just(b"i" * 16), st.just(b"j" * 16), BYTES)
KIND_NUMBERS = st.one_of(st.sampled_from(sorted(KINDS)), NUMBERS)
MUTATIONS = st.one_of(
    st.builds(Create, NUMBERS, KIND_NUMBERS, IDS, RAWS),
    st.builds(Edit, NUMBERS, IDS, NUMBERS, NUMBERS, st.dictionaries(NUMBERS, RAWS, max_size=3)),
    st.builds(Delete, NUMBERS, IDS, NUMBERS, NUMBERS),
)
ENTRIES = st.one_of(MUTATIONS.map(wire.encode).map(msgspec.Raw), RAWS)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("hostile")) as made:
        yield made


@pytest.fixture(scope="module")
def sophie(ground: World) -> Laptop:
    return ground.laptop("sophie")


@given(data=st.data())
def test_a_request_of_any_content_is_answered_or_refused_by_name(
    ground: World, sophie: Laptop, data: st.DataObject
) -> None:
    spaces = st.one_of(st.sampled_from([ground.space(type_) for type_ in SpaceType]), BYTES)
    standings = st.builds(Standing, spaces, CURSORS, CURSORS, st.booleans())
    batches = st.builds(Batch, spaces, CURSORS, st.lists(ENTRIES, max_size=4).map(tuple))
    request = SyncRequest(
        PROTOCOL,
        RULES,
        data.draw(NUMBERS),
        data.draw(st.one_of(st.none(), BYTES)),
        data.draw(st.lists(standings, max_size=3).map(tuple)),
        data.draw(st.booleans()),
        data.draw(st.lists(batches, max_size=2).map(tuple)),
        data.draw(NUMBERS),
        data.draw(st.lists(spaces, max_size=2).map(tuple)),
    )
    try:
        reply = sophie.exchange(wire.unpack(SyncRequest, wire.pack(request), 10**6))
    except Damaged:
        return
    assert wire.unpack(SyncReply, wire.pack(reply), 10**7).server == ground.core.server
