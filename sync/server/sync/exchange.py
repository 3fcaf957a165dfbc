"""One sync: what a laptop brings is taken, then what it lacks is told."""

from typing import NamedTuple

from sqlalchemy import Connection

from sync.protocol.limits import MAX_PUSH_ROWS, MAX_SPACES
from sync.protocol.messages import Batch, BatchAnswer, Cursor, SyncReply, SyncRequest
from sync.protocol.version import RULES, RULES_MIN
from sync.protocol.wire import Damaged
from sync.server import checkpoints
from sync.server.core import Core
from sync.server.storage import backups
from sync.server.storage.readable import Readable
from sync.server.storage.spaces import SpaceHead
from sync.server.sync import claims, damage, follow, narrowing, tell, uncovered
from sync.server.sync.accept import Caller, accept
from sync.server.sync.tell import Told


class TooMuch(ValueError):
    """More rows or spaces than one request may hold."""


class RulesApart(ValueError):
    """The laptop decides by rules that this server no longer knows, or knows not yet."""


class Exchanged(NamedTuple):
    """A reply, and of a request that may wait the numbers of the spaces that the person could read when it was made."""

    reply: SyncReply
    spaces: tuple[int, ...]


def exchange(core: Core, caller: Caller, request: SyncRequest) -> SyncReply:
    """Answer a sync request of a person on a device. Claims are checked before anything else."""
    return exchanged(core, caller, request).reply


def exchanged(core: Core, caller: Caller, request: SyncRequest) -> Exchanged:
    """`exchange`, for who waits for changes afterwards."""
    _check(request)
    done = _answered(core, caller, request)
    if done.reply.narrowed:
        damage.look(core, request.probes, done.reply.narrowed)
    if request.uncovered:
        uncovered.note(core, caller.device_no, request.uncovered)
    return done


def _answered(core: Core, caller: Caller, request: SyncRequest) -> Exchanged:
    with core.reading() as connection:
        readable = Readable(connection, caller.person_no)
        proofs = tell.proofs(connection, core.secrets.seal, readable, request.standings)
        if not proofs and not request.batches:
            told = tell.tell(connection, core.secrets.seal, readable, request)
            return _exchanged(core, connection, request, readable=readable, told=told)
        before = None if proofs else _had_everything(readable, request)
    for head, claimed in proofs:
        _renew(core, head, claimed)
    with core.calm.disturbed():
        answers = tuple(_push(core, caller, request.writer, batch) for batch in request.batches)
    core.tally.note(answers)
    follow.after_push(core, answers)
    with core.reading() as connection:
        readable = Readable(connection, caller.person_no)
        if before is None:
            told = tell.tell(connection, core.secrets.seal, readable, request)
        else:
            told = tell.tell_after(connection, core.secrets.seal, readable, before, request.standings)
        return _exchanged(core, connection, request, readable=readable, told=told, answers=answers)


def is_empty(reply: SyncReply) -> bool:
    """Whether a reply tells a laptop nothing that cannot wait; the number of the last backup can."""
    told = reply.answers or reply.pages or reply.revoked or reply.safe or reply.narrowed
    return not (told or reply.send_whole or reply.more)


def _exchanged(
    core: Core,
    connection: Connection,
    request: SyncRequest,
    *,
    readable: Readable,
    told: Told,
    answers: tuple[BatchAnswer, ...] = (),
) -> Exchanged:
    checkpoints.reach(checkpoints.PULL_BEFORE_REPLY)
    reply = SyncReply(
        server=core.server,
        now=core.now(),
        backup=backups.newest(connection),
        send_whole=told.send_whole,
        more=told.more,
        answers=answers,
        pages=told.pages,
        revoked=told.revoked,
        safe=tell.safe_seqs(connection, readable, request.safe_of),
        narrowed=narrowing.narrow(connection, core.secrets.seal, readable, request.probes),
    )
    return Exchanged(reply, readable.numbers() if request.wait > 0 else ())


def _renew(core: Core, head: SpaceHead, claimed: tuple[Cursor, ...]) -> None:
    now = core.now()
    core.writer.run(lambda connection: claims.renew(connection, core.secrets.seal, head, claimed, now))


def _had_everything(readable: Readable, request: SyncRequest) -> dict[bytes, SpaceHead] | None:
    """The heads of the spaces that the push may change, where the laptop had all there was before, or says what not."""
    if request.whole or request.digest is None or request.digest != tell.digest_of(readable, request.standings):
        return None
    pushed = readable.some([batch.space for batch in request.batches])
    others = readable.some([other for head in pushed if (other := follow.other_of(head.id)) is not None])
    return {head.id: head for head in (*pushed, *others)}


def _push(core: Core, caller: Caller, writer: int, batch: Batch) -> BatchAnswer:
    now, tail = core.now(), core.tail()
    answer = core.writer.run(
        lambda connection: accept(
            connection, core.secrets.seal, caller, batch, writer=writer, now=now, tail=tail, limits=core.settings.limits
        )
    )
    checkpoints.reach(checkpoints.PUSH_AFTER_COMMIT)
    return answer


def _check(request: SyncRequest) -> None:
    if request.rules < RULES_MIN or request.rules_min > RULES:
        raise RulesApart(f"{request.rules_min} to {request.rules}")
    if sum(len(batch.entries) for batch in request.batches) > MAX_PUSH_ROWS:
        raise TooMuch("entries")
    if max(len(request.standings), len(request.batches), len(request.safe_of)) > MAX_SPACES:
        raise TooMuch("spaces")
    narrowing.check(request.probes)
    if request.uncovered < 0:
        raise Damaged("a number of entries")
    if not 0 <= request.writer < 1 << 64:
        raise Damaged("a writer is a 64-bit number")
