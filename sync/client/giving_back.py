"""What the server lacks of a person's own work, although no entry tells of it any more: how it is offered (rule 8).

Pure. An entry is forgotten once a verified backup covers it; IT may restore an older one. The laptop has the record as
the server told it: that is offered under the same id, so that the server answers whoever offers it second with `dup`.
What somebody else wrote is theirs to offer: under another's name it would become another's work.
"""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from sync.domain.kind import Merge
from sync.domain.kinds import KINDS
from sync.domain.merge import DELETED, GONE
from sync.protocol.messages import Create, Delete, Edit, Mutation

_FIELDS = msgspec.msgpack.Decoder(list[msgspec.Raw])


class Held(NamedTuple):
    """A record as the server told it once, at `(epoch, seq)`."""

    kind: int
    id: bytes
    author: bytes
    body: bytes
    epoch: int
    seq: int


def owed(person: bytes, held: Held, now: bytes | None, entries: Iterable[Mutation]) -> Mutation | None:
    """The change that gives a record back, numbered 0; None when nothing of it is the person's to give.

    `now`: the body that the server tells instead, older than what it told once; None when it has no such record.
    `entries`: the person's changes of the record that go out or went out by themselves.
    """
    kind = KINDS.get(held.kind)
    if kind is None or not kind.write or held.author != person or now in GONE:
        return None
    under_way = list(entries)
    if any(isinstance(entry, Delete) for entry in under_way):
        return None
    if held.body in GONE:
        is_back = held.body == DELETED and now is not None
        return Delete(0, held.id, held.epoch, held.seq) if is_back else None
    made = next((bytes(entry.body) for entry in under_way if isinstance(entry, Create)), now)
    if made is None:
        return Create(0, held.kind, held.id, msgspec.Raw(held.body))
    if kind.merge is Merge.APPEND:
        return None
    edited = {number for entry in under_way if isinstance(entry, Edit) for number in entry.changes}
    lacking = _differing(made, held.body, len(kind.fields), edited)
    return Edit(0, held.id, held.epoch, held.seq, lacking) if lacking else None


def _differing(now: bytes, held: bytes, known: int, edited: set[int]) -> dict[int, msgspec.Raw]:
    """Fields that read otherwise in what was held, without those that a change under way says anew."""
    try:
        theirs, ours = _FIELDS.decode(now), _FIELDS.decode(held)[:known]
    except msgspec.MsgspecError:
        return {}
    same = {number for number, (one, other) in enumerate(zip(theirs, ours, strict=False)) if bytes(one) == bytes(other)}
    return {number: value for number, value in enumerate(ours) if number not in same | edited}
