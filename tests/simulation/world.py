"""One seed, one run: people write, laptops synchronise, and everything goes wrong that can.

Requests and answers are lost, doubled and late, laptops and the server end at any step, other people's transactions
come in between, access is taken and given, clocks are off, laptops are restored from their backups and their folders
cloned, the server is restored from its own, with and without the program knowing. Then the faults stop and all must be
well.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from sync.client.engine import Engine
from sync.client.memory_store import MemoryStore
from sync.client.running import Bounds, Synced
from sync.client.view import State
from sync.domain import spaces
from sync.domain.forum import POST, Post
from sync.domain.ids import ID_BYTES, CohortId, PersonId
from sync.domain.kind import encode
from sync.domain.permissions import Role
from sync.protocol.errors import SyncError
from tests.at_once import AtOnce
from tests.simulation.invariants import EachTransaction, Server, check_end
from tests.simulation.laptop import Broken, SimLaptop, Trail, WatchedStore
from tests.simulation.model_server import Caller, Crash, ModelServer
from tests.simulation.pen import Pen
from tests.simulation.plan import plan_of
from tests.simulation.real_server import RealServer
from tests.simulation.wire import Sent, Wire

DAY_MS = 86_400_000
HEALING_ROUNDS = 12
NOTHING_BYTES = 150
"""A sync that has nothing to say: packed request and reply together, without HTTP."""
_STEPS = 90


class Crashed(Exception):
    """The laptop's program ended here."""


@dataclass
class _Clock:
    """`ports.Clock` of a laptop whose date is off."""

    world: World
    skew: int

    def now(self) -> int:
        return self.world.time + self.skew

    def monotonic(self) -> int:
        return self.world.time


