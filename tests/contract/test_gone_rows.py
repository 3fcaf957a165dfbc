"""Rows that went into a snapshot, or were erased, vanish from every store like deleted ones, and are counted alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import msgspec
import pytest

from sync.client.view import State
from sync.domain.forum import Post
from sync.domain.merge import ERASED, FOLDED
from tests.contract.desk import ONE, SPACE, TWO, WIDE, Desk, more, row, state, sum_of, told
from tests.contract.test_local_store import LocalDesk
from tests.contract.test_memory_store import MemoryDesk


@pytest.fixture(params=["memory", "laptop"])
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    if request.param == "memory":
        yield cast("Desk", MemoryDesk())
        return
    local = LocalDesk()
    yield cast("Desk", local)  # as the contract takes it
    local.store.close()


@pytest.mark.parametrize("body", [FOLDED, ERASED], ids=["folded", "erased"])
def test_a_row_that_is_no_more_is_not_seen_and_what_was_written_on_top_stays_with_its_author(
    desk: Desk, body: bytes
) -> None:
    before = (row(1, ONE, "a"), row(2, TWO, "b"))
    desk.store.perform(told(*before))
    desk.edit(SPACE, ONE, {"text": "c"})
    gone = msgspec.structs.replace(row(3, ONE, "a"), body=msgspec.Raw(body))
    changes = desk.store.perform(more(gone, of=(before[1], gone)))
    assert desk.seen(SPACE, ONE) is None
    assert desk.seen(SPACE, TWO) is not None
    assert SPACE in changes.spaces
    assert not state(desk).compare
    assert state(desk).checksum == sum_of(before[1], gone)
    assert [entry.n for entry in desk.store.waiting(*WIDE)] == [1]
    assert [entry.state for entry in desk.open_entries()] == [State.WAITING]
    desk.create(SPACE, b"n" * 16, Post(text="new"))
    assert desk.seen(SPACE, b"n" * 16) is not None
