"""A space whose rows are not the server's is narrowed by stretches until only the wrong rows are fetched (rule 8).

Pure. A round compares checksums of stretches by id: the server answers those that differ with finer ones, and small
ones with all their rows. It begins with the space as a whole and ends when that agrees; what this cannot mend is told
anew from its start.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from sync.client.known import Known
from sync.client.ports import Laptop, SpaceState, Stretch
from sync.client.steps import Agree, Compare, Mend, Step
from sync.protocol.limits import MAX_SPANS
from sync.protocol.messages import Checksum, Cursor, Narrowed, Probe, Span, SyncReply, SyncRequest

WHOLE = Stretch(b"", b"")
MAX_ROUNDS = 24
"""Requests that one space may take in a run: enough for some wrong rows among many millions."""

Finer = Mapping[bytes, Sequence[Span]]
"""By space: the stretches that the server told last, to be compared next."""


def in_doubt(laptop: Laptop, compared: Collection[bytes]) -> list[SpaceState]:
    """The spaces to ask about: told to their end, and not told anew just now."""
    return [
        state
        for state in Known.of(laptop.spaces).uneven
        if state.doubt and state.visible and state.staged is None and not (state.compare or state.space in compared)
    ]


def stretches(state: SpaceState, finer: Finer) -> list[Stretch]:
    """What to sum up of a space."""
    return [Stretch(span.after, span.upto) for span in finer.get(state.space, ())] or [WHOLE]


def probe(state: SpaceState, finer: Finer, sums: Sequence[Checksum]) -> Probe:
    """The question about a space: of the stretches that the server told, those that differ here; else the whole.

    None of them where there are too many, or none, to go on by stretches.
    """
    told = finer.get(state.space, ())
    ours = [Span(*each, summed) for each, summed in zip(stretches(state, finer), sums, strict=True)]
    if told:
        ours = [mine for mine, theirs in zip(ours, told, strict=True) if mine.checksum != theirs.checksum]
    return Probe(state.space, state.cursor, tuple(ours) if len(ours) <= MAX_SPANS else ())


def settle(sent: SyncRequest, reply: SyncReply, rounds: Mapping[bytes, int]) -> list[Step]:
    """What the answers mean. `rounds`: how often a space was asked about in this run, this time counted."""
    steps: list[Step] = []
    for asked, answer in _answered(sent, reply):
        steps += _settled(asked, answer)
    over = {step.space for step in steps if isinstance(step, Agree | Compare)}
    tired = (each.space for each in sent.probes if rounds.get(each.space, 0) >= MAX_ROUNDS)
    return [*steps, *(Compare(space) for space in tired if space not in over)]


def finer(sent: SyncRequest, reply: SyncReply) -> dict[bytes, tuple[Span, ...]]:
    """What to compare next, by space; one that was mended, or whose head moved, begins with its whole again."""
    return {asked.space: answer.spans for asked, answer in _answered(sent, reply) if answer.spans}


def _answered(sent: SyncRequest, reply: SyncReply) -> Iterator[tuple[Probe, Narrowed]]:
    answers = {each.space: each for each in reply.narrowed}
    for asked in sent.probes:
        answer = answers.get(asked.space)
        if answer is not None and _place(asked.cursor) == _place(answer.cursor):
            yield asked, answer


def _place(cursor: Cursor) -> tuple[int, int, bytes]:
    return cursor.epoch, cursor.seq, cursor.tail


def _settled(asked: Probe, answer: Narrowed) -> list[Step]:
    if not asked.spans:
        return [Compare(asked.space)]
    if answer.told:
        return [Mend(asked.space, answer.told, answer.rows)]
    is_whole = Stretch(asked.spans[0].after, asked.spans[0].upto) == WHOLE
    return [Agree(asked.space)] if is_whole and not answer.spans else []
