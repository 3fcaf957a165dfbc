"""The real server in the simulated world: its own code on its own database, called where HTTP would call it.

Slower than the model, so it plays fewer seeds. Transactions, restores and ends come where the model has them.
"""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple, TypeVar

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from sync.domain.permissions import Role
from sync.protocol.digest import mutation_hash
from sync.protocol.errors import BadBatch
from sync.protocol.messages import Checksum, Mutation, Row, SyncReply, SyncRequest
from sync.protocol.parts import Held, Part
from sync.server import checkpoints
from sync.server.administration import initialise
from sync.server.core import Core, open_database
from sync.server.settings import Settings, write_address
from sync.server.storage import backups, spaces
from sync.server.storage.log import read_page
from sync.server.storage.schema import applied, device, person, seat, space, unsigned
from sync.server.sync import accept, arriving, compaction, filing, tell
from sync.server.sync.exchange import exchange
from tests import postgres
from tests.server_damage import alter
from tests.simulation.model_server import POISON, Accepted, Caller, Place

_DECODER: msgspec.msgpack.Decoder[Mutation] = msgspec.msgpack.Decoder(Mutation)
_ALL = 1_000_000
_NAMES = {
    checkpoints.PUSH_BEFORE_COMMIT: "before_commit",
    checkpoints.RENEW_BEFORE_COMMIT: "before_commit",
    checkpoints.PUSH_AFTER_COMMIT: "after_commit",
}
_Result = TypeVar("_Result")
SQLITE, POSTGRESQL = "sqlite", "postgresql"


class _Template(NamedTuple):
    """A server that was just initialised; `name`: its database on PostgreSQL, empty on SQLite."""

    folder: Path
    name: str


