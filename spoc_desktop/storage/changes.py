"""The values of the person's side: changes to write, records as they are seen, entries on their way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from sync.client.view import State
from sync.domain.kind import Kind
from sync.domain.kinds import KINDS
from sync.protocol.errors import Refusal
from sync.protocol.messages import Create, Edit, Mutation


@dataclass(frozen=True, slots=True)
class New:
    """A record to make, under an id that was never used."""

    kind: Kind
    space: bytes
    id: bytes
    body: msgspec.Struct


@dataclass(frozen=True, slots=True)
class Edited:
    """Fields of a record to replace, by name. `space` only where the same id stands in several spaces."""

    kind: Kind
    id: bytes
    changes: Mapping[str, Any] = field(default_factory=dict)
    space: bytes | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """A record to delete for good."""

    kind: Kind
    id: bytes
    space: bytes | None = None


class Seen(NamedTuple):
    """A record as a person sees it: what the server accepted, with their own changes that it lacks on top.

    `at`: when the server accepted it, or else when it was written here, in milliseconds. `seq`: its place in the space,
    0 where it was not accepted yet. `waiting`: a change of it has no answer yet; `written`: when the newest change on
    top was written here, 0 for none.
    """

    id: bytes
    space: bytes
    kind: int
    author: bytes
    seq: int
    at: int
    body: Any
    waiting: bool = False
    written: int = 0

    def in_order(self) -> tuple[bool, int, bytes]:
        """A key to sort by: what the server has by its time, then what only this laptop has; ids settle the rest."""
        return not self.seq, self.at, self.id


class Listed(NamedTuple):
    """An outbox entry as the sync page shows it, named `(writer, n)`. `at`: when it was written, in milliseconds."""

    writer: int
    n: int
    space: bytes
    kind: int
    id: bytes
    at: int
    state: State
    refusal: Refusal
    mutation: Mutation

    def texts(self) -> tuple[str, ...]:
        """The words that the person wrote in this change, to read or to export."""
        match self.mutation:
            case Create(body=body):
                return words_in(bytes(body))
            case Edit(changes=changes):
                return tuple(word for raw in changes.values() for word in words_in(bytes(raw)))
            case _:
                return ()

    def body(self) -> Any:
        """The new record of a Create, None for other changes or a kind of a newer program."""
        kind = KINDS.get(self.kind)
        return kind.decode(bytes(self.mutation.body)) if kind and isinstance(self.mutation, Create) else None


class Counts(NamedTuple):
    """How many changes wait, were refused, are in quarantine."""

    waiting: int
    refused: int
    quarantined: int


def words_in(raw: bytes) -> tuple[str, ...]:
    """The words in a body or a field, in the order of its fields."""
    return tuple(_words(msgspec.msgpack.decode(raw)))


def readable(raw: bytes) -> tuple[str, ...]:
    """The words in a body that may be damaged: none where it cannot be read."""
    try:
        return words_in(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ()


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _words(part)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _words(part)
