"""Ballots on the server: keys, blind signatures, counting, and results in steps of five or more (protocol rule 6).

Who was given a ballot is known, so that nobody has two; which ballot is theirs is not: the token that comes back was
blinded when it was signed. A ballot leaves the hash of its token, sums and loose remarks: no order, no time, no device.
What the network itself shows to who runs the server (two requests of one address) is not hidden: decision 0024.
"""

import logging
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from sync.domain import ballots
from sync.domain import spaces as names
from sync.domain.ballots import CALL, LEAST, RESULT, BallotCall, BallotResult, answers_fit, is_sound, result_id
from sync.domain.ids import CohortId
from sync.domain.merge import GONE
from sync.domain.permissions import Role
from sync.domain.spaces import SpaceType
from sync.protocol import blind
from sync.protocol.errors import BadBatch, BallotSpent, Forbidden
from sync.protocol.messages import BallotRequest, BallotSignRequest
from sync.server.core import Core
from sync.server.issuing import ballot_keys
from sync.server.storage import spaces
from sync.server.storage.log import Kept, read_kinds, read_record
from sync.server.storage.schema import (
    ballot_asked,
    ballot_batch,
    ballot_closed,
    ballot_remark,
    ballot_spent,
    ballot_sum,
    space,
)
from sync.server.sync import counting, rows
from sync.server.sync.accept import Caller

_MARK_BYTES, _DRAWN = 16, 32
_log = logging.getLogger(__name__)


class Open(NamedTuple):
    """A call as it lies in a cohort's space, with its present result."""

    space_no: int
    space_id: bytes
    id: bytes
    call: BallotCall
    result: BallotResult


def new_calls(connection: Connection, space_id: bytes, after: int = 0) -> list[bytes]:
    """Calls of a cohort, with a seq above `after`, that have no key yet."""
    head = spaces.find(connection, space_id)
    found = [] if head is None else read_kinds(connection, head.no, (CALL.number,), after=after)
    return [] if head is None else [kept.id for kept in found if _lacks_key(connection, head.no, kept)]


def open_calls(core: Core, space_id: bytes, calls: Iterable[bytes]) -> None:
    """Answer calls of a cohort with a key each.

    Everybody reads the same key there: a laptop asks for no signature of another, with which it could be marked.
    """
    for call in calls:
        key = blind.public_bytes(ballot_keys.make(core.settings.data, call).public_key())
        row = rows.row(RESULT, result_id(call), BallotResult(call=call, key=key))
        core.writer.run(lambda connection, row=row: rows.write(connection, space_id, [row], core.now(), core.tail()))  # type: ignore[misc]  # bound now


def open_pending(core: Core) -> None:
    """Answer all calls that were not: at start, for what a kill cut short."""
    with core.reading() as connection:
        found = [bytes(id_) for id_ in connection.execute(select(space.c.id)).scalars()]
        cohorts = sorted(id_ for id_ in found if id_.startswith(bytes([SpaceType.COHORT])))
        calls = {space_id: new_calls(connection, space_id) for space_id in cohorts}
    for space_id, wanted in calls.items():
        open_calls(core, space_id, wanted)


