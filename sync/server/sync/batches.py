"""A batch taken apart: what its entries are called, their bytes, and what they mean, column by column.

Ten thousand entries of a push are read in few steps; who has to look at one alone takes it as an `Entry`.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Self

import msgspec

from sync.protocol.digest import mutation_hashes
from sync.protocol.messages import Mutation
from sync.protocol.wire import Damaged

_DECODER: "msgspec.msgpack.Decoder[Mutation]" = msgspec.msgpack.Decoder(Mutation)
_LAST = 1 << 63
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class Entry(NamedTuple):
    """One entry: its name, its bytes, their hash, and the mutation; None when it is none of this version."""

    n: int
    raw: bytes
    hash: bytes
    mutation: Mutation | None


class Entries(NamedTuple):
    """All entries of a batch in their order."""

    names: list[int]
    raws: list[bytes]
    hashes: list[bytes]
    mutations: Sequence[Mutation | None]

    @classmethod
    def read(cls, space_id: bytes, entries: Sequence[msgspec.Raw]) -> Self:
        """Damaged when an entry has not even a name."""
        raws = list(map(bytes, entries))
        mutations: Sequence[Mutation | None]
        try:
            known = list(map(_DECODER.decode, raws))
            mutations, names = known, [mutation.n for mutation in known]
        except _UNREADABLE:
            mutations = list(map(_mutation, raws))
            names = [
                _name(raw) if mutation is None else mutation.n for raw, mutation in zip(raws, mutations, strict=True)
            ]
        if names and not 0 <= min(names) <= max(names) < _LAST:
            raise Damaged("the name of a mutation is out of bounds")
        return cls(names, raws, mutation_hashes(space_id, raws), mutations)

    def each(self) -> Iterator[Entry]:
        """One after the other."""
        return map(Entry, *self)


def _mutation(raw: bytes) -> Mutation | None:
    try:
        return _DECODER.decode(raw)
    except _UNREADABLE:
        return None


def _name(raw: bytes) -> int:
    """The n of an entry that is no mutation of this version: it can be refused by name."""
    try:
        parts: Any = msgspec.msgpack.decode(raw)
    except _UNREADABLE as error:
        raise Damaged("an entry is no message") from error
    if isinstance(parts, list) and len(parts) > 1 and type(parts[1]) is int:
        return parts[1]
    raise Damaged("an entry has no name")
