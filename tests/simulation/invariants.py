"""The invariants of the protocol by name: what holds after every transaction, and what holds when faults stop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any, Protocol

import msgspec

from sync.client.naming import named_in_mutation
from sync.client.ports import Changes, Laptop, SpaceState
from sync.client.steps import Begin, Revoke, Step
from sync.client.view import State
from sync.domain.forum import POST
from sync.domain.merge import DELETED, GONE
from sync.domain.naming import named_in_body
from sync.domain.permissions import Role
from sync.domain.revisions import REVISION
from sync.protocol.errors import Refusal
from sync.protocol.messages import Checksum, Create, Delete, Edit, Mutation, Row, SyncReply, SyncRequest
from sync.protocol.parts import Held, Part
from tests.simulation.laptop import Broken, Look, SimLaptop, Wish, turning, wish_of
from tests.simulation.model_data import checksum_of
from tests.simulation.model_server import Accepted, Caller, Place

_EXPECTED = {Refusal.DELETED, Refusal.NOT_ALLOWED, Refusal.MISSING, Refusal.BROKEN}


class Server(Protocol):
    """A server in the simulated world, model or real. `reach` is where the world may interrupt it."""

    id: bytes
    reach: Callable[[str], None] | None

    def open_space(self, name: bytes) -> None: ...
    def seat(self, name: bytes, who: bytes, role: Role | None) -> None: ...
    def snapshot(self) -> Any: ...
    def verified_backup(self) -> Any: ...
    def restore(self, copy: Any, *, known: bool) -> None: ...
    def exchange(self, caller: Caller, request: SyncRequest) -> SyncReply: ...
    def send_parts(self, caller: Caller, parts: Sequence[Part]) -> Sequence[Held]: ...
    def get_file(self, caller: Caller, name: bytes) -> bytes: ...
    def close(self) -> None: ...
    def members(self, name: bytes) -> set[bytes]: ...
    def compact(self, name: bytes, floor: int) -> None: ...
    def floor(self, name: bytes) -> int: ...
    def alter(self, name: bytes, id_: bytes) -> None: ...
    def rows(self, name: bytes) -> dict[bytes, Row]: ...
    def checksum(self, name: bytes) -> Checksum: ...
    def history(self) -> list[Accepted]: ...
    def state(self, place: Place) -> dict[bytes, Row] | None: ...


class EachTransaction(Look):
    """cursor monotonic within an epoch · atomic visibility · read-your-writes · no-leak · checksum ⇔ sets."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def after(self, laptop: SimLaptop, before: Laptop, steps: Sequence[Step], changes: Changes) -> None:
        known = {state.space: state for state in before.spaces}
        begun = {step.space for step in steps if isinstance(step, Begin)}
        revoked = {step.space for step in steps if isinstance(step, Revoke)}
        for state in laptop.store.state().spaces:
            if state.space not in changes.spaces:
                continue
            _cursor_goes_up(known.get(state.space), state, told_anew=state.space in begun | revoked)
            self._is_one_moment(laptop, state)
            if state.lost and laptop.store.rows(state.space):
                raise Broken("no-leak after revocation: rows of a lost space are kept")
        for space in changes.spaces:
            moved = _epoch(known.get(space)) != _epoch_now(laptop, space)
            if moved or space in turning(steps) | laptop.repairing:
                laptop.trail.forget(space)
            laptop.trail.look(laptop.store, space)

    def _is_one_moment(self, laptop: SimLaptop, state: SpaceState) -> None:
        """What pages read is what the server held at one moment: no reply without its post (rule 3)."""
        if not state.visible:
            return
        cursor = state.cursor
        told = self._server.state((state.space, cursor.epoch, cursor.seq, cursor.tail))
        mine = laptop.store.rows(state.space)
        if told is None:
            raise Broken(f"atomic visibility: a cursor at no moment of the server: {cursor}")
        # A server that went back in the middle of a telling is found by the checksum: the compare is under way.
        floor = self._server.floor(state.space)
        if above(floor, mine) == above(floor, told):
            laptop.repairing.discard(state.space)
        elif state.compare or state.doubt:
            laptop.repairing.add(state.space)
        if above(floor, mine) != above(floor, told) and state.space not in laptop.repairing:
            raise Broken(f"atomic visibility: {len(mine)} rows, the server had {len(told)} at {cursor.seq}")
        if (state.checksum == checksum_of(told.values())) != (mine == told):
            raise Broken("checksum equal exactly when the sets are")