@cache
def _template(database: str) -> _Template:
    """Made once a process and a database, copied for each world."""
    folder = Path(mkdtemp(prefix="spoc-simulated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    name = postgres.cluster().make() if database == POSTGRESQL else ""
    initialise(folder / "server", "Simulated", postgres.cluster().address(name) if name else None)
    return _Template(folder, name)


class RealServer:
    """The server's own code behind the few calls that the simulated world makes."""

    def __init__(
        self, chance: Callable[[int], bytes], now: Callable[[], int], page_rows: int, database: str = SQLITE
    ) -> None:
        template = _template(database)
        self._folder = Path(mkdtemp(prefix="world-", dir=template.folder))
        self._settings = Settings(data=self._folder / "server")
        shutil.copytree(template.folder / "server", self._settings.data)
        self._settings.data.chmod(0o700)
        self._name = postgres.cluster().make(template.name) if template.name else ""
        if self._name:
            write_address(self._settings.data, postgres.cluster().address(self._name))
        self._chance, self._now, self._page_rows = chance, now, page_rows
        self._copies = 0
        self._known: dict[bytes, tuple[bytes, Mutation]] = {}
        self._numbers: dict[bytes, int] = {}
        self.states: dict[Place, dict[bytes, Row]] = {}
        self.reach: Callable[[str], None] | None = None
        self.core = self._open()
        self.id = self.core.server

    def close(self) -> None:
        self.core.close()
        shutil.rmtree(self._folder)
        if self._name:
            postgres.cluster().drop(self._name)

    def _open(self) -> Core:
        core = Core(self._settings, self._now, self._chance)
        run = core.writer.run

        def noted(job: Callable[[Connection], _Result]) -> _Result:
            try:
                return run(job)
            finally:
                self._note()

        core.writer.run = noted  # type: ignore[method-assign]  # a look after each transaction
        return core

    def _at(self, name: str) -> None:
        if self.reach is not None and name in _NAMES:
            self.reach(_NAMES[name])

    # The world.

    def open_space(self, name: bytes) -> None:
        self.core.writer.run(lambda connection: spaces.ensure(connection, name))
        with self.core.reading() as connection:
            head = spaces.find(connection, name)
        if head is not None:
            self._numbers[name] = head.no
        self._note()

    def seat(self, name: bytes, who: bytes, role: Role | None) -> None:
        def change(connection: Connection) -> None:
            there = {"space_no": self._numbers[name], "person_no": self._person(connection, who)}
            connection.execute(
                delete(seat).where(seat.c.space_no == there["space_no"], seat.c.person_no == there["person_no"])
            )
            if role is not None:
                connection.execute(insert(seat).values(role=int(role), **there))

        self.core.writer.run(change)

    def members(self, name: bytes) -> set[bytes]:
        seated = select(person.c.id).join(seat, seat.c.person_no == person.c.no)
        with self.core.reading() as connection:
            rows = connection.execute(seated.where(seat.c.space_no == self._numbers[name]))
            return {row.id for row in rows}

    def snapshot(self) -> Path:
        self._copies += 1
        target = self._folder / f"copy-{self._copies}"
        backups.export(self.core.database, self.core.files, target)
        return target

    def verified_backup(self) -> Path:
        target = self.snapshot()
        covered = backups.verify(target)
        self.core.writer.run(lambda connection: backups.record(connection, covered, self._now()))
        return target

    def restore(self, copy: Path, *, known: bool) -> None:
        def finish(connection: Connection) -> None:
            if known:
                connection.execute(update(space).values(epoch=space.c.epoch + 1))

        self.core.close()
        with closing(open_database(self._settings.data)) as database:
            database.restore(copy, finish)
        self.core = self._open()
        self._note()

    def compact(self, name: bytes, floor: int) -> None:
        def drop(connection: Connection) -> None:
            head = spaces.take(connection, name)
            if head is not None and head.floor < min(floor, head.seq):
                compaction.raise_floor(connection, head, min(floor, head.seq))

        self._afresh(drop)

    def floor(self, name: bytes) -> int:
        with self.core.reading() as connection:
            head = spaces.find(connection, name)
        return 0 if head is None else head.floor

    def alter(self, name: bytes, id_: bytes) -> None:
        self._afresh(lambda connection: alter(connection, self._numbers[name], id_))

    def _afresh(self, job: Callable[[Connection], None]) -> None:
        """Change the past of spaces: what they hold where they stand is noted anew."""
        self.core.writer.run(job)
        with self.core.reading() as connection:
            for name, number in self._numbers.items():
                head = spaces.find(connection, name)
                if head is not None:
                    self.states[name, head.epoch, head.seq, head.tail] = self._rows(connection, number)

    def rows(self, name: bytes) -> dict[bytes, Row]:
        with self.core.reading() as connection:
            return self._rows(connection, self._numbers[name])

    def checksum(self, name: bytes) -> Checksum:
        with self.core.reading() as connection:
            head = spaces.find(connection, name)
        if head is None:
            raise LookupError(name)
        return head.checksum

    def history(self) -> list[Accepted]:
        with self.core.reading() as connection:
            done = connection.execute(select(applied.c.writer, applied.c.seq, applied.c.hash)).all()
        found = [
            Accepted(self._known[row.hash][0], row.seq, unsigned(row.writer), self._known[row.hash][1]) for row in done
        ]
        return sorted(found, key=lambda each: (each.space, each.seq))

    def state(self, place: Place) -> dict[bytes, Row] | None:
        return self.states.get(place)

    def _rows(self, connection: Connection, number: int) -> dict[bytes, Row]:
        rows = read_page(connection, number, 0, _ALL)
        return {id_: Row(seq, kind, id_, author, at, msgspec.Raw(body)) for seq, kind, id_, author, at, body in rows}

    def _note(self) -> None:
        """Remember what each space holds where it stands now."""
        with self.core.reading() as connection:
            for name, number in self._numbers.items():
                head = spaces.find(connection, name)
                if head is not None and (place := (name, head.epoch, head.seq, head.tail)) not in self.states:
                    self.states[place] = self._rows(connection, number)

    # The exchange.

    def exchange(self, caller: Caller, request: SyncRequest) -> SyncReply:
        for batch in request.batches:
            for entry in batch.entries:
                if POISON in bytes(entry):
                    raise BadBatch("poison")
                self._known[mutation_hash(batch.space, bytes(entry))] = (batch.space, _DECODER.decode(entry))
        before = checkpoints.reach, tell._Budget
        checkpoints.reach = self._at
        tell._Budget = lambda: before[1](rows=self._page_rows)  # type: ignore[assignment, misc]  # small pages
        try:
            return exchange(self.core, self._caller(caller), request)
        finally:
            checkpoints.reach, tell._Budget = before  # type: ignore[misc]  # as they were

    def send_parts(self, caller: Caller, parts: Sequence[Part]) -> Sequence[Held]:
        return arriving.send(self.core, self._caller(caller).person_no, parts)

    def get_file(self, caller: Caller, name: bytes) -> bytes:
        stored = filing.open_for(self.core, self._caller(caller).person_no, name)
        return b"".join(self.core.files.parts(*stored))

    def _caller(self, caller: Caller) -> accept.Caller:
        with self.core.reading() as connection:
            found = connection.execute(select(device.c.no, device.c.person_no).where(device.c.id == caller.device))
            row = found.one_or_none()
        if row is None:
            self.core.writer.run(lambda connection: self._add_device(connection, caller))
            return self._caller(caller)
        return accept.Caller(row.person_no, caller.person, row.no, caller.device)

    def _add_device(self, connection: Connection, caller: Caller) -> None:
        who = self._person(connection, caller.person)
        connection.execute(insert(device).values(id=caller.device, person_no=who, name="laptop", since=0))

    def _person(self, connection: Connection, who: bytes) -> int:
        row = connection.execute(select(person.c.no).where(person.c.id == who)).one_or_none()
        if row is not None:
            return int(row.no)
        made = insert(person).values(id=who, name=who.hex(), login=who.hex(), since=0)
        return int(connection.execute(made).inserted_primary_key[0])  # type: ignore[index]  # one row was inserted
