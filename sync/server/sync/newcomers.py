"""A batch of nothing but new rows, such as a week offline brings: judged and taken as a whole.

It is a short cut and no other rule: a batch in which any entry has to be looked at alone is left to `Desk.take`, which
would give the same answers to the others, one at a time.
"""

from collections.abc import Sequence

import msgspec

from sync.domain.ids import ID_BYTES
from sync.domain.kind import Merge
from sync.domain.kinds import KINDS
from sync.domain.permissions import Operation
from sync.protocol.limits import MAX_BODY
from sync.protocol.messages import Create, Mutation, Run, Verdict
from sync.server.storage.usage import Room
from sync.server.sync.batches import Entries
from sync.server.sync.entries import Desk
from sync.server.sync.runs import Taken

_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError)


def take(desk: Desk, entries: Entries, room: Room) -> Taken | None:
    """Take the whole batch. None, and nothing is done, when that cannot be seen at a glance."""
    created = _creations(entries.mutations)
    if not created or not all(_is_plain(desk, number) for number in {each.kind for each in created}):
        return None
    ids = [each.id for each in created]
    bodies = list(map(bytes, [each.body for each in created]))
    distinct = len(set(ids)) == len(set(entries.names)) == len(created) and set(map(len, ids)) == {ID_BYTES}
    if not distinct or max(map(len, bodies)) > MAX_BODY or not _are_sound(created, bodies):
        return None
    if desk.log.has_any(ids) or not room.take(sum(map(len, entries.raws))):
        return None
    first = desk.log.next_seq
    desk.log.put_new([each.kind for each in created], ids, desk.person, desk.now, bodies)
    accepted = zip(entries.names, entries.hashes, range(first, first + len(created)), strict=True)
    return Taken(_runs(entries.names, first), list(accepted))


def _creations(mutations: Sequence[Mutation | None]) -> list[Create]:
    created = [mutation for mutation in mutations if type(mutation) is Create]
    return created if len(created) == len(mutations) else []


def _is_plain(desk: Desk, number: int) -> bool:
    """Whether a kind's rows are only added, by this person too, and nobody is asked about what is in them."""
    kind = KINDS.get(number)
    if kind is None or kind.merge is not Merge.APPEND or kind.files or number in desk.judges:
        return False
    return desk.may(kind, Operation.CREATE, is_author=True)


def _are_sound(created: Sequence[Create], bodies: Sequence[bytes]) -> bool:
    try:
        for each, body in zip(created, bodies, strict=True):
            KINDS[each.kind].decode_known(body)
    except _UNREADABLE:
        return False
    return True


def _runs(names: Sequence[int], first: int) -> tuple[Run, ...]:
    """All accepted, at `first` and on: one run as long as the names follow one another."""
    ends = [place for place in range(1, len(names)) if names[place] != names[place - 1] + 1] + [len(names)]
    starts = [0, *ends[:-1]]
    return tuple(
        Run(names[start], end - start, Verdict.ACCEPTED, first + start) for start, end in zip(starts, ends, strict=True)
    )
