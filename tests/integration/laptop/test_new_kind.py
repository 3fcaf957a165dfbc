"""One declaration is all that a new kind needs: it travels, is judged, merges and is shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from spoc_desktop.services.workplace import SystemChance, SystemClock
from spoc_desktop.storage.changes import Edited, New
from spoc_desktop.storage.store import LocalStore
from sync.client.engine import Engine
from sync.domain import kinds
from sync.domain.ids import PersonId
from sync.domain.kind import Erase, Kind, Merge
from sync.domain.permissions import MEMBER, TRAINER
from sync.domain.revisions import REVISION
from sync.domain.spaces import SpaceType
from sync.protocol import wire
from sync.protocol.errors import Refusal
from sync.protocol.limits import MAX_REPLY, MAX_REQUEST
from sync.protocol.messages import SyncReply, SyncRequest
from tests.integration.server.world import Laptop, World, world


class Wave(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A greeting: the kind that no file of the program knows."""

    text: str
    warmth: int = 0


WAVE = Kind(
    99, "wave", Wave, space=(SpaceType.COHORT,), merge=Merge.EDITED, write=MEMBER, others=TRAINER, erase=Erase.WIPE
)
ID = b"w" * 16


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kinds.KINDS, WAVE.number, WAVE)


@pytest.fixture
def school(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


class Packed:
    """The real server's answers, over the real wire form."""

    def __init__(self, laptop: Laptop) -> None:
        self._laptop = laptop

    def exchange(self, request: SyncRequest) -> SyncReply:
        asked = wire.unpack(SyncRequest, wire.pack(request), MAX_REQUEST)
        return wire.unpack(SyncReply, wire.pack(self._laptop.exchange(asked)), MAX_REPLY)


class Desk:
    """A person's real store and engine."""

    def __init__(self, school: World, login: str) -> None:
        person = PersonId(school.id_of(login))
        self.store = LocalStore.in_memory(server=school.core.server, person=person)
        self._engine = Engine(self.store, Packed(school.laptop(login)), SystemClock(), SystemChance())

    def sync(self) -> None:
        self._engine.sync()

    def wave(self) -> Wave:
        seen = self.store.one(WAVE, ID)
        assert seen is not None
        body: Wave = seen.body
        return body


@pytest.fixture
def desks(school: World) -> Iterator[tuple[Desk, Desk]]:
    ines, sophie = Desk(school, "ines"), Desk(school, "sophie")
    ines.sync()
    sophie.sync()
    yield ines, sophie
    ines.store.close()
    sophie.store.close()


def test_a_kind_that_no_other_file_knows_goes_round_from_one_laptop_to_the_other(
    school: World, desks: tuple[Desk, Desk]
) -> None:
    ines, sophie = desks
    ines.store.write([New(WAVE, school.space(SpaceType.COHORT), ID, Wave(text="bonjour"))])
    ines.sync()
    sophie.sync()
    assert sophie.wave() == Wave(text="bonjour")


def test_its_fields_merge_by_its_own_declaration_and_an_overtaken_text_is_kept(
    school: World, desks: tuple[Desk, Desk]
) -> None:
    ines, sophie = desks
    ines.store.write([New(WAVE, school.space(SpaceType.COHORT), ID, Wave(text="bonjour"))])
    ines.sync()
    sophie.sync()
    ines.store.write([Edited(WAVE, ID, {"text": "salut", "warmth": 2})])
    sophie.store.write([Edited(WAVE, ID, {"text": "bonsoir"})])
    ines.sync()
    sophie.sync()
    ines.sync()
    assert ines.wave() == sophie.wave() == Wave(text="bonsoir", warmth=2)
    overtaken = [msgspec.msgpack.decode(seen.body.value) for seen in ines.store.view(REVISION)]
    assert overtaken == ["salut"]


def test_its_declaration_says_where_it_may_be_written(school: World, desks: tuple[Desk, Desk]) -> None:
    ines, _sophie = desks
    ines.store.write([New(WAVE, school.space(SpaceType.PERSONAL), ID, Wave(text="ailleurs"))])
    ines.sync()
    assert [entry.refusal for entry in ines.store.outbox_list()] == [Refusal.NOT_ALLOWED]