def above(floor: int, rows: dict[bytes, Row]) -> dict[bytes, Row]:
    """Rows without the tombstones that the server has dropped: a laptop drops them when it is told of it."""
    return {id_: row for id_, row in rows.items() if row.seq > floor or bytes(row.body) not in GONE}


def _epoch(state: SpaceState | None) -> int:
    return 0 if state is None else state.cursor.epoch


def _epoch_now(laptop: SimLaptop, space: bytes) -> int:
    return next((state.cursor.epoch for state in laptop.store.state().spaces if state.space == space), 0)


def _cursor_goes_up(before: SpaceState | None, after: SpaceState, *, told_anew: bool) -> None:
    if before is None or told_anew:
        return
    for old, new in ((before.cursor, after.cursor), (before.claim, after.claim)):
        if new.epoch == old.epoch and new.seq < old.seq:
            raise Broken(f"cursor monotonic within an epoch: {new.seq} after {old.seq}")


def check_end(
    server: Server, laptops: Sequence[SimLaptop], spaces: Sequence[bytes], *, once: bool, once_files: bool
) -> None:
    """What holds when faults have stopped and everybody has synchronised.

    `once` off: a copied folder renamed changes, and the server went back to before: it may know an edit by two names.
    `once_files` off: the same of edits that name files, which are renamed when the server has lost those.
    """
    history = server.history()
    done = Counter(wish_of(each.space, each.mutation) for each in history)
    for wish, count in done.items():
        names_files = wish.what is Edit and any(value[0] == POST.number_of("files") for value in wish.values)
        if (once_files if names_files else once) and count > 1 and wish.what is Edit:
            raise Broken(f"exactly-once: {wish.what.__name__} of {wish.id.hex()} was done {count} times")
    for space in spaces:
        _check_space(server, space, [each for each in history if each.space == space])
        for laptop in laptops:
            _check_laptop(server, laptop, space)
    for laptop in laptops:
        _check_files(server, laptop, spaces)
        for wish in laptop.ledger:
            if not _is_kept(server, laptop, wish, done):
                where = "a member" if laptop.caller.person in server.members(wish.space) else "no member"
                raise Broken(f"no-loss: {wish.what.__name__} {wish.id.hex()} saved on laptop {laptop.number} ({where})")


def _check_laptop(server: Server, laptop: SimLaptop, space: bytes) -> None:
    mine = laptop.store.rows(space)
    states = {entry.state for entry in laptop.store.entries() if entry.space == space}
    if laptop.caller.person not in server.members(space):
        if mine or laptop.store.incidents(space) or State.CONFIRMED in states:
            raise Broken("no-leak after revocation")
        return
    floor = server.floor(space)
    if above(floor, mine) != server.rows(space):
        raise Broken(f"convergence: laptop {laptop.number} differs from the server")
    if State.WAITING in states:
        raise Broken("outbox drained: something waits for ever")
    if State.QUARANTINED in states:
        raise Broken("stuck: in quarantine although the person is a member again")
    known = next(state for state in laptop.store.state().spaces if state.space == space)
    if known.doubt or known.checksum != checksum_of(mine.values()):
        raise Broken("checksum equal exactly when the sets are")
    if checksum_of(above(floor, mine).values()) != server.checksum(space):
        raise Broken("checksum equal exactly when the sets are")