def sign(core: Core, caller: Caller, asked: BallotSignRequest) -> bytes:
    """Give a person their one ballot. The same question again has the same answer.

    Forbidden: no learner of the cohort, no such call, or closed. BallotSpent: they were given another one.
    """
    with core.reading() as connection:
        found = _find(connection, asked.cohort, asked.call)
        roles = frozenset() if found is None else spaces.roles_in(connection, caller.person_no, found.space_no)
    key = None if found is None else ballot_keys.find(core.settings.data, asked.call)
    if found is None or key is None or Role.MEMBER not in roles or core.now() >= found.call.closes:
        raise Forbidden
    drawn = b"".join(core.chance(_DRAWN) for _ in range(blind.KEY_BYTES // _DRAWN + 1))
    mask = 2 + int.from_bytes(drawn, "big") % (key.public_key().public_numbers().n - 3)
    try:
        signed = blind.sign(key, asked.blinded, mask=mask)
    except blind.BlindFailure as error:
        raise BadBatch from error
    core.writer.run(lambda connection: _remember_asked(connection, caller.person_no, asked))
    return signed


def cast(core: Core, ballot: BallotRequest) -> None:
    """Count a ballot once. BallotSpent: its token came before, it is counted. Forbidden: no ballot of an open call."""
    with core.reading() as connection:
        found = _find(connection, ballot.cohort, ballot.call)
    if found is None or len(ballot.token) != ballots.TOKEN_BYTES:
        raise Forbidden
    if not blind.is_signed(blind.public_key(found.result.key), ballot.token, ballot.signature):
        raise Forbidden
    core.writer.run(lambda connection: _count(core, connection, found, ballot))


def close_due(core: Core) -> int:
    """Write the last result of each call whose time is over; how many there were. Their keys go.

    A kill between the two leaves a key: it goes with the next look.
    """
    kept = ballot_keys.kept(core.settings.data)
    with core.reading() as connection:
        calls = kept | set(connection.execute(select(ballot_batch.c.call).distinct()).scalars())
        calls |= set(connection.execute(select(ballot_asked.c.call).distinct()).scalars())
        closed = set(connection.execute(select(ballot_closed.c.call)).scalars())
        found = [_of_call(connection, bytes(call)) for call in sorted(calls - closed)]
    over = [each for each in found if each is not None and core.now() >= each.call.closes]
    for each in over:
        core.writer.run(lambda connection, each=each: _close(core, connection, each))  # type: ignore[misc]  # bound now
    for call in kept & (closed | {each.id for each in over}):
        ballot_keys.forget(core.settings.data, call)
    return len(over)


def _lacks_key(connection: Connection, space_no: int, kept: Kept) -> bool:
    is_asked = kept.body not in GONE and is_sound(CALL.decode(kept.body))
    return is_asked and read_record(connection, space_no, result_id(kept.id)) is None


def _find(connection: Connection, cohort: bytes, call: bytes) -> Open | None:
    try:
        space_id = names.cohort(CohortId(cohort))
    except ValueError:
        return None
    head = spaces.find(connection, space_id)
    kept = None if head is None else read_record(connection, head.no, call)
    if head is None or kept is None or kept.kind != CALL.number or kept.body in GONE:
        return None
    told = read_record(connection, head.no, result_id(call))
    if told is None or told.body in GONE:
        return None
    return Open(head.no, space_id, call, CALL.decode(kept.body), RESULT.decode(told.body))


def _of_call(connection: Connection, call: bytes) -> Open | None:
    """A call by its id alone: the cohorts are looked through."""
    for space_id in connection.execute(select(space.c.id)).scalars():
        if bytes(space_id).startswith(bytes([SpaceType.COHORT])):
            found = _find(connection, names.ids_of(bytes(space_id))[0], call)
            if found is not None:
                return found
    return None


def _remember_asked(connection: Connection, person_no: int, asked: BallotSignRequest) -> None:
    blinded = sha256(asked.blinded).digest()
    theirs = (ballot_asked.c.call == asked.call, ballot_asked.c.person_no == person_no)
    before: bytes | None = connection.execute(select(ballot_asked.c.blinded).where(*theirs)).scalar_one_or_none()
    if before is None:
        connection.execute(insert(ballot_asked).values(call=asked.call, person_no=person_no, blinded=blinded))
    elif bytes(before) != blinded:
        raise BallotSpent


def _count(core: Core, connection: Connection, found: Open, ballot: BallotRequest) -> None:
    spaces.take(connection, found.space_id)  # two processes count one after the other
    token = sha256(ballot.token).digest()
    spent = select(ballot_spent.c.token).where(ballot_spent.c.call == found.id, ballot_spent.c.token == token)
    if connection.execute(spent).first() is not None:
        raise BallotSpent
    if not found.call.opens <= core.now() < found.call.closes or not answers_fit(found.call, ballot.answers):
        raise Forbidden
    connection.execute(insert(ballot_spent).values(call=found.id, token=token))
    batch = counting.add(connection, found.id, ballot.answers, lambda: core.chance(_MARK_BYTES))
    complete = counting.complete(connection, found.id)
    if len(complete) > 1:
        _publish(core, connection, found, [each for each in complete if each < batch], final=False)


def _close(core: Core, connection: Connection, found: Open) -> None:
    spaces.take(connection, found.space_id)
    pending = counting.pending(connection, found.id)
    current = _find(connection, names.ids_of(found.space_id)[0], found.id) or found
    together = counting.ballots(connection, found.id)
    _publish(core, connection, current, pending if together >= LEAST else [], final=True)
    connection.execute(insert(ballot_closed).values(call=found.id))
    for table in (ballot_asked, ballot_batch, ballot_sum, ballot_remark):
        connection.execute(delete(table).where(table.c.call == found.id))
    _log.info("a call for ballots was closed")


def _publish(core: Core, connection: Connection, found: Open, batches: list[int], *, final: bool) -> None:
    """Show some batches with those that were shown before; what is new in it is of five ballots or more."""
    fresh = counting.merge(connection, found.id, batches)
    shown = counting.shown(connection, found.id, found.call)
    body = BallotResult(call=found.id, key=found.result.key, ballots=shown.ballots, sums=shown.sums, final=final)
    written = [rows.row(RESULT, result_id(found.id), body)]
    if fresh.remarks:
        number = counting.next_number(lambda id_: read_record(connection, found.space_no, id_) is not None, found.id)
        remarks = BallotResult(call=found.id, ballots=fresh.ballots, remarks=fresh.remarks, final=final)
        written.append(rows.row(RESULT, ballots.remarks_id(found.id, number), remarks))
    rows.write(connection, found.space_id, written, core.now(), core.tail())