class _Chance:
    """`ports.Chance` that a seed repeats."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def bytes(self, count: int) -> bytes:
        return self._rng.randbytes(count)


class World:
    """Three people, four laptops, two forums and one personal space, one server.

    `real`: the database of the real server in place of the model, `SQLITE` or `POSTGRESQL`.
    """

    def __init__(self, seed: int, *, real: str = "") -> None:
        plan = plan_of(seed)
        self.rng = random.Random(seed)  # noqa: S311  # a seed that plays again, no secret
        self.time = 1_000 * DAY_MS
        self.faults = True
        self.depth = 0
        self.lives = 0
        """How many times the server was started."""
        self.altered: set[bytes] = set()
        self.mishaps = random.Random(f"mishaps {seed}") if plan.damages else None  # noqa: S311  # as above
        self.slow = random.Random(f"slow {seed}") if plan.slow else None  # noqa: S311  # as above
        self.compacted = False
        self.sent: list[Sent] = []
        self.snapshots: list[Any] = []
        self.cloned: list[SimLaptop] = []
        self.spoken = 0
        """Bytes that syncs took, without files and HTTP."""
        rng = self.rng
        page_rows, substitutes = rng.choice([1, 3, 7, 1000]), rng.random() < 0.5
        self.server: Server = (
            RealServer(rng.randbytes, self._now, page_rows, real)
            if real
            else ModelServer(rng.randbytes(ID_BYTES), rng.randbytes, self._now, page_rows, substitutes=substitutes)
        )
        self.server.reach = self._at_server
        self.people = [PersonId(bytes([number + 1]) * ID_BYTES) for number in range(3)]
        cohorts = [CohortId(bytes([64 + number]) * ID_BYTES) for number in range(2)]
        self.forums = [spaces.cohort(cohort) for cohort in cohorts]
        self.personal = spaces.personal(cohorts[0], self.people[0])
        self.spaces = [*self.forums, self.personal]
        self.pen = Pen(rng, self.spaces, self.personal)
        for space in self.spaces:
            self.server.open_space(space)
            for person in self.people:
                self.server.seat(space, person, self._role(space, person))
        self.look = EachTransaction(self.server)
        rows = rng.choice([3, 10, 1000])
        self.bounds = Bounds(rows, rng.choice([400, 100_000]), rng.choice([1, 4, 1000]), max(1, rows // 2))
        self.line = rng.choice([None, AtOnce])
        owners = (0, 0, 0, 1) if plan.alone else (0, 1, 2, 0)
        self.laptops = [self._laptop(number, self.people[owner]) for number, owner in enumerate(owners)]

    def _now(self) -> int:
        return self.time

    def _role(self, space: bytes, person: bytes) -> Role:
        return Role.OWNER if space == self.personal and person == self.people[0] else Role.TRAINER

    def _laptop(self, number: int, person: bytes) -> SimLaptop:
        caller = Caller(person, bytes([200 + number]) * ID_BYTES)
        skew = self.rng.choice([0, 0, -2 * 3_600_000, 2 * 3_600_000, 3_650 * DAY_MS])
        clock = _Clock(self, skew)
        return SimLaptop(number, caller, MemoryStore(self.server.id, self._writer(), clock.now, clock.monotonic), clock)

    def _writer(self) -> int:
        return self.rng.getrandbits(63) | 1

    # The run.

    def run(self) -> None:
        for _ in range(_STEPS):
            self._step()
        self._heal()
        once, once_files = not (self.cloned and self.lives), not self.lives
        check_end(self.server, self.laptops, self.spaces, once=once, once_files=once_files and once)
        self._forget_all()

    def _step(self) -> None:
        self.time += self.rng.randrange(60_000)
        chosen = self.rng.random()
        laptop = self.rng.choice(self.laptops)
        if self.mishaps is not None and self.mishaps.random() < 0.08:
            self._mishap(self.mishaps, laptop)
            return
        for share, act in self._acts(laptop):
            if chosen < share:
                act()
                return
            chosen -= share

    def _acts(self, laptop: SimLaptop) -> list[tuple[float, Callable[[], object]]]:
        return [
            (0.40, lambda: self.pen.write(laptop)),
            (0.02, lambda: self._undo(laptop)),
            (0.34, lambda: self._sync(laptop)),
            (0.06, self._deliver_again),
            (0.05, self._change_access),
            (0.04, self._back_up_server),
            (0.03, self._restore_server),
            (0.03, lambda: self._back_up(laptop)),
            (0.015, lambda: self._restore(laptop)),
            (0.005, lambda: self._clone(laptop)),
            (0.01, lambda: self._jump_clock(laptop)),
        ]

    # What happens.

    def _undo(self, laptop: SimLaptop) -> None:
        going_on = [hold for hold in laptop.holds if hold.held.until > self.time]
        if going_on:
            laptop.undo(self.rng.choice(going_on))

    def _sync(self, laptop: SimLaptop) -> Synced | None:
        """One run of the real engine; None when it ended by a fault."""
        if laptop.busy:
            return None
        laptop.busy = True
        store = WatchedStore(laptop, self.look)
        wire = Wire(self, laptop)
        chance, checkpoint = _Chance(self.rng), self._at_laptop(laptop)
        engine = Engine(store, wire, laptop.clock, chance, checkpoint, bounds=self.bounds, files=wire, line=self.line)
        try:
            return engine.sync()
        except (SyncError, Crashed) as error:
            if not self.faults:
                raise Broken(f"termination: {type(error).__name__} without a fault: {error}") from error
            if isinstance(error, Crashed):
                laptop.ended()
            return None
        finally:
            laptop.busy = False

    def _deliver_again(self) -> None:
        """A request that was sent before comes once more, after others; nobody reads the answer."""
        if self.sent:
            again = self.rng.choice(self.sent)
            try:
                self.server.exchange(again.caller, again.request)
            except (Crash, SyncError):
                return

    def _change_access(self) -> None:
        space, person = self.rng.choice(self.spaces), self.rng.choice(self.people)
        is_member = person in self.server.members(space)
        self.server.seat(space, person, None if is_member else self._role(space, person))

    def _back_up_server(self) -> None:
        if self.rng.random() < 0.3:
            # Laptops may forget what this one covers: older ones are kept apart from now on, not restored.
            self.snapshots = [self.server.verified_backup()]
        else:
            self.snapshots.append(self.server.snapshot())

    def _restore_server(self) -> None:
        if self.snapshots:
            self.lives += 1
            self.sent.clear()  # no connection outlives the server's process
            self.server.restore(self.rng.choice(self.snapshots), known=self.rng.random() < 0.4)
            if self.mishaps is not None:
                self._altered(self.spaces)  # what was altered or dropped since is as it was before

    def _back_up(self, laptop: SimLaptop) -> None:
        laptop.backup = (laptop.store.copied(), list(laptop.ledger))

    def _restore(self, laptop: SimLaptop) -> None:
        if laptop.backup is None or laptop.busy or laptop in self.cloned:
            return
        store, ledger = laptop.backup
        laptop.store, laptop.ledger = store.copied(), list(ledger)
        laptop.store.reborn(self._writer())
        laptop.trail = Trail()
        laptop.holds.clear()
        laptop.repairing = self.altered | {state.space for state in laptop.store.state().spaces if state.doubt}

    def _clone(self, laptop: SimLaptop) -> None:
        """The folder is copied with its writer id, and both copies are used.

        Once a laptop, and never together with a restore: where three lives of one folder find themselves forked, each
        gives the same change a new name, and it is done again with the same value. Nor where tombstones were dropped:
        a copy that wakes after 400 days gives its work new names, and makes what the other one deleted once more.
        """
        if laptop not in self.cloned and laptop.backup is None and not (laptop.busy or self.compacted):
            self.cloned.append(laptop)
            copy = laptop.store.copied(known=False)
            twin = SimLaptop(len(self.laptops), laptop.caller, copy, laptop.clock, list(laptop.ledger))
            twin.repairing = laptop.repairing.copy()
            self.cloned.append(twin)
            laptop.shared = twin.shared = True
            self.laptops.append(twin)

    def _jump_clock(self, laptop: SimLaptop) -> None:
        laptop.clock.skew += self.rng.choice([-DAY_MS, DAY_MS, 30 * DAY_MS])

    def _mishap(self, rng: random.Random, laptop: SimLaptop) -> None:
        """Tombstones are dropped; or a row is lost, altered or doubled on a laptop, or altered on the server."""
        space, forum, chosen = rng.choice(self.spaces), rng.choice(self.forums), rng.random()
        if chosen < 0.3:
            highest = max((row.seq for row in self.server.rows(forum).values()), default=0)
            floor = rng.randrange(1 + highest)
            if not self.cloned:
                self.compacted = True
                self.server.compact(forum, floor)
            return
        known = next((state for state in laptop.store.state().spaces if state.space == space), None)
        rows = sorted(laptop.store.rows(space).items())
        if chosen < 0.5 and (there := sorted(self.server.rows(forum))):
            self.server.alter(forum, rng.choice(there))
            self._altered([forum])
        elif rows and known is not None and known.visible and known.staged is None:
            id_, row = rng.choice(rows)
            how = rng.randrange(3)
            altered = msgspec.structs.replace(row, at=row.at + 7)
            double = msgspec.structs.replace(row, id=rng.randbytes(ID_BYTES))
            laptop.repairing.add(space)
            if how == 2:
                laptop.store.damage(space, double.id, double)
            else:
                laptop.store.damage(space, id_, altered if how else None)
            laptop.store.recount()
            laptop.trail.forget(space)

    def _altered(self, names: Sequence[bytes]) -> None:
        """The past of spaces is another: laptops are not at one moment of it until they have noticed."""
        self.altered.update(names)
        for laptop in self.laptops:
            laptop.repairing.update(names)

    def _speak(self) -> None:
        """A space in which the server altered a row goes on: its checksum is told with what is new."""
        for space in sorted(self.altered & set(self.forums)):
            for laptop in self.laptops:
                visible = any(each.space == space and each.visible for each in laptop.store.state().spaces)
                if visible and laptop.caller.person in self.server.members(space):
                    before, post = laptop.store.entries(), Post(text="on it goes")
                    laptop.store.create(space, POST.number, self.rng.randbytes(ID_BYTES), encode(post))
                    laptop.note(space, before, {})
                    break

    # Interruptions.

    def interrupt(self) -> None:
        """Somebody else's doing comes in between."""
        self._between(self.rng, 0.08)

    def linger(self) -> None:
        """An answer takes its time: what others ask later is answered before it arrives."""
        if self.slow is not None:
            self._between(self.slow, 0.3)

    def _between(self, rng: random.Random, share: float) -> None:
        if self.faults and self.depth < 2 and rng.random() < share:
            self.depth += 1
            try:
                self._step()
            finally:
                self.depth -= 1

    def _at_laptop(self, laptop: SimLaptop) -> Callable[[str], None]:
        def checkpoint(_: str) -> None:
            if self.faults and self.rng.random() < 0.02:
                raise Crashed
            self.interrupt()

        return checkpoint

    def _at_server(self, name: str) -> None:
        if not self.faults:
            return
        if self.rng.random() < 0.03:
            raise Crash(name)
        if name == "between":
            self.interrupt()

    # End.

    def _heal(self) -> None:
        """Faults stop: after some rounds nobody has anything to say, and saying so costs one small request."""
        self.faults = False
        self._speak()
        self.time += DAY_MS  # what is held may leave
        for _ in range(HEALING_ROUNDS):
            runs = [self._sync(laptop) for laptop in self.laptops]
            if all(run is not None and run.requests == 1 and not run.changes.spaces for run in runs):
                break
        else:
            raise Broken("termination: laptops and server go on talking")
        for laptop in self.laptops:
            self.spoken = 0
            self._sync(laptop)
            if self.spoken > NOTHING_BYTES:
                raise Broken(f"termination: {self.spoken} bytes to say that nothing changed")

    def _forget_all(self) -> None:
        """Bounded memory: weeks after a verified backup no laptop keeps what the server has."""
        self.server.verified_backup()
        self.time += 40 * DAY_MS
        for laptop in self.laptops:
            self._sync(laptop)
            kept = [entry for entry in laptop.entries(State.CONFIRMED) if laptop.store.state().backup]
            if kept:
                raise Broken(f"bounded outbox: {len(kept)} confirmed entries are kept for ever")


def run(seed: int, *, real: str = "") -> None:
    """Play one seed; `real` as of `World`. Broken names the invariant that does not hold."""
    world = World(seed, real=real)
    try:
        world.run()
    finally:
        world.server.close()