def _check_files(server: Server, laptop: SimLaptop, spaces: Sequence[bytes]) -> None:
    """A laptop has the files that its readable records name, those of its person's own work, and no others."""
    readable = [space for space in spaces if laptop.caller.person in server.members(space)]
    told = _named([row for space in readable for row in server.rows(space).values()])
    aside = _named([row for space in readable for row in laptop.store.incidents(space)])
    own = {file.sha256 for entry in laptop.store.entries() for file in named_in_mutation(entry.kind, entry.mutation)}
    here = laptop.store.files_here()
    if not told <= here.keys():
        raise Broken(f"files: {len(told - here.keys())} of {len(told)} did not come to laptop {laptop.number}")
    if not here.keys() <= told | aside | own:
        raise Broken("no-leak: a file stays that no readable record names")
    if any(sha256(content).digest() != name for name, content in here.items()):
        raise Broken("files: other bytes than the name promises")


def _named(rows: Sequence[Row]) -> set[bytes]:
    return {file.sha256 for row in rows for file in named_in_body(row.kind, bytes(row.body))}


def _check_space(server: Server, space: bytes, history: list[Accepted]) -> None:
    rows = server.rows(space)
    gone = {each.mutation.id for each in history if isinstance(each.mutation, Delete)}
    if any(id_ in rows and bytes(rows[id_].body) != DELETED for id_ in gone):
        raise Broken("delete is final")
    revisions = [REVISION.decode(bytes(row.body)) for row in rows.values() if row.kind == REVISION.number]
    kept = {(each.record, each.field, each.value) for each in revisions}
    last: dict[tuple[bytes, int], tuple[bytes, int, set[int]]] = {}
    for each in history:
        if each.mutation.id not in rows and each.mutation.id not in gone:
            raise Broken("history complete: an accepted record is not there")
        for number, value in _written(each.mutation).items():
            field = (each.mutation.id, number)
            before, seq, writers = last.get(field, (value, 0, set[int]()))
            if field in last and isinstance(each.mutation, Create):
                writers.add(each.writer)  # the same record under a second name: nothing was written
                continue
            unseen = seq > getattr(each.mutation, "base", 0) and each.writer not in writers
            if unseen and before != value and (*field, before) not in kept:
                raise Broken(f"history complete: {before!r} was replaced unseen and is nowhere")
            last[field] = (value, each.seq, {each.writer})
    for (id_, number), (value, _, _) in last.items():
        if id_ not in gone and _fields(bytes(rows[id_].body))[number] != value:
            raise Broken("the last accepted value stands")


def _written(mutation: Mutation) -> dict[int, bytes]:
    match mutation:
        case Create(kind=POST.number, body=body):
            return dict(enumerate(_fields(bytes(body))[:2]))
        case Edit(changes=changes):
            return {number: bytes(raw) for number, raw in changes.items()}
        case _:
            return {}


def _fields(body: bytes) -> list[bytes]:
    return [bytes(raw) for raw in msgspec.msgpack.decode(body, type=list[msgspec.Raw])]


def _is_kept(server: Server, laptop: SimLaptop, wish: Wish, done: Counter[Wish]) -> bool:
    """Whether a change that a person saw saved is with the server, or with the person under a reason."""
    if done[wish]:
        return True
    entries = [entry for entry in laptop.store.entries() if wish_of(entry.space, entry.mutation) == wish]
    if any(entry.state in {State.WAITING, State.QUARANTINED} for entry in entries):
        return True
    refused = [entry for entry in entries if entry.state is State.REFUSED]
    row = server.rows(wish.space).get(wish.id)
    is_alive = row is not None and bytes(row.body) != DELETED
    if is_alive and laptop.caller.person in server.members(wish.space):
        # Refused for a record that is there now: it should have gone out again by itself.
        refused = [entry for entry in refused if entry.refusal not in {Refusal.MISSING, Refusal.DELETED}]
    # The other copy of a folder went on typing in a record that had not left yet, and made it first.
    expected = _EXPECTED | {Refusal.EXISTS} if laptop.shared else _EXPECTED
    return any(entry.refusal in expected for entry in refused)
