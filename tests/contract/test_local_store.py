"""The encrypted store of the laptop keeps the contract of all stores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from spoc_desktop.storage.changes import Edited, New, Removed
from spoc_desktop.storage.engine import KEY_BYTES
from spoc_desktop.storage.errors import TooLateToUndo
from spoc_desktop.storage.incidents import What
from spoc_desktop.storage.store import LocalStore
from sync.client.offering import Held
from sync.client.ports import Changes
from sync.domain.forum import POST, Post
from sync.domain.ids import PersonId, RecordId, ServerId, SpaceId
from sync.domain.kind import encode
from tests.contract.desk import NOW, PERSON, Open
from tests.contract.store_contract import StoreContract


class LocalDesk:
    """The laptop's store under the names of the contract."""

    def __init__(self, path: Path | None = None) -> None:
        self.now = NOW
        self.running = 0
        self.store = LocalStore.create(
            path,
            bytes(KEY_BYTES),
            server=ServerId(b"s" * 16),
            person=PersonId(PERSON),
            now=lambda: self.now,
            monotonic=lambda: self.running,
        )

    def create(self, space: bytes, id_: bytes, post: Post) -> Changes:
        return self.store.write([New(POST, SpaceId(space), RecordId(id_), post)])

    def edit(self, space: bytes, id_: bytes, changes: Mapping[str, str]) -> Changes:
        return self.store.write([Edited(POST, RecordId(id_), dict(changes), space=SpaceId(space))])

    def delete(self, space: bytes, id_: bytes) -> Changes:
        return self.store.write([Removed(POST, RecordId(id_), space=SpaceId(space))])

    def delete_held(self, space: bytes, id_: bytes, milliseconds: int) -> Held:
        return self.store.write_held([Removed(POST, RecordId(id_), space=SpaceId(space))], milliseconds)

    def create_held(self, space: bytes, id_: bytes, post: Post, milliseconds: int) -> Held:
        return self.store.write_held([New(POST, SpaceId(space), RecordId(id_), post)], milliseconds)

    def undo(self, held: Held) -> bool:
        try:
            self.store.undo(held)
        except TooLateToUndo:
            return False
        return True

    def seen(self, space: bytes, id_: bytes) -> bytes | None:
        record = self.store.one(POST, RecordId(id_), SpaceId(space))
        return None if record is None else encode(record.body)

    def set_aside(self) -> list[bytes]:
        return [each.id for each in self.store.incidents() if each.what is What.NOT_TOLD_AGAIN]

    def open_entries(self) -> list[Open]:
        return [Open(each.n, each.state, each.refusal) for each in self.store.outbox_list()]


class TestLocalStore(StoreContract):
    @pytest.fixture
    def desk(self) -> Iterator[LocalDesk]:
        desk = LocalDesk()
        yield desk
        desk.store.close()


class TestLocalStoreOnTheDisk(StoreContract):
    """As the program has it: what reads and what writes are connections of their own."""

    @pytest.fixture
    def desk(self, tmp_path: Path) -> Iterator[LocalDesk]:
        desk = LocalDesk(tmp_path / "store.db")
        yield desk
        desk.store.close()
