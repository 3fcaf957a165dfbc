"""People who write shared documents: a real store and engine each, over the real server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from spoc_desktop.services.desk import Desk
from spoc_desktop.services.documents import Documents
from spoc_desktop.services.workplace import SystemChance
from spoc_desktop.storage.store import LocalStore
from sync.client.engine import Engine
from sync.content.shared_text import SharedText, joined
from sync.domain.ids import PersonId
from sync.domain.spaces import SpaceType
from sync.domain.text_edits import Splice
from sync.protocol import wire
from sync.protocol.limits import MAX_REPLY, MAX_REQUEST
from sync.protocol.messages import SyncReply, SyncRequest
from tests.integration.server.world import World

DAY = 86_400_000


class Person:
    """A person's store, engine and documents over the real server, by the server's clock."""

    def __init__(self, school: World, login: str) -> None:
        self.school = school
        self.laptop = school.laptop(login)
        self.person = PersonId(school.id_of(login))
        self.store = LocalStore.in_memory(server=school.core.server, person=self.person, now=self.now)
        self.documents = Documents(Desk(self.store, self.person, self, SystemChance()))
        self._engine = Engine(self.store, self, self, SystemChance())

    def now(self) -> int:
        return self.school.now

    def monotonic(self) -> int:
        return self.school.now

    def exchange(self, request: SyncRequest) -> SyncReply:
        asked = wire.unpack(SyncRequest, wire.pack(request), MAX_REQUEST)
        return wire.unpack(SyncReply, wire.pack(self.laptop.exchange(asked)), MAX_REPLY)

    def sync(self) -> None:
        self._engine.sync()

    def text(self, document: bytes) -> str:
        return self.documents.open(document).text

    def type(self, document: bytes, after: str) -> None:
        self.documents.write(document, self.text(document), after)


@contextmanager
def two_people(school: World) -> Iterator[tuple[Person, Person]]:
    ines, karim = Person(school, "ines"), Person(school, "karim")
    ines.sync()
    karim.sync()
    yield ines, karim
    ines.store.close()
    karim.store.close()


def begun(ines: Person, karim: Person, text: str) -> bytes:
    id_ = ines.documents.begin(ines.school.space(SpaceType.COHORT), "Notre rapport", text).id
    ines.sync()
    karim.sync()
    return id_


def typed(text: SharedText, words: str) -> bytes:
    return joined(text.change([Splice(len(text.text), 0, words)]))
