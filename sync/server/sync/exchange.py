"""One sync: what a laptop brings is taken, then what it lacks is told."""

from sqlalchemy import Connection

from sync.domain.spaces import SpaceType, type_of
from sync.protocol.limits import MAX_PUSH_ROWS, MAX_SPACES
from sync.protocol.messages import Batch, BatchAnswer, Cursor, SyncReply, SyncRequest, Verdict
from sync.protocol.version import RULES_MIN
from sync.protocol.wire import Damaged
from sync.server import checkpoints
from sync.server.core import Core
from sync.server.issuing.awarding import award
from sync.server.storage import backups, spaces
from sync.server.storage.spaces import SpaceHead
from sync.server.sync import claims, grading, tell
from sync.server.sync.accept import Caller, accept
from sync.server.sync.tell import Told

GRADED_AT_ONCE = 100
"""Entries in a push up to which its grades are in its own reply; after longer ones they come with the next sync."""


class TooMuch(ValueError):
    """More rows or spaces than one request may hold."""


class RulesTooOld(ValueError):
    """The laptop decides by rules that this server no longer knows."""


def exchange(core: Core, caller: Caller, request: SyncRequest) -> SyncReply:
    """Answer a sync request of a person on a device. Claims are checked before anything else."""
    _check(request)
    with core.reading() as connection:
        heads = spaces.readable(connection, caller.person_no)
        proofs = tell.proofs(connection, core.secrets.seal, heads, request.standings)
        if not proofs and not request.batches:
            told = tell.tell(connection, core.secrets.seal, heads, request)
            return _reply(core, connection, request, heads=heads, told=told)
    for head, claimed in proofs:
        _renew(core, head, claimed)
    before = None if proofs else _had_everything(heads, request)
    answers = tuple(_push(core, caller, request.writer, batch) for batch in request.batches)
    _grade_after(core, answers)
    with core.reading() as connection:
        heads = spaces.readable(connection, caller.person_no)
        if before is None:
            told = tell.tell(connection, core.secrets.seal, heads, request)
        else:
            told = tell.tell_after(connection, core.secrets.seal, heads, before, request.standings)
        return _reply(core, connection, request, heads=heads, told=told, answers=answers)


def grade(core: Core, space_id: bytes, *, again: bool = False) -> None:
    """Grade what waits in a personal space, round after round; in each the staff space is written first.

    What that earns is awarded.
    """
    more = True
    while more:
        with core.grading:
            more = _grade_round(core, space_id, again=again)
        again = False
    award(core, space_id)


def grade_pending(core: Core) -> None:
    """Grade everything that waits: at start, and after a course was published."""
    with core.reading() as connection:
        waiting = grading.pending(connection)
    for space_id in waiting:
        grade(core, space_id, again=True)


def _grade_round(core: Core, space_id: bytes, *, again: bool) -> bool:
    now = core.now()
    with core.reading() as connection:
        found = grading.examine(connection, space_id, now, again=again)
    if found is None:
        return False
    if found.staff:
        core.writer.run(lambda connection: grading.keep_in_staff(connection, space_id, found, now, core.tail()))
    core.writer.run(lambda connection: grading.keep_in_personal(connection, space_id, found, now, core.tail()))
    return found.more


def _reply(
    core: Core,
    connection: Connection,
    request: SyncRequest,
    *,
    heads: list[SpaceHead],
    told: Told,
    answers: tuple[BatchAnswer, ...] = (),
) -> SyncReply:
    checkpoints.reach(checkpoints.PULL_BEFORE_REPLY)
    return SyncReply(
        server=core.server,
        now=core.now(),
        backup=backups.newest(connection),
        send_whole=told.send_whole,
        more=told.more,
        answers=answers,
        pages=told.pages,
        revoked=told.revoked,
        safe=tell.safe_seqs(connection, heads, request.safe_of),
    )


def _renew(core: Core, head: SpaceHead, claimed: tuple[Cursor, ...]) -> None:
    now = core.now()
    core.writer.run(lambda connection: claims.renew(connection, core.secrets.seal, head, claimed, now))


def _had_everything(heads: list[SpaceHead], request: SyncRequest) -> dict[bytes, SpaceHead] | None:
    """The heads of the spaces pushed to, where the laptop had all there was before this request, or says what not."""
    if request.whole or request.digest is None or request.digest != tell.digest_of(heads, request.standings):
        return None
    pushed = {batch.space for batch in request.batches}
    return {head.id: head for head in heads if head.id in pushed}


def _push(core: Core, caller: Caller, writer: int, batch: Batch) -> BatchAnswer:
    now, tail = core.now(), core.tail()
    answer = core.writer.run(
        lambda connection: accept(connection, core.secrets.seal, caller, batch, writer=writer, now=now, tail=tail)
    )
    checkpoints.reach(checkpoints.PUSH_AFTER_COMMIT)
    return answer


def _grade_after(core: Core, answers: tuple[BatchAnswer, ...]) -> None:
    for answer in answers:
        accepted = sum(run.count for run in answer.runs if run.verdict is Verdict.ACCEPTED)
        if not accepted or type_of(answer.space) is not SpaceType.PERSONAL:
            continue
        if accepted <= GRADED_AT_ONCE:
            grade(core, answer.space)
        else:
            core.later(lambda space=answer.space: grade(core, space))  # type: ignore[misc]  # bound now


def _check(request: SyncRequest) -> None:
    if request.rules < RULES_MIN:
        raise RulesTooOld(str(request.rules))
    if sum(len(batch.entries) for batch in request.batches) > MAX_PUSH_ROWS:
        raise TooMuch("entries")
    if max(len(request.standings), len(request.batches), len(request.safe_of)) > MAX_SPACES:
        raise TooMuch("spaces")
    if not 0 <= request.writer < 1 << 64:
        raise Damaged("a writer is a 64-bit number")
