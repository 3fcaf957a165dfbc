"""The four keepers of a space's records keep one contract: in memory, on the laptop, on the server's two databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.shelf import LaptopShelf, ServerShelf, Shelf
from tests.contract.shelf_contract import ShelfContract
from tests.contract.test_local_store import LocalDesk
from tests.contract.test_memory_store import MemoryDesk
from tests.integration.server.world import POSTGRESQL, World


class TestMemory(ShelfContract):
    @pytest.fixture
    def shelf(self, world: World) -> Shelf:
        return LaptopShelf(MemoryDesk(), world)


class TestLaptop(ShelfContract):
    @pytest.fixture
    def shelf(self, world: World) -> Iterator[Shelf]:
        desk = LocalDesk()
        yield LaptopShelf(desk, world)
        desk.store.close()


class TestServerOnSqlite(ShelfContract):
    @pytest.fixture
    def shelf(self, world: World) -> Shelf:
        return ServerShelf(world)


class TestServerOnPostgresql(TestServerOnSqlite):
    database = POSTGRESQL
