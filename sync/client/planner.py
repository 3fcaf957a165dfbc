"""What to ask the server, and what its reply does to the laptop: two pure functions that read as truth tables.

A request is made from what the laptop knows alone, so it can be made again after any crash. A reply is settled against
the request that it answers; what does not continue where the laptop stands is dropped and asked for again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from sync.client.known import Known, is_even
from sync.client.ports import Laptop, SpaceState, Waiting
from sync.client.steps import (
    Apply,
    Backed,
    Begin,
    Claim,
    Compare,
    Confirm,
    MarkSafe,
    NewWriter,
    Reach,
    Refuse,
    Revoke,
    Stage,
    Step,
)
from sync.protocol.messages import (
    START,
    Batch,
    BatchAnswer,
    Cursor,
    Outcome,
    Page,
    Probe,
    Run,
    Standing,
    SyncReply,
    SyncRequest,
    Verdict,
)
from sync.protocol.version import PROTOCOL, RULES, RULES_MIN

_DONE_IT = frozenset({Verdict.ACCEPTED, Verdict.DUP})


def uneven(laptop: Laptop, compared: Collection[bytes] = ()) -> list[SpaceState]:
    """The spaces about which something is left to ask, where those in `compared` had their full compare just now."""
    return [state for state in Known.of(laptop.spaces).uneven if not is_even(state, compared)]


def request(
    laptop: Laptop,
    waiting: Sequence[Waiting],
    *,
    pull: bool = True,
    whole: bool = False,
    compared: Collection[bytes] = (),
    safe_of: Sequence[bytes] = (),
    probes: Sequence[Probe] = (),
) -> SyncRequest:
    """The next thing to send: what waits, and where the laptop stands.

    With `pull` off nothing is asked for: a long outbox is sent first and its effect fetched once, at the end. `whole`:
    the server wants every standing. `waiting`: entries of one writer.
    """
    known = Known.of(laptop.spaces)
    # Told half: the place may be that of the head already, and equal digests would end the telling.
    whole = whole or known.is_half_told
    if not pull:
        digest, told = None, []
    elif whole:
        digest, told = None, list(known)  # lost ones too: their claim is checked before they are given again
    else:
        digest, told = known.digest, uneven(laptop, compared)
    return SyncRequest(
        PROTOCOL,
        RULES,
        waiting[0].writer if waiting else laptop.writer,
        digest,
        tuple(_standing(state, compared) for state in told),
        pull and whole,
        _batches(laptop, waiting),
        laptop.backup,
        tuple(safe_of),
        tuple(probes),
        rules_min=RULES_MIN,
        uncovered=laptop.uncovered,
    )


def settle(
    laptop: Laptop, sent: SyncRequest, reply: SyncReply, fresh_writer: int, again: Collection[int] = ()
) -> list[Step]:
    """The steps that a reply means, in the order in which a store has to perform them.

    `fresh_writer`: a random id, used when the answer is that our names are another copy's. `again`: entries that are
    not refused for good but go once more, under new names: the server answers a name always alike.
    """
    known = Known.of(laptop.spaces).by_name
    lost = _lost(known, sent, reply)
    if lost:
        known = {space: state for space, state in known.items() if space not in lost}
    begun = {page.space: page.cursor.epoch for page in reply.pages if page.begins and not _goes_on(known, page)}

    steps: list[Step] = []
    # An answer in the epoch that this same reply begins must outlive the Begin, which offers all older ones again.
    late: list[Step] = []
    for answer in reply.answers:
        state = known.get(answer.space)
        if state is not None and state.lost and answer.space not in begun:
            # Access came back in between. Nothing of the space is told yet, so its entries go on waiting: they are
            # offered once more after the telling, or go to quarantine if access is gone again.
            continue
        after = late if begun.get(answer.space) == answer.cursor.epoch else steps
        after += _answered(sent.writer, answer, again)
    steps += [Revoke(space) for space in lost]
    steps += [Begin(space, epoch) for space, epoch in begun.items()]
    steps += late
    steps += _told(known, begun, reply.pages)
    steps += [Compare(space) for space in _stuck(known, sent, reply)]
    forked = [n for answer in reply.answers for n in _forked(sent, answer)]
    forked += again
    if forked:
        steps.append(NewWriter(fresh_writer, sent.writer, tuple(forked)))
    steps += [MarkSafe(safe.space, safe.epoch, safe.seq) for safe in reply.safe]
    if reply.backup != laptop.backup and sent.safe_of:
        steps.append(Backed(reply.backup))
    return steps


def must_fetch(laptop: Laptop, reply: SyncReply, steps: Iterable[Step]) -> bool:
    """Whether a push stands still until its space has been fetched: new epoch, claim with a wrong seal, access back."""
    begun = {step.space for step in steps if isinstance(step, Begin)}
    known = Known.of(laptop.spaces).by_name
    for answer in reply.answers:
        still = answer.outcome in {Outcome.RENEWED, Outcome.COMPARE}
        came_back = answer.outcome is Outcome.DONE and answer.space in known and known[answer.space].lost
        if (still or came_back) and answer.space not in begun:
            return True
    return False


def _standing(state: SpaceState, compared: Collection[bytes]) -> Standing:
    return Standing(state.space, state.standing, state.claim, state.compare and state.space not in compared)


def _batches(laptop: Laptop, waiting: Iterable[Waiting]) -> tuple[Batch, ...]:
    entries: dict[bytes, list[msgspec.Raw]] = {}
    for _, _, space, entry in waiting:
        entries.setdefault(space, []).append(msgspec.Raw(entry))
    known = Known.of(laptop.spaces).by_name
    claims = {space: known[space].claim for space in entries if space in known}
    return tuple(Batch(space, claims.get(space, START), tuple(raws)) for space, raws in entries.items())


def _answered(writer: int, answer: BatchAnswer, again: Collection[int]) -> list[Step]:
    """What became of one batch. RENEWED: nothing was applied, the space is told anew before it is sent again."""
    space, cursor = answer.space, answer.cursor
    match answer.outcome:
        case Outcome.DONE:
            steps: list[Step] = []
            for run in answer.runs:
                if run.verdict in _DONE_IT:
                    steps.append(Confirm(space, writer, run.n, run.count, cursor.epoch, run.seq))
                elif run.verdict is Verdict.REFUSED:
                    steps += _refused(writer, space, run, again)
            if cursor.epoch:
                steps.append(Claim(space, cursor))
            return steps
        case Outcome.COMPARE:
            return [Compare(space)]
        case _:
            return []


def _refused(writer: int, space: bytes, run: Run, again: Collection[int]) -> list[Step]:
    numbers = range(run.n, run.n + run.count)
    if not any(n in again for n in numbers):
        return [Refuse(space, writer, run.n, run.count, run.refusal)]
    return [Refuse(space, writer, n, 1, run.refusal) for n in numbers if n not in again]


def _forked(sent: SyncRequest, answer: BatchAnswer) -> list[int]:
    """Numbers that another copy of this folder used for other changes."""
    if answer.outcome is Outcome.FORKED:
        batch = next(batch for batch in sent.batches if batch.space == answer.space)
        return [_number(raw) for raw in batch.entries]
    forks = (run for run in answer.runs if run.verdict is Verdict.FORK)
    return [n for run in forks for n in range(run.n, run.n + run.count)]


def _number(entry: msgspec.Raw) -> int:
    """The n of an encoded mutation: its second element, after the tag."""
    n: int = msgspec.msgpack.decode(entry)[1]
    return n


def _lost(known: Mapping[bytes, SpaceState], sent: SyncRequest, reply: SyncReply) -> list[bytes]:
    """Spaces that the person may not read any more."""
    lost = [answer.space for answer in reply.answers if answer.outcome is Outcome.REVOKED]
    told = set(reply.revoked)
    if sent.whole and not reply.more:
        # Known by the answer to a push alone: nothing was told of it and there is nothing to revoke, but it is not
        # among all that may be read.
        paged = {page.space for page in reply.pages}
        told |= {state.space for state in known.values() if not state.standing.epoch and state.space not in paged}
    told.difference_update(lost)
    return lost + [space for space, state in known.items() if space in told and not state.lost] if told else lost


def _stuck(known: Mapping[bytes, SpaceState], sent: SyncRequest, reply: SyncReply) -> list[bytes]:
    """Spaces told half of which the server has no more to tell: it went back to exactly where the telling stands."""
    if not sent.whole or reply.more:
        return []
    paged = {page.space for page in reply.pages}
    half = (state for state in known.values() if state.standing.epoch and not (state.lost or state.space in paged))
    return [state.space for state in half if state.staged is not None or not state.visible]


def _goes_on(known: Mapping[bytes, SpaceState], page: Page) -> bool:
    """Whether a page that begins is the first of a retelling that was begun already."""
    state = known.get(page.space)
    return state is not None and not state.lost and _follows(state.standing, page) and not state.compare


def _follows(stand: Cursor, page: Page) -> bool:
    return (page.cursor.epoch, page.since) == (stand.epoch, stand.seq)


def _told(known: Mapping[bytes, SpaceState], begun: Mapping[bytes, int], pages: Sequence[Page]) -> list[Step]:
    """What the pages do, one after the other; several may follow each other in one space."""
    steps: list[Step] = []
    named = {page.space: known[page.space] for page in pages if page.space in known}
    stands = {space: state.standing for space, state in named.items() if not state.lost}
    staging = {space for space, state in named.items() if state.staged is not None}
    for space, epoch in begun.items():
        state = known.get(space)
        if state is not None and state.visible and state.cursor.epoch != epoch:
            # The server's history was replaced. Our changes are offered again first and these rows fetched after the
            # answers: otherwise a change that was overtaken long ago would show on top of them for a moment.
            stands.pop(space, None)
        else:
            stands[space] = Cursor(epoch, 0)
        staging.discard(space)
    for page in pages:
        space, last = page.space, page.checksum is not None
        if page.cursor.epoch >= begun.get(space, 0):
            steps.append(Claim(space, page.cursor))
        stand = stands.get(space)
        if stand is None or not _follows(stand, page):
            continue  # late, doubled, or of a space that is not begun: dropped, the next request says where we stand
        state = known.get(space)
        if state is not None and state.visible and (space in staging or not last):
            steps.append(Stage(space, page.rows, page.cursor))
            staging.add(space)
        else:
            steps.append(Apply(space, page.rows, page.cursor))
        if page.checksum is not None:
            steps.append(Reach(space, page.checksum, page.floor))
            staging.discard(space)
        stands[space] = page.cursor
    return steps
