"""What a person sees of a record: what the server accepted, and on top of it their own changes that it lacks.

Pure, and the one place where the two are joined: it runs on write, pull, answer and withdrawal (protocol rule 1).
"""

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

import msgspec

from sync.domain.kinds import KINDS
from sync.domain.merge import GONE, changed
from sync.protocol.messages import Create, Delete, Edit, Mutation


class State(IntEnum):
    """Where an outbox entry is on its way. REFUSED holds those set aside, too: the reason tells."""

    WAITING = 0
    CONFIRMED = 1
    REFUSED = 2
    QUARANTINED = 3


class Record(NamedTuple):
    """A kind and the raw bytes of a body."""

    kind: int
    body: bytes


def shows(state: State, *, pulled: bool) -> bool:
    """Whether an entry still has to be laid over the records.

    A confirmed one has, until the records contain it: between the answer and the pull the value must not fall back.
    """
    return not pulled and state in {State.WAITING, State.CONFIRMED}


def fold(row: Record | None, entries: Iterable[Mutation]) -> Record | None:
    """A record as a person sees it, None when there is nothing to see.

    `row`: as last told by the server, its body in `merge.GONE` when it is no more. `entries`: the person's changes of
    that record that show, oldest first.
    """
    if row is not None and row.body in GONE:
        return None  # it is final: what was written on top comes back as a refused change
    seen = row
    for entry in entries:
        match entry:
            case Create():
                # Told already, by an answer that was lost or by another laptop: what the server has goes on from it.
                seen = seen or Record(entry.kind, bytes(entry.body))
            case Edit():
                seen = seen and _edited(seen, entry)
            case Delete():
                return None
    return seen


def _edited(seen: Record, edit: Edit) -> Record:
    kind = KINDS.get(seen.kind)
    if kind is None:
        return seen  # a kind of a newer program: never encoded here (rule 10)
    try:
        return seen._replace(body=changed(seen.body, {n: bytes(raw) for n, raw in edit.changes.items()}, kind))
    except (ValueError, msgspec.MsgspecError):
        return seen  # the server judges alike and refuses it by name
