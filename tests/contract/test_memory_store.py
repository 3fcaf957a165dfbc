"""The store in memory keeps the contract of all stores."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import pytest

from sync.client.memory_store import MemoryStore
from sync.client.offering import Held
from sync.client.ports import Changes
from sync.client.steps import Backed
from sync.client.view import State
from sync.domain.forum import POST, Post
from sync.domain.kind import encode
from tests.contract.desk import NOW, PERSON, SPACE, Open
from tests.contract.store_contract import StoreContract


class MemoryDesk:
    """The store in memory under the names of the contract."""

    def __init__(self) -> None:
        self.now = NOW
        self.running = 0
        self.store = MemoryStore(b"s" * 16, 5, lambda: self.now, lambda: self.running, person=PERSON)

    def create(self, space: bytes, id_: bytes, post: Post) -> Changes:
        return self.store.create(space, POST.number, id_, encode(post))

    def edit(self, space: bytes, id_: bytes, changes: Mapping[str, str]) -> Changes:
        raws = {POST.number_of(name): msgspec.msgpack.encode(value) for name, value in changes.items()}
        return self.store.edit(space, id_, raws)

    def delete(self, space: bytes, id_: bytes) -> Changes:
        return self.store.delete(space, id_)

    def delete_held(self, space: bytes, id_: bytes, milliseconds: int) -> Held:
        self.store.delete(space, id_)
        return self.store.hold(milliseconds)

    def create_held(self, space: bytes, id_: bytes, post: Post, milliseconds: int) -> Held:
        self.store.create(space, POST.number, id_, encode(post))
        return self.store.hold(milliseconds)

    def undo(self, held: Held) -> bool:
        try:
            self.store.undo(held)
        except KeyError:
            return False
        return True

    def seen(self, space: bytes, id_: bytes) -> bytes | None:
        record = self.store.seen(space, id_)
        return None if record is None else record.body

    def set_aside(self) -> list[bytes]:
        return [row.id for row in self.store.incidents(SPACE)]

    def open_entries(self) -> list[Open]:
        entries = (entry for entry in self.store.entries() if entry.state is not State.CONFIRMED)
        return [Open(entry.mutation.n, entry.state, entry.refusal) for entry in entries]


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def desk(self) -> MemoryDesk:
        return MemoryDesk()

    def test_a_list_of_steps_that_fails_half_way_changes_nothing(self, desk: MemoryDesk) -> None:
        before = desk.store.state()
        with pytest.raises(AssertionError):
            desk.store.perform([Backed(3), object()])  # type: ignore[list-item]  # no step at all
        assert desk.store.state() == before
